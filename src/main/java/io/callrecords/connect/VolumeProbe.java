package io.callrecords.connect;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.OkHttpTransport;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.LogText;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.ThreadLoop;
import io.callrecords.connect.split.DayVolumes;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns from the API how much each day of a backlog holds, before several tasks load it: a request
 * a day, for its total. Where that would take too long, or the API does not answer, or its totals
 * do not add up, nothing is learned: each task then gets about as many days as another.
 */
final class VolumeProbe {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeProbe.class);

  /** A worker waits for five seconds for a connector that is to stop. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(4);

  /** The rate has to allow all requests within that. */
  private static final Duration MAX_LENGTH = Duration.ofSeconds(3);

  /** Of more days, each task has about as much as another anyway. */
  private static final int MAX_DAYS = 100;

  /** The longest range of one request is 31 days, as the API's documentation says. */
  private static final int DAYS_OF_A_CHUNK = 30;

  /**
   * The open end is asked for up to such an hour, so that the answer stays the same for a while.
   */
  private static final long GRAIN_SECONDS = Duration.ofHours(6).toSeconds();

  private final Clock clock;
  private final Duration timeout;

  /**
   * Creates a probe that a worker can wait for.
   *
   * @param clock the worker's clock
   */
  VolumeProbe(Clock clock) {
    this(clock, MAX_WAIT);
  }

  /**
   * Creates a probe.
   *
   * @param clock the worker's clock
   * @param timeout how long it waits for the API in all
   */
  VolumeProbe(Clock clock, Duration timeout) {
    this.clock = clock;
    this.timeout = timeout;
  }

  /**
   * Learns how much the days of a plan hold. Does not fail: what is wrong, the tasks will say.
   *
   * @param name of the connector
   */
  DayVolumes volumes(String name, CallRecordSourceConfig config, ConnectorPlan plan) {
    try {
      return learn(name, config, plan);
    } catch (RuntimeException e) {
      LOG.debug("Learning how much the days hold failed", e);
      return DayVolumes.UNKNOWN;
    }
  }

  private DayVolumes learn(String name, CallRecordSourceConfig config, ConnectorPlan plan) {
    Map<Split, TimeRange> days = days(config, plan);
    List<TimeRange> chunks = chunks(plan, days);
    ApiOptions api = config.api(TaskShare.ALONE, Version.userAgent());
    double possible = MAX_LENGTH.toSeconds() * api.requestsPerSecond();
    // What the API returns for a number would tell whoever sees the tasks whether it had calls.
    if (config.filtersByPerson()
        || days.size() > MAX_DAYS
        || days.size() + chunks.size() > possible) {
      LOG.debug("Not asking the API how much each of {} days holds", days.size());
      return DayVolumes.UNKNOWN;
    }
    String problem;
    try {
      return ask(config, api, days, chunks);
    } catch (ExecutionException e) {
      problem = String.valueOf(e.getCause());
    } catch (TimeoutException e) {
      problem = "no answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DayVolumes.UNKNOWN;
    }
    LOG.info(
        "{}: could not learn from the API within {} s how much each day of the backlog holds, so"
            + " each task gets about as many days as another.",
        LogText.of(name),
        timeout.toSeconds());
    LOG.debug("The API was asked for the volume of {} days: {}", days.size(), problem);
    return DayVolumes.UNKNOWN;
  }

  /** The ranges that are asked for, each by its day, the open end by its first one. */
  private Map<Split, TimeRange> days(CallRecordSourceConfig config, ConnectorPlan plan) {
    Instant now = clock.instant();
    // Of a day that the API is about to forget, the total is another one each time.
    Instant kept = now.minus(config.retention()).plus(Duration.ofDays(1));
    Instant end = config.endTime();
    Instant present = Instant.ofEpochSecond(now.getEpochSecond() / GRAIN_SECONDS * GRAIN_SECONDS);
    Instant to =
        (end == null || end.isAfter(present) ? present : end).truncatedTo(ChronoUnit.SECONDS);
    Instant start = plan.start().truncatedTo(ChronoUnit.SECONDS);
    TimeRange whole = new TimeRange(start.isBefore(to) ? start : to, to);
    TreeMap<Split, TimeRange> days = new TreeMap<>();
    for (Split day : plan.splits().days()) {
      days.put(day, day.range().intersection(whole));
    }
    Split open = plan.splits().openFrom();
    if (open != null) {
      TimeRange rest = new TimeRange(open.range().from(), later(open.range().from(), to));
      days.put(open, rest.intersection(whole));
    }
    days.values()
        .removeIf(
            range ->
                range.isEmpty()
                    || range.from().isBefore(kept)
                    || range.length().toDays() > DAYS_OF_A_CHUNK);
    return days;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /** The days before the open end, many at a time. */
  private static List<TimeRange> chunks(ConnectorPlan plan, Map<Split, TimeRange> days) {
    List<TimeRange> known =
        plan.splits().days().stream().filter(days::containsKey).map(days::get).toList();
    List<TimeRange> chunks = new ArrayList<>();
    for (int first = 0; first < known.size(); first += DAYS_OF_A_CHUNK) {
      int last = Math.min(known.size(), first + DAYS_OF_A_CHUNK) - 1;
      chunks.add(new TimeRange(known.get(first).from(), known.get(last).to()));
    }
    return chunks;
  }

  private DayVolumes ask(
      CallRecordSourceConfig config,
      ApiOptions api,
      Map<Split, TimeRange> days,
      List<TimeRange> chunks)
      throws ExecutionException, TimeoutException, InterruptedException {
    try (ThreadLoop loop =
            new ThreadLoop("call-records-volumes", clock, VolumeProbe::logUnexpected);
        OkHttpTransport transport = new OkHttpTransport(api, "call-records-volumes-http")) {
      CompletableFuture<DayVolumes> volumes = new CompletableFuture<>();
      DayTotals totals = new DayTotals(client(config, api, transport, loop));
      loop.execute(() -> totals.request(days, chunks, volumes));
      return volumes.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static ApiClient client(
      CallRecordSourceConfig config, ApiOptions api, OkHttpTransport transport, ThreadLoop loop) {
    Feed feed = CallCenterFeed.create();
    return new ApiClient(
        api,
        config.retry(),
        feed.path(),
        feed.filters().apply(config.filters()),
        RecordParser.of(feed, config),
        transport,
        loop,
        new SplittableRandom());
  }

  private static void logUnexpected(@Nullable Throwable cause) {
    LOG.debug("Asking the API how much the days hold failed", cause);
  }

  /** Requests totals, and holds those of days to those of many days. Runs on the loop. */
  private record DayTotals(ApiClient client) {
    // The handler sees every outcome; the future that whenComplete() returns has nothing to add.
    @SuppressWarnings("FutureReturnValueIgnored")
    void request(
        Map<Split, TimeRange> days, List<TimeRange> chunks, CompletableFuture<DayVolumes> volumes) {
      Map<Split, CompletableFuture<Long>> parts = new HashMap<>();
      days.forEach((day, range) -> parts.put(day, total(range)));
      List<CompletableFuture<Long>> wholes = chunks.stream().map(this::total).toList();
      List<CompletableFuture<Long>> all = new ArrayList<>(parts.values());
      all.addAll(wholes);
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
          .thenApply(done -> volumes(days, parts, chunks, wholes))
          .whenComplete(
              (result, error) -> {
                if (error == null) {
                  volumes.complete(result);
                } else {
                  volumes.completeExceptionally(error);
                }
              });
    }

    private CompletableFuture<Long> total(TimeRange range) {
      PageRequest request = new PageRequest(range.from(), range.to(), 1, 1);
      // As at the live edge, no data is believed to be none: totals that are wrong do not add up.
      return client
          .fetchOnce(request, Priority.LIVE)
          .exceptionallyCompose(error -> client.fetchOnce(request, Priority.LIVE))
          .thenApply(Page::total);
    }

    private static boolean isIn(TimeRange chunk, @Nullable TimeRange range) {
      return range != null && chunk.contains(range);
    }

    private DayVolumes volumes(
        Map<Split, TimeRange> days,
        Map<Split, CompletableFuture<Long>> parts,
        List<TimeRange> chunks,
        List<CompletableFuture<Long>> wholes) {
      for (int i = 0; i < chunks.size(); i++) {
        TimeRange chunk = chunks.get(i);
        long sum =
            parts.entrySet().stream()
                .filter(part -> isIn(chunk, days.get(part.getKey())))
                .mapToLong(part -> part.getValue().join())
                .sum();
        if (!DayVolumes.addUp(sum, wholes.get(i).join())) {
          LOG.debug("The totals of days do not add up: they are not used to assign these");
          return DayVolumes.UNKNOWN;
        }
      }
      Map<Split, Long> records = new HashMap<>();
      parts.forEach((day, total) -> records.put(day, total.join()));
      boolean saysNothing = records.values().stream().allMatch(count -> count == 0);
      return saysNothing ? DayVolumes.UNKNOWN : new DayVolumes(records, client.pageSize());
    }
  }
}
