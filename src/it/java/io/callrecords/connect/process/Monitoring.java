package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.connect.process.MonitoringFiles.Alert;
import io.callrecords.connect.process.MonitoringFiles.Panel;
import io.callrecords.connect.process.MonitoringFiles.PanelQuery;
import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real Prometheus scrapes a real worker, by each {@link MetricsExporter} and with the files that
 * the project ships. Every connector has an account of its own. All are well at first, and no alert
 * fires; then each account but one goes wrong in its own way, and the alert for that fires.
 *
 * <p>Prometheus scrapes once a second, and a minute in the alert rules is a second here; nothing
 * else is changed. It needs Debian's package {@code prometheus} and takes some minutes an exporter,
 * so {@code mvn verify} leaves it out: {@code mvn -Pmonitoring verify}.
 */
class Monitoring {
  private static final int MEGABYTES = 768;
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  /** Longer than all durations of a hasty rule that looks at how things go on. */
  private static final int WELL_FOR = 50;

  private static final String STORY = "call-records";
  private static final String CALM = "calm";
  private static final String NOT_SEEN = "CallRecordsNotSeen";

  /**
   * No account can provoke a bug of the connector, and a drift is believed a day later: promtool
   * feeds these rules with series.
   */
  private static final List<String> NOT_PROVOKED = List.of("CallRecordsBug", "CallRecordsDrifted");

  /** Where the settings of one connector come from. */
  private Path provided = Path.of("");

  private LocalCluster cluster;
  private MetricsExporter exporter;

  private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final List<Patient> patients = new ArrayList<>();
  private final List<DashboardChart.Band> bands = new ArrayList<>();

  /**
   * A connector whose account goes wrong.
   *
   * @param name names the connector
   * @param alerts what has to fire then
   * @param simulator its account
   * @param settings how the connector differs from the others
   * @param fault makes the account go wrong
   */
  private record Patient(
      String name,
      List<String> alerts,
      Simulator simulator,
      Map<String, String> settings,
      Consumer<ConnectRest> fault) {}

  @AfterEach
  void closeAccounts() {
    patients.forEach(patient -> patient.simulator().close());
  }

  @Test
  void promtoolFindsNothingWrong() {
    assertThat(PrometheusProcess.promtool("check", "rules", MonitoringFiles.rules().toString()))
        .contains(MonitoringFiles.alerts().size() + 1 + " rules found");
    assertThat(PrometheusProcess.promtool("check", "rules", MonitoringFiles.strimzi().toString()))
        .contains(MonitoringFiles.recordings().size() + " rules found");
    assertThat(PrometheusProcess.promtool("check", "config", MonitoringFiles.scraping().toString()))
        .contains("is valid");
  }

  /** A counter that rises, and one that is there at once, of which no rate has a beginning. */
  @ParameterizedTest
  @CsvSource({
    "CallRecordsBug, call_records_invariant_violations_total",
    "CallRecordsDrifted, call_records_drifted_windows_total"
  })
  void anAlertThatNoAccountProvokesFiresForAnHour(String alert, String metric, @TempDir Path folder)
      throws Exception {
    assertThat(NOT_PROVOKED).contains(alert);
    StringBuilder tests = new StringBuilder();
    for (String values : List.of("0x9 1x200", "_x9 1x200")) {
      tests.append(
          """
            - interval: 1m
              input_series:
                - {series: '%1$s{connector="odd", task="0"}', values: '%2$s'}
                - {series: '%1$s{connector="calm", task="0"}', values: '0x200'}
              promql_expr_test:
          """
              .formatted(metric, values));
      for (int minute : List.of(5, 15, 65, 75)) {
        tests.append(
            """
                  - expr: 'ALERTS{alertname="%1$s"}'
                    eval_time: %2$dm
            """
                .formatted(alert, minute));
        if (minute > 10 && minute < 70) {
          tests.append(
              """
                      exp_samples:
                        - value: 1
                          labels: 'ALERTS{alertname="%s", alertstate="firing", connector="odd", severity="warning"}'
              """
                  .formatted(alert));
        }
      }
    }
    Path file =
        Files.writeString(
            folder.resolve("test.yml"),
            "rule_files: ['%s']\nevaluation_interval: 1m\ntests:\n%s"
                .formatted(MonitoringFiles.rules().toAbsolutePath(), tests));

    assertThat(PrometheusProcess.promtool("test", "rules", file.toString())).contains("SUCCESS");
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void eachAlertIsSilentWhileAllIsWellAndFiresWhenItsFaultComes(
      MetricsExporter by, @TempDir Path folder) throws Exception {
    PrometheusProcess.expectInstalled();
    exporter = by;
    provided = folder.resolve("provided.properties");
    openAccounts();
    int port = ProcessHome.freePort();
    try (LocalCluster started = startCluster(port)) {
      cluster = started;
      for (Patient patient : patients) {
        cluster.worker().rest().putConfig(patient.name(), settings(patient));
      }
      try (PrometheusProcess prometheus =
          PrometheusProcess.start(exporter.scraping("127.0.0.1:" + port), exporter.rules())) {
        cluster.await("Prometheus serves", PATIENCE, prometheus::isReady);
        awaitWellness(prometheus);
        expectSilence(prometheus, "");
        expectEachQueryHasData(prometheus);
        expectEachFaultFires(prometheus);

        cluster.workers().forEach(WorkerProcess::kill);
        awaitFiring(prometheus, NOT_SEEN, "");
        expectRunbooks(prometheus);
      }
    }
    Set<String> expected = fired();
    expected.addAll(NOT_PROVOKED);
    assertThat(MonitoringFiles.alerts())
        .extracting(Alert::name)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private void expectEachFaultFires(PrometheusProcess prometheus) throws Exception {
    Instant faults = Instant.now();
    patients.forEach(patient -> patient.fault().accept(cluster.worker().rest()));
    tellTheStory(prometheus);
    for (Patient patient : patients) {
      for (String alert : patient.alerts()) {
        awaitFiring(prometheus, alert, connector(patient.name()));
        System.out.printf(
            "%s fires for %s within %s, by %s%n",
            alert, patient.name(), Duration.between(faults, Instant.now()), exporter);
      }
    }
    expectRunbooks(prometheus);
    expectEachSelectorHasData(prometheus);
    expectSilence(prometheus, connector(CALM));
    if (exporter == MetricsExporter.JMX_EXPORTER) {
      draw(prometheus);
    }
  }

  private String connector(String name) {
    return "connector=\"" + exporter.label(name) + "\"";
  }

  /** Each alert that fires links to a page below the address that stands in one place. */
  private static void expectRunbooks(PrometheusProcess prometheus) {
    assertThat(prometheus.annotations())
        .isNotEmpty()
        .allSatisfy(
            annotations ->
                assertThat(annotations.get("runbook_url"))
                    .startsWith(MonitoringFiles.runbooks() + "/")
                    .contains(".md#"));
  }

  private Set<String> fired() {
    Set<String> alerts = new TreeSet<>(List.of(NOT_SEEN));
    patients.forEach(patient -> alerts.addAll(patient.alerts()));
    return alerts;
  }

  private LocalCluster startCluster(int port) {
    BrokerProcess broker = BrokerProcess.start("monitoring-broker");
    List<WorkerProcess> workers = new ArrayList<>();
    LocalCluster started = new LocalCluster(broker, workers);
    Map<String, String> settings = new HashMap<>(exporter.settings(port));
    settings.put("bootstrap.servers", broker.bootstrapServers());
    settings.put("offset.storage.partitions", "5");
    settings.put("value.converter.schemas.enable", "false");
    settings.put("config.providers", "env,file");
    settings.put("config.providers.file.class", FileConfigProvider.class.getName());
    Map<String, String> environment =
        Map.of(
            "CALL_RECORDS_API_KEY", LocalCluster.KEY,
            "CALL_RECORDS_API_SECRET", LocalCluster.SECRET,
            // What KAFKA_OPTS is to the scripts of a distribution.
            "JAVA_TOOL_OPTIONS", exporter.agent(port));
    try {
      workers.add(
          WorkerProcess.launch(
              "monitoring-worker",
              exporter.platform(),
              WorkerJvm.small(MEGABYTES),
              settings,
              environment));
      started.worker().awaitReady();
      return started;
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
  }

  private void openAccounts() {
    addStory();
    add(CALM, List.of(), Map.of(), faults -> {});
    add(
        "api-down",
        List.of("CallRecordsApiTrouble", "CallRecordsLiveLag"),
        Map.of(),
        faults -> faults.when(request -> true, Fault.http(503)));
    add(
        "throttled",
        List.of("CallRecordsThrottled"),
        Map.of("retry.backoff.max.ms", "1000"),
        faults -> faults.when(request -> true, Fault.retryAfter(429, Duration.ofSeconds(3))));
    add(
        "malformed",
        List.of("CallRecordsMalformed"),
        Map.of("malformed.records", "skip"),
        faults -> faults.when(request -> true, named(Faults.malformed(), "a time that is none")));
    Random random = new Random(7);
    add(
        "contradicting",
        List.of("CallRecordsWindowsUnverified"),
        Map.of("retry.backoff.max.ms", "500", "late.arrival.ms", "60000"),
        faults -> faults.when(request -> true, everOtherHalf(random)));
    // JMX puts a name with a colon into quotes.
    add(
        "of team: south",
        List.of("CallRecordsTaskFailed"),
        Map.of("retry.timeout.ms", "20000"),
        faults -> faults.when(request -> true, Fault.status(-1)));
    addStuck();
    addExpired();
    addHalted();
    addUnwritten();
    Simulator clock = Simulator.builder().clock(() -> Instant.now().plus(ahead.get())).start();
    clock.live(60);
    patients.add(
        new Patient(
            "clock",
            List.of("CallRecordsClockOffset"),
            clock,
            Map.of(),
            rest -> ahead.set(Duration.ofMinutes(20))));
    Simulator crowded = Simulator.builder().start();
    crowded.live(60);
    patients.add(
        new Patient(
            "crowded",
            List.of("CallRecordsSettledEarly"),
            crowded,
            Map.of(),
            rest -> crowd(crowded)));
  }

  /** The connector of the picture: much to read, calls that come late, calls that change. */
  private void addStory() {
    Duration back = Duration.ofDays(40);
    Quirks quirks =
        Quirks.newBuilder()
            .lag(Duration.ZERO, Duration.ofSeconds(40))
            .editedShare(.3)
            .editedWithin(Duration.ofMinutes(10))
            .build();
    Simulator simulator =
        Simulator.builder()
            .quirks(quirks)
            .latency(Duration.ofMillis(60))
            .calls(40_000, begin.minus(back), begin.minusSeconds(7200))
            .calls(1_500, begin.minusSeconds(600), begin.minusSeconds(20))
            .start();
    simulator.live(180);
    Map<String, String> settings = new HashMap<>();
    settings.put("tasks.max", "2");
    settings.put("start.time", begin.minus(back).toString());
    settings.put("requests.per.second", "8");
    settings.put("poll.interval.ms", "5000");
    settings.put("late.arrival.ms", "7200000");
    settings.put("emit.updates", "true");
    settings.put("malformed.records", "skip");
    patients.add(new Patient(STORY, List.of(), simulator, settings, rest -> {}));
  }

  /** An account with a live call a second and nothing behind. */
  private void add(
      String name, List<String> alerts, Map<String, String> settings, Consumer<Faults> fault) {
    add(name, alerts, settings, (rest, simulator) -> fault.accept(simulator.faults()));
  }

  private void add(
      String name,
      List<String> alerts,
      Map<String, String> settings,
      BiConsumer<ConnectRest, Simulator> fault) {
    Simulator simulator = Simulator.builder().start();
    simulator.live(60);
    patients.add(
        new Patient(name, alerts, simulator, settings, rest -> fault.accept(rest, simulator)));
  }

  /** The connector still reads the past when the API begins to fail on most of it. */
  private void addStuck() {
    Instant start = begin.minus(Duration.ofDays(58));
    Simulator simulator = Simulator.builder().calls(1_500, start, begin).start();
    Predicate<ApiRequest> old = request -> request.from().isBefore(begin.minus(Duration.ofDays(2)));
    patients.add(
        new Patient(
            "stuck",
            List.of("CallRecordsBacklogStuck"),
            simulator,
            Map.of(
                "start.time",
                start.toString(),
                "requests.per.second",
                "0.4",
                "poll.interval.ms",
                "10000",
                "late.arrival.ms",
                "60000"),
            rest -> simulator.faults().when(old, Fault.http(503))));
  }

  /** Somebody moves the start back to before what the API keeps. */
  private void addExpired() {
    Quirks forgetful = Quirks.newBuilder().retentionDays(40).build();
    Simulator simulator = Simulator.builder().quirks(forgetful).start();
    simulator.live(60);
    Map<String, String> settings = Map.of("late.arrival.ms", "60000");
    List<String> alerts = List.of("CallRecordsDaysExpired");
    Map<String, String> earlier = new HashMap<>(settings);
    earlier.put("start.time", begin.minus(Duration.ofDays(58)).toString());
    Patient after = new Patient("expired", alerts, simulator, earlier, rest -> {});
    patients.add(
        new Patient(
            "expired",
            alerts,
            simulator,
            settings,
            rest -> rest.putConfig("expired", settings(after))));
  }

  /** Somebody pauses, stops or deletes a connector, or spoils what its configuration refers to. */
  private void addHalted() {
    List<String> halted = List.of("CallRecordsHalted");
    add("paused", halted, Map.of(), (rest, simulator) -> rest.pause("paused"));
    add("stopped", halted, Map.of(), (rest, simulator) -> rest.stop("stopped"));
    List<String> vanished = List.of("CallRecordsVanished");
    add("deleted", vanished, Map.of(), (rest, simulator) -> rest.delete("deleted"));
    Simulator simulator = Simulator.builder().start();
    simulator.live(60);
    provide(simulator.url());
    patients.add(
        new Patient(
            "broken",
            List.of("CallRecordsConnectorFailed"),
            simulator,
            Map.of("api.url", "${file:" + provided + ":url}"),
            rest -> {
              provide("nowhere");
              rest.restart("broken");
            }));
  }

  private void provide(String url) {
    try {
      Files.writeString(provided, "url=" + url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kafka gets nothing of one connector, and a transform refuses what another one sends. */
  private void addUnwritten() {
    // The producer keeps what it gets to itself.
    Map<String, String> silent =
        Map.of(
            "transaction.boundary", "interval",
            "transaction.boundary.interval.ms", "3600000",
            "producer.override.linger.ms", "3600000",
            "producer.override.batch.size", "1000000");
    addChanged("unwritten", "CallRecordsNotAcknowledged", silent);
    Map<String, String> transform =
        Map.of(
            "errors.tolerance", "all",
            "transforms", "number",
            "transforms.number.type", "org.apache.kafka.connect.transforms.Cast$Value",
            "transforms.number.spec", "callSessionId:int8");
    addChanged("refused", "CallRecordsSkipped", transform);
  }

  /** Somebody changes settings of a connector. */
  private void addChanged(String name, String alert, Map<String, String> changes) {
    add(
        name,
        List.of(alert),
        Map.of(),
        (rest, simulator) ->
            rest.putConfig(
                name, settings(new Patient(name, List.of(), simulator, changes, any -> {}))));
  }

  /** So many calls at once, with ids that differ so much, that an offset cannot hold them. */
  private static void crowd(Simulator simulator) {
    Instant now = simulator.now();
    simulator
        .store()
        .addAll(
            IntStream.range(0, 20_000)
                .mapToObj(
                    i ->
                        simulator
                            .generator()
                            .starting(now.minusMillis(i), Duration.ofSeconds(1))
                            .with(call -> call.callSessionId(UUID.randomUUID().toString())))
                .toList());
  }

  /** Each answer has other records, and a total that all of them together do not reach. */
  private static Fault everOtherHalf(Random random) {
    return Fault.rewritten(
        "ever other records",
        body -> {
          try {
            JsonNode answer = new ObjectMapper().readTree(body);
            if (answer.path("data") instanceof ObjectNode data) {
              data.put("total", data.path("total").asInt() + 7);
              for (Iterator<JsonNode> each = data.path("records").iterator(); each.hasNext(); ) {
                each.next();
                if (random.nextBoolean()) {
                  each.remove();
                }
              }
            }
            return answer.toString();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static Fault named(List<Fault> faults, String name) {
    return faults.stream().filter(fault -> fault.name().equals(name)).findFirst().orElseThrow();
  }

  private Map<String, String> settings(Patient patient) {
    Map<String, String> settings = new HashMap<>();
    settings.put("tasks.max", "1");
    settings.put("start.time", begin.minusSeconds(600).toString());
    settings.put("poll.interval.ms", "2000");
    settings.putAll(patient.settings());
    String topic = patient.name().replaceAll("[^a-z-]", "-");
    return ConnectorRun.settings(topic, patient.simulator().url(), settings);
  }

  private void awaitWellness(PrometheusProcess prometheus) {
    for (Patient patient : patients) {
      String enough =
          "count_over_time(call_records_live_lag_seconds{connector=\"%s\",task=\"0\"}[10m]) >= %d"
              .formatted(exporter.label(patient.name()), WELL_FOR);
      cluster.await(
          patient.name() + " is scraped often enough",
          PATIENCE,
          () -> !prometheus.query(enough).isEmpty());
    }
  }

  /** None has fired so far; one that was about to, for less than its time, does no harm. */
  private static void expectSilence(PrometheusProcess prometheus, String labels) {
    assertThat(
            prometheus.query("count_over_time(ALERTS{alertstate=\"firing\"," + labels + "}[1h])"))
        .as("alerts that fired while all was well")
        .isEmpty();
  }

  private static void expectEachQueryHasData(PrometheusProcess prometheus) {
    for (Panel panel : MonitoringFiles.panels()) {
      for (PanelQuery query : panel.queries()) {
        assertThat(prometheus.query(query.of(".+", "10s")))
            .as("what %s shows of %s", panel.title(), query)
            .hasSizeGreaterThanOrEqualTo(1);
      }
    }
  }

  private static void expectEachSelectorHasData(PrometheusProcess prometheus) {
    for (Alert alert : MonitoringFiles.alerts()) {
      for (String selector : MonitoringFiles.selectors(alert.expression())) {
        assertThat(prometheus.query(selector)).as("%s of %s", selector, alert.name()).isNotEmpty();
      }
    }
  }

  /** What befalls the connector of the picture: short troubles, one after another. */
  private void tellTheStory(PrometheusProcess prometheus) {
    Simulator api = patients.get(0).simulator();
    String mine = "{connector=\"" + STORY + "\"}";
    band(
        "HTTP 503",
        () -> {
          api.faults().when(request -> true, Fault.http(503));
          String trouble = "max(call_records_trouble_seconds" + mine + ") >= 25";
          cluster.await("it is in trouble", PATIENCE, () -> !prometheus.query(trouble).isEmpty());
        });
    api.faults().clear();
    String out = "max(call_records_trouble_seconds" + mine + ") == 0";
    cluster.await("it is out of trouble", PATIENCE, () -> !prometheus.query(out).isEmpty());

    band(
        "malformed records",
        () -> {
          api.faults().when(request -> true, named(Faults.malformed(), "a time that is none"));
          String malformed = "sum(call_records_records_malformed_total" + mine + ") >= 6";
          cluster.await(
              "some are malformed", PATIENCE, () -> !prometheus.query(malformed).isEmpty());
        });
    api.faults().clear();

    band(
        "HTTP 429",
        () -> {
          api.faults().share(.15, List.of(Fault.retryAfter(429, Duration.ofSeconds(3))));
          String throttled = "sum(call_records_throttled_seconds_total" + mine + ") >= 9";
          cluster.await("it is throttled", PATIENCE, () -> !prometheus.query(throttled).isEmpty());
        });
    api.faults().clear();
  }

  private void band(String name, Runnable fault) {
    Instant from = Instant.now();
    fault.run();
    bands.add(new DashboardChart.Band(name, from, Instant.now()));
  }

  private static void awaitFiring(PrometheusProcess prometheus, String alert, String labels) {
    String fired =
        "count_over_time(ALERTS{alertstate=\"firing\",alertname=\"%s\",%s}[1h])"
            .formatted(alert, labels);
    Awaitility.await(fired)
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(() -> !prometheus.query(fired).isEmpty());
  }

  private void draw(PrometheusProcess prometheus) throws Exception {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String picture =
        DashboardChart.of(
            MonitoringFiles.panels(),
            query -> prometheus.range(query.of(STORY, "10s"), begin, end),
            bands,
            STORY);
    Path target = Path.of(System.getProperty("basedir", ""), "target", "monitoring");
    Files.createDirectories(target.toAbsolutePath());
    Files.writeString(target.resolve("dashboard.svg"), picture);
    Files.writeString(Path.of(System.getProperty("basedir", ""), "docs", "dashboard.svg"), picture);
  }
}
