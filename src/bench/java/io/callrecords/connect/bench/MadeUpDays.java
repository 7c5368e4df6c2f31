package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.callrecords.cli.connect.StoredOffset;
import io.callrecords.cli.status.StoredProgress;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.Transport;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.EndingLoop;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.scenario.VirtualOffsetLookup;
import io.callrecords.connect.schedule.TaskReader;
import io.callrecords.connect.split.DayVolumes;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.SplitPlan;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.JournalLimits;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * A task that lives through busy days in made-up time, as calls come: one after another, a
 * hundredth of them hours late. Its worker is killed every third day, with what it had not heard of
 * yet, and started again from the offsets that were stored.
 *
 * <p>Each call has to come once. What the task holds, and what its offsets take once their topic is
 * compacted, is measured at each midnight.
 */
final class MadeUpDays implements AutoCloseable {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final ZoneId ZONE = ZoneOffset.ofHours(8);
  private static final Duration LATE_ARRIVAL = Duration.ofDays(1);
  private static final Duration POLL_INTERVAL = Duration.ofMinutes(1);
  private static final Duration RETENTION = Duration.ofDays(59);
  private static final Duration UNTIL_ACKNOWLEDGED = Duration.ofMillis(50);
  private static final Duration BETWEEN_POLLS = Duration.ofSeconds(2);
  private static final int REQUESTS = 4;
  private static final int DAYS_A_LIFE = 3;

  private final VirtualLoop loop = new VirtualLoop(FROM.plusSeconds(1));
  private final Feed feed = CallCenterFeed.create();
  private final OffsetCodec codec = new OffsetCodec(feed.name());
  private final JsonConverter json = new JsonConverter();
  private final ReadOptions options;
  private final GridAccount account;
  private final IdCheck check;
  private final List<Midnight> midnights = new ArrayList<>();
  private Map<Map<String, ?>, Map<String, Object>> offsets = new ConcurrentHashMap<>();
  private LivingTask task;
  private int lives;
  private int longestOffset;
  private int calls;

  /**
   * What was there at the end of a day.
   *
   * @param heap MiB in use after a full collection
   * @param offsets KiB of all keys and values of the offsets that are stored
   * @param partitions how many of them there are
   */
  record Midnight(double heap, double offsets, int partitions) {}

  /**
   * Makes up an account.
   *
   * @param callsADay how many calls start each day, evenly
   * @param mostDays for how many days there are calls at most, up to 180
   */
  MadeUpDays(int callsADay, int mostDays) {
    json.configure(Map.of("schemas.enable", "false"), false);
    options =
        ReadOptionsBuilder.startingAt(FROM)
            .lateArrival(LATE_ARRIVAL)
            .pollInterval(POLL_INTERVAL)
            .retention(RETENTION)
            .build();
    CallGrid grid = CallGrid.of(Shape.EVEN, FROM, mostDays, callsADay * mostDays, 0, 0, 0);
    RecordPress press = new RecordPress(FROM);
    account = new GridAccount(grid, press, loop);
    check = new IdCheck(grid, press.longest());
    task = new LivingTask();
  }

  /** Lives through the next day. */
  void liveOn() {
    if (!midnights.isEmpty() && midnights.size() % DAYS_A_LIFE == 0) {
      startAgain();
    }
    loop.runFor(Duration.ofDays(1));
    double size =
        offsets.entrySet().stream()
            .mapToInt(entry -> length(entry.getKey()) + length(entry.getValue()))
            .sum();
    midnights.add(new Midnight(MeasuringJvm.heap(), size / 1024, offsets.size()));
  }

  /** Waits until no call can be late any more, and expects each of them once. */
  void end() {
    calls = account.close();
    loop.runFor(account.longestLateness().plus(LATE_ARRIVAL));
    if (check.repeated() > 0 || check.foreign() > 0 || check.distinct() != calls) {
      throw new AssertionError(
          "Of %d calls %d have come, %d records too many, %d of no call"
              .formatted(calls, check.distinct(), check.repeated(), check.foreign()));
    }
  }

  private void startAgain() {
    task.kill();
    offsets = StartBench.restored(offsets);
    task = new LivingTask();
  }

  /** What was measured at the end of each day. */
  List<Midnight> midnights() {
    return midnights;
  }

  /** How many calls there were. */
  int calls() {
    return calls;
  }

  /** How often the worker was started. */
  int lives() {
    return lives;
  }

  /** The longest offset that was stored at a midnight or later, in bytes of JSON. */
  int longestOffset() {
    return longestOffset;
  }

  private int length(Map<String, ?> map) {
    return json.fromConnectData("offsets", null, map).length;
  }

  private ResumeState stored(Collection<Split> splits) {
    List<StoredOffset> all = new ArrayList<>();
    offsets.forEach(
        (partition, offset) -> all.add(new StoredOffset(Map.copyOf(partition), offset)));
    return new StoredProgress(all).resume(splits, settledBefore());
  }

  private Instant settledBefore() {
    return loop.wallClock().minus(LATE_ARRIVAL);
  }

  @Override
  public void close() {
    task.kill();
    json.close();
  }

  /** A task from its start until it is killed. */
  private final class LivingTask {
    private final Transport transport = account.transport();
    private final EndingLoop own = new EndingLoop(loop, this::isAlive, LivingTask::fail);
    private final TaskReader reader;
    private boolean isAlive = true;

    LivingTask() {
      lives++;
      Instant now = loop.wallClock();
      ResumeState known = stored(Split.of(FROM).to(Split.of(now)).toList());
      SplitPlan plan =
          SplitPlan.of(FROM, null, settledBefore(), known.done(FROM), known.readOnce());
      reader =
          new TaskReader(
              options,
              plan.assign(1, DayVolumes.UNKNOWN).get(0),
              new VirtualOffsetLookup(loop, MadeUpDays.this::stored),
              new FeedTimes(feed, feed.startField(), ZONE),
              client(),
              own,
              JournalLimits.DEFAULT);
      own.execute(reader::start);
      own.execute(this::visit);
    }

    private ApiClient client() {
      ApiOptions api =
          new ApiOptions(
              URI.create("http://127.0.0.1/v3"),
              new Credentials("key", "secret"),
              ZONE,
              100,
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              REQUESTS,
              1_000,
              TaskShare.ALONE,
              "made-up days");
      return new ApiClient(
          api,
          new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null),
          feed.path(),
          Map.of(),
          new RecordParser(feed, feed.startField(), ZONE),
          transport,
          own,
          new SplittableRandom(lives));
    }

    /** As a worker: takes what there is, sends it, and stores the offsets of what has arrived. */
    private void visit() {
      Batch batch = poll();
      if (batch != null) {
        send(batch);
        own.schedule(UNTIL_ACKNOWLEDGED, () -> reader.delivery().acknowledged(batch.number()));
      }
      own.schedule(batch == null ? BETWEEN_POLLS : Duration.ofMillis(5), this::visit);
    }

    private boolean isAlive() {
      return isAlive;
    }

    private static void fail(Throwable failure) {
      throw new AssertionError("A step of the task has failed", failure);
    }

    private Batch poll() {
      try {
        return reader.poll(Duration.ZERO);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void send(Batch batch) {
      Map<Map<String, String>, RecordOffset> last = new HashMap<>();
      for (int i = 0; i < batch.size(); i++) {
        RecordOffset offset = batch.offsets().apply(i);
        last.put(codec.partition(offset), offset);
      }
      batch.forEach(
          row -> check.see(row.id().getBytes(ISO_8859_1)),
          audit -> {
            throw new AssertionError("There is no audit topic");
          });
      last.forEach(
          (partition, offset) -> {
            Map<String, Object> encoded = codec.encode(offset);
            longestOffset = Math.max(longestOffset, length(encoded));
            offsets.put(partition, encoded);
          });
    }

    void kill() {
      isAlive = false;
      transport.close();
    }
  }
}
