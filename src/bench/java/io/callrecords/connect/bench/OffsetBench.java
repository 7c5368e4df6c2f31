package io.callrecords.connect.bench;

import io.callrecords.connect.config.FormatOptions;
import io.callrecords.connect.config.RecordTimestamp;
import io.callrecords.connect.convert.SourceRecordConverter;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.JournaledDay;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.scenario.LiveTask;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.state.Batch;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What offsets take of a task that follows 100,000 calls an hour and remembers all of them:
 * encoding, what the framework does to commit, and reading them back at a start.
 */
public final class OffsetBench implements BenchPart {
  private static final int CALLS_AN_HOUR = 100_000;
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Instant FROM = NOON.minus(Duration.ofHours(2));
  private static final Duration CATCHING_UP = Duration.ofMinutes(10);

  /** What a worker commits by: each poll, an interval of transactions, its own flush. */
  private static final List<Duration> INTERVALS =
      List.of(Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(60));

  private static final double TARGET = .02;
  private static final Duration VISIT_INTERVAL = Duration.ofMillis(100);

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private String details = "";

  /** Runs it alone. */
  public static void main(String[] args) throws Exception {
    new OffsetBench().run(args.length > 0 && args[0].equals("brief")).forEach(System.out::println);
  }

  @Override
  public String name() {
    return "offsets";
  }

  @Override
  public String details() {
    return details;
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    Duration measured = Duration.ofMinutes(brief ? 10 : 40);
    List<Measured> lines = new ArrayList<>();
    // The first life is there to warm the machine up.
    new OffsetScenario(Duration.ofMinutes(1)).live(Duration.ofMinutes(5));
    StringBuilder table =
        new StringBuilder(
            "| committed | commits an hour | KiB a second to the offsets' topic |\n|---|---|---|\n");
    for (Duration interval : INTERVALS) {
      OffsetScenario life = new OffsetScenario(interval);
      life.live(measured);
      lines.addAll(life.lines(measured));
      table.append(life.row(measured));
    }
    details = table.toString();
    return lines;
  }

  private long now() {
    return threads.getCurrentThreadCpuTime();
  }

  /** One task, followed through made-up time on one thread. */
  private final class OffsetScenario {
    private final Feed feed = CallCenterFeed.create();
    private final OffsetCodec codec = new OffsetCodec(feed.name());
    private final SourceRecordConverter records =
        new SourceRecordConverter(
            feed,
            "calls",
            null,
            null,
            RecordTimestamp.INGEST,
            FormatOptions.DEFAULT,
            codec,
            () -> {});
    private final JsonConverter json = new JsonConverter();
    private final Duration interval;
    private final Map<Map<String, ?>, Map<String, ?>> pending = new LinkedHashMap<>();
    private final Map<Map<String, ?>, byte[]> stored = new HashMap<>();
    private final VirtualLoop loop = new VirtualLoop(NOON);
    private final SimulatedApi api;
    private Duration lastFlush = Duration.ZERO;
    private long commitNanos;
    private long restoreNanos;
    private long taskNanos;
    private int commits;
    private long sent;
    private long lastBatch;
    private int longest;
    private long written;

    OffsetScenario(Duration interval) {
      this.interval = interval;
      json.configure(Map.of("schemas.enable", "false", "converter.type", "value"));
      Quirks quirks = Quirks.defaults();
      CallGenerator calls = CallGenerator.newBuilder().seed(1).zone(quirks.zone()).build();
      CallStore store = new CallStore(quirks.filteredTime());
      store.addAll(calls.uniform(4 * CALLS_AN_HOUR, FROM, FROM.plus(Duration.ofHours(4))));
      api =
          new SimulatedApi(
              "/v3",
              "key",
              "secret",
              quirks,
              store,
              calls,
              Journal.countersOnly(),
              new Faults(0),
              1);
    }

    void live(Duration measured) throws InterruptedException {
      run(
          new LiveTask(api, loop, FROM, splits -> ResumeState.NONE, OffsetBench.this::now),
          CATCHING_UP);
      flush();
      reset();
      // A start stands at the beginning of what is measured.
      long begin = now();
      LiveTask task = new LiveTask(api, loop, FROM, this::restore, OffsetBench.this::now);
      run(task, measured);
      flush();
      taskNanos = now() - begin - task.nanosOfApi();
      expectAllIds();
    }

    private void reset() {
      commitNanos = 0;
      restoreNanos = 0;
      commits = 0;
      sent = 0;
      longest = 0;
      written = 0;
    }

    private void run(LiveTask task, Duration duration) throws InterruptedException {
      Duration end = loop.uptime().plus(duration);
      while (loop.uptime().compareTo(end) < 0) {
        Batch batch = task.poll();
        if (batch == null) {
          loop.runFor(VISIT_INTERVAL);
        } else {
          take(records.convert(batch));
          lastBatch = batch.number();
          loop.runFor(Duration.ofMillis(1));
        }
        if (loop.uptime().minus(lastFlush).compareTo(interval) >= 0) {
          lastFlush = loop.uptime();
          flush();
          task.acknowledged(lastBatch);
        }
      }
    }

    private void take(List<SourceRecord> polled) {
      sent += polled.size();
      for (SourceRecord one : polled) {
        pending.put(one.sourcePartition(), one.sourceOffset());
      }
    }

    /** What a worker's offset writer does: both maps to JSON, by its own converter. */
    private void flush() {
      long begin = now();
      pending.forEach(
          (partition, offset) -> {
            byte[] key = json.fromConnectData("c", null, List.of("calls", partition));
            byte[] value = json.fromConnectData("c", null, offset);
            stored.put(partition, value);
            longest = Math.max(longest, key.length + value.length);
            written += key.length + value.length;
            commits++;
          });
      pending.clear();
      commitNanos += now() - begin;
    }

    private ResumeState restore(Collection<Split> splits) {
      long begin = now();
      Map<Split, Map<String, ?>> days = new HashMap<>();
      Map<Integer, Map<String, ?>> segments = new HashMap<>();
      stored.forEach(
          (partition, value) -> {
            Map<String, Object> map = new HashMap<>();
            ((Map<?, ?>) json.toConnectData("c", value).value())
                .forEach((key, content) -> map.put(String.valueOf(key), content));
            int segment = codec.segment(partition);
            if (segment > 0) {
              segments.put(segment, map);
            } else {
              days.put(codec.split(partition), map);
            }
          });
      ResumeState state = ResumeState.of(codec, splits, days, segments, Instant.EPOCH);
      restoreNanos += now() - begin;
      return state;
    }

    /** What is measured has to be right: the ids of all calls that were sent are stored. */
    private void expectAllIds() {
      Split day = Split.of(FROM);
      long nanos = restoreNanos;
      SplitOffset offset = restore(List.of(day)).offsets().get(day);
      restoreNanos = nanos;
      JournaledDay journaled = offset == null ? null : offset.journaled();
      long ids = journaled == null ? 0 : journaled.ids().size();
      if (ids < sent / 2) {
        throw new IllegalStateException("Of " + sent + " calls, only " + ids + " ids are stored");
      }
    }

    private String how() {
      return interval.isZero() ? "with each poll" : "every " + interval.toSeconds() + " s";
    }

    private long nanosOfOffsets() {
      return commitNanos + restoreNanos;
    }

    List<Measured> lines(Duration measured) {
      String remark =
          String.format(
              Locale.ROOT,
              "encoding and JSON of %d commits of up to %d KiB: %.0f ms; one start: %.0f ms; the"
                  + " task's own thread, both included: %.0f ms for %d records in %d minutes of"
                  + " made-up time",
              commits,
              longest / 1024,
              commitNanos / 1e6,
              restoreNanos / 1e6,
              taskNanos / 1e6,
              sent,
              measured.toMinutes());
      return List.of(
          Measured.atMost(
              "offsets' share of the time at 100,000 calls an hour, committed " + how(),
              TARGET,
              (double) nanosOfOffsets() / measured.toNanos(),
              remark),
          Measured.told(
              "their share of the little processor time that the task takes, committed " + how(),
              (double) nanosOfOffsets() / taskNanos,
              "the same run"));
    }

    String row(Duration measured) {
      return String.format(
          Locale.ROOT,
          "| %s | %d | %.1f |%n",
          how(),
          commits * 60L / measured.toMinutes(),
          written / 1024. / measured.toSeconds());
    }
  }
}
