package io.callrecords.connect.bench;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.CallRecordSourceTask;
import io.callrecords.connect.OldWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a connector as a worker runs them, each polled by a thread of its own, but without
 * Kafka: their records are counted, and their last offsets kept.
 */
final class Tasks implements AutoCloseable {
  private static final long LOOK_MILLIS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<BenchTask> tasks = new ArrayList<>();
  private final Map<Map<String, ?>, Map<String, Object>> offsets;
  private final Consumer<List<SourceRecord>> batches;
  private final long begunAt = System.nanoTime();

  /**
   * Starts a connector and its tasks.
   *
   * @param offsets what is stored of it; grows while the tasks run
   * @param batches sees what is handed over, on the threads of the tasks
   */
  Tasks(
      Map<String, String> settings,
      Map<Map<String, ?>, Map<String, Object>> offsets,
      Consumer<List<SourceRecord>> batches) {
    this.offsets = offsets;
    this.batches = batches;
    OldWorker context = OldWorker.storing(offsets);
    CallRecordSourceConnector connector = new CallRecordSourceConnector();
    connector.initialize(context);
    connector.start(settings);
    List<Map<String, String>> configs =
        connector.taskConfigs(Integer.parseInt(settings.get("tasks.max")));
    connector.stop();
    configs.forEach(config -> tasks.add(new BenchTask(config, context)));
    tasks.forEach(task -> task.thread.start());
  }

  /** Starts a connector that has never run before. */
  Tasks(Map<String, String> settings) {
    this(settings, new ConcurrentHashMap<>(), batch -> {});
  }

  /** A task and its thread. */
  private final class BenchTask {
    private final CallRecordSourceTask task = new CallRecordSourceTask();
    private final Map<String, String> config;
    private final Thread thread;
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong ids = new AtomicLong();
    private volatile long startedAt;
    private volatile long firstAt;
    private volatile long lastAt;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    BenchTask(Map<String, String> config, OldWorker context) {
      this.config = config;
      task.initialize(context);
      thread = new Thread(this::run, "worker of " + config.get("name"));
      thread.setDaemon(true);
    }

    private void run() {
      try {
        startedAt = System.nanoTime();
        task.start(config);
        while (!stopping) {
          List<SourceRecord> batch = task.poll();
          if (batch != null && !batch.isEmpty()) {
            take(batch);
          }
        }
      } catch (Throwable e) {
        failure = e;
      } finally {
        task.stop();
      }
    }

    private void take(List<SourceRecord> batch) {
      lastAt = System.nanoTime();
      if (records.get() == 0) {
        firstAt = lastAt;
      }
      long sum = 0;
      for (SourceRecord record : batch) {
        sum += Long.parseLong((String) record.key());
      }
      ids.addAndGet(sum);
      Map<Map<String, ?>, SourceRecord> last = new HashMap<>();
      batch.forEach(record -> last.put(record.sourcePartition(), record));
      last.forEach(
          (partition, record) -> offsets.put(partition, new HashMap<>(record.sourceOffset())));
      records.addAndGet(batch.size());
      batches.accept(batch);
    }
  }

  /** How many tasks there are. */
  int count() {
    return tasks.size();
  }

  /** How many records they have handed over. */
  long records() {
    return tasks.stream().mapToLong(task -> task.records.get()).sum();
  }

  /** When the connector was started, as {@link System#nanoTime} has it. */
  long begunAt() {
    return begunAt;
  }

  /** When the tasks were started, as {@link System#nanoTime} has it. */
  long startedAt() {
    return tasks.stream().mapToLong(task -> task.startedAt).min().orElseThrow();
  }

  /** When the first of all records was handed over. */
  long firstAt() {
    return tasks.stream()
        .filter(task -> task.records.get() > 0)
        .mapToLong(task -> task.firstAt)
        .min()
        .orElseThrow();
  }

  /** When the first of the tasks handed over its last record so far. */
  long firstEnd() {
    return tasks.stream().mapToLong(task -> task.lastAt).min().orElseThrow();
  }

  /** When the last record so far was handed over. */
  long lastAt() {
    return tasks.stream().mapToLong(task -> task.lastAt).max().orElseThrow();
  }

  /** Waits until so many records were handed over. */
  void awaitRecords(long count, Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    while (records() < count) {
      for (BenchTask task : tasks) {
        if (task.failure != null) {
          throw new IllegalStateException("A task has failed", task.failure);
        }
        // The end of the task is what may come first.
        task.thread.join(LOOK_MILLIS);
      }
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException(
            "Only " + records() + " of " + count + " records within " + atMost);
      }
    }
  }

  /** Stops the tasks as a worker does. */
  @Override
  public void close() {
    tasks.forEach(task -> task.stopping = true);
    try {
      for (BenchTask task : tasks) {
        task.thread.join(PATIENCE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Seconds between two moments of {@link System#nanoTime}. */
  static double seconds(long from, long to) {
    return (to - from) / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
