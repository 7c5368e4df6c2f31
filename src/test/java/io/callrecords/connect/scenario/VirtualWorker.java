package io.callrecords.connect.scenario;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.RequestCounts;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.schedule.Progress;
import io.callrecords.connect.schedule.TaskReader;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.SplitPlan;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.TaskCounts;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.simulator.SimulatedApi;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A Connect worker in made-up time: runs the tasks of a plan, keeps what they send in a topic and
 * their offsets beside it, and stops, crashes and restarts them.
 */
public final class VirtualWorker {
  private static final Duration VISIT_INTERVAL = Duration.ofMillis(500);

  private final SimulatedApi api;
  private final VirtualLoop loop;
  private final RandomGenerator random;
  private final Traffic traffic;
  private final VirtualOffsetLookup lookup;
  private WorkerOptions settings;
  private final Feed feed = CallCenterFeed.create();
  private final OffsetCodec codec = new OffsetCodec(feed.name());
  private final Map<Map<String, String>, Map<String, Object>> offsets = new HashMap<>();
  private final Map<String, Integer> topic = new TreeMap<>();
  private final Map<String, Integer> malformed = new TreeMap<>();
  private final Map<String, Instant> arrivals = new HashMap<>();
  private final Map<String, Instant> lastArrivals = new HashMap<>();
  private final Map<String, List<String>> remarks = new HashMap<>();
  private final List<WindowAudit> audits = new ArrayList<>();
  private final List<WeakReference<Row>> handedOver = new ArrayList<>();
  private final List<RunningTask> tasks = new ArrayList<>();
  private int disordered;
  private int longestOffset;
  private boolean crashing;
  private boolean paused;
  private boolean stalling;
  private @Nullable Split stalled;

  /** What a user would have configured. */
  public record WorkerOptions(
      ReadOptions read,
      String timeField,
      ZoneId zone,
      int pageSize,
      double requestsPerSecond,
      Network network) {
    /** The same with other read options. */
    WorkerOptions with(ReadOptions other) {
      return new WorkerOptions(other, timeField, zone, pageSize, requestsPerSecond, network);
    }
  }

  public VirtualWorker(
      SimulatedApi api, VirtualLoop loop, RandomGenerator random, WorkerOptions settings) {
    this.api = api;
    this.loop = loop;
    this.random = random;
    this.traffic = new Traffic(loop);
    this.lookup = new VirtualOffsetLookup(loop, this::stored);
    this.settings = settings;
  }

  /** The requests of all tasks that are under way. */
  public Traffic traffic() {
    return traffic;
  }

  /** How the tasks read stored offsets. */
  public VirtualOffsetLookup lookup() {
    return lookup;
  }

  /** How often each id stands in the topic. */
  public Map<String, Integer> topic() {
    return topic;
  }

  /** How often each malformed row was put aside, by its id. */
  public Map<String, Integer> malformed() {
    return malformed;
  }

  /** The remark of each record of an id that was sent, in order; empty where there is none. */
  public List<String> remarks(String id) {
    return remarks.getOrDefault(id, List.of());
  }

  /** How many of the rows that were handed over somebody still holds. */
  public long held() {
    System.gc();
    handedOver.removeIf(row -> row.get() == null);
    return handedOver.size();
  }

  /** The audit records, in order. */
  public List<WindowAudit> audits() {
    return audits;
  }

  /** The longest offset that was stored, in characters of JSON. */
  public int longestOffset() {
    return longestOffset;
  }

  /** How many windows the running tasks have settled before their time. */
  public long settledEarly() {
    return tasks.stream().mapToLong(task -> task.reader.counts().settledEarly()).sum();
  }

  /** How many malformed rows the running tasks have met. */
  public long malformedCount() {
    return tasks.stream().mapToLong(task -> task.reader.counts().malformed()).sum();
  }

  /** How many days the running tasks have lost something of. */
  public long expiredDays() {
    return tasks.stream().mapToLong(task -> task.reader.counts().expiredDays()).sum();
  }

  /** Whether the running tasks have something of the backlog to read. */
  public boolean hasBacklog() {
    return tasks.stream().anyMatch(task -> task.reader.progress().backlogDays() > 0);
  }

  /** How far the only running task has come. */
  public Progress progress() {
    return tasks.get(0).reader.progress();
  }

  /** What the only running task has counted. */
  public TaskCounts counts() {
    return tasks.get(0).reader.counts();
  }

  /** What the only running task has asked. */
  public RequestCounts requests() {
    return tasks.get(0).client.counts();
  }

  /** How many batches were not in order. */
  public int disordered() {
    return disordered;
  }

  /** When each id came into the topic first. */
  public Map<String, Instant> arrivals() {
    return arrivals;
  }

  /** When each id came into the topic last. */
  public Map<String, Instant> lastArrivals() {
    return lastArrivals;
  }

  /** The stored offsets, as maps. */
  public Collection<Map<String, Object>> offsets() {
    return offsets.values();
  }

  /** Resets the offset of a day, as a person does who wants it again; only while it is stopped. */
  public void reset(Split day) {
    offsets.remove(codec.partition(day));
  }

  /** What the next start will go by. */
  public void configure(UnaryOperator<ReadOptions> change) {
    settings = settings.with(change.apply(settings.read()));
  }

  /** Plans the range anew and starts its tasks. */
  public void start(int maxTasks) {
    Instant now = loop.wallClock();
    Instant start = settings.read().start();
    ResumeState stored = storedSplits(Split.of(start).to(Split.of(now)).toList());
    SplitPlan plan =
        SplitPlan.of(
            start,
            settings.read().end(),
            settledBefore(),
            stored.done(start),
            stored.withoutCalls());
    List<Assignment> assignments = plan.assign(maxTasks);
    for (int i = 0; i < assignments.size(); i++) {
      RunningTask task = new RunningTask(assignments.get(i), new TaskShare(i, assignments.size()));
      tasks.add(task);
      task.start();
    }
  }

  /** Stops taking records, as a worker does with a paused connector, or goes on. */
  public void pause(boolean pause) {
    paused = pause;
  }

  /** Stops all tasks as a worker does: what was polled is sent, and its offsets are stored. */
  public void stop() {
    tasks.forEach(RunningTask::end);
    tasks.clear();
    checkInvariants();
  }

  /** A violation ends the task that it happens in, unless that has ended or nobody sees it. */
  private void checkInvariants() {
    long violations = loop.invariants().violations();
    if (violations > 0) {
      throw new AssertionError("Invariants were violated " + violations + " times");
    }
  }

  /**
   * Ends all tasks in the middle of sending: of the next batch, the first records only are sent.
   *
   * @param limit how long to wait for a batch at most
   */
  public void crash(Duration limit) {
    crashing = true;
    loop.runUntil(() -> !crashing, limit);
    crashing = false;
    stop();
    stalling = false;
    stalled = null;
  }

  /**
   * From the next batch on, nothing of its split reaches Kafka any more, as when the broker of its
   * records' partition is gone, until a crash. What is sent of other splits does.
   */
  public void stall() {
    stalling = true;
  }

  private Map<Split, SplitOffset> stored(Collection<Split> splits) {
    return storedSplits(splits).offsets();
  }

  private ResumeState storedSplits(Collection<Split> splits) {
    return ResumeState.of(codec, splits, offsetsOfSplits(), settledBefore());
  }

  private Instant settledBefore() {
    return loop.wallClock().minus(settings.read().lateArrival());
  }

  private Map<Split, Map<String, ?>> offsetsOfSplits() {
    Map<Split, Map<String, ?>> result = new HashMap<>();
    offsets.forEach((partition, map) -> result.put(codec.split(partition), map));
    return result;
  }

  private void send(Batch batch, int count) {
    if (stalling) {
      stalling = false;
      stalled = batch.split();
    }
    if (batch.split().equals(stalled)) {
      return;
    }
    List<Row> calls = new ArrayList<>();
    List<Runnable> items = new ArrayList<>();
    batch.forEach(
        row -> items.add(() -> calls.add(row)), audit -> items.add(() -> audits.add(audit)));
    items.subList(0, count).forEach(Runnable::run);
    if (!calls.stream().sorted(Row.ORDER).toList().equals(calls)) {
      disordered++;
    }
    for (Row row : calls) {
      handedOver.add(new WeakReference<>(row));
      if (!(row instanceof FeedRecord call)) {
        malformed.merge(row.id(), 1, Integer::sum);
        continue;
      }
      topic.merge(call.id(), 1, Integer::sum);
      arrivals.putIfAbsent(call.id(), loop.wallClock());
      lastArrivals.put(call.id(), loop.wallClock());
      remarks
          .computeIfAbsent(call.id(), id -> new ArrayList<>())
          .add(Objects.requireNonNullElse(call.value().getString("remark"), ""));
    }
    if (count > 0) {
      SplitOffset offset = batch.offsets().apply(count - 1);
      Map<String, Object> encoded = codec.encode(offset);
      int length = encoded.entrySet().stream().mapToInt(VirtualWorker::jsonLength).sum();
      longestOffset = Math.max(longestOffset, length);
      offsets.put(codec.partition(batch.split()), encoded);
    }
  }

  /** What an entry takes in JSON: two quoted texts, a colon and a comma. */
  private static int jsonLength(Map.Entry<String, Object> entry) {
    return entry.getKey().length() + entry.getValue().toString().length() + 6;
  }

  /** One task, whose steps end with it although the loop goes on. */
  private final class RunningTask {
    private final SimulatedTransport transport =
        new SimulatedTransport(api, loop, random, settings.network(), traffic);
    private final TaskReader reader;
    private final ApiClient client;
    private boolean running = true;

    RunningTask(Assignment assignment, TaskShare share) {
      EventLoop own = new TaskLoop();
      ApiOptions options =
          new ApiOptions(
              URI.create("http://127.0.0.1/v3"),
              new Credentials("key", "secret"),
              settings.zone(),
              settings.pageSize(),
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              settings.network().concurrentRequests(),
              settings.requestsPerSecond(),
              share,
              "virtual");
      client =
          new ApiClient(
              options,
              new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null),
              feed.path(),
              Map.of(),
              new RecordParser(feed, settings.timeField(), settings.zone()),
              transport,
              own,
              random);
      reader =
          new TaskReader(
              settings.read(),
              assignment,
              lookup,
              new FeedTimes(feed, settings.timeField(), settings.zone()),
              client,
              own);
    }

    void start() {
      loop.execute(reader::start);
      loop.execute(this::visit);
    }

    private void visit() {
      if (running) {
        Batch batch = paused ? null : poll();
        if (batch != null && crashing) {
          send(batch, random.nextInt(batch.size() + 1));
          crashing = false;
          return;
        }
        if (batch != null) {
          send(batch, batch.size());
        }
        loop.schedule(batch == null ? VISIT_INTERVAL : Duration.ofMillis(5), this::visit);
      }
    }

    private @Nullable Batch poll() {
      try {
        checkInvariants();
        return reader.poll(Duration.ZERO);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void end() {
      running = false;
      transport.close();
    }

    /** Leaves out the steps of a task that has ended. */
    private final class TaskLoop implements EventLoop {
      @Override
      public void execute(Runnable step) {
        schedule(Duration.ZERO, step);
      }

      @Override
      public void schedule(Duration delay, Runnable step) {
        loop.schedule(
            delay,
            () -> {
              if (running) {
                try {
                  step.run();
                } catch (Throwable e) {
                  reader.fail(e);
                }
              }
            });
      }

      @Override
      public Duration uptime() {
        return loop.uptime();
      }

      @Override
      public Instant wallClock() {
        return loop.wallClock();
      }

      @Override
      public boolean isOnLoop() {
        return loop.isOnLoop();
      }

      @Override
      public Invariants invariants() {
        return loop.invariants();
      }
    }
  }
}
