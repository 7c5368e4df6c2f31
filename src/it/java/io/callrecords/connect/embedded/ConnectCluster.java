package io.callrecords.connect.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest.InitialState;
import org.apache.kafka.connect.storage.StringConverter;
import org.apache.kafka.connect.util.clusters.EmbeddedConnectCluster;
import org.apache.kafka.connect.util.clusters.WorkerHandle;

/** One Kafka broker and a Connect cluster of one worker in this process; tests may add workers. */
final class ConnectCluster implements AutoCloseable {
  private static final int PARTITIONS = 2;

  private final EmbeddedConnectCluster cluster;
  private final AtomicInteger topics = new AtomicInteger();

  private ConnectCluster(EmbeddedConnectCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Starts a cluster, which takes a dozen seconds.
   *
   * @param exactlyOnce whether its workers commit records and offsets in one transaction
   */
  static ConnectCluster start(boolean exactlyOnce) {
    Properties broker = new Properties();
    broker.put("transaction.state.log.replication.factor", "1");
    broker.put("transaction.state.log.min.isr", "1");
    broker.put("transaction.state.log.num.partitions", "1");
    broker.put("offsets.topic.num.partitions", "1");
    Map<String, String> worker = new HashMap<>();
    worker.put("exactly.once.source.support", exactlyOnce ? "enabled" : "disabled");
    worker.put("plugin.discovery", "service_load");
    worker.put("key.converter", StringConverter.class.getName());
    worker.put("value.converter", JsonConverter.class.getName());
    worker.put("value.converter.schemas.enable", "false");
    worker.put("offset.storage.partitions", "1");
    worker.put("status.storage.partitions", "1");
    // A worker that has left does not come back.
    worker.put("scheduled.rebalance.max.delay.ms", "0");
    EmbeddedConnectCluster cluster =
        new EmbeddedConnectCluster.Builder()
            .name(exactlyOnce ? "exactly-once" : "at-least-once")
            .numWorkers(1)
            .numBrokers(1)
            .brokerProps(broker)
            .workerProps(worker)
            .build();
    cluster.start();
    return new ConnectCluster(cluster);
  }

  /**
   * Creates a connector with a topic of its own.
   *
   * @param settings what it sets beside class, name and topic
   */
  Connector connector(String prefix, Map<String, String> settings) {
    return Connector.create(cluster, topic(prefix), settings, InitialState.RUNNING);
  }

  /** Creates a connector with a topic of its own that does not run before it is resumed. */
  Connector stoppedConnector(String prefix, Map<String, String> settings) {
    return Connector.create(cluster, topic(prefix), settings, InitialState.STOPPED);
  }

  /** Creates a topic that no other has the name of. */
  Topic topic(String prefix) {
    String name = prefix + "-" + topics.incrementAndGet();
    cluster.kafka().createTopic(name, PARTITIONS);
    Map<String, Object> reading = Map.of("isolation.level", "read_committed");
    return new Topic(cluster.kafka().createConsumer(reading), name);
  }

  /** Adds a worker and waits until it answers. */
  WorkerHandle addWorker() throws InterruptedException {
    int before = cluster.workers().size();
    WorkerHandle worker = cluster.addWorker();
    cluster.assertions().assertExactlyNumWorkersAreUp(before + 1, "The worker does not start");
    return worker;
  }

  /** Stops a worker, which leaves its group in good order. */
  void removeWorker(WorkerHandle worker) {
    cluster.removeWorker(worker);
  }

  @Override
  public void close() {
    cluster.stop();
  }
}
