package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets the packaged plugin work in a worker process of its own, as its users do.
 *
 * <p>All connectors are created first and work side by side; then one topic after the other is
 * looked at. The worker's crash comes last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealWorkerIT {
  private static final String CONNECTOR = "io.callrecords.connect.CallRecordSourceConnector";
  private static final Map<String, ConnectorRun> RUNS = new HashMap<>();

  private static LocalCluster cluster;

  @BeforeAll
  static void startAll() {
    cluster = LocalCluster.start("real");
    Stream.concat(Trial.ofTasks(), Trial.ofSwitches())
        .forEach(trial -> RUNS.put(trial.name(), trial.start(cluster)));
  }

  @AfterAll
  static void endAll() {
    RUNS.values().forEach(run -> run.simulator().close());
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void isFoundByItsServiceFile() {
    List<JsonNode> found =
        list(cluster.worker().rest().plugins()).stream()
            .filter(plugin -> plugin.path("class").asText().equals(CONNECTOR))
            .toList();

    assertThat(found).hasSize(1);
    assertThat(found.get(0).path("type").asText()).isEqualTo("source");
    assertThat(found.get(0).path("version").asText()).isEqualTo(PluginZip.find().version());
  }

  @Test
  @Order(1)
  void refusesAWrongFilterAtItsKey() {
    Map<String, String> settings =
        ConnectorRun.settings(
            "refused", "http://localhost:1/v3", Map.of("filter.call.types", "incoming,sideways"));
    settings.put("name", "refused");

    JsonNode result = cluster.worker().rest().validate(CONNECTOR, settings);

    assertThat(result.path("error_count").asInt()).isEqualTo(1);
    Map<String, List<String>> errors = new HashMap<>();
    for (JsonNode config : result.path("configs")) {
      JsonNode value = config.path("value");
      if (!value.path("errors").isEmpty()) {
        errors.put(
            value.path("name").asText(),
            list(value.path("errors")).stream().map(JsonNode::asText).toList());
      }
    }
    assertThat(errors).containsOnlyKeys("filter.call.types");
    assertThat(errors.get("filter.call.types"))
        .hasSize(1)
        .first()
        .asString()
        .contains("filter.call.types", "sideways", "incoming", "outgoing");
  }

  static Stream<Trial> tasks() {
    return Trial.ofTasks();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tasks")
  @Order(2)
  void bringsEachOf20000CallsOnce(Trial trial) {
    try (ConnectorRun run = RUNS.get(trial.name())) {
      run.expectAllOnce();

      assertThat(run.tasks()).hasToString(trial.settings().get("tasks.max"));
      assertThat(run.topic().count()).isGreaterThan(trial.calls() * 9 / 10);
    }
  }

  static Stream<Trial> switches() {
    return Trial.ofSwitches();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("switches")
  @Order(3)
  void bringsEachCallOnceAndAsItIs(Trial trial) {
    try (ConnectorRun run = RUNS.get(trial.name())) {
      run.expectAllOnce();

      assertThat(run.topic().count()).isGreaterThan(trial.calls() * 9 / 10);
      expectValues(run);
    }
  }

  /** Compares every field of every record with the account's. */
  private static void expectValues(ConnectorRun run) {
    Quirks quirks = run.simulator().quirks();
    Instant now = run.simulator().now();
    TopicReader topic = run.topic();
    List<String> ids = topic.ids();
    for (int i = 0; i < ids.size(); i++) {
      Call call = run.simulator().store().find(ids.get(i), now).orElseThrow();
      assertThat(topic.value(i).path("payload")).isEqualTo(ExpectedRecord.of(call, quirks));
    }
  }

  @Test
  @Order(4)
  void goesOnAfterACrashOfTheWorker() {
    Trial trial = Trial.ofCrash();
    try (ConnectorRun run = trial.start(cluster)) {
      run.await("some of the backlog is there", () -> run.topic().count() >= trial.calls() / 5);
      cluster.worker().kill();
      assertThat(run.topic().count()).isLessThan(run.visible() * 4 / 5);

      cluster.worker().startAgain();

      run.expectAllOnce();
    }
  }

  @Test
  @Order(5)
  void keepsTheSecretAndPhoneNumbersOutOfTheLog() {
    String log = cluster.worker().printed();
    Set<String> numbers = new HashSet<>();
    Matcher digits = Pattern.compile("[0-9*]{9,}").matcher(log);
    while (digits.find()) {
      numbers.add(digits.group());
    }

    assertThat(log).contains("CallRecordSourceTask").doesNotContain(LocalCluster.SECRET);
    for (ConnectorRun run : RUNS.values()) {
      Simulator simulator = run.simulator();
      for (Call call : simulator.store().visible(simulator.now(), Instant.EPOCH, simulator.now())) {
        assertThat(numbers).doesNotContain(call.called(), call.caller());
      }
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
