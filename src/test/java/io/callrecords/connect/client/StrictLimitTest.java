package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.RecordParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A gateway that refuses each request that comes too soon after the last one it let through, as
 * nginx does without a burst: the connector finds the rate that it bears, and stays there.
 */
class StrictLimitTest extends ApiClientFixture {
  private static final Duration FIRST_MINUTE = Duration.ofMinutes(1);
  private static final Duration MEASURED = Duration.ofMinutes(10);
  private static final long SEED = Long.getLong("strict.seed", 1);
  private static final Duration ONE_WAY = Duration.ofMillis(15);

  /** What the tasks of one worker share. */
  private final SharedAccount account = new SharedAccount();

  /** The gateway: each request is a little late, and it counts in milliseconds. */
  private final class StrictLimit implements Transport {
    private final int status;
    private final long spacingMillis;
    private final double meanJitterMillis;
    private final RandomGenerator random;
    private long lastAcceptedMillis = Long.MIN_VALUE / 2;
    private long accepted;
    private long refused;

    StrictLimit(int status, double perSecond, double meanJitterMillis) {
      this.status = status;
      this.spacingMillis = Math.round(1e3 / perSecond);
      this.meanJitterMillis = meanJitterMillis;
      this.random = new SplittableRandom(SEED);
    }

    private Duration oneWay() {
      double jitter = Math.min(50, -Math.log(1 - random.nextDouble()) * meanJitterMillis);
      return ONE_WAY.plusNanos(Math.round(jitter * 1e6));
    }

    @Override
    public <T> CompletableFuture<T> post(
        URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
      CompletableFuture<T> result = new CompletableFuture<>();
      loop.schedule(
          oneWay(),
          () -> {
            ScriptedResponse response = respond();
            loop.schedule(oneWay(), () -> complete(result, response, handler));
          });
      return result;
    }

    private ScriptedResponse respond() {
      long now = loop.uptime().toMillis();
      if (now - lastAcceptedMillis < spacingMillis) {
        refused++;
        return ScriptedResponse.of(status, "<html>whispered</html>");
      }
      lastAcceptedMillis = now;
      accepted++;
      return EMPTY_PAGE;
    }

    private static <T> void complete(
        CompletableFuture<T> result, ScriptedResponse response, ResponseHandler<T> handler) {
      try {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        result.complete(
            handler.handle(response.status(), name -> null, new ByteArrayInputStream(body)));
      } catch (IOException e) {
        result.completeExceptionally(e);
      }
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private ApiClient client(StrictLimit limit, double perSecond, TaskShare share) {
    ApiOptions options =
        new ApiOptions(
            URI.create("https://api.example.com/v3"),
            new Credentials("key-4711", "secret-0815"),
            ZoneOffset.UTC,
            50,
            Duration.ofSeconds(10),
            Duration.ofSeconds(40),
            4,
            perSecond,
            share,
            "agent-of-the-test/1");
    return new ApiClient(
        options,
        new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null),
        "voice/ccRecordQuery",
        Map.of(),
        new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.UTC),
        limit,
        loop,
        new SplittableRandom(7),
        account);
  }

  /** A backlog without end. */
  private void demand(ApiClient client) {
    for (int i = 0; i < 8; i++) {
      loop.execute(() -> request(client));
    }
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void request(ApiClient client) {
    client
        .fetch(REQUEST, Priority.BACKLOG)
        .whenComplete((page, error) -> loop.execute(() -> request(client)));
  }

  @ParameterizedTest
  @CsvSource({
    "503, 5, 5, 0",
    "503, 5, 5, 1",
    "503, 5, 5, 3",
    "429, 5, 5, 1",
    "503, 2, 20, 1",
    "503, 2, 20, 3",
    "429, 2, 20, 0",
    "429, 2, 20, 1",
    "503, 10, 10, 1",
    "429, 3, 5, 2",
    "503, 5, 100, 1"
  })
  void staysJustBelowTheLimit(int status, double bears, double perSecond, double jitter) {
    StrictLimit limit = new StrictLimit(status, bears, jitter);
    demand(client(limit, perSecond, TaskShare.ALONE));

    assertUsesTheLimit(limit, bears);
  }

  @ParameterizedTest
  @CsvSource({
    "503, 5, 5, 1, 2",
    "503, 5, 5, 1, 4",
    "503, 5, 5, 3, 4",
    "429, 5, 5, 1, 4",
    "503, 2, 20, 1, 2",
    "503, 2, 20, 1, 4",
    "429, 2, 20, 0, 2",
    "429, 2, 20, 1, 2",
    "429, 2, 20, 1, 4",
    "429, 2, 20, 3, 4",
    "503, 10, 10, 1, 3",
    "429, 3, 5, 2, 7"
  })
  void tasksOfAWorkerTogetherStayJustBelowTheLimit(
      int status, double bears, double perSecond, double jitter, int tasks) {
    StrictLimit limit = new StrictLimit(status, bears, jitter);
    for (int task = 0; task < tasks; task++) {
      demand(client(limit, perSecond, new TaskShare(task, tasks)));
    }

    assertUsesTheLimit(limit, bears);
  }

  private void assertUsesTheLimit(StrictLimit limit, double bears) {
    loop.runFor(FIRST_MINUTE);
    long acceptedBefore = limit.accepted;
    long refusedBefore = limit.refused;
    loop.runFor(MEASURED);

    double accepted = limit.accepted - acceptedBefore;
    double refused = limit.refused - refusedBefore;
    double shareRefused = refused / (accepted + refused);
    double shareUsed = accepted / (bears * MEASURED.toSeconds());
    String outcome =
        "seed %d: %.1f%% refused, %.1f%% used".formatted(SEED, 100 * shareRefused, 100 * shareUsed);
    assertThat(shareRefused).as(outcome).isLessThanOrEqualTo(.03);
    assertThat(shareUsed).as(outcome).isGreaterThanOrEqualTo(.92);
  }
}
