package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.process.WorkerBeans.TaskBean;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets the packaged plugin do its work in workers of other Kafka releases and on other JDKs.
 *
 * <p>{@code mvn -Pslow verify} tries the two ends: the oldest release on JDK 17, and the newest on
 * the newest JDK of the machine. {@code mvn -Pmatrix verify} tries each release on both, and writes
 * {@code docs/COMPATIBILITY.md}.
 */
@Tag("slow")
class CompatibilityIT {
  private static final String CONNECTOR = "io.callrecords.connect.CallRecordSourceConnector";
  private static final boolean MATRIX = Boolean.getBoolean("compatibility.matrix");

  /** What a worker says of a value that it took from a config provider. */
  private static final String MASKED =
      "the value resolved from the config provider reference failed validation";

  private static final String REJECTED = "the API rejects the signature";

  private static final String HINT =
      "JDKs are looked for beside the running one; -Djdks=PATH names others.";

  private static final List<CompatibilityReport.ReleaseRow> PASSED = new ArrayList<>();

  private static LocalCluster cluster;

  @BeforeAll
  static void startBroker() {
    announce();
    cluster = LocalCluster.ofBroker("compatibility");
  }

  private static void announce() {
    platforms().forEach(platform -> say(platform.toString()));
    if (oldest().feature() != Jdk.OLDEST) {
      say("There is no JDK " + Jdk.OLDEST + " here. " + HINT);
    }
    if (newest().equals(oldest())) {
      say("There is no second JDK here. " + HINT);
    }
  }

  private static void say(String text) {
    System.out.println("CompatibilityIT: " + text);
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
    if (MATRIX && PASSED.size() == platforms().count()) {
      new CompatibilityReport(PluginZip.find().version(), PASSED).publish();
    }
  }

  private static Jdk oldest() {
    return Jdk.all().get(0);
  }

  private static Jdk newest() {
    List<Jdk> jdks = Jdk.all();
    return jdks.get(jdks.size() - 1);
  }

  static Stream<Platform> platforms() {
    List<KafkaJars> releases = KafkaJars.all();
    if (!MATRIX) {
      return Stream.of(
          new Platform(releases.get(0), oldest()),
          new Platform(releases.get(releases.size() - 1), newest()));
    }
    assertThat(oldest().feature()).as("the oldest JDK here. %s", HINT).isEqualTo(Jdk.OLDEST);
    assertThat(newest()).as("the newest JDK here. %s", HINT).isNotEqualTo(oldest());
    return releases.stream()
        .flatMap(kafka -> Stream.of(new Platform(kafka, oldest()), new Platform(kafka, newest())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("platforms")
  void works(Platform platform) {
    String name = "on-" + platform.kafka().version() + "-jdk-" + platform.jdk().feature();
    cluster.replaceWorkers(name, platform);
    WorkerProcess worker = cluster.worker();
    expectPlugin(platform, worker.rest());

    Trial trial = Trial.ofPlatform(name);
    try (Simulator simulator = trial.simulator();
        WorkerBeans beans = WorkerBeans.of(worker.id())) {
      assertThat(beans.jdk()).startsWith(Integer.toString(platform.jdk().feature()));
      try (ConnectorRun run = trial.start(cluster, simulator)) {
        run.expectAllOnce();
        run.expectValues();
        expectLiveCalls(run);
        expectMetrics(platform, run, beans);

        run.restart();
        run.await("new tasks count from zero", () -> countsLessThan(trial.calls(), run, beans));
        expectLiveCalls(run);
        run.expectAllOnce();
      }
      expectNoWarning(worker);
      expectValidation(platform, worker.rest(), simulator);
      PASSED.add(new CompatibilityReport.ReleaseRow(platform, beans.jdk()));
    }
  }

  private static void expectPlugin(Platform platform, ConnectRest worker) {
    assertThat(worker.version()).isEqualTo(platform.kafka().version());
    List<JsonNode> found =
        StreamSupport.stream(worker.plugins().spliterator(), false)
            .filter(plugin -> plugin.path("class").asText().equals(CONNECTOR))
            .toList();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).path("type").asText()).isEqualTo("source");
    assertThat(found.get(0).path("version").asText()).isEqualTo(PluginZip.find().version());
  }

  private static void expectLiveCalls(ConnectorRun run) {
    int before = run.topic().count();
    run.await("live calls arrive", () -> run.topic().count() >= before + 3);
  }

  private static void expectMetrics(Platform platform, ConnectorRun run, WorkerBeans beans) {
    List<TaskBean> tasks = beans.tasks(run.toString());

    assertThat(tasks).hasSize(run.tasks());
    for (TaskBean task : tasks) {
      assertThat(task.values().keySet()).containsExactlyInAnyOrderElementsOf(metricNames());
      assertThat(task.implementation())
          .startsWith(
              platform.kafka().hasPluginMetrics()
                  ? "org.apache.kafka.common.metrics."
                  : "io.callrecords.connect.metrics.");
      assertThat(task.count("requests-answered-total").orElseThrow()).isPositive();
    }
    assertThat(sent(tasks)).isBetween((long) run.topic().count(), (long) run.visible());
  }

  private static List<String> metricNames() {
    return GoldenFile.text("metrics/metrics.txt")
        .lines()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  private static boolean countsLessThan(long records, ConnectorRun run, WorkerBeans beans) {
    List<TaskBean> tasks = beans.tasks(run.toString());
    return !tasks.isEmpty()
        && tasks.stream().allMatch(task -> task.count("records-total").isPresent())
        && sent(tasks) < records;
  }

  private static long sent(List<TaskBean> tasks) {
    return tasks.stream().mapToLong(task -> task.count("records-total").orElseThrow()).sum();
  }

  /**
   * Values of a config provider are tried out as those that stand in the configuration are. Where
   * the worker keeps to itself what is wrong with one, it says that something is.
   */
  private static void expectValidation(Platform platform, ConnectRest worker, Simulator simulator) {
    Map<String, String> right =
        ConnectorRun.settings("validated", simulator.url(), Map.of("name", "validated"));
    assertThat(errors(worker, right)).isEmpty();

    Map<String, String> wrong = new HashMap<>(right);
    // A secret that the account does not have, under the name of a variable that the worker has.
    wrong.put("api.secret", right.get("api.key"));
    assertThat(right.get("api.key")).startsWith("${env:");
    String told = platform.kafka().masksProviderValues() ? MASKED : REJECTED;
    // A validation waits for the API for no longer than people do.
    Awaitility.await(told)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofMinutes(2))
        .until(() -> errors(worker, wrong).stream().anyMatch(error -> error.contains(told)));
    assertThat(errors(worker, wrong)).noneMatch(error -> error.contains(LocalCluster.KEY));
  }

  private static List<String> errors(ConnectRest worker, Map<String, String> settings) {
    List<String> errors = new ArrayList<>();
    for (JsonNode setting : worker.validate(CONNECTOR, settings).path("configs")) {
      setting.path("value").path("errors").forEach(error -> errors.add(error.asText()));
    }
    return errors;
  }

  private static void expectNoWarning(WorkerProcess worker) {
    assertThat(worker.ownLines())
        .isNotEmpty()
        .noneMatch(line -> line.matches("\\S+ (WARN|ERROR|FATAL) .*"));
  }
}
