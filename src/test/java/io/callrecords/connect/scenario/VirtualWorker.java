package io.callrecords.connect.scenario;

import io.callrecords.cli.connect.StoredOffset;
import io.callrecords.cli.status.StoredProgress;
import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.RequestCounts;
import io.callrecords.connect.config.ApiFacts;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.PrivacyRules;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.EndingLoop;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.schedule.Progress;
import io.callrecords.connect.schedule.TaskReader;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.DayVolumes;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.SplitPlan;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.Batch.VersionedRow;
import io.callrecords.connect.state.JournalLimits;
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
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A Connect worker in made-up time: runs the tasks of a plan, keeps what they send in a topic and
 * their offsets beside it, and stops, crashes and restarts them.
 */
public final class VirtualWorker {
  private final SimulatedApi api;
  private final VirtualLoop loop;
  private final RandomGenerator random;
  private final RandomGenerator delays = new SplittableRandom(1);
  private final Traffic traffic;
  private final VirtualOffsetLookup lookup;
  private WorkerOptions settings;
  private final Feed feed = CallCenterFeed.create();
  private final OffsetCodec codec = new OffsetCodec(feed.name());
  private final Map<Map<String, String>, Map<String, Object>> offsets = new HashMap<>();
  private final Map<String, Integer> topic = new TreeMap<>();
  private final Map<String, Integer> malformed = new TreeMap<>();
  private final Map<String, Instant> arrivals = new HashMap<>();
  private final Map<String, Instant> times = new HashMap<>();
  private final Map<String, Instant> lastArrivals = new HashMap<>();
  private final Map<String, Instant> lastReadAt = new HashMap<>();
  private final Map<String, List<String>> remarks = new HashMap<>();
  private final Map<String, List<List<String>>> labels = new HashMap<>();
  private final List<WindowAudit> audits = new ArrayList<>();
  private final List<WeakReference<Row>> handedOver = new ArrayList<>();
  private final List<RunningTask> tasks = new ArrayList<>();
  private int disordered;
  private int longestOffset;
  private JournalLimits limits = JournalLimits.DEFAULT;
  private Duration longestAcknowledgement = Duration.ofMillis(50);
  private Duration visitInterval = Duration.ofMillis(500);
  private boolean crashing;
  private boolean paused;
  private Predicate<String> isDropped = id -> false;
  private boolean stalling;
  private @Nullable Map<String, String> stalled;
  private PrivacyRules privacy = PrivacyRules.NONE;
  private DayVolumes volumes = DayVolumes.UNKNOWN;
  private ApiFacts facts = ApiFacts.NONE;

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

  /** Has tasks that start from now on read only what rules leave of a row. */
  void readOnly(PrivacyRules rules) {
    privacy = rules;
  }

  /** Tells tasks that start from now on what the API does. */
  void tell(ApiFacts known) {
    facts = known;
  }

  /** Has tasks that start from now on put no more into an offset. */
  void limit(JournalLimits newLimits) {
    limits = newLimits;
  }

  /** Has tasks hear that a batch has arrived after a random time. */
  void acknowledgeWithin(Duration longest) {
    longestAcknowledgement = longest;
  }

  /** Has tasks that have nothing to send asked again after a time; half a second by default. */
  void visitEvery(Duration interval) {
    visitInterval = interval;
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

  /** The labels of each record of an id that was sent, in order; an empty list for none. */
  public List<List<String>> labels(String id) {
    return labels.getOrDefault(id, List.of());
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

  /** The time by which the API filters each id that was sent, as it was sent last. */
  public Map<String, Instant> times() {
    return times;
  }

  /** When each id came into the topic last. */
  public Map<String, Instant> lastArrivals() {
    return lastArrivals;
  }

  /** The stored offsets, as maps. */
  public Collection<Map<String, Object>> offsets() {
    return offsets.values();
  }

  /**
   * Resets the offset of a day, as a person does who wants it again; only while it is stopped.
   *
   * @return whether it had one
   */
  public boolean reset(Split day) {
    return offsets.remove(codec.partition(day)) != null;
  }

  /** What the next start will go by. */
  public void configure(UnaryOperator<ReadOptions> change) {
    settings = settings.with(change.apply(settings.read()));
  }

  /** Has plans from now on go by how much the days hold. */
  void plan(DayVolumes known) {
    volumes = known;
  }

  /** Plans the range anew and starts its tasks. */
  public void start(int maxTasks) {
    Instant now = loop.wallClock();
    Instant start = settings.read().start();
    ResumeState stored = stored(Split.of(start).to(Split.of(now)).toList());
    SplitPlan plan =
        SplitPlan.of(
            start, settings.read().end(), settledBefore(), stored.done(start), stored.readOnce());
    List<Assignment> assignments = plan.assign(maxTasks, volumes);
    List<Integer> weights = volumes.weights(assignments);
    for (int i = 0; i < assignments.size(); i++) {
      TaskShare share =
          weights.isEmpty() ? new TaskShare(i, assignments.size()) : new TaskShare(i, weights);
      RunningTask task = new RunningTask(assignments.get(i), share);
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

  private ResumeState stored(Collection<Split> splits) {
    List<StoredOffset> all = new ArrayList<>();
    offsets.forEach((partition, map) -> all.add(new StoredOffset(Map.copyOf(partition), map)));
    return new StoredProgress(all).resume(splits, settledBefore());
  }

  private Instant settledBefore() {
    return loop.wallClock().minus(settings.read().lateArrival());
  }

  /** Whatever becomes of tasks and offsets, a later version of a call has a later time. */
  private void checkVersion(VersionedRow row, Instant readAt) {
    Instant before = lastReadAt.put(row.id(), readAt);
    if (before != null && !readAt.isAfter(before)) {
      throw new AssertionError(
          "A %s version read at %s follows one read at %s"
              .formatted(row.version().text(), readAt, before));
    }
  }

  /** Sends the first items of a batch; returns whether all of these have arrived. */
  private boolean send(Batch batch, int count, Runnable onDropped) {
    List<Row> calls = new ArrayList<>();
    List<Runnable> items = new ArrayList<>();
    batch.forEach(
        row ->
            items.add(
                () -> {
                  calls.add(row.row());
                  checkVersion(row, batch.readAt());
                }),
        audit -> items.add(() -> audits.add(audit)));
    Map<Map<String, String>, RecordOffset> last = new HashMap<>();
    boolean hasStalled = false;
    for (int i = 0; i < count; i++) {
      RecordOffset offset = batch.offsets().apply(i);
      Map<String, String> partition = codec.partition(offset);
      if (stalling) {
        stalling = false;
        stalled = partition;
      }
      if (partition.equals(stalled)) {
        hasStalled = true;
      } else if (isDropped(batch, i)) {
        onDropped.run();
      } else {
        items.get(i).run();
        last.put(partition, offset);
      }
    }
    last.forEach(this::store);
    receive(calls);
    return !hasStalled;
  }

  private boolean isDropped(Batch batch, int index) {
    int row = index - batch.auditsBefore().size();
    return row >= 0 && row < batch.rows().size() && drops(batch.rows().get(row).id());
  }

  /** Drops calls from now on, as a transform does. */
  void drop(Predicate<String> dropped) {
    isDropped = dropped;
  }

  /** Whether a call is dropped. */
  boolean drops(String id) {
    return isDropped.test(id);
  }

  private void store(Map<String, String> partition, RecordOffset offset) {
    Map<String, Object> encoded = codec.encode(offset);
    int length = encoded.entrySet().stream().mapToInt(VirtualWorker::jsonLength).sum();
    longestOffset = Math.max(longestOffset, length);
    offsets.put(partition, encoded);
  }

  private void receive(List<Row> calls) {
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
      times.put(call.id(), Instant.ofEpochSecond(call.time()));
      arrivals.putIfAbsent(call.id(), loop.wallClock());
      lastArrivals.put(call.id(), loop.wallClock());
      remarks
          .computeIfAbsent(call.id(), id -> new ArrayList<>())
          .add(Objects.requireNonNullElse(call.value().getString("remark"), ""));
      labels
          .computeIfAbsent(call.id(), id -> new ArrayList<>())
          .add(Objects.requireNonNullElse(call.value().<String>getArray("labels"), List.of()));
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
    private boolean hasLost;

    RunningTask(Assignment assignment, TaskShare share) {
      EventLoop own = new EndingLoop(loop, () -> running, this::fail);
      ApiOptions options =
          new ApiOptions(
                  URI.create("http://127.0.0.1/v3"),
                  new Credentials("key", "secret"),
                  settings.zone(),
                  settings.pageSize(),
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(30),
                  share.requests(settings.network().concurrentRequests()),
                  settings.requestsPerSecond(),
                  share,
                  "virtual")
              .withFacts(facts);
      client =
          new ApiClient(
              options,
              new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null),
              feed.path(),
              Map.of(),
              new RecordParser(feed, settings.timeField(), settings.zone(), privacy),
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
              own,
              limits);
    }

    void start() {
      loop.execute(reader::start);
      loop.execute(this::visit);
    }

    private void visit() {
      if (running) {
        Batch batch = paused ? null : poll();
        if (batch != null && crashing) {
          send(batch, random.nextInt(batch.size() + 1), () -> {});
          crashing = false;
          return;
        }
        if (batch != null) {
          acknowledge(
              batch.number(),
              send(batch, batch.size(), () -> reader.delivery().dropped(batch.number())));
        }
        loop.schedule(batch == null ? visitInterval : Duration.ofMillis(5), this::visit);
      }
    }

    /** What comes after a record that has not arrived is not told of either. */
    private void acknowledge(long batch, boolean hasArrived) {
      hasLost |= !hasArrived;
      if (!hasLost) {
        loop.schedule(
            Duration.ofMillis(delays.nextLong(longestAcknowledgement.toMillis() + 1)),
            () -> reader.delivery().acknowledged(batch));
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

    private void fail(Throwable failure) {
      reader.fail(failure);
    }

    void end() {
      running = false;
      transport.close();
    }
  }
}
