package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A connector at work: the simulated account that it reads, and the topic that it fills. */
final class ConnectorRun implements AutoCloseable {
  private static final Path EXAMPLE = Path.of("config", "call-records-source.json");
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final Duration STATUS_EVERY = Duration.ofSeconds(1);
  private static final Instant END_OF_TIME = Instant.ofEpochSecond(Integer.MAX_VALUE);

  private final LocalCluster cluster;
  private final String name;
  private final Simulator simulator;
  private final TopicReader topic;
  private long lastStatus = System.nanoTime();
  private boolean workersCrash;

  private ConnectorRun(LocalCluster cluster, String name, Simulator simulator, TopicReader topic) {
    this.cluster = cluster;
    this.name = name;
    this.simulator = simulator;
    this.topic = topic;
  }

  /**
   * Creates a connector.
   *
   * @param name names the connector and its topic
   * @param simulator what it reads; it stays the caller's, for a deleted connector may ask a last
   *     time
   * @param settings what differs from the project's example
   */
  static ConnectorRun start(
      LocalCluster cluster, String name, Simulator simulator, Map<String, String> settings) {
    cluster.worker().rest().create(name, settings(name, simulator.url(), settings));
    String bootstrapServers = cluster.broker().bootstrapServers();
    return new ConnectorRun(cluster, name, simulator, new TopicReader(bootstrapServers, name));
  }

  /** The project's example with a topic, an address, and what else differs. */
  static Map<String, String> settings(String topic, String url, Map<String, String> others) {
    Map<String, String> settings = example(EXAMPLE);
    settings.put("topic", topic);
    settings.put("api.url", url);
    settings.put("requests.per.second", "2000");
    settings.put("poll.interval.ms", "500");
    settings.putAll(others);
    return settings;
  }

  /** The settings of one of the project's examples. */
  static Map<String, String> example(Path example) {
    Path file = Path.of(System.getProperty("basedir", "")).resolve(example);
    Map<String, String> settings = new HashMap<>();
    try {
      new ObjectMapper()
          .readTree(file.toFile())
          .path("config")
          .properties()
          .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
    return settings;
  }

  Simulator simulator() {
    return simulator;
  }

  TopicReader topic() {
    return topic;
  }

  /** How many calls the account shows now. */
  int visible() {
    return simulator.store().count(simulator.now(), Instant.EPOCH, END_OF_TIME);
  }

  /** How many tasks the connector has. */
  int tasks() {
    return rest().status(name).path("tasks").size();
  }

  /** Reads the topic until something holds; fails at once when the connector or a task does. */
  void await(String what, BooleanSupplier condition) {
    cluster.await(
        name + ": " + what,
        PATIENCE,
        () -> {
          failIfFailed();
          topic.read();
          return condition.getAsBoolean();
        });
  }

  private void failIfFailed() {
    long now = System.nanoTime();
    if (now - lastStatus >= STATUS_EVERY.toNanos()) {
      lastStatus = now;
      if (workersCrash) {
        rest().restartFailed(name);
      } else {
        rest().failIfFailed(name);
      }
    }
  }

  private ConnectRest rest() {
    return cluster.worker().rest();
  }

  /**
   * From now on workers crash. A task of exactly-once cannot be started while the group's leader is
   * gone, and fails; it is started again then, as its operator would.
   */
  void expectCrashes() {
    workersCrash = true;
  }

  /** Waits until the connector and all of its tasks are running. */
  void awaitRunning() {
    rest().awaitRunning(name);
  }

  /** Restarts the connector and its tasks. */
  void restart() {
    rest().restart(name);
  }

  /** Stops the connector: what its tasks have sent is in the topic, and nothing more comes. */
  void stop() {
    rest().stop(name);
    await("the topic is read to its end", topic::readToEnd);
  }

  /** Waits until the topic holds all calls of the account, and expects each of them once. */
  void expectAllOnce() {
    awaitAll();
    long requests = simulator.journal().count();
    await("the API is asked again", () -> simulator.journal().count() >= requests + 2);
    awaitAll();
    await("the topic is read to its end", topic::readToEnd);
    Set<String> found = new HashSet<>(topic.distinct());
    assertThat(topic.repeated()).as("ids that came twice to %s", name).isEmpty();
    found.removeAll(simulator.ids());
    assertThat(found).as("ids in %s that the account does not have", name).isEmpty();
  }

  private void awaitAll() {
    Set<String> ids = simulator.ids();
    await("the topic holds all calls", () -> topic.distinct().containsAll(ids));
  }

  /** Expects each field of each record in the topic as the account has it. */
  void expectValues() {
    Instant now = simulator.now();
    List<String> ids = topic.ids();
    for (int i = 0; i < ids.size(); i++) {
      Call call = simulator.store().find(ids.get(i), now).orElseThrow();
      assertThat(topic.value(i).path("payload"))
          .as("record in %s", name)
          .isEqualTo(ExpectedRecord.of(call, simulator.quirks()));
    }
  }

  /** Deletes the connector and ends the reading of its topic. */
  @Override
  public void close() {
    try (topic) {
      rest().delete(name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
