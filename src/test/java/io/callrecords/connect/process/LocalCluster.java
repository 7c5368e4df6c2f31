package io.callrecords.connect.process;

import java.util.Map;

/**
 * A Kafka cluster of one broker and a Connect cluster of one worker, each in its own process.
 *
 * @param broker the broker
 * @param worker the worker, which finds the credentials of simulated accounts in its environment
 */
record LocalCluster(BrokerProcess broker, WorkerProcess worker) implements AutoCloseable {
  /** What the simulator takes, unless told otherwise. */
  static final String KEY = "bDqJFiq9";

  static final String SECRET = "7bz1lzh9";

  /**
   * Starts both, and waits until they serve.
   *
   * @param name begins the names of the log files in {@code target/process-logs}
   */
  static LocalCluster start(String name) {
    BrokerProcess broker = BrokerProcess.start(name + "-broker");
    try {
      Map<String, String> overrides =
          Map.of(
              "bootstrap.servers",
              broker.bootstrapServers(),
              "offset.storage.partitions",
              "5",
              // A worker that was killed is back at once: there is nobody else to wait for.
              "scheduled.rebalance.max.delay.ms",
              "0");
      // As config/call-records-source.json names them.
      Map<String, String> environment =
          Map.of("CALL_RECORDS_API_KEY", KEY, "CALL_RECORDS_API_SECRET", SECRET);
      return new LocalCluster(
          broker, WorkerProcess.start(name + "-worker", overrides, environment));
    } catch (RuntimeException | Error e) {
      broker.close();
      throw e;
    }
  }

  /** Ends both, the worker first. */
  @Override
  public void close() {
    try (broker) {
      worker.close();
    }
  }
}
