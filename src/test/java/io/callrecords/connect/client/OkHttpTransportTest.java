package io.callrecords.connect.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.callrecords.connect.TestSettings;
import io.callrecords.connect.TimeLimits;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.TaskShare;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves over real sockets that a request is sent once and that nothing outlives the transport. */
class OkHttpTransportTest {
  private static final Duration OFTEN = Duration.ofMillis(5);
  private static final String THREAD = "transport-under-test";

  /** When the client looks by itself whether a kept connection is still alive. */
  private static final Duration LOOKS_AFTER = Duration.ofSeconds(10);

  private static final int MOST_ROUNDS = 20;

  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final ExecutorService serverThreads = Executors.newCachedThreadPool();
  private HttpServer server;
  private OkHttpTransport transport;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(serverThreads);
    server.start();
    transport = transport(TimeLimits.NEVER, 4);
  }

  @AfterEach
  void stopServer() {
    mayAnswer.countDown();
    transport.close();
    server.stop(0);
    serverThreads.shutdownNow();
  }

  @Test
  void postsTheBodyWithItsHeadersAndHandsOverTheAnswer() throws Exception {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    serve(
        exchange -> {
          seen.add(exchange.getRequestMethod());
          seen.add(exchange.getRequestHeaders().getFirst("Content-Type"));
          seen.add(exchange.getRequestHeaders().getFirst("Api-Key"));
          seen.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.getResponseHeaders().add("Retry-After", "7");
          answer(exchange, 429, "späť");
        });

    String answer =
        transport
            .post(
                url(),
                Map.of("Api-Key", "key"),
                "{\"a\":\"ü\"}".getBytes(UTF_8),
                (status, header, body) ->
                    status
                        + " "
                        + header.apply("retry-after")
                        + " "
                        + header.apply("Absent")
                        + " "
                        + new String(body.readAllBytes(), UTF_8))
            .get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS);

    assertThat(answer).isEqualTo("429 7 null späť");
    assertThat(seen)
        .containsExactly("POST", "application/json;charset=UTF-8", "key", "{\"a\":\"ü\"}");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsNoRedirect(int status) throws Exception {
    serve(
        exchange -> {
          exchange.getResponseHeaders().add("Location", url().toString());
          answer(exchange, status, "");
        });

    assertThat(status(post())).isEqualTo(status);
    assertThat(requests).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 421, 500, 503})
  void sendsNothingAgainByItself(int status) throws Exception {
    serve(
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", "0");
          answer(exchange, status, "");
        });

    assertThat(status(post())).isEqualTo(status);
    assertThat(requests).hasValue(1);
  }

  @Test
  void answersNoChallengeForCredentials() throws Exception {
    serve(
        exchange -> {
          exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"x\"");
          answer(exchange, 401, "");
        });

    assertThat(status(post())).isEqualTo(401);
    assertThat(requests).hasValue(1);
  }

  @Test
  void sendsNothingAgainWhenAKeptConnectionTurnsOutToBeBroken() throws Exception {
    AtomicInteger received = new AtomicInteger();
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      serverThreads.execute(
          () -> {
            try (Socket connection = socket.accept()) {
              InputStream in = connection.getInputStream();
              readRequest(in);
              received.incrementAndGet();
              connection
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
              readRequest(in);
              received.incrementAndGet();
            } catch (IOException e) {
              received.set(-1);
            }
            acceptMore(socket, received);
          });
      URI url = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/x");

      assertThat(status(post(url))).isEqualTo(200);
      assertFailsWithIo(post(url));

      assertThat(received).hasValue(2);
    }
  }

  @Test
  void saysThatOnlyTheConnectionIsToBlameWhenItWasClosedMeanwhile() throws Exception {
    List<Duration> rounds = new ArrayList<>();
    do {
      assertThat(rounds).as("rounds that all took too long").hasSizeLessThan(MOST_ROUNDS);
      rounds.add(expectOnlyTheConnectionToBeToBlame());
    } while (rounds.get(rounds.size() - 1).compareTo(LOOKS_AFTER) >= 0);
  }

  /** Returns how long the connection was idle at most: nothing is expected after too long. */
  private Duration expectOnlyTheConnectionToBeToBlame() throws Exception {
    try (BriefServer brief = new BriefServer(serverThreads)) {
      long begun = System.nanoTime();
      assertThat(status(post(brief.url()))).isEqualTo(200);
      brief.awaitClosed(1);

      Throwable outcome = catchThrowable(() -> get(post(brief.url())));
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      if (took.compareTo(LOOKS_AFTER) < 0) {
        assertThat(outcome)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(StaleConnectionException.class);
        assertThat(status(post(brief.url()))).isEqualTo(200);
        assertThat(brief.received()).isEqualTo(2);
      }
      return took;
    }
  }

  @Test
  void doesNotBlameAConnectionThatWasNew() throws Exception {
    serve(
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.close();
        });

    assertThat(catchThrowableOfType(ExecutionException.class, () -> get(post())))
        .hasCauseInstanceOf(IOException.class)
        .hasRootCauseInstanceOf(EOFException.class)
        .cause()
        .isNotInstanceOf(StaleConnectionException.class);
  }

  @Test
  void usesAConnectionForFiveMinutesAtMost() throws Exception {
    Queue<Integer> ports = new ConcurrentLinkedQueue<>();
    serve(
        exchange -> {
          ports.add(exchange.getRemoteAddress().getPort());
          answer(exchange, 200, "{}");
        });
    AtomicLong nanos = new AtomicLong();
    try (OkHttpTransport aging =
        new OkHttpTransport(options(TimeLimits.NEVER, 1), THREAD, nanos::get)) {
      for (int minute = 0; minute < 7; minute++) {
        nanos.set(Duration.ofMinutes(minute).toNanos());
        assertThat(status(post(aging, url()))).isEqualTo(200);
      }
    }

    assertThat(List.copyOf(ports).subList(0, 6)).containsOnly(ports.element());
    assertThat(List.copyOf(ports).get(6)).isNotEqualTo(ports.element());
  }

  @Test
  void saysWhenARequestIsWritten() throws Exception {
    serve(exchange -> answer(exchange, 200, ""));
    AtomicInteger written = new AtomicInteger();

    CompletableFuture<Integer> result =
        transport.post(
            url(),
            Map.of(),
            new byte[0],
            (status, header, body) -> written.get(),
            written::incrementAndGet);

    assertThat(status(result)).isEqualTo(1);
  }

  @Test
  void failsWhenTheAnswerIsCutShort() throws Exception {
    serve(
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write("{\"status\"".getBytes(UTF_8));
          exchange.close();
        });

    assertFailsWithIo(post());
    assertThat(requests).hasValue(1);
  }

  @Test
  void failsWhenNobodyListens() {
    assertFailsWithIo(post(URI.create("http://" + TestSettings.NOBODY + "/x")));
  }

  @Test
  void failsWhenTheAnswerDoesNotComeInTime() throws Exception {
    serve(
        exchange -> {
          awaitAnswer();
          answer(exchange, 200, "");
        });
    try (OkHttpTransport hasty = transport(Duration.ofMillis(200), 4)) {
      assertFailsWithIo(post(hasty, url()));
    }
  }

  @Test
  void failsWhenTheAnswerTricklesForLongerThanARequestMayTake() throws Exception {
    serve(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (!mayAnswer.await(50, TimeUnit.MILLISECONDS)) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
          }
        });
    try (OkHttpTransport hasty = transport(Duration.ofMillis(400), 4)) {
      assertFailsWithIo(post(hasty, url()));
    }
  }

  @Test
  void passesOnWhatTheReaderThrows() throws Exception {
    serve(exchange -> answer(exchange, 200, ""));
    AssertionError error = new AssertionError("of the reader");

    CompletableFuture<Object> result =
        transport.post(
            url(),
            Map.of(),
            new byte[0],
            (status, header, body) -> {
              throw error;
            });

    assertThat(catchThrowableOfType(ExecutionException.class, () -> get(result))).hasCause(error);
  }

  @Test
  void hasAsManyRequestsUnderWayAsItMay() throws Exception {
    CountDownLatch allThere = new CountDownLatch(4);
    serve(
        exchange -> {
          allThere.countDown();
          awaitAnswer();
          answer(exchange, 200, "");
        });
    List<CompletableFuture<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      results.add(post());
    }

    assertThat(allThere.await(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    mayAnswer.countDown();
    for (CompletableFuture<Integer> result : results) {
      assertThat(status(result)).isEqualTo(200);
    }
  }

  @Test
  void leavesNoThreadBehindWhenItIsClosedWhileARequestHangs() throws Exception {
    CountDownLatch there = new CountDownLatch(1);
    serve(
        exchange -> {
          there.countDown();
          awaitAnswer();
          answer(exchange, 200, "");
        });
    CompletableFuture<Integer> hanging = post();
    assertThat(there.await(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(ownThreads()).isNotEmpty();

    transport.close();

    await().atMost(TimeLimits.LONG).until(() -> ownThreads().isEmpty());
    assertThat(hanging).isNotCompleted();
  }

  /** As the client does: what was cancelled makes room for the next request, or is tried again. */
  @Test
  void sendsNothingMoreWhileItIsClosed() throws Exception {
    serve(
        exchange -> {
          awaitAnswer();
          answer(exchange, 200, "");
        });
    int many = 16;
    for (int round = 1; round <= 20; round++) {
      int before = requests.get();
      try (OkHttpTransport closing = transport(TimeLimits.NEVER, many)) {
        for (int i = 0; i < many; i++) {
          postAgain(closing, 3);
        }
        await()
            .atMost(TimeLimits.LONG)
            .pollInterval(OFTEN)
            .until(() -> requests.get() >= before + many);
      }

      await("threads end, round " + round)
          .atMost(TimeLimits.LONG)
          .pollInterval(OFTEN)
          .until(() -> ownThreads().isEmpty());
    }
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void postAgain(OkHttpTransport closing, int times) {
    post(closing, url())
        .whenComplete(
            (status, failure) -> {
              if (times > 0) {
                postAgain(closing, times - 1);
              }
            });
  }

  // ---- helpers

  private interface Handler {
    void handle(HttpExchange exchange) throws Exception;
  }

  private void serve(Handler handler) {
    HttpHandler counting =
        exchange -> {
          requests.incrementAndGet();
          try {
            handler.handle(exchange);
          } catch (IOException e) {
            throw e;
          } catch (Exception e) {
            throw new IOException(e);
          }
        };
    server.createContext("/", counting);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private void awaitAnswer() throws InterruptedException {
    mayAnswer.await();
  }

  /** Reads a request with the body "body" to its end. */
  private static void readRequest(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith("\r\n\r\nbody")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The client has left");
      }
      text.append((char) next);
    }
  }

  private static void acceptMore(ServerSocket socket, AtomicInteger received) {
    while (true) {
      try (Socket connection = socket.accept()) {
        readRequest(connection.getInputStream());
        received.incrementAndGet();
      } catch (IOException e) {
        return;
      }
    }
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v3/x");
  }

  private CompletableFuture<Integer> post() {
    return post(url());
  }

  private CompletableFuture<Integer> post(URI url) {
    return post(transport, url);
  }

  private static CompletableFuture<Integer> post(Transport transport, URI url) {
    return transport.post(
        url,
        Map.of(),
        "body".getBytes(UTF_8),
        (status, header, body) -> {
          body.readAllBytes();
          return status;
        });
  }

  private static <T> T get(CompletableFuture<T> result) throws Exception {
    return result.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static int status(CompletableFuture<Integer> result) throws Exception {
    return get(result);
  }

  private static void assertFailsWithIo(CompletableFuture<Integer> result) {
    assertThat(catchThrowableOfType(ExecutionException.class, () -> get(result)))
        .hasCauseInstanceOf(IOException.class);
  }

  /** The transport's threads; OkHttp gives them another name while a request is under way. */
  private static List<Thread> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches(THREAD + ".*|OkHttp http:.*"))
        .filter(Thread::isAlive)
        .toList();
  }

  private static OkHttpTransport transport(Duration requestTimeout, int concurrentRequests) {
    return new OkHttpTransport(options(requestTimeout, concurrentRequests), THREAD);
  }

  private static ApiOptions options(Duration requestTimeout, int concurrentRequests) {
    return new ApiOptions(
        URI.create("http://127.0.0.1"),
        new Credentials("key", "secret"),
        ZoneOffset.UTC,
        100,
        TimeLimits.NEVER,
        requestTimeout,
        concurrentRequests,
        5,
        TaskShare.ALONE,
        "agent-of-the-test/1");
  }
}
