package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.LogCapture;
import io.callrecords.connect.TestSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first start of a connector: at an API out of reach, and without a topic. */
@ExtendWith(Clusters.class)
class FirstStartIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String NOWHERE = "http://" + TestSettings.NOBODY;

  /** How long it is said that nothing was acknowledged. */
  private static final Pattern SECONDS =
      Pattern.compile("^WARN Kafka has acknowledged none of the task's records for (\\d+) s");

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();
  private String name = "";

  FirstStartIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void closeAll() {
    if (cluster.connectors().contains(name)) {
      cluster.delete(name);
    }
    account.close();
  }

  private Map<String, String> settings(String connector, String... namesAndValues) {
    name = connector;
    Map<String, String> settings = new HashMap<>(account.settings());
    settings.put("connector.class", CallRecordSourceConnector.class.getName());
    settings.put("name", connector);
    settings.put("topic", connector);
    settings.put("tasks.max", "1");
    settings.put("poll.interval.ms", "500");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return settings;
  }

  private String state() {
    return cluster.status(name).map(status -> status.connector().state()).orElse("none");
  }

  private String trace() {
    return cluster
        .status(name)
        .map(status -> Objects.requireNonNullElse(status.connector().trace(), ""))
        .orElse("");
  }

  private void awaitState(String wanted) {
    Awaitility.await(wanted).atMost(PATIENCE).until(() -> state().equals(wanted));
  }

  private void awaitAll(Topic topic) {
    Awaitility.await("all calls")
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(
            () -> {
              topic.read();
              return topic.ids().containsAll(account.ids());
            });
  }

  @Test
  void failsAtAnApiThatNothingListensForAndGoesOnWithTheRightOne() throws Exception {
    account.addHistory(50, Duration.ofDays(1));
    try (Topic topic = cluster.topic("first")) {
      Map<String, String> right = settings(topic.name());
      Map<String, String> wrong = new HashMap<>(right);
      wrong.put("api.url", NOWHERE + "/v3");
      cluster.create(name, wrong);
      awaitState("FAILED");
      assertThat(trace())
          .contains("Invalid value for configuration api.url: no connection to 127.0.0.1:");

      cluster.put(name, right);
      awaitState("RUNNING");
      awaitAll(topic);

      // It has run, so neither an edit nor a restart needs the API.
      cluster.put(name, wrong);
      cluster.restart(name);
      Awaitility.await("runs all the same")
          .atMost(PATIENCE)
          .until(
              () ->
                  cluster.status(name).stream()
                      .anyMatch(
                          status ->
                              status.connector().state().equals("RUNNING")
                                  && status.tasks().stream()
                                      .allMatch(task -> task.state().equals("RUNNING"))));
    }
  }

  @Tag("slow")
  @Test
  void failsBehindAProxyThatIsDown() throws Exception {
    cluster.create("first-proxy", settings("first-proxy", "proxy.url", NOWHERE));

    awaitState("FAILED");

    assertThat(trace()).contains("Invalid value for configuration proxy.url: no connection to");
  }

  /** The brokers of the cluster create no topic by themselves. */
  @Tag("slow")
  @Test
  void warnsOfATopicThatDoesNotExistAndGoesOnOnceItDoes() {
    account.addHistory(50, Duration.ofDays(1));
    try (LogCapture log = new LogCapture("io.callrecords.connect.AcknowledgementMonitor")) {
      cluster.create("first-topic", settings("first-topic"));
      Awaitility.await("a warning").atMost(PATIENCE).until(() -> !log.lines().isEmpty());
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("those that wait are for first-topic (before transforms).");
      assertThat(SECONDS.matcher(log.lines().get(0)).results().map(found -> found.group(1)))
          .singleElement()
          .satisfies(seconds -> assertThat(Integer.parseInt(seconds)).isGreaterThanOrEqualTo(60));

      cluster.createTopic("first-topic");
      try (Topic topic = cluster.reading("first-topic")) {
        awaitAll(topic);
      }
      Awaitility.await("the end of it")
          .atMost(PATIENCE)
          .until(() -> log.lines().size() == 2 && log.lines().get(1).startsWith("INFO"));
    }
  }

  @Test
  void createsTheTopicWhereTheConfigurationSaysHow() {
    account.addHistory(50, Duration.ofDays(1));
    cluster.create(
        "first-created",
        settings(
            "first-created",
            "topic.creation.default.partitions",
            "-1",
            "topic.creation.default.replication.factor",
            "-1"));
    try (Topic topic = cluster.reading("first-created")) {
      awaitAll(topic);
    }
  }
}
