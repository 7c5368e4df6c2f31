package io.callrecords.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorServerTest {
  /** Ends the wait for what would never come; no promise. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Simulator simulator =
      Simulator.builder()
          .calls(500, Instant.now().minusSeconds(7200), Instant.now().minusSeconds(3600))
          .load((generator, now) -> List.of(Probe.call(1, now.minusSeconds(60))))
          .start();

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void aPageArrivesOverAKeptConnection() throws Exception {
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> response = send(request(1));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type"))
          .contains("application/json;charset=UTF-8");
      assertThat(response.headers().firstValue("Date")).isPresent();
      assertThat(Probe.json(response.body()).at("/data/records")).hasSize(100);
    }
    assertThat(simulator.server().connections()).isEqualTo(1);
    assertThat(simulator.journal().count()).isEqualTo(20);
  }

  @Test
  void aClientMayAskForTheConnectionsEnd() throws Exception {
    String answer = raw("Connection: close\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Connection: close").endsWith("}");
  }

  @Test
  void gatewayPagesAreHtml() throws Exception {
    for (int status : new int[] {500, 502, 503}) {
      simulator.faults().next(1, Fault.http(status));
      HttpResponse<String> response = send(request(1));
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.headers().firstValue("Content-Type")).contains("text/html");
      assertThat(response.body()).startsWith("<html>");
    }
  }

  @Test
  void aResetIsAReset() {
    simulator.faults().next(1, Fault.reset());

    assertThatThrownBy(() -> raw("")).isInstanceOf(SocketException.class);
    assertThat(simulator.journal().entries(entry -> entry.fault() != null)).hasSize(1);
  }

  @Test
  void aTruncatedBodyIsShorterThanPromised() throws Exception {
    simulator.faults().next(1, Fault.truncated());
    String answer = raw("");
    String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
    int promised =
        Integer.parseInt(
            head.substring(head.indexOf("Content-Length: ") + 16).split("\r\n", -1)[0]);

    assertThat(answer.getBytes(StandardCharsets.UTF_8).length - head.length() - 4)
        .isBetween(promised / 2 - 10, promised / 2 + 10);
    simulator.faults().next(1, Fault.truncated());
    assertThatThrownBy(() -> send(request(1))).isInstanceOf(IOException.class);
  }

  @Test
  void anEmptyBodyIsEmpty() throws Exception {
    simulator.faults().next(1, Fault.empty());
    HttpResponse<String> response = send(request(1));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void aHangingAnswerComesAfterItsRelease() {
    simulator.faults().next(1, Fault.hang());
    CompletableFuture<HttpResponse<String>> hanging =
        client.sendAsync(request(1).build(), BodyHandlers.ofString());
    await()
        .atMost(PATIENCE)
        .until(() -> simulator.server().inFlight() == 1 && simulator.journal().count() == 1);

    assertThat(hanging).isNotDone();
    simulator.faults().release();
    assertThat(hanging).succeedsWithin(PATIENCE);
  }

  @Test
  void aStalledAnswerGoesOnAfterItsRelease() throws Exception {
    simulator.faults().next(1, Fault.stall());
    HttpResponse<InputStream> response =
        client.send(request(1).build(), BodyHandlers.ofInputStream());
    long length = response.headers().firstValueAsLong("Content-Length").orElseThrow();
    byte[] half = response.body().readNBytes((int) length / 2);
    simulator.faults().release();
    byte[] rest = response.body().readAllBytes();

    assertThat(half.length + rest.length).isEqualTo((int) length);
  }

  @Test
  void aClientThatDoesNotWaitFreesItsConnection() {
    simulator.faults().next(1, Fault.hang());
    HttpRequest impatient = request(1).timeout(Duration.ofMillis(200)).build();

    assertThatThrownBy(() -> client.send(impatient, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    await().atMost(PATIENCE).until(() -> simulator.server().connections() == 0);
  }

  @Test
  void aSlowAnswerTakesItsTime() throws Exception {
    simulator.faults().next(1, Fault.slow(Duration.ofMillis(150)));
    long start = System.nanoTime();
    assertThat(send(request(1)).statusCode()).isEqualTo(200);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));
  }

  @Test
  void anEndlessBodyDoesNotEnd() throws Exception {
    simulator.faults().next(1, Fault.endless());
    HttpResponse<InputStream> response =
        client.send(request(1).build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      assertThat(body.readNBytes(5_000_000)).hasSize(5_000_000);
    }
    await().atMost(PATIENCE).until(() -> simulator.server().connections() == 0);
  }

  @Test
  void latencyHoldsAnAnswerBack() throws Exception {
    simulator.close();
    Duration latency = Duration.ofMillis(150);
    simulator = Simulator.builder().latency(latency).start();
    long start = System.nanoTime();
    assertThat(send(request(1)).statusCode()).isEqualTo(200);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(latency);
    await().atMost(PATIENCE).until(() -> simulator.server().inFlight() == 0);
    assertThat(simulator.server().busyTime()).isGreaterThanOrEqualTo(latency);
  }

  @Test
  void latencyOfOneConnectionDoesNotHoldUpTheOthers() {
    simulator.close();
    simulator = Simulator.builder().latency(Duration.ofHours(1)).start();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      answers.add(client.sendAsync(request(1).build(), BodyHandlers.ofString()));
    }

    await().atMost(PATIENCE).until(() -> simulator.server().inFlight() == 16);
    assertThat(simulator.server().maxInFlight()).isEqualTo(16);
    assertThat(answers).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void closingEndsHangingAnswersAndAllThreads() {
    simulator.faults().when(request -> true, Fault.hang());
    LiveCalls live = simulator.live(6000);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(client.sendAsync(request(1).build(), BodyHandlers.ofString()));
    }
    await().atMost(PATIENCE).until(() -> simulator.server().inFlight() == 5 && live.started() > 0);
    simulator.close();

    assertThat(answers).allSatisfy(answer -> assertThat(answer).failsWithin(PATIENCE));
    assertThat(simulator.server().connections()).isZero();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("simulator-") && thread.isAlive());
  }

  private HttpRequest.Builder request(int page) {
    Instant now = simulator.now();
    JsonNode question = Probe.question(now.minus(Duration.ofDays(1)), now, page, 100);
    String timestamp = Long.toString(now.getEpochSecond());
    return HttpRequest.newBuilder(URI.create(simulator.url() + "/voice/ccRecordQuery"))
        .header("Content-Type", "application/json;charset=UTF-8")
        .header("Api-Key", simulator.key())
        .header("Timestamp", timestamp)
        .header("Sign", Probe.md5(simulator.key() + simulator.secret() + timestamp))
        .POST(HttpRequest.BodyPublishers.ofString(question.toString()));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Sends a request by hand, in two pieces, and returns all that comes until the end. */
  private String raw(String header) throws IOException {
    URI url = URI.create(simulator.url());
    HttpRequest request = request(1).build();
    Instant now = simulator.now();
    String body = Probe.question(now.minusSeconds(90), now, 1, 100).toString();
    StringBuilder head = new StringBuilder("POST /v3/voice/ccRecordQuery HTTP/1.1\r\nHost: x\r\n");
    request
        .headers()
        .map()
        .forEach((name, values) -> head.append(name + ": " + values.get(0) + "\r\n"));
    head.append(header).append("Content-Length: ").append(body.length()).append("\r\n\r\n");
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
      out.flush();
      out.write(body.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
