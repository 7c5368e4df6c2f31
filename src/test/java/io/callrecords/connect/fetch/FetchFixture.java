package io.callrecords.connect.fetch;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.scenario.Network;
import io.callrecords.connect.scenario.SimulatedTransport;
import io.callrecords.connect.scenario.Traffic;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.state.WindowSnapshot;
import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A simulated account, and what fetches ranges of it, in made-up time. */
final class FetchFixture {
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  static final Duration DAY = Duration.ofDays(1);

  /** Longer than anything that is not held up takes. */
  static final Duration LONG = Duration.ofMinutes(30);

  final VirtualLoop loop = new VirtualLoop(NOW);
  final Feed feed = CallCenterFeed.create();
  final Journal journal = Journal.complete();
  final Faults faults;
  final CallGenerator calls;
  final CallStore store;
  final Quirks quirks;
  final WindowLimits limits;
  final PagingFacts facts;
  final FeedTimes times;
  final ApiClient client;
  final WindowReader reader;
  final RetentionLimit retention;

  private FetchFixture(FetchFixtureBuilder builder) {
    quirks = builder.quirks;
    faults = new Faults(builder.seed);
    calls = CallGenerator.newBuilder().seed(builder.seed).zone(quirks.zone()).build();
    store = new CallStore(quirks.filteredTime());
    limits = new WindowLimits(builder.pageSize);
    facts = new PagingFacts(builder.pageSize, builder.maxWindowWeight);
    times = new FeedTimes(feed, "callStartTime", builder.zone);
    SimulatedApi api =
        new SimulatedApi(
            "/v3", "key", "secret", quirks, store, calls, journal, faults, builder.seed);
    client =
        new ApiClient(
            new ApiOptions(
                URI.create("http://127.0.0.1/v3"),
                new ApiOptions.Credentials("key", "secret"),
                builder.zone,
                builder.pageSize,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                builder.network.concurrentRequests(),
                10_000,
                TaskShare.ALONE,
                "fetch"),
            new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null),
            feed.path(),
            Map.of(),
            new RecordParser(feed, times.field(), times.zone()),
            new SimulatedTransport(
                api, loop, new SplittableRandom(builder.seed), builder.network, new Traffic(loop)),
            loop,
            new SplittableRandom(builder.seed));
    reader = new WindowReader(loop, client, facts, times);
    retention = new RetentionLimit(this::now, builder.retention);
  }

  static FetchFixtureBuilder newBuilder() {
    return new FetchFixtureBuilder();
  }

  static FetchFixture create() {
    return newBuilder().build();
  }

  /** Chooses an account; what is not chosen is as usual. */
  static final class FetchFixtureBuilder {
    private long seed = 7;
    private Quirks quirks = Quirks.defaults();
    private ZoneId zone = ZoneOffset.ofHours(8);
    private int pageSize = 100;
    private long maxWindowWeight = Long.MAX_VALUE;
    private Duration retention = Duration.ofDays(59);
    private Network network = new Network(4, 50, 200);

    FetchFixtureBuilder seed(long newSeed) {
      seed = newSeed;
      return this;
    }

    FetchFixtureBuilder quirks(Quirks newQuirks) {
      quirks = newQuirks;
      return this;
    }

    /** The zone that the settings give the API's times. */
    FetchFixtureBuilder zone(ZoneId newZone) {
      zone = newZone;
      return this;
    }

    FetchFixtureBuilder pageSize(int newPageSize) {
      pageSize = newPageSize;
      return this;
    }

    /** How much of the heap a window may take that can be cut. */
    FetchFixtureBuilder maxWindowWeight(long newMaxWindowWeight) {
      maxWindowWeight = newMaxWindowWeight;
      return this;
    }

    /** How far back the API returns records according to the settings. */
    FetchFixtureBuilder retention(Duration newRetention) {
      retention = newRetention;
      return this;
    }

    FetchFixtureBuilder network(Network newNetwork) {
      network = newNetwork;
      return this;
    }

    FetchFixture build() {
      return new FetchFixture(this);
    }
  }

  /** Reads a window for as long as it takes, with so many passes at most. */
  static WindowReader.ReadLimits passes(int maxPasses) {
    return new WindowReader.ReadLimits(Long.MAX_VALUE, maxPasses, false);
  }

  /** One of some values. */
  static <T> T anyOf(RandomGenerator random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** The server's time in whole seconds. */
  Instant now() {
    return client.clock().now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** A range of so many seconds that begins so long before now. */
  static TimeRange range(Duration ago, long seconds) {
    return new TimeRange(NOW.minus(ago), NOW.minus(ago).plusSeconds(seconds));
  }

  /** The ids of the calls that the API returns for a range by now. */
  Set<String> ids(TimeRange range) {
    return store.visibleIds(loop.wallClock(), range.from(), range.to());
  }

  /** The ids of a window's rows. */
  static Set<String> ids(WindowSnapshot window) {
    return window.records().stream().map(row -> row.id()).collect(Collectors.toSet());
  }

  /** Runs a step on the loop and returns what it comes to. */
  <T> T onLoop(Supplier<T> step) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> result.complete(step.get()));
    loop.runUntil(result::isDone, Duration.ZERO);
    return result.join();
  }

  /** Runs a step on the loop. */
  void run(Runnable step) {
    onLoop(
        () -> {
          step.run();
          return true;
        });
  }

  /**
   * Runs a step on the loop, and then the loop until what the step has begun is there.
   *
   * @throws java.util.concurrent.CompletionException when it fails
   */
  <T> T await(Supplier<CompletableFuture<T>> step) {
    CompletableFuture<T> result = onLoop(step);
    loop.runUntil(result::isDone, LONG);
    if (!result.isDone()) {
      throw new AssertionError("Still not there after " + LONG);
    }
    return result.join();
  }

  /** What the client throws when the API answers with a status code. */
  Throwable refusal(int status) {
    faults.next(1, Fault.status(status));
    PageRequest request = new PageRequest(NOW.minusSeconds(1), NOW, 1, 1);
    CompletableFuture<@Nullable Throwable> thrown =
        onLoop(
            () ->
                client
                    .fetch(request, Priority.LIVE)
                    .<@Nullable Throwable>handle((page, error) -> error));
    loop.runUntil(thrown::isDone, LONG);
    Throwable error = thrown.join();
    if (error == null) {
      throw new AssertionError("Status " + status + " was no failure");
    }
    return error;
  }

  /** Whether a request is for a range of so many seconds, with the seconds on both sides. */
  static boolean isFor(ApiRequest request, TimeRange range) {
    return range.from().minusSeconds(1).equals(request.from()) && range.to().equals(request.to());
  }
}
