package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves to whom the page is served, and how. */
class StatusServerTest {
  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> get(StatusServer server, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address()).resolve(path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void servesPageAndDocument() throws Exception {
    StatusReport report = ExampleReport.of(3);
    try (StatusServer server = StatusServer.start("127.0.0.1", 0, () -> report)) {
      HttpResponse<String> page = get(server, "/");

      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).isEqualTo(StatusPage.of(report, true));
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'; ")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(page.headers().map())
          .containsKeys("x-content-type-options", "x-frame-options", "cache-control");
      assertThat(get(server, "/status.json").body()).contains("\"connector\":\"call-records\"");
      assertThat(get(server, "/etc/passwd").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void answersNobodyWhoNamesItOtherwise() throws Exception {
    try (StatusServer server = StatusServer.start("127.0.0.1", 0, () -> ExampleReport.of(3))) {
      assertThat(raw(server, "GET / HTTP/1.1\r\nHost: evil.example\r\n"))
          .startsWith("HTTP/1.1 421");
      assertThat(raw(server, "POST / HTTP/1.1\r\nHost: localhost\r\n")).startsWith("HTTP/1.1 405");
      assertThat(raw(server, "GET / HTTP/1.1\r\nHost: localhost\r\n")).startsWith("HTTP/1.1 200");
    }
  }

  private static String raw(StatusServer server, String request) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(server.address()).getPort())) {
      socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(12), StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:80, 127.0.0.1, true",
    "127.0.0.1:8090, 127.0.0.1, true",
    "[::1]:8090, ::1, true",
    "10.1.2.3, 0.0.0.0, true",
    "Ops.Example:8090, ops.example, true",
    "evil.example, 127.0.0.1, false",
    "localhost.evil.example, localhost, false",
    "127.0.0.1.evil.example, 127.0.0.1, false",
    "'', 127.0.0.1, false",
    ", 127.0.0.1, false"
  })
  void knowsItsOwnNames(String header, String host, boolean isAllowed) {
    assertThat(StatusServer.isAllowed(header, host)).isEqualTo(isAllowed);
  }

  @Test
  void saysWhatItCouldNotSee() throws Exception {
    try (StatusServer server =
        StatusServer.start(
            "127.0.0.1",
            0,
            () -> {
              throw CliException.unseen("Connect is away");
            })) {
      assertThat(get(server, "/").statusCode()).isEqualTo(503);
      assertThat(get(server, "/").body()).contains("Connect is away");
    }
  }
}
