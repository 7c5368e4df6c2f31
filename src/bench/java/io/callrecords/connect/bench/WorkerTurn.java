package io.callrecords.connect.bench;

import io.callrecords.connect.process.LocalCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A connector that fills a topic of its own in a real worker, until both are deleted. */
final class WorkerTurn implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration FAILURE_EVERY = Duration.ofSeconds(2);

  private final LocalCluster cluster;
  private final Admin admin;
  private final String name;
  private final TopicPartition topic;

  private WorkerTurn(LocalCluster cluster, Admin admin, String name) {
    this.cluster = cluster;
    this.admin = admin;
    this.name = name;
    topic = new TopicPartition(name, 0);
  }

  /**
   * Starts a connector.
   *
   * @param name names it and its topic
   */
  static WorkerTurn start(LocalCluster cluster, String name, Map<String, String> settings)
      throws Exception {
    Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.broker().bootstrapServers()));
    admin
        .createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.of((short) 1))))
        .all()
        .get(1, TimeUnit.MINUTES);
    Map<String, String> all = new HashMap<>(settings);
    all.put("name", name);
    all.put("topic", name);
    cluster.worker().rest().create(name, all);
    return new WorkerTurn(cluster, admin, name);
  }

  /** How many records the topic has, with the marks of its transactions. */
  long records() throws Exception {
    return admin
        .listOffsets(Map.of(topic, OffsetSpec.latest()))
        .partitionResult(topic)
        .get(1, TimeUnit.MINUTES)
        .offset();
  }

  /** Waits until the topic has so many records; returns how many it has then. */
  long await(long count, Duration atMost) throws Exception {
    AtomicLong there = new AtomicLong();
    AtomicLong looked = new AtomicLong(System.nanoTime());
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(LOOK)
          .atMost(atMost)
          .until(
              () -> {
                if (System.nanoTime() - looked.get() > FAILURE_EVERY.toNanos()) {
                  looked.set(System.nanoTime());
                  expectRunning();
                }
                there.set(records());
                return there.get() >= count;
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "Only " + there + " of " + count + " records of " + name + cluster.worker().logTail(), e);
    }
    return there.get();
  }

  /** The connector's name, and its topic's. */
  String name() {
    return name;
  }

  /** Fails when the connector or one of its tasks has failed. */
  void expectRunning() {
    cluster.worker().rest().failIfFailed(name);
  }

  /** Gives the connector other settings, and waits until it runs with them. */
  void reconfigure(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("name", name);
    all.put("topic", name);
    cluster.worker().rest().putConfig(name, all);
    cluster.worker().rest().awaitRunning(name);
  }

  /** Deletes the connector and its topic. */
  @Override
  public void close() {
    try (admin) {
      cluster.worker().rest().delete(name);
      admin.deleteTopics(List.of(name)).all().get(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Could not delete the topic " + name, e);
    }
  }
}
