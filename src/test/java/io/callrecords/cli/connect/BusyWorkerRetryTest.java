package io.callrecords.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BusyWorkerRetryTest {
  private static final Duration NONE = Duration.ZERO;

  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer worker;
  private int code;
  private String reason;

  @BeforeEach
  void start() throws IOException {
    worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    worker.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean isFirst = requests.incrementAndGet() == 1;
            byte[] text =
                (isFirst ? "{\"message\":\"" + reason + "\"}" : "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isFirst ? code : 200, text.length);
            exchange.getResponseBody().write(text);
          }
        });
    worker.start();
  }

  @AfterEach
  void end() {
    worker.stop(0);
  }

  private int answer(String method, Duration patience) throws IOException {
    OkHttpClient http =
        new OkHttpClient.Builder().addInterceptor(new BusyWorkerRetry(patience)).build();
    Request request =
        new Request.Builder()
            .url("http://127.0.0.1:" + worker.getAddress().getPort() + "/")
            .method(method, method.equals("GET") ? null : RequestBody.create("{}", null))
            .build();
    try (Response response = http.newCall(request).execute()) {
      assertThat(response.body().string()).startsWith("{").endsWith("}");
      return response.code();
    } finally {
      http.dispatcher().executorService().shutdown();
      http.connectionPool().evictAll();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 409, Cannot complete request because of a conflicting operation (e.g. worker rebalance)",
    "PATCH, 409, Cannot complete request because of a conflicting operation (worker rebalance)",
    "PUT, 500, Request cannot be completed because a rebalance is expected",
    "GET, 500, Failed to retrieve offsets for source connector calls",
  })
  void whatIsOverInAMomentIsAskedAgain(String method, int code, String reason) throws IOException {
    this.code = code;
    this.reason = reason;

    assertThat(answer(method, BusyWorkerRetry.PATIENCE)).isEqualTo(200);
    assertThat(requests).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 500, Request timed out",
    "GET, 404, No connector rebalance",
    "PATCH, 500, Failed to retrieve offsets for source connector calls",
    "GET, 409, Another thing",
  })
  void anotherRefusalIsOneAtOnce(String method, int code, String reason) throws IOException {
    this.code = code;
    this.reason = reason;

    assertThat(answer(method, BusyWorkerRetry.PATIENCE)).isEqualTo(code);
    assertThat(requests).hasValue(1);
  }

  @Test
  void whoIsBusyForTooLongIsBelieved() throws IOException {
    code = 409;
    reason = "worker rebalance";

    assertThat(answer("GET", NONE)).isEqualTo(409);
    assertThat(requests).hasValue(1);
  }
}
