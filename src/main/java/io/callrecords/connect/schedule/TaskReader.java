package io.callrecords.connect.schedule;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.fetch.FetchResult;
import io.callrecords.connect.fetch.PrefetchLimits;
import io.callrecords.connect.fetch.RangeQueue;
import io.callrecords.connect.fetch.RetentionLimit;
import io.callrecords.connect.fetch.WindowReader;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.RecheckPolicy;
import io.callrecords.connect.state.RecordCounts;
import io.callrecords.connect.state.TaskSplits;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a task reads next, and hands over what was read.
 *
 * <p>At every tick, one poll interval apart, the live edge is asked for what is new. The windows
 * that are due for another look, and the backlog, are read beside that with the requests that are
 * left. What was read is handed over one window at a time, the live edge's first.
 *
 * <p>All but {@link #poll} and {@link #fail} runs on the loop.
 */
public final class TaskReader {
  private static final Logger LOG = LoggerFactory.getLogger(TaskReader.class);

  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(10);
  private static final int PROGRESS_PER_LINE = 3;

  /** What was asked for so short a time ago is nearly the present. */
  private static final Duration RECENT = Duration.ofSeconds(10);

  /** What the API fails to answer for must not keep the edge from moving on; nor pile up. */
  private static final int READS_OF_THE_EDGE = 4;

  /** An API whose answers never agree about the time is read all the same. */
  private static final int QUESTIONS_FOR_THE_TIME = 10;

  private final ReadOptions options;
  private final Assignment assignment;
  private final ApiClient client;
  private final EventLoop loop;
  private final Progress progress;
  private final WindowSize size;
  private final TaskSplits splits;
  private final RecordCounts counts = new RecordCounts();
  private final BatchHandover handover;
  private final RangeQueue live;
  private final RangeQueue again;
  private final RangeQueue backlog;
  private final Rechecks looks;
  private final WindowReader reader;
  private final FirstQuery firstRead;
  private @Nullable LiveEdge edge;
  private final Duration startedAt;
  private Duration nextTick = Duration.ZERO;
  private volatile boolean tickOnPoll;
  private boolean handOverScheduled;
  private boolean loggedBacklogRead;
  private boolean loggedExpired;
  private boolean loggedMalformed;

  /**
   * Creates a scheduler; {@link #start} sets it going.
   *
   * @param assignment the task's splits
   * @param stored finds the stored offsets of those of the given splits that have one
   * @param times what the settings make of a record's times
   */
  public TaskReader(
      ReadOptions options,
      Assignment assignment,
      Function<Collection<Split>, Map<Split, SplitOffset>> stored,
      FeedTimes times,
      ApiClient client,
      EventLoop loop) {
    this.options = options;
    this.assignment = assignment;
    this.client = client;
    this.loop = loop;
    this.startedAt = loop.uptime();
    this.progress = new Progress(loop, assignment.openFrom() != null);
    this.size = new WindowSize(client.pageSize());
    this.handover = new BatchHandover(loop);
    RecheckPolicy lateness = new RecheckPolicy(options.pollInterval(), options.lateArrival());
    this.firstRead = new FirstQuery(options, assignment, stored, lateness, size, loop.invariants());
    this.splits =
        new TaskSplits(
            options, assignment, firstRead::offsets, lateness, size, counts, loop.invariants());
    this.reader = new WindowReader(loop, client, size, times);
    RetentionLimit reach = new RetentionLimit(this::now, options.retention());
    live = lane(reach, Priority.LIVE);
    again = lane(reach, Priority.RECHECK);
    backlog = lane(reach, Priority.BACKLOG);
    looks = new Rechecks(splits, lateness, options.updates(), again);
  }

  private RangeQueue lane(RetentionLimit reach, Priority priority) {
    PrefetchLimits ahead = new PrefetchLimits(size, client.maxConcurrentRequests());
    return new RangeQueue(loop, reader, priority, ahead, reach, this::handOverSoon, handover::fail);
  }

  /**
   * Waits for records.
   *
   * @param patience how long to wait at most
   * @return records of one window, or null when there are none yet
   * @throws org.apache.kafka.connect.errors.ConnectException when reading has failed for good; says
   *     what to do
   */
  public @Nullable Batch poll(Duration patience) throws InterruptedException {
    if (tickOnPoll) {
      loop.execute(this::tickAgain);
    }
    Batch batch = handover.take(patience);
    if (batch != null) {
      loop.execute(this::handOverReady);
    }
    return batch;
  }

  /** What was handed over so far. */
  public RecordCounts counts() {
    return counts;
  }

  /** How far the task has come, and what is left. */
  public Progress progress() {
    return progress;
  }

  /** Ends the reading with an error, which {@link #poll} throws. Any thread may call it. */
  public void fail(Throwable cause) {
    handover.fail(cause);
  }

  /** Sets the reading going: learns the server's time, then begins. */
  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  public void start() {
    FirstQuery.Guess guess = firstRead.guess(now());
    if (guess == null) {
      syncClock(1);
      return;
    }
    PageRequest request = reader.firstPageRequest(guess.range());
    CompletableFuture<Page> answer = client.fetchOnce(request, Priority.LIVE);
    answer.whenComplete(
        (page, error) ->
            loop.execute(
                () -> {
                  boolean answered = error == null || error instanceof RefusedException;
                  if (answered && client.clock().isSure()) {
                    // Whoever is to read that range makes of it what it makes of its own answers.
                    reader.offerPrefetched(request, answer);
                    begin(guess.isLive() ? guess.range().to() : null);
                  } else {
                    // Nothing else waits for a range that the API may never answer for.
                    syncClock(1);
                  }
                }));
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void syncClock(int question) {
    Instant now = now();
    client
        .fetch(new PageRequest(now.minusSeconds(1), now, 1, 1), Priority.LIVE)
        .whenComplete((page, error) -> loop.execute(() -> learned(error, question)));
  }

  private void learned(@Nullable Throwable error, int question) {
    boolean answered =
        error == null
            || (error instanceof RefusedException refused
                && refused.status() == ApiStatus.OUT_OF_RANGE);
    if (error != null && !answered) {
      fail(error);
    } else if (!client.clock().isSure() && question < QUESTIONS_FOR_THE_TIME) {
      // What has expired goes by this clock, and is given up for good.
      syncClock(question + 1);
    } else {
      begin(null);
    }
  }

  /**
   * Begins, now that the server's time is known.
   *
   * @param asked up to where the API has been asked for what is new, or null when it has not: where
   *     that is nearly the present, it is taken for it
   */
  private void begin(@Nullable Instant asked) {
    LOG.info(
        "Reading the splits {} of the range from {} to {}.",
        assignment,
        options.start(),
        options.end() == null ? "the present, and on from there" : options.end());
    splits.takeUp(now());
    Split openFrom = assignment.openFrom();
    if (openFrom != null) {
      edge = LiveEdge.of(options, size, splits, openFrom, live::read);
    }
    nextTick = loop.uptime();
    Instant present = presentEnd(now());
    if (asked != null && isNearly(asked, present)) {
      // What has appeared since waits for the next tick, a poll interval after that question.
      nextTick = nextTick.minus(Duration.between(asked, present));
      present = asked;
    }
    tick(present);
    // What was asked for before is of use now or never: later the API may have more.
    reader.dropPrefetched();
    firstRead.forget();
    reportProgress(0);
  }

  private static boolean isNearly(Instant asked, Instant present) {
    return !asked.isAfter(present) && asked.isAfter(present.minus(RECENT));
  }

  /** Tells the metrics how far the task has come, and now and then the log while there is news. */
  private void reportProgress(long times) {
    loop.schedule(PROGRESS_INTERVAL, () -> reportProgress(times + 1));
    stand();
    boolean worthALine = times > 0 && times % PROGRESS_PER_LINE == 0;
    if (worthALine && progress.backlogDays() > 0 && handover.isPolled()) {
      LOG.info(progress.line(counts.records()));
    }
  }

  private void stand() {
    Instant now = now();
    Instant present = presentEnd(now);
    Instant until = edge == null ? present : edge.backlogEnd(present);
    progress.stand(
        edge == null ? null : lag(now),
        splits.age(now),
        splits.gaps(until).stream()
            .flatMap(gap -> gap.minus(live.ranges()).stream())
            .mapToLong(TimeRange::seconds)
            .sum(),
        splits.wantedSeconds(present),
        counts.records());
  }

  /** How far the present is ahead of what was read of it; null once the range has ended. */
  private @Nullable Duration lag(Instant now) {
    Instant readTo = splits.readTo();
    Instant end = options.end();
    if (end != null && !readTo.isBefore(end)) {
      return null;
    }
    return readTo.isAfter(now) ? Duration.ZERO : Duration.between(readTo, now);
  }

  private void tickAgain() {
    if (tickOnPoll) {
      tickOnPoll = false;
      tick();
    }
  }

  /** Asks for what is new and for what is due, and for what is left of the backlog. */
  private void tick() {
    tick(presentEnd(now()));
  }

  private void tick(Instant present) {
    if (!handover.isPolled()) {
      tickOnPoll = true;
      return;
    }
    Duration missed = loop.uptime().minus(options.pollInterval());
    nextTick = later(nextTick, missed).plus(options.pollInterval());
    loop.schedule(nextTick.minus(loop.uptime()), this::tick);
    Instant now = now();
    splits.open(now);
    // There is something after the present only when the server's clock was set back.
    splits.reopenAfter(present);
    List<TimeRange> beingLookedAt = again.ranges();
    splits.tidy(now, beingLookedAt);
    if (edge != null) {
      edge.catchUp(present, now, loop.uptime());
      if (live.ranges().size() < READS_OF_THE_EDGE) {
        edge.readUpTo(present, beingLookedAt);
      }
    }
    List<TimeRange> beingRead = new ArrayList<>(live.ranges());
    looks.atDueWindows(now, Stream.concat(beingRead.stream(), beingLookedAt.stream()).toList());
    beingRead.addAll(backlog.ranges());
    splits
        .gaps(edge == null ? present : edge.backlogEnd(present))
        .forEach(gap -> gap.minus(beingRead).forEach(backlog::read));
    if (backlog.isIdle() && !loggedBacklogRead) {
      loggedBacklogRead = true;
      long lost = counts.expiredDays();
      LOG.info(
          "All of the backlog is read{}. In {} since it started, the task has sent {} records.",
          lost == 0 ? "" : ", but for " + lost + " days that the API no longer answers for in full",
          Progress.span(loop.uptime().minus(startedAt).toMillis() / 1e3),
          counts.records());
    }
    handOverSoon();
  }

  private static Duration later(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  /** The end of what can be asked for by now. */
  private Instant presentEnd(Instant now) {
    Instant end = options.end();
    Instant next = now.plusSeconds(1);
    return end != null && end.isBefore(next) ? end : next;
  }

  private void handOverSoon() {
    if (!handOverScheduled) {
      handOverScheduled = true;
      loop.execute(
          () -> {
            handOverScheduled = false;
            handOverReady();
          });
    }
  }

  /** Hands over the next window if the last was taken. */
  private void handOverReady() {
    while (!handover.hasFailed() && handover.hasRoom()) {
      Batch batch = splits.endings();
      if (batch == null) {
        FetchResult result = nextResult();
        if (result == null) {
          break;
        }
        batch = takeOver(result);
      }
      if (batch != null) {
        handover.put(batch);
      }
    }
  }

  private @Nullable FetchResult nextResult() {
    FetchResult result = live.take();
    if (result != null) {
      loop.execute(this::stand);
      return result;
    }
    result = again.take();
    if (result != null) {
      counts.addRecheck();
      return result;
    }
    result = backlog.take();
    if (result != null) {
      result
          .snapshot()
          .ifPresent(window -> progress.read(window.records().size(), window.range().seconds()));
    }
    return result;
  }

  private @Nullable Batch takeOver(FetchResult result) {
    if (!result.expired().isEmpty()) {
      expire(result.expired());
    }
    return result.match(
        fetched -> {
          logAnomalies(fetched.window());
          return splits.apply(fetched.window());
        },
        unchanged -> {
          looks.foundUnchanged(unchanged.range(), unchanged.requestedAt());
          return null;
        },
        changed -> {
          looks.atHalvesOf(changed.range());
          return null;
        },
        expired -> null);
  }

  private void expire(TimeRange expired) {
    boolean isLost = splits.expire(expired, now());
    if (isLost && !loggedExpired) {
      loggedExpired = true;
      LOG.error(
          "The API no longer answers for {} (api.retention.days is {}): what was not read of it"
              + " until now cannot be had any more. The metric expired-days-total counts the days"
              + " that this befalls.",
          expired,
          options.retention().toDays());
    }
  }

  private void logAnomalies(WindowSnapshot window) {
    if (!window.verified()) {
      counts.addUnverified();
      LOG.warn(
          "The API's answers for {} never added up: it reports {} records and shows {}. All that"
              + " it has shown is sent.",
          window.range(),
          window.total(),
          window.records().size());
    }
    if (!loggedMalformed && options.malformed() != MalformedPolicy.FAIL) {
      window.records().stream()
          .filter(MalformedRecord.class::isInstance)
          .map(MalformedRecord.class::cast)
          .findFirst()
          .ifPresent(
              malformed -> {
                loggedMalformed = true;
                LOG.warn(
                    "{}. The API shows it for {}. Such records are not among the calls that are sent"
                        + " (malformed.records is {}); the metric records-malformed-total counts"
                        + " them.",
                    malformed.reason(),
                    window.range(),
                    options.malformed().configValue());
              });
    }
  }

  private Instant now() {
    return client.clock().now().truncatedTo(ChronoUnit.SECONDS);
  }
}
