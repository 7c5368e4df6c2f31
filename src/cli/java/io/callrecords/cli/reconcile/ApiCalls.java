package io.callrecords.cli.reconcile;

import io.callrecords.cli.CliException;
import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.OkHttpTransport;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.client.Transport;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.RowWeight;
import io.callrecords.connect.fetch.FetchResult;
import io.callrecords.connect.fetch.PagingFacts;
import io.callrecords.connect.fetch.PrefetchLimits;
import io.callrecords.connect.fetch.RangeQueue;
import io.callrecords.connect.fetch.RetentionLimit;
import io.callrecords.connect.fetch.WindowReader;
import io.callrecords.connect.loop.Closer;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.loop.ThreadLoop;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.split.ZoneTransitions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks the API for ranges with the connector's own client: signed, paced, retried, and cut into
 * windows whose pages agree. Holds a few windows at most, whatever the ranges; more of them while
 * nobody has taken the first one yet, up to a weight.
 */
final class ApiCalls implements AutoCloseable {
  private static final int MAX_WINDOWS = 4;

  /** So many ranges are cut and opened ahead: the API has something to do where one ends. */
  private static final int RANGES_AHEAD = 2;

  private final ThreadLoop loop;
  private final Transport transport;
  private final ApiClient client;
  private final RangeQueue queue;
  private final PagingFacts facts;
  private final Deque<TimeRange> ranges;
  private final BlockingQueue<HandedResult> deliveries = new LinkedBlockingQueue<>();
  private final AtomicInteger undelivered = new AtomicInteger();
  private final long maxAhead;
  private volatile boolean hasTaker;
  private long ahead;
  private boolean hasEnded;

  /** What the loop hands over: a result, the end, or a failure. */
  private record HandedResult(Optional<FetchResult> result, @Nullable Throwable failure) {}

  /**
   * Prepares the reading.
   *
   * @param api how to reach the API, and how fast
   * @param retry for how long a request is tried
   * @param filters the request parameters that go with each request
   * @param ranges what is read, in this order
   * @param maxAhead how much of the heap the calls may take that are read before any is taken, in
   *     bytes
   */
  ApiCalls(
      Feed feed,
      CallRecordSourceConfig config,
      ApiOptions api,
      RetryOptions retry,
      Map<String, Object> filters,
      Collection<TimeRange> ranges,
      long maxAhead) {
    this.ranges = new ArrayDeque<>(ranges);
    this.maxAhead = maxAhead;
    String name = "call-records-reconcile";
    loop = new ThreadLoop(name, Clock.systemUTC(), this::fail);
    transport = new OkHttpTransport(api, name + "-http");
    client =
        new ApiClient(
            api,
            retry,
            feed.path(),
            filters,
            RecordParser.of(feed, config),
            transport,
            loop,
            new SplittableRandom());
    facts = new PagingFacts(client.pageSize(), client.memory().maxWindowWeight());
    FeedTimes times = new FeedTimes(feed, config.queryTimeField().field(), config.zone());
    queue =
        new RangeQueue(
            loop,
            new WindowReader(loop, client, facts, times),
            Priority.BACKLOG,
            new PrefetchLimits(
                new WindowLimits(client.pageSize()),
                client.maxConcurrentRequests(),
                client.memory().maxQueueWeight()),
            new RetentionLimit(this::second, config.retention()),
            ZoneTransitions.of(config.zone()),
            this::pumpSoon,
            this::fail);
  }

  /** Whether totals are the number of calls, as far as has been seen: then they announce calls. */
  boolean totalsCountCalls() {
    return facts.totalsCountRows();
  }

  /** Begins: learns the API's time, by which it is known what has expired, and then reads. */
  void start() {
    loop.execute(this::requestClock);
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void requestClock() {
    Instant now = second();
    client
        .fetch(new PageRequest(now.minusSeconds(1), now, 1, 1), Priority.LIVE)
        .whenComplete(
            (page, error) -> {
              if (error == null || isOutOfRange(StageErrors.unwrap(error))) {
                pumpSoon();
              } else {
                fail(error);
              }
            });
  }

  private static boolean isOutOfRange(Throwable error) {
    return error instanceof RefusedException refused && refused.status() == ApiStatus.OUT_OF_RANGE;
  }

  /** As validation has it: a secret that the API rejects is a wrong configuration. */
  private static boolean isWrongSetting(Throwable failure) {
    return failure instanceof RefusedException refused && !refused.status().settings().isEmpty();
  }

  private void pumpSoon() {
    loop.execute(this::pump);
  }

  /** Hands over what is there, and requests more. */
  private void pump() {
    while (undelivered.get() < MAX_WINDOWS || (!hasTaker && ahead < maxAhead)) {
      FetchResult result = queue.take();
      if (result == null) {
        break;
      }
      undelivered.incrementAndGet();
      ahead += result.snapshot().map(window -> RowWeight.sum(window.records())).orElse(0L);
      deliveries.add(new HandedResult(Optional.of(result), null));
    }
    while (!ranges.isEmpty() && queue.waiting() < RANGES_AHEAD) {
      queue.read(ranges.remove());
    }
    if (queue.isIdle() && ranges.isEmpty() && !hasEnded) {
      hasEnded = true;
      deliveries.add(new HandedResult(Optional.empty(), null));
    }
  }

  private void fail(Throwable cause) {
    deliveries.add(new HandedResult(Optional.empty(), StageErrors.unwrap(cause)));
  }

  /**
   * Waits for the next result.
   *
   * @return nothing at the end
   * @throws io.callrecords.cli.CliException when the API cannot be read
   */
  Optional<FetchResult> next() throws InterruptedException {
    hasTaker = true;
    HandedResult delivery = deliveries.take();
    Throwable failure = delivery.failure();
    if (failure != null) {
      String message =
          "The API cannot be read: "
              + Objects.requireNonNullElse(failure.getMessage(), failure.toString());
      throw isWrongSetting(failure)
          ? CliException.usage(message, failure)
          : CliException.unseen(message, failure);
    }
    if (delivery.result().isPresent()) {
      undelivered.decrementAndGet();
      pumpSoon();
    }
    return delivery.result();
  }

  private Instant second() {
    return client.clock().now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** How many requests were answered. */
  long requests() {
    return client.counts().answered();
  }

  @Override
  public void close() {
    Closer.closeAll(loop, client::close, transport);
  }
}
