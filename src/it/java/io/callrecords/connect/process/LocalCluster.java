package io.callrecords.connect.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A Kafka cluster of one broker and a Connect cluster of one or more workers, each in its own
 * process.
 *
 * @param broker the broker
 * @param workers the workers, which find the credentials of simulated accounts and of databases in
 *     their environment
 */
public record LocalCluster(BrokerProcess broker, List<WorkerProcess> workers)
    implements AutoCloseable {
  /** What the simulator takes, unless told otherwise. */
  static final String KEY = "bDqJFiq9";

  static final String SECRET = "7bz1lzh9";

  private static final int MEGABYTES = 512;
  private static final int BROKER_MEGABYTES = 1024;

  /**
   * Starts a broker and a worker, and waits until they serve.
   *
   * @param name begins the names of the log files in {@code target/process-logs}
   */
  static LocalCluster start(String name) {
    return start(name, 1, Map.of());
  }

  /**
   * Starts a broker and workers, and waits until they serve.
   *
   * @param name begins the names of the log files in {@code target/process-logs}
   * @param size how many workers there are
   * @param settings what differs in the settings of all workers
   */
  static LocalCluster start(String name, int size, Map<String, String> settings) {
    return start(name, size, MEGABYTES, settings);
  }

  /**
   * Starts a broker and workers, and waits until they serve.
   *
   * @param name begins the names of the log files in {@code target/process-logs}
   * @param size how many workers there are
   * @param megabytes how large the heap of a worker may grow
   * @param settings what differs in the settings of all workers
   */
  static LocalCluster start(String name, int size, int megabytes, Map<String, String> settings) {
    return start(name, size, WorkerJvm.small(megabytes), settings);
  }

  /**
   * Starts a broker and workers, and waits until they serve.
   *
   * @param name begins the names of the log files in {@code target/process-logs}
   * @param size how many workers there are
   * @param jvm how each of them runs
   * @param settings what differs in the settings of all workers
   */
  static LocalCluster start(String name, int size, WorkerJvm jvm, Map<String, String> settings) {
    LocalCluster cluster = ofBroker(name);
    try {
      for (int i = 1; i <= size; i++) {
        cluster.launch(name + "-worker-" + i, Platform.ofTests(), jvm, settings);
      }
      cluster.workers.forEach(WorkerProcess::awaitReady);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /**
   * Starts a broker, waits until it serves, and leaves the workers for later.
   *
   * @param name begins the name of its log file in {@code target/process-logs}
   */
  static LocalCluster ofBroker(String name) {
    return new LocalCluster(BrokerProcess.start(name + "-broker"), new ArrayList<>());
  }

  /**
   * Starts a broker and a worker with the JVM options that Kafka's own scripts choose, and waits
   * until they serve.
   *
   * @param name begins the names of the log files in {@code target/process-logs}
   * @param megabytes how large the heap of the worker may grow
   * @param settings what differs in the worker's settings
   */
  public static LocalCluster asDelivered(String name, int megabytes, Map<String, String> settings) {
    BrokerProcess broker =
        BrokerProcess.start(name + "-broker", WorkerJvm.asDelivered(BROKER_MEGABYTES));
    LocalCluster cluster = new LocalCluster(broker, new ArrayList<>());
    try {
      cluster.launch(
          name + "-worker", Platform.ofTests(), WorkerJvm.asDelivered(megabytes), settings);
      cluster.worker().awaitReady();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void launch(String name, Platform platform, WorkerJvm jvm, Map<String, String> settings) {
    Map<String, String> overrides = new HashMap<>();
    overrides.put("bootstrap.servers", broker.bootstrapServers());
    overrides.put("offset.storage.partitions", "5");
    // A worker that was killed is back at once: there is nobody else to wait for.
    overrides.put("scheduled.rebalance.max.delay.ms", "0");
    // A busy machine may let a worker pause for longer than it has by default: ten seconds to stay
    // in its group, and five for a task to send what it has and to flush its offsets when it stops.
    overrides.put("session.timeout.ms", "45000");
    overrides.put("task.shutdown.graceful.timeout.ms", "60000");
    overrides.putAll(settings);
    // As the files in config name them.
    Map<String, String> environment =
        Map.of(
            "CALL_RECORDS_API_KEY",
            KEY,
            "CALL_RECORDS_API_SECRET",
            SECRET,
            "CALL_RECORDS_DB_USER",
            PostgresProcess.USER,
            "CALL_RECORDS_DB_PASSWORD",
            PostgresProcess.PASSWORD);
    workers.add(WorkerProcess.launch(name, platform, jvm, overrides, environment));
  }

  /**
   * Ends all workers, starts one of another Connect cluster in their place, and waits until it
   * serves.
   *
   * @param name names that cluster and the worker's log file in {@code target/process-logs}
   * @param platform what the worker runs on
   */
  void replaceWorkers(String name, Platform platform) {
    endWorkers();
    launch(
        name,
        platform,
        WorkerJvm.small(MEGABYTES),
        Map.of(
            "group.id", name,
            "offset.storage.topic", name + "-offsets",
            "config.storage.topic", name + "-configs",
            "status.storage.topic", name + "-status"));
    worker().awaitReady();
  }

  private void endWorkers() {
    workers.forEach(WorkerProcess::close);
    workers.clear();
  }

  /** The first worker. */
  public WorkerProcess worker() {
    return workers.get(0);
  }

  /**
   * Waits until something holds, for as long as all workers run.
   *
   * @param what describes the condition
   */
  public void await(String what, Duration atMost, Callable<Boolean> condition) {
    worker()
        .await(
            what,
            atMost,
            () -> {
              expectRunning();
              return condition.call();
            });
  }

  private void expectRunning() {
    for (WorkerProcess worker : workers) {
      if (!worker.isRunning()) {
        throw new AssertionError("A worker has ended" + worker.logTail());
      }
    }
  }

  /** Ends the workers as an operator does, and waits until they have ended by themselves. */
  void stopWorkers() {
    workers.forEach(WorkerProcess::askToEnd);
    workers.forEach(WorkerProcess::awaitEnd);
  }

  /** Starts all workers again, and waits until they serve. */
  void startWorkersAgain() {
    workers.forEach(WorkerProcess::launchAgain);
    workers.forEach(WorkerProcess::awaitReady);
  }

  /** Ends the workers as an operator does, starts them again, and waits until they serve. */
  void restartWorkers() {
    stopWorkers();
    startWorkersAgain();
  }

  /** Ends all, the workers first. */
  @Override
  public void close() {
    try (broker) {
      endWorkers();
    }
  }
}
