package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.CliException;
import io.callrecords.cli.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves to whom the page is served, and how. */
class StatusServerTest {
  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> get(StatusServer server, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address()).resolve(path))
            .timeout(Duration.ofSeconds(5))
            .build();
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

  /** One that never ends its request keeps nobody else waiting. */
  @Test
  void halfALineStopsNobody() throws Exception {
    try (StatusServer server = StatusServer.start("127.0.0.1", 0, () -> ExampleReport.of(3));
        Socket half =
            new Socket(InetAddress.getLoopbackAddress(), URI.create(server.address()).getPort())) {
      half.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
      half.getOutputStream().flush();

      assertThat(get(server, "/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void saysThatNothingHasBeenSeenSince() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    AtomicLong nanos = new AtomicLong();
    StatusReport report = ExampleReport.of(3);
    try (StatusWatch watch =
        new StatusWatch(
            () -> {
              if (looks.getAndIncrement() > 0) {
                throw CliException.unseen("Connect is away");
              }
              return report;
            },
            Duration.ofMinutes(1),
            nanos::get)) {
      assertThat(watch.current().report()).isSameAs(report);
      nanos.addAndGet(Duration.ofSeconds(3).toNanos() - 1);
      assertThat(watch.current().report()).isSameAs(report);
      nanos.incrementAndGet();

      StatusReport stale = watch.current().report();

      String since = "not seen since 2026-11-30 09:24:00 UTC";
      assertThat(StatusPage.of(stale, true))
          .contains("<span class=\"badge bad\">" + since + "</span>", "Connect is away")
          .doesNotContain("badge well");
      assertThat(String.join("\n", StatusText.of(stale, null))).contains(since + "; then RUNNING");
      assertThat(StatusDocument.of(stale, null).at("/state/state").asText()).isEqualTo("UNSEEN");
      assertThat(StatusDocument.of(stale, null).at("/state/last").asText()).isEqualTo("RUNNING");
      assertThat(stale.exit()).isEqualTo(ExitStatus.UNSEEN);
    }
  }

  @Test
  void aLookThatLastsIsNotWaitedFor() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (StatusWatch watch =
        new StatusWatch(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return ExampleReport.of(3);
            },
            Duration.ofMillis(20))) {
      assertThat(watch.current().problem()).contains("has not answered");
      end.countDown();
    }
  }

  @Test
  void aDefectIsAnsweredWithoutItsText() throws Exception {
    try (StatusServer server =
        StatusServer.start(
            "127.0.0.1",
            0,
            () -> {
              throw new IllegalStateException("not to be shown");
            })) {
      assertThat(get(server, "/").statusCode()).isEqualTo(503);
      assertThat(get(server, "/").body())
          .contains("A defect: IllegalStateException")
          .doesNotContain("not to be shown");
    }
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
