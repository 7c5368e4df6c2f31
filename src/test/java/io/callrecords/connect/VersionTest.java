package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Holds every place that shows the version to the one of the build. */
class VersionTest {
  private static final String VERSION = System.getProperty("project.version");

  @Test
  void connectorAndTaskHaveIt() {
    assertThat(VERSION).isNotBlank();
    assertThat(new CallRecordSourceConnector().version()).isEqualTo(VERSION);
    assertThat(new CallRecordSourceTask().version()).isEqualTo(VERSION);
  }

  @Test
  void requestsCarryIt() throws IOException {
    List<String> agents = new CopyOnWriteArrayList<>();
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext(
        "/",
        exchange -> {
          agents.add(exchange.getRequestHeaders().getFirst("User-Agent"));
          exchange.sendResponseHeaders(403, -1);
          exchange.close();
        });
    api.start();
    try {
      String url = "http://127.0.0.1:" + api.getAddress().getPort();
      TestSettings.errors(TestSettings.with("api.url", url));
    } finally {
      api.stop(0);
    }

    assertThat(agents).isNotEmpty().containsOnly("kafka-connect-call-records/" + VERSION);
  }
}
