package io.callrecords.connect.embedded;

import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.rest.entities.ConfigInfo;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest.InitialState;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
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
    return start(exactlyOnce ? "exactly-once" : "at-least-once", exactlyOnce, Map.of());
  }

  /**
   * Starts a cluster without exactly-once for one test alone.
   *
   * @param name names it
   * @param settings what differs in the settings of its worker
   */
  static ConnectCluster start(String name, Map<String, String> settings) {
    return start(name, false, settings);
  }

  private static ConnectCluster start(
      String name, boolean exactlyOnce, Map<String, String> settings) {
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
    // A busy machine may let a worker pause for longer than it has by default: ten seconds to stay
    // in its group, and five for a task to send what it has and to flush its offsets when it stops.
    worker.put("session.timeout.ms", "45000");
    worker.put("task.shutdown.graceful.timeout.ms", "60000");
    worker.putAll(settings);
    EmbeddedConnectCluster cluster =
        new EmbeddedConnectCluster.Builder()
            .name(name)
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

  /** What the workers say to a configuration, by setting; only what is wrong. */
  Map<String, List<String>> errors(Map<String, String> settings) {
    Map<String, List<String>> errors = new TreeMap<>();
    RestRequest.send(
            () -> cluster.validateConnectorConfig(settings.get("connector.class"), settings))
        .configs()
        .stream()
        .map(ConfigInfo::configValue)
        .filter(value -> !value.errors().isEmpty())
        .forEach(value -> errors.put(value.name(), value.errors()));
    return errors;
  }

  /**
   * Has a connector created, if there is none of its name.
   *
   * @throws ConnectRestException if a worker refuses it
   */
  void create(String name, Map<String, String> settings) {
    CreateConnectorRequest request =
        new CreateConnectorRequest(name, settings, InitialState.RUNNING);
    RestRequest.run(() -> cluster.configureConnector(request));
  }

  /**
   * Has a connector created, or changed.
   *
   * @throws ConnectRestException if a worker refuses it
   */
  void put(String name, Map<String, String> settings) {
    RestRequest.run(() -> cluster.configureConnector(name, settings));
  }

  /** Where the workers' REST API is. */
  URI restApi() {
    return URI.create(cluster.endpointForResource(""));
  }

  /** Where the brokers are. */
  String bootstrapServers() {
    return cluster.kafka().bootstrapServers();
  }

  /** The settings that a connector has now. */
  Map<String, String> settings(String name) {
    return RestRequest.send(() -> cluster.connectorInfo(name)).config();
  }

  /** The names of all connectors. */
  Collection<String> connectors() {
    return RestRequest.send(cluster::connectors);
  }

  /** The state of a connector, or nothing if the workers do not know it yet. */
  Optional<ConnectorStateInfo> status(String name) {
    try {
      return Optional.of(cluster.connectorStatus(name));
    } catch (ConnectRestException e) {
      return Optional.empty();
    }
  }

  /** Starts a connector again, with its tasks. */
  void restart(String name) {
    RestRequest.run(() -> cluster.restartConnectorAndTasks(name, false, true, false));
  }

  void delete(String name) {
    RestRequest.run(() -> cluster.deleteConnector(name));
  }

  /** Reads a topic, which need not exist yet. */
  Topic reading(String name) {
    Map<String, Object> reading = Map.of("isolation.level", "read_committed");
    return new Topic(cluster.kafka().createConsumer(reading), name);
  }

  /** Creates a topic of this very name. */
  void createTopic(String name) {
    cluster.kafka().createTopic(name, PARTITIONS);
  }

  /** Creates a topic that no other has the name of. */
  Topic topic(String prefix) {
    String name = prefix + "-" + topics.incrementAndGet();
    cluster.kafka().createTopic(name, PARTITIONS);
    Map<String, Object> reading = Map.of("isolation.level", "read_committed");
    return new Topic(cluster.kafka().createConsumer(reading), name);
  }

  /**
   * Reads a topic in which the workers keep their own state.
   *
   * @param prefix its name but for that of the cluster
   */
  Topic internalTopic(String prefix) {
    Map<String, Object> reading = Map.of("isolation.level", "read_committed");
    return new Topic(cluster.kafka().createConsumer(reading), prefix + cluster.getName());
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

  /** Takes Kafka away from the worker and from whoever else uses it, until {@link #startKafka}. */
  void stopKafka() {
    cluster.kafka().stopOnlyBrokers();
  }

  /** Lets Kafka come back, with all that it held. */
  void startKafka() {
    cluster.kafka().restartOnlyBrokers();
  }

  /** The HTTP status with which the worker answers {@code GET /health}. */
  int health() {
    try (Response response = cluster.requestGet(cluster.endpointForResource("health"))) {
      return response.getStatus();
    }
  }

  @Override
  public void close() {
    cluster.stop();
  }
}
