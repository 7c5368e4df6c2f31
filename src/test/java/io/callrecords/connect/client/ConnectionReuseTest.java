package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.TimeLimits;
import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.ThreadLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** A connection that ends between two requests costs neither a failure nor a wait. */
class ConnectionReuseTest extends ApiClientFixture {
  private static final ScriptedResponse STALE =
      ScriptedResponse.failure(new StaleConnectionException(new IOException("whispered")));

  @Test
  void sendsAgainAtOnceAndCountsNoFailure() {
    ScriptedTransport transport = transport(ScriptedTransport.answers(STALE, EMPTY_PAGE));
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(OutageLog.class)) {
      fetched(fetch(client));

      assertThat(gaps(transport)).containsExactly(DELAY);
      assertThat(client.counts().failed()).isZero();
      assertThat(client.counts().retries()).isZero();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void signsAnewWhatItSendsAgain() {
    Duration late = Duration.ofSeconds(5);
    ScriptedTransport transport =
        new ScriptedTransport(loop, late, ScriptedTransport.answers(STALE, EMPTY_PAGE));
    fetched(fetch(client(transport)));

    assertThat(transport.sent())
        .allSatisfy(
            sent -> assertThat(sent.headers()).containsAllEntriesOf(signed(WALL.plus(sent.at()))));
  }

  @Test
  void sendsAgainOnceOnly() {
    ScriptedTransport transport =
        transport(ScriptedTransport.answers(STALE, STALE, STALE, STALE, EMPTY_PAGE));
    ApiClient client = client(transport);
    fetched(fetch(client));

    assertThat(gaps(transport))
        .containsExactly(DELAY, DELAY.plusSeconds(10), DELAY, DELAY.plusSeconds(20));
    assertThat(client.counts().failed()).isEqualTo(2);
  }

  /** The server closes what is idle before the next poll: no poll's first try fails. */
  @Test
  void noFirstTryFailsWhereTheServerClosesIdleConnections() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (BriefServer server = new BriefServer(threads);
        ThreadLoop real = new ThreadLoop("reuse", Clock.systemUTC(), e -> {})) {
      ApiOptions options =
          new ApiOptions(
              server.url(),
              new Credentials("key", "secret"),
              ZoneOffset.UTC,
              100,
              TimeLimits.NEVER,
              TimeLimits.NEVER,
              4,
              1_000,
              TaskShare.ALONE,
              "agent");
      try (OkHttpTransport transport = new OkHttpTransport(options, "reuse-http")) {
        ApiClient polls =
            new ApiClient(
                options,
                new RetryOptions(TimeLimits.NEVER, TimeLimits.NEVER, null),
                "voice/ccRecordQuery",
                Map.of(),
                new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.UTC),
                transport,
                real,
                new SplittableRandom(1));
        for (int poll = 1; poll <= 5; poll++) {
          CompletableFuture<Page> page = new CompletableFuture<>();
          real.execute(() -> poll(polls, page));
          assertThat(page.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS).total()).isZero();
          server.awaitClosed(1);
        }
        assertThat(polls.counts().failed()).isZero();
        assertThat(polls.counts().answered()).isEqualTo(5);
        assertThat(server.received()).isEqualTo(5);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void poll(ApiClient client, CompletableFuture<Page> page) {
    client
        .fetch(REQUEST, Priority.LIVE)
        .whenComplete(
            (received, error) -> {
              if (error == null) {
                page.complete(received);
              } else {
                page.completeExceptionally(error);
              }
            });
  }

  // ---- what is to blame

  private final Call call =
      new OkHttpClient().newCall(new Request.Builder().url("http://127.0.0.1/").build());

  private CallObserver observer(boolean isReused) {
    CallObserver observer = new CallObserver(() -> {});
    if (!isReused) {
      observer.connectStart(call, new InetSocketAddress(0), Proxy.NO_PROXY);
    }
    observer.connectionAcquired(call, null);
    return observer;
  }

  @Test
  void blamesAKeptConnectionOnly() {
    IOException broken = new SocketException("whispered");

    assertThat(observer(true).isStale(broken)).isTrue();
    assertThat(observer(false).isStale(broken)).isFalse();
    assertThat(new CallObserver(() -> {}).isStale(broken)).isFalse();
  }

  @Test
  void blamesNoConnectionForATimeoutOrWhatWasReceivedOrWhatIsCanceled() {
    assertThat(observer(true).isStale(new InterruptedIOException())).isFalse();
    assertThat(observer(true).isStale(new ProtocolException())).isFalse();
    CallObserver answered = observer(true);
    answered.responseHeadersEnd(call, null);
    assertThat(answered.isStale(new SocketException())).isFalse();
    CallObserver canceled = observer(true);
    canceled.canceled(call);
    assertThat(canceled.isStale(new IOException("Canceled"))).isFalse();
  }

  @Test
  void saysWhenARequestIsWritten() {
    AtomicBoolean written = new AtomicBoolean();
    CallObserver observer = new CallObserver(() -> written.set(true));
    assertThat(written).isFalse();

    observer.requestHeadersEnd(call, call.request());

    assertThat(written).isTrue();
  }
}
