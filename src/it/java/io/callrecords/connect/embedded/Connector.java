package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.CallRecordSourceConnector;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest.InitialState;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.apache.kafka.connect.util.clusters.EmbeddedConnectCluster;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A running connector, its REST operations, and the topic that it fills. */
final class Connector implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration STATUS_EVERY = Duration.ofMillis(500);

  private final EmbeddedConnectCluster cluster;
  private final String name;
  private final Topic topic;
  private final Map<String, String> settings;
  private long lastStatus = System.nanoTime();

  private Connector(
      EmbeddedConnectCluster cluster, String name, Topic topic, Map<String, String> settings) {
    this.cluster = cluster;
    this.name = name;
    this.topic = topic;
    this.settings = settings;
  }

  /** Creates a connector that has the name of its topic, which is closed with it. */
  static Connector create(
      EmbeddedConnectCluster cluster,
      Topic topic,
      Map<String, String> settings,
      InitialState state) {
    String name = topic.name();
    Map<String, String> all = new HashMap<>(settings);
    all.put("connector.class", CallRecordSourceConnector.class.getName());
    all.put("topic", name);
    all.putIfAbsent("tasks.max", "1");
    Connector connector = new Connector(cluster, name, topic, all);
    RestRequest.run(() -> cluster.configureConnector(new CreateConnectorRequest(name, all, state)));
    return connector;
  }

  String name() {
    return name;
  }

  Topic topic() {
    return topic;
  }

  void stop() throws InterruptedException {
    RestRequest.run(() -> cluster.stopConnector(name));
    awaitStopped();
  }

  void awaitStopped() throws InterruptedException {
    cluster.assertions().assertConnectorIsStopped(name, "The connector does not stop");
  }

  void resume(int tasks) throws InterruptedException {
    RestRequest.run(() -> cluster.resumeConnector(name));
    awaitRunning(tasks);
  }

  void pause(int tasks) throws InterruptedException {
    RestRequest.run(() -> cluster.pauseConnector(name));
    cluster
        .assertions()
        .assertConnectorAndExactlyNumTasksArePaused(name, tasks, "The connector does not pause");
  }

  void restartTask(int task) {
    RestRequest.run(() -> cluster.restartTask(name, task));
  }

  /**
   * Restarts the connector together with its tasks, and waits until so many others run in their
   * place: a worker answers before it does so. If it is asked again while they begin, it waits for
   * their end, and they, with exactly-once, for its permission to begin.
   */
  void restart(int tasks) throws InterruptedException {
    List<Thread> before = loops();
    RestRequest.run(() -> cluster.restartConnectorAndTasks(name, false, true, false));
    await(
        tasks + " other tasks",
        () -> {
          List<Thread> now = loops();
          return now.size() == tasks && Collections.disjoint(now, before);
        });
    awaitRunning(tasks);
  }

  /** The threads that its tasks read on, one each. */
  private List<Thread> loops() {
    return threads().stream()
        .filter(thread -> thread.getName().equals("call-records-" + name))
        .toList();
  }

  /** Changes a setting. */
  void set(String setting, String value) {
    settings.put(setting, value);
    RestRequest.run(() -> cluster.configureConnector(name, settings));
  }

  /** Changes the number of tasks and waits until so many run. */
  void tasksMax(int tasks) throws InterruptedException {
    settings.put("tasks.max", Integer.toString(tasks));
    RestRequest.run(() -> cluster.configureConnector(name, settings));
    awaitRunning(tasks);
  }

  /** Waits until the connector and exactly so many tasks run. */
  void awaitRunning(int tasks) throws InterruptedException {
    cluster
        .assertions()
        .assertConnectorAndExactlyNumTasksAreRunning(name, tasks, "The tasks do not run");
  }

  /** The stored offsets, by their source partitions. */
  Map<Map<String, ?>, Map<String, ?>> offsets() {
    return RestRequest.send(() -> cluster.connectorOffsets(name)).toMap();
  }

  /**
   * Has an offset stored; the connector must have been stopped.
   *
   * @param offset null forgets the source partition
   */
  void alterOffset(Map<String, ?> partition, @Nullable Map<String, ?> offset) {
    RestRequest.run(() -> cluster.alterSourceConnectorOffset(name, partition, offset));
  }

  /** Forgets all offsets; the connector must have been stopped. */
  void resetOffsets() {
    RestRequest.run(() -> cluster.resetConnectorOffsets(name));
  }

  /** The workers that its tasks run on. */
  Set<String> taskWorkers() {
    Set<String> workers = new TreeSet<>();
    status().ifPresent(status -> status.tasks().forEach(task -> workers.add(task.workerId())));
    return workers;
  }

  /** Its status; empty while the workers have none yet, or settle who does what. */
  private Optional<ConnectorStateInfo> status() {
    try {
      return Optional.of(cluster.connectorStatus(name));
    } catch (ConnectRestException e) {
      assertThat(e.statusCode()).isIn(404, 409);
      return Optional.empty();
    }
  }

  /** The threads of its tasks, other than those of the workers. */
  List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("call-records-" + name))
        .toList();
  }

  /** The state of the connector and of each of its tasks, as {@code GET …/status} shows them. */
  Set<String> states() {
    ConnectorStateInfo status = status().orElseThrow();
    Set<String> states = new TreeSet<>(Set.of(status.connector().state()));
    status.tasks().forEach(task -> states.add(task.state()));
    return states;
  }

  /** Why tasks have failed. */
  List<String> traces() {
    return status().stream()
        .flatMap(status -> status.tasks().stream())
        .filter(task -> task.state().equals("FAILED"))
        .map(ConnectorStateInfo.TaskState::trace)
        .toList();
  }

  /**
   * A metric of its first task.
   *
   * @param group such as {@code plugins}
   */
  double metric(String group, String metric) {
    String bean = "kafka.connect:type=" + group + ",connector=" + name + ",task=0";
    try {
      Object value =
          ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(bean), metric);
      return ((Number) value).doubleValue();
    } catch (InstanceNotFoundException e) {
      // No task runs at the moment.
      return Double.NaN;
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the topic holds at least so many records. */
  void awaitAtLeast(long records) {
    await("at least " + records + " records", () -> topic.read() >= records);
  }

  /** Waits until the topic holds a record of each of the ids. */
  void awaitAll(Set<String> ids) {
    await(
        "all of " + ids.size() + " ids",
        () -> {
          topic.read();
          return topic.ids().size() >= ids.size() && topic.ids().containsAll(ids);
        });
  }

  /** Waits for a condition, but no longer once a task has failed. */
  void await(String what, Callable<Boolean> condition) {
    try {
      Awaitility.await(what)
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .atMost(PATIENCE)
          .until(
              () -> {
                expectNoFailedTask();
                return condition.call();
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "In %s never %s: %d records, states %s, metrics %s"
              .formatted(name, what, topic.records().size(), states(), metrics()),
          e);
    }
  }

  /** What its tasks have counted, as far as that is anything: why a test waits in vain. */
  private Map<String, String> metrics() {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    Map<String, String> metrics = new TreeMap<>();
    try {
      ObjectName all = new ObjectName("kafka.connect:type=plugins,connector=" + name + ",*");
      for (ObjectName bean : server.queryNames(all, null)) {
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
          Object value = server.getAttribute(bean, attribute.getName());
          if (value instanceof Number number && number.doubleValue() != 0) {
            metrics.put(bean.getKeyProperty("task") + " " + attribute.getName(), number.toString());
          }
        }
      }
    } catch (JMException e) {
      metrics.put("metrics", e.toString());
    }
    return metrics;
  }

  /** Waits until a task has failed, and expects a text in its trace. */
  void awaitFailure(String text) {
    Awaitility.await("a task fails")
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(() -> !traces().isEmpty());
    assertThat(traces().get(0)).contains(text);
  }

  private void expectNoFailedTask() {
    long now = System.nanoTime();
    if (now - lastStatus < STATUS_EVERY.toNanos()) {
      return;
    }
    lastStatus = now;
    assertThat(traces()).as("failures of tasks").isEmpty();
  }

  /**
   * Waits for all of the ids, stops the connector, and expects that the topic holds exactly these,
   * each once.
   */
  void expectExactly(Set<String> ids) throws InterruptedException {
    awaitAll(ids);
    stop();
    topic.readToEnd();
    assertThat(topic.duplicates()).as("ids that came more than once").isEmpty();
    assertThat(topic.ids()).as("ids in the topic").isEqualTo(ids);
  }

  @Override
  public void close() {
    RestRequest.run(() -> cluster.deleteConnector(name));
    topic.close();
  }
}
