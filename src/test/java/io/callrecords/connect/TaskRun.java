package io.callrecords.connect;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A task of the connector as a worker runs it: started with what the connector plans for it, polled
 * by a thread of its own, and its records and offsets kept.
 */
final class TaskRun implements AutoCloseable {
  private static final long LOOK_MILLIS = 5;

  /** So that a task that has nothing to hand over is stopped soon. */
  private static final Duration SHORT_POLL = Duration.ofMillis(20);

  private final CallRecordSourceTask task;
  private final Map<Map<String, ?>, Map<String, Object>> offsets;
  private final Map<String, Integer> topic = new ConcurrentHashMap<>();
  private final List<SourceRecord> others = new CopyOnWriteArrayList<>();
  private final String topicName;
  private final Consumer<SourceRecord> observer;
  private final Thread thread;
  private volatile Duration longestPoll = Duration.ZERO;
  private volatile Duration stopTook = Duration.ZERO;
  private volatile boolean stopping;
  private volatile @Nullable Throwable failure;

  /**
   * Starts the only task of a connector.
   *
   * @param offsets what is stored of it; grows while the task runs
   */
  TaskRun(Map<String, String> settings, Map<Map<String, ?>, Map<String, Object>> offsets) {
    this(settings, offsets, record -> {});
  }

  /**
   * Starts the only task of a connector.
   *
   * @param offsets what is stored of it; grows while the task runs
   * @param observer sees each record that is sent
   */
  TaskRun(
      Map<String, String> settings,
      Map<Map<String, ?>, Map<String, Object>> offsets,
      Consumer<SourceRecord> observer) {
    this(new CallRecordSourceTask(SHORT_POLL), settings, offsets, observer);
  }

  private TaskRun(
      CallRecordSourceTask task,
      Map<String, String> settings,
      Map<Map<String, ?>, Map<String, Object>> offsets,
      Consumer<SourceRecord> observer) {
    this.task = task;
    this.offsets = offsets;
    this.observer = observer;
    topicName = settings.get("topic");
    OldWorker context = OldWorker.storing(offsets);
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(Clock.systemUTC(), (result, checked) -> {});
    connector.initialize(context);
    connector.start(settings);
    Map<String, String> taskSettings = connector.taskConfigs(1).get(0);
    connector.stop();
    task.initialize(context);
    thread = new Thread(() -> run(taskSettings), "worker of " + settings.get("name"));
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts the only task of a connector that has never run before. */
  TaskRun(Map<String, String> settings) {
    this(settings, new ConcurrentHashMap<>());
  }

  /** Starts the same, whose {@code poll()} waits as long as in a worker: one that is timed. */
  static TaskRun timed(Map<String, String> settings) {
    return new TaskRun(
        new CallRecordSourceTask(), settings, new ConcurrentHashMap<>(), record -> {});
  }

  private void run(Map<String, String> settings) {
    try {
      task.start(settings);
      while (!stopping) {
        long begun = System.nanoTime();
        List<SourceRecord> records = task.poll();
        Duration took = since(begun);
        longestPoll = took.compareTo(longestPoll) > 0 ? took : longestPoll;
        if (records != null) {
          records.forEach(this::send);
        }
      }
    } catch (Throwable e) {
      failure = e;
    } finally {
      long begun = System.nanoTime();
      task.stop();
      stopTook = since(begun);
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private void send(SourceRecord record) {
    observer.accept(record);
    if (record.topic() != null && record.topic().equals(topicName)) {
      topic.merge((String) record.key(), 1, Integer::sum);
    } else {
      others.add(record);
    }
    offsets.put(record.sourcePartition(), new HashMap<>(record.sourceOffset()));
  }

  /** How often each call was sent. */
  Map<String, Integer> topic() {
    return topic;
  }

  /** What was sent to other topics. */
  List<SourceRecord> others() {
    return others;
  }

  /** What is stored of the task's offsets. */
  Map<Map<String, ?>, Map<String, Object>> offsets() {
    return offsets;
  }

  /** What the task has failed with, or null while it has not. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Waits for a condition, for as long as the task has not failed; returns whether it holds. */
  boolean await(BooleanSupplier condition) {
    long begun = System.nanoTime();
    try {
      while (!condition.getAsBoolean()) {
        if (failure != null || since(begun).compareTo(TimeLimits.LONG) > 0) {
          return condition.getAsBoolean();
        }
        // The end of the task is what may come first.
        thread.join(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  /** Stops the task as a worker does, and returns whether it has stopped. */
  boolean stop() {
    stopping = true;
    try {
      thread.join(TimeLimits.LONG.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** The longest that the task's {@code poll()} took. */
  Duration longestPoll() {
    return longestPoll;
  }

  /** How long the task's {@code stop()} took. */
  Duration stopTook() {
    return stopTook;
  }

  @Override
  public void close() {
    stop();
  }

  /** The threads that a connector's tasks have now, the worker's own left out. */
  static List<Thread> threads(String connector) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("call-records-" + connector))
        .toList();
  }

  /** The threads that carry a request to an address now: OkHttp then gives them other names. */
  static List<Thread> threadsThatCarry(String url) {
    String origin = URI.create(url).resolve("/").toString();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("OkHttp " + origin))
        .toList();
  }
}
