package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.process.MonitoringFiles.Alert;
import io.callrecords.connect.process.MonitoringFiles.Panel;
import io.callrecords.connect.process.MonitoringFiles.PanelQuery;
import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A real Prometheus scrapes a real worker through the exporter's agent, with the files that the
 * project ships. Every connector has an account of its own. All are well at first, and no alert
 * fires; then each account but one goes wrong in its own way, and the alert for that fires.
 *
 * <p>Prometheus scrapes once a second, and a minute in the alert rules is a second here; nothing
 * else is changed. It needs Debian's package {@code prometheus} and takes some minutes, so {@code
 * mvn verify} leaves it out: {@code mvn -Pmonitoring verify}.
 */
class Monitoring {
  private static final int MEGABYTES = 768;
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  /** Longer than all durations of a hasty rule that looks at how things go on. */
  private static final int WELL_FOR = 50;

  private static final String STORY = "call-records";
  private static final String CALM = "calm";
  private static final String NOT_SEEN = "CallRecordsNotSeen";

  /** No account can provoke a bug of the connector; promtool checks the rule all the same. */
  private static final String BUG = "CallRecordsBug";

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
        .contains(MonitoringFiles.alerts().size() + " rules found");
    assertThat(PrometheusProcess.promtool("check", "config", MonitoringFiles.scraping().toString()))
        .contains("is valid");
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void eachAlertIsSilentWhileAllIsWellAndFiresWhenItsFaultComes() throws Exception {
    PrometheusProcess.expectInstalled();
    openAccounts();
    int port = ProcessHome.freePort();
    try (LocalCluster cluster = startCluster(port)) {
      for (Patient patient : patients) {
        cluster.worker().rest().putConfig(patient.name(), settings(patient));
      }
      try (PrometheusProcess prometheus =
          PrometheusProcess.start(
              MonitoringFiles.hastyScraping("127.0.0.1:" + port), MonitoringFiles.hastyRules())) {
        cluster.await("Prometheus serves", PATIENCE, prometheus::isReady);
        awaitWellness(cluster, prometheus);
        expectSilence(prometheus, "");
        expectEachQueryHasData(prometheus);

        Instant faults = Instant.now();
        patients.forEach(patient -> patient.fault().accept(cluster.worker().rest()));
        tellTheStory(cluster, prometheus);
        for (Patient patient : patients) {
          for (String alert : patient.alerts()) {
            awaitFiring(prometheus, alert, "connector=\"" + patient.name() + "\"");
            System.out.printf(
                "%s fires for %s within %s%n",
                alert, patient.name(), Duration.between(faults, Instant.now()));
          }
        }
        expectEachSelectorHasData(prometheus);
        expectSilence(prometheus, "connector=\"" + CALM + "\"");
        draw(prometheus);

        cluster.stopWorkers();
        awaitFiring(prometheus, NOT_SEEN, "");
      }
    }
    List<String> expected = fired();
    expected.add(BUG);
    assertThat(MonitoringFiles.alerts())
        .extracting(Alert::name)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private List<String> fired() {
    List<String> alerts = new ArrayList<>(List.of(NOT_SEEN));
    patients.forEach(patient -> alerts.addAll(patient.alerts()));
    return alerts;
  }

  private static LocalCluster startCluster(int port) {
    BrokerProcess broker = BrokerProcess.start("monitoring-broker");
    List<WorkerProcess> workers = new ArrayList<>();
    LocalCluster cluster = new LocalCluster(broker, workers);
    Map<String, String> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "offset.storage.partitions", "5",
            "value.converter.schemas.enable", "false");
    Map<String, String> environment =
        Map.of(
            "CALL_RECORDS_API_KEY", LocalCluster.KEY,
            "CALL_RECORDS_API_SECRET", LocalCluster.SECRET,
            // What KAFKA_OPTS is to the scripts of a distribution.
            "JAVA_TOOL_OPTIONS", agent(port));
    try {
      workers.add(
          WorkerProcess.launch(
              "monitoring-worker",
              Platform.ofTests(),
              WorkerJvm.small(MEGABYTES),
              settings,
              environment));
      cluster.worker().awaitReady();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private static String agent(int port) {
    Path jar = Path.of(System.getProperty("exporter.agent", "none"));
    assertThat(jar)
        .as("the exporter's agent, which mvn -Pmonitoring verify fetches")
        .isRegularFile();
    return "-javaagent:" + jar + "=127.0.0.1:" + port + ":" + MonitoringFiles.exporter();
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
    add(
        "contradicting",
        List.of("CallRecordsWindowsUnverified"),
        Map.of("retry.backoff.max.ms", "500"),
        faults -> faults.when(request -> true, named(Faults.lies(), "total too large")));
    // JMX puts a name with a colon into quotes.
    add(
        "of team: south",
        List.of("CallRecordsTaskFailed"),
        Map.of(),
        faults -> faults.when(request -> true, Fault.status(-1)));
    addStuck();
    addExpired();
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
    Simulator simulator = Simulator.builder().start();
    simulator.live(60);
    patients.add(
        new Patient(name, alerts, simulator, settings, rest -> fault.accept(simulator.faults())));
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

  private void awaitWellness(LocalCluster cluster, PrometheusProcess prometheus) {
    for (Patient patient : patients) {
      String enough =
          "count_over_time(call_records_live_lag_seconds{connector=\"%s\",task=\"0\"}[10m]) >= %d"
              .formatted(patient.name(), WELL_FOR);
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
  private void tellTheStory(LocalCluster cluster, PrometheusProcess prometheus) {
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
