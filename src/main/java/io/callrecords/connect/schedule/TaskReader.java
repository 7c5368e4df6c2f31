package io.callrecords.connect.schedule;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.fetch.PagingFacts;
import io.callrecords.connect.fetch.PrefetchLimits;
import io.callrecords.connect.fetch.RangeQueue;
import io.callrecords.connect.fetch.RetentionLimit;
import io.callrecords.connect.fetch.WindowReader;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.split.ZoneTransitions;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.BatchDelivery;
import io.callrecords.connect.state.JournalLimits;
import io.callrecords.connect.state.TaskCounts;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the days of a task, and hands over what was read: starts, ticks and stops its parts, which
 * do the work.
 *
 * <p>At every tick, one poll interval apart, the live edge is requested. Windows that are due for a
 * recheck, and the backlog, are read beside that with the requests that are left. What was read is
 * handed over one window at a time, the live edge's first.
 *
 * <p>All but {@link #poll} and {@link #fail} runs on the loop.
 */
public final class TaskReader {
  private static final Logger LOG = LoggerFactory.getLogger(TaskReader.class);

  /** What was requested so short a time ago is nearly the present. */
  private static final Duration RECENT = Duration.ofSeconds(10);

  private final TaskContext task;
  private final EventLoop loop;
  private final WindowReader reader;
  private final BatchHandover handover;
  private final Progress progress;
  private final Backlog backlog;
  private final TickPlanner planner;
  private final ProgressReporter reporter;
  private final ComparisonPlan comparison;
  private final BatchSource batches;
  private final TaskStartup startup;
  private Duration nextTick = Duration.ZERO;
  private volatile boolean tickOnPoll;
  private boolean handOverScheduled;

  /**
   * Creates a reader; {@link #start} sets it going.
   *
   * @param assignment the task's days
   * @param stored finds the stored offsets of days
   * @param times what the settings make of a record's times
   */
  public TaskReader(
      ReadOptions options,
      Assignment assignment,
      OffsetLookup stored,
      FeedTimes times,
      ApiClient client,
      EventLoop loop) {
    this(options, assignment, stored, times, client, loop, JournalLimits.DEFAULT);
  }

  /**
   * Creates a reader; {@link #start} sets it going.
   *
   * @param assignment the task's days
   * @param stored finds the stored offsets of days
   * @param times what the settings make of a record's times
   * @param journalLimits how much an offset may hold
   */
  public TaskReader(
      ReadOptions options,
      Assignment assignment,
      OffsetLookup stored,
      FeedTimes times,
      ApiClient client,
      EventLoop loop,
      JournalLimits journalLimits) {
    this.loop = loop;
    WindowLimits windowLimits = new WindowLimits(client.pageSize());
    ZoneTransitions transitions = ZoneTransitions.of(times.zone());
    task =
        TaskContext.create(
            options,
            assignment,
            windowLimits,
            transitions,
            loop,
            journalLimits,
            client.clock()::now);
    progress = new Progress(loop, assignment.openFrom() != null);
    handover = new BatchHandover(loop);
    PagingFacts facts = new PagingFacts(client.pageSize(), client.memory().maxWindowWeight());
    reader = new WindowReader(loop, client, facts, times);
    ReadQueues queues = queues(client);
    ResumeOffsets offsets = new ResumeOffsets(stored, loop, handover::fail);
    Rechecks rechecks = new Rechecks(task, queues.recheck(), facts::totalsCountRows);
    backlog = new Backlog(task.splits(), queues);
    planner = new TickPlanner(task, offsets, queues, rechecks, backlog, this::planNewDay);
    reporter = new ProgressReporter(task, planner, backlog, progress, handover::isPolled);
    TotalsComparison totals =
        new TotalsComparison(task, queues.recheck(), new DriftLog(times.feed().name()));
    boolean isAlone = client.share().equals(TaskShare.ALONE);
    comparison = new ComparisonPlan(task, isAlone, facts::totalsCountRows, totals);
    batches = new BatchSource(task, queues, rechecks, totals, reporter, new AnomalyLog(options));
    startup = new TaskStartup(task, client, reader, offsets, this::begin, handover::fail);
  }

  private ReadQueues queues(ApiClient client) {
    RetentionLimit retention = new RetentionLimit(task::now, task.options().retention());
    PrefetchLimits limits =
        new PrefetchLimits(
            task.windowLimits(), client.maxConcurrentRequests(), client.memory().maxQueueWeight());
    return new ReadQueues(
        queue(Priority.LIVE, limits, retention),
        queue(Priority.RECHECK, limits, retention),
        queue(Priority.BACKLOG, limits, retention));
  }

  private RangeQueue queue(Priority priority, PrefetchLimits limits, RetentionLimit retention) {
    return new RangeQueue(
        loop,
        reader,
        priority,
        limits,
        retention,
        task.transitions(),
        this::handOverSoon,
        handover::fail);
  }

  /**
   * Waits for records.
   *
   * @param timeout how long to wait at most
   * @return records of one window, or null when there are none yet
   * @throws org.apache.kafka.connect.errors.ConnectException when reading has failed for good; says
   *     what to do
   */
  public @Nullable Batch poll(Duration timeout) throws InterruptedException {
    if (tickOnPoll) {
      loop.execute(this::tickAfterPause);
    }
    Batch batch = handover.take(timeout);
    if (batch != null) {
      loop.execute(this::handOverReady);
    }
    return batch;
  }

  /** What has become of the batches, which the worker's threads have to tell it. */
  public BatchDelivery delivery() {
    return task.splits().delivery();
  }

  /** What was handed over so far. */
  public TaskCounts counts() {
    return task.counts();
  }

  /** How far the task has come, and what is left. */
  public Progress progress() {
    return progress;
  }

  /** Ends the reading with an error, which {@link #poll} throws. Any thread may call it. */
  public void fail(Throwable cause) {
    handover.fail(cause);
  }

  /** Sets the reading going: learns what it has to know, then begins. */
  public void start() {
    loop.checkOnLoop();
    LOG.debug("Starting with the splits {}", task.assignment());
    startup.start();
  }

  /**
   * Begins, now that the server's time is known.
   *
   * @param requestedUpTo up to where new records have been requested, or null when they have not:
   *     where that is nearly the present, it is taken for it
   */
  private void begin(@Nullable Instant requestedUpTo) {
    LOG.info(
        "Reading {} of the range from {} to {}.",
        task.assignment().inWords(),
        task.options().start(),
        end(task));
    planner.begin();
    nextTick = loop.uptime();
    Instant present = planner.presentEnd(task.now());
    if (requestedUpTo != null && isNearly(requestedUpTo, present)) {
      // What has appeared since waits for the next tick, a poll interval after that request.
      nextTick = nextTick.minus(Duration.between(requestedUpTo, present));
      present = requestedUpTo;
    }
    tick(present);
    reporter.start();
  }

  private static boolean isNearly(Instant requested, Instant present) {
    return !requested.isAfter(present) && requested.isAfter(present.minus(RECENT));
  }

  /** Where the range ends, for a person; another task may follow the present. */
  private static String end(TaskContext task) {
    Instant end = task.options().end();
    if (end != null) {
      return end.toString();
    }
    boolean follows = task.assignment().openFrom() != null;
    return "the present" + (follows ? ", and new records from then on" : "");
  }

  private void tickAfterPause() {
    if (tickOnPoll) {
      tickOnPoll = false;
      tick();
    }
  }

  private void tick() {
    Instant now = task.now();
    planner.openNewDays(now);
    tick(planner.presentEnd(now));
  }

  private void tick(Instant present) {
    loop.checkOnLoop();
    if (!handover.isPolled()) {
      LOG.debug("Waiting for the next poll: the connector seems to be paused");
      tickOnPoll = true;
      return;
    }
    Duration interval = task.options().pollInterval();
    Duration missed = loop.uptime().minus(interval);
    nextTick = (nextTick.compareTo(missed) > 0 ? nextTick : missed).plus(interval);
    loop.schedule(nextTick.minus(loop.uptime()), this::tick);
    startup.requestClockIfFarBehind();
    plan(present);
  }

  /** Plans between two ticks, which come as they would have: a new day has been waited for. */
  private void planNewDay() {
    // A paused task goes on with the tick of its next poll.
    if (handover.isPolled() && !tickOnPoll) {
      Instant now = task.now();
      planner.openNewDays(now);
      plan(planner.presentEnd(now));
    }
  }

  private void plan(Instant present) {
    planner.plan(task.now(), present, loop.uptime());
    reporter.logBacklogRead();
    comparison.beginIfDue(backlog.isRead());
    handOverSoon();
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
    loop.checkOnLoop();
    while (!handover.hasFailed() && handover.hasRoom()) {
      Batch batch = batches.next();
      if (batch == null) {
        break;
      }
      LOG.debug("Handing over {} items of {}", batch.size(), batch.split());
      handover.put(batch);
    }
    backlog.refill();
  }
}
