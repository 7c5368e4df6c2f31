package io.callrecords.connect.schedule;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.fetch.PagingFacts;
import io.callrecords.connect.fetch.PrefetchLimits;
import io.callrecords.connect.fetch.RangeQueue;
import io.callrecords.connect.fetch.RetentionLimit;
import io.callrecords.connect.fetch.WindowReader;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.scenario.Network;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.scenario.SimulatedTransport;
import io.callrecords.connect.scenario.Traffic;
import io.callrecords.connect.scenario.VirtualOffsetLookup;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.split.ZoneTransitions;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.JournalLimits;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The parts of one task beside a simulated API, in made-up time, to be tried one by one. */
final class ScheduleFixture {
  static final Instant NOW = Instant.parse("2026-11-10T12:00:00Z");
  static final Split TODAY = Split.of(NOW);
  static final Split YESTERDAY = Split.of(NOW.minus(Duration.ofDays(1)));

  final VirtualLoop loop = new VirtualLoop(NOW);
  final Journal journal = Journal.complete();
  final Faults faults = new Faults(7);
  final CallGenerator calls = CallGenerator.newBuilder().seed(7).zone(ZoneOffset.UTC).build();
  final CallStore store;
  final Map<Split, SplitOffset> stored = new HashMap<>();
  final VirtualOffsetLookup lookup;
  final List<Throwable> failures = new ArrayList<>();
  final ApiClient client;
  final FeedTimes times;
  final TaskContext task;
  final WindowReader reader;
  final ReadQueues queues;
  final ResumeOffsets offsets;
  final Rechecks rechecks;
  final TotalsComparison comparison;
  final Backlog backlog;
  final TickPlanner planner;
  int ready;
  int newDaysKnown;

  /** A task that follows the present from yesterday on. */
  ScheduleFixture() {
    this(
        ReadOptionsBuilder.startingAt(YESTERDAY.range().from()).build(),
        new Assignment(List.of(), YESTERDAY));
  }

  ScheduleFixture(ReadOptions options, Assignment assignment) {
    Quirks quirks = Quirks.newBuilder().zone(ZoneOffset.UTC).retentionDays(4_000).build();
    store = new CallStore(quirks.filteredTime());
    SimulatedApi api =
        new SimulatedApi("/v3", "key", "secret", quirks, store, calls, journal, faults, 7);
    Feed feed = CallCenterFeed.create();
    SplittableRandom random = new SplittableRandom(7);
    client =
        new ApiClient(
            new ApiOptions(
                URI.create("http://127.0.0.1/v3"),
                new ApiOptions.Credentials("key", "secret"),
                ZoneOffset.UTC,
                100,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                4,
                1_000,
                TaskShare.ALONE,
                "test"),
            new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null),
            feed.path(),
            Map.of(),
            new RecordParser(feed, "callStartTime", ZoneOffset.UTC),
            new SimulatedTransport(api, loop, random, Network.upTo(20), new Traffic(loop)),
            loop,
            random);
    times = new FeedTimes(feed, "callStartTime", ZoneOffset.UTC);
    WindowLimits limits = new WindowLimits(client.pageSize());
    task =
        TaskContext.create(
            options,
            assignment,
            limits,
            ZoneTransitions.NONE,
            loop,
            JournalLimits.DEFAULT,
            client.clock()::now);
    reader = new WindowReader(loop, client, new PagingFacts(client.pageSize()), times);
    queues = new ReadQueues(queue(Priority.LIVE), queue(Priority.RECHECK), queue(Priority.BACKLOG));
    lookup = new VirtualOffsetLookup(loop, this::found);
    offsets = new ResumeOffsets(lookup, loop, failures::add);
    rechecks = new Rechecks(task, queues.recheck(), () -> true);
    comparison = new TotalsComparison(task, queues.recheck(), new DriftLog(feed.name()));
    backlog = new Backlog(task.splits(), queues);
    planner = new TickPlanner(task, offsets, queues, rechecks, backlog, () -> newDaysKnown++);
  }

  private ResumeState found(Collection<Split> days) {
    Map<Split, SplitOffset> found = new HashMap<>(stored);
    found.keySet().retainAll(days);
    return ResumeState.ofDays(found);
  }

  private RangeQueue queue(Priority priority) {
    return new RangeQueue(
        loop,
        reader,
        priority,
        new PrefetchLimits(
            task.windowLimits(), client.maxConcurrentRequests(), client.memory().maxQueueWeight()),
        new RetentionLimit(task::now, task.options().retention()),
        ZoneTransitions.NONE,
        () -> ready++,
        failures::add);
  }

  /** Runs a step on the loop, and nothing of what it leads to. */
  void onLoop(Runnable step) {
    boolean[] ran = {false};
    loop.execute(
        () -> {
          step.run();
          ran[0] = true;
        });
    loop.runUntil(() -> ran[0], Duration.ZERO);
  }

  /** Works something out on the loop. */
  <T> T onLoop(Supplier<T> step) {
    List<T> result = new ArrayList<>();
    onLoop((Runnable) () -> result.add(step.get()));
    return result.get(0);
  }

  /** The ranges that a queue holds. */
  List<TimeRange> ranges(RangeQueue queue) {
    return onLoop(queue::ranges);
  }

  /** Restores the task's days from what is stored. */
  ScheduleFixture restored() {
    onLoop(() -> task.splits().restore(stored, List.of(), task.now()));
    return this;
  }

  BatchSource batches() {
    return new BatchSource(
        task,
        queues,
        rechecks,
        comparison,
        new ProgressReporter(task, planner, backlog, new Progress(loop, true), () -> true),
        new AnomalyLog(task.options()));
  }

  /** Takes all batches that are ready. */
  List<Batch> take(BatchSource source) {
    List<Batch> taken = new ArrayList<>();
    onLoop(
        () -> {
          for (Batch batch = source.next(); batch != null; batch = source.next()) {
            taken.add(batch);
          }
        });
    return taken;
  }

  /** A range of today, from a second of the day to another. */
  static TimeRange today(String from, String to) {
    return new TimeRange(at(from), at(to));
  }

  static Instant at(String time) {
    return Instant.parse("2026-11-10T" + time + ":00Z");
  }
}
