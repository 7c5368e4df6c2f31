package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Simulator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lets the packaged plugin work in a worker process of its own, as its users do. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealWorkerIT {
  private static final String CONNECTOR = "io.callrecords.connect.CallRecordSourceConnector";
  private static final List<Simulator> SIMULATORS = new ArrayList<>();

  private static LocalCluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster = LocalCluster.start("real");
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
    SIMULATORS.forEach(Simulator::close);
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
  @Order(2)
  void refusesAWrongFilterAtItsKey() {
    Map<String, String> settings =
        ConnectorRun.settings(
            "refused", "http://localhost:1/v3", Map.of("filter.call.types", "incoming,sideways"));
    settings.put("name", "refused");

    JsonNode result = cluster.worker().rest().validate(CONNECTOR, settings);

    Map<String, JsonNode> errors = new HashMap<>();
    for (JsonNode config : result.path("configs")) {
      JsonNode value = config.path("value");
      if (!value.path("errors").isEmpty()) {
        errors.put(value.path("name").asText(), value.path("errors"));
      }
    }
    assertThat(result.path("error_count").asInt()).isEqualTo(1);
    assertThat(errors).containsOnlyKeys("filter.call.types");
    assertThat(errors.get("filter.call.types").path(0).asText())
        .contains("filter.call.types", "sideways", "incoming", "outgoing");
  }

  /**
   * Creates all connectors at once, so that they work side by side. Each has as many tasks as it
   * may, while it has a backlog; later, it may need fewer.
   */
  static List<Arguments> trials() {
    Map<Trial, ConnectorRun> runs = new LinkedHashMap<>();
    Trial.all().forEach(trial -> runs.put(trial, start(trial)));
    runs.forEach(
        (trial, run) -> {
          int tasks = Integer.parseInt(trial.settings().get("tasks.max"));
          run.await(tasks + " tasks", () -> run.tasks() == tasks);
        });
    return runs.entrySet().stream().map(run -> Arguments.of(run.getKey(), run.getValue())).toList();
  }

  private static ConnectorRun start(Trial trial) {
    Simulator simulator = trial.simulator();
    SIMULATORS.add(simulator);
    return trial.start(cluster, simulator);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  @Order(3)
  void bringsEachCallOnceAndAsItIs(Trial trial, ConnectorRun run) {
    run.expectAllOnce();
    run.expectValues();

    assertThat(run.topic().count()).isGreaterThan(trial.calls() * 9 / 10);
  }

  @Test
  @Tag("slow")
  @Order(4)
  void goesOnAfterACrashOfTheWorker() {
    Trial trial = Trial.ofCrash();
    try (ConnectorRun run = start(trial)) {
      run.await("some of the backlog is there", () -> run.topic().count() >= trial.calls() / 5);
      cluster.worker().kill();
      run.topic().read();
      assertThat(run.topic().count()).isLessThan(run.visible() * 4 / 5);

      cluster.worker().startAgain();

      run.expectAllOnce();
    }
  }

  @Test
  @Order(5)
  void hasWarnedOfNothing() {
    assertThat(cluster.worker().ownLines())
        .isNotEmpty()
        .filteredOn(line -> line.matches("\\S+ (WARN|ERROR) .*"))
        .allMatch(line -> line.contains("WARN  refused: validation refuses the configuration."));
  }

  @Test
  @Order(5)
  void keepsTheSecretAndPhoneNumbersOutOfTheLog() {
    String log = cluster.worker().printed();
    Set<String> logged = new HashSet<>();
    Matcher numbers = Pattern.compile("[0-9*]{9,}").matcher(log);
    while (numbers.find()) {
      logged.add(numbers.group());
    }

    assertThat(log).doesNotContain(LocalCluster.SECRET);
    for (Simulator simulator : SIMULATORS) {
      Instant now = simulator.now();
      for (Call call : simulator.store().visible(now, Instant.EPOCH, now)) {
        assertThat(logged).doesNotContain(call.called(), call.caller());
      }
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
