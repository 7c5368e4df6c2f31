package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.process.WorkerBeans.TaskBean;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/**
 * What {@code status --metrics} prints is what the beans of a worker's tasks have, by way of the
 * JMX exporter with the file that the project ships: in the middle of a backlog, and once it is
 * read.
 */
class ExportedStatus {
  private static final String NAME = "exported";
  private static final int CALLS = 4_000;
  private static final int THROTTLED_EVERY = 7;
  private static final int FAILED_EVERY = 11;

  /** Few, so that the connector soon has its rate again. */
  private static final int LAST_FAULT = 60;

  /** What a gauge of time may move by beside what passes. */
  private static final double SECONDS = 3;

  private final AtomicInteger requests = new AtomicInteger();

  /**
   * A number of the document.
   *
   * @param path where it stands
   * @param metric the attribute of the bean
   * @param together how tasks are put together
   */
  private record PrintedNumber(String path, String metric, DoubleBinaryOperator together) {
    double of(List<TaskBean> beans) {
      return beans.stream()
          .map(bean -> bean.values().get(metric))
          .mapToDouble(Number::doubleValue)
          .filter(Double::isFinite)
          .reduce(together)
          .orElse(Double.NaN);
    }
  }

  private static final List<PrintedNumber> NUMBERS =
      List.of(
          new PrintedNumber("/progress/lagSeconds", "live-lag-seconds", Math::max),
          new PrintedNumber("/progress/backlogDays", "backlog-days", Double::sum),
          new PrintedNumber("/progress/backlogRecords", "backlog-records", Double::sum),
          new PrintedNumber("/progress/secondsLeft", "backlog-seconds-left", Math::max),
          new PrintedNumber("/progress/allowedPerSecond", "request-rate-allowed", Double::sum),
          new PrintedNumber("/progress/troubleSeconds", "trouble-seconds", Math::max),
          new PrintedNumber("/faults/requests_throttled", "requests-throttled-total", Double::sum),
          new PrintedNumber("/faults/requests_failed", "requests-failed-total", Double::sum),
          new PrintedNumber(
              "/faults/records_malformed_total", "records-malformed-total", Double::sum),
          new PrintedNumber("/faults/expired_days_total", "expired-days-total", Double::sum));

  @Test
  void statusPrintsWhatTheBeansHave() throws Exception {
    int port = ProcessHome.freePort();
    WorkerJvm jvm =
        new WorkerJvm(
            512,
            List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                MetricsExporter.JMX_EXPORTER.agent(port)));
    Instant now = Instant.now();
    try (Simulator simulator =
            Simulator.builder()
                .seed(12)
                .calls(CALLS, now.minus(Duration.ofDays(30)), now.minus(Duration.ofHours(5)))
                .start();
        LocalCluster cluster = LocalCluster.start(NAME, 1, jvm, Map.of())) {
      simulator.faults().when(request -> isDue(THROTTLED_EVERY), Fault.http(429));
      simulator.faults().when(request -> isDue(FAILED_EVERY), Fault.http(500));
      try (ConnectorRun run = ConnectorRun.start(cluster, NAME, simulator, settings(now));
          WorkerBeans beans = WorkerBeans.of(cluster.worker().id())) {
        run.await("some calls are there", () -> run.topic().count() > CALLS / 8);
        JsonNode early = compare(cluster, beans, port);
        assertThat(early.at("/progress/backlogDays").asDouble()).isPositive();

        run.await("all calls are there", () -> run.topic().count() == CALLS);
        run.await(
            "the backlog is read",
            () ->
                beans.tasks(NAME).stream()
                    .allMatch(bean -> bean.values().get("backlog-days").doubleValue() == 0));
        JsonNode late = compare(cluster, beans, port);
        assertThat(late.at("/progress/backlogDays").asDouble()).isZero();
        assertThat(late.at("/faults/requests_throttled").asLong()).isPositive();
        assertThat(late.at("/faults/requests_failed").asLong()).isPositive();
        assertThat(late.at("/progress/requestsPerSecond").isNumber()).isTrue();
      }
    }
  }

  private boolean isDue(int every) {
    int number = requests.incrementAndGet();
    return number < LAST_FAULT && number % every == 0;
  }

  private static Map<String, String> settings(Instant now) {
    return Map.of(
        "tasks.max",
        "2",
        "start.time",
        now.minus(Duration.ofDays(30)).toString(),
        "late.arrival.ms",
        "3600000",
        "requests.per.second",
        "10",
        "retry.backoff.max.ms",
        "1000");
  }

  /** The beans are read before and after: what is printed lies between. */
  private static JsonNode compare(LocalCluster cluster, WorkerBeans beans, int port)
      throws Exception {
    List<TaskBean> before = beans.tasks(NAME);
    Instant begun = Instant.now();
    CommandRun run =
        CommandRun.of(
            List.of(
                "status",
                NAME,
                "--json",
                "--connect",
                cluster.worker().rest().url(),
                "--metrics",
                "http://127.0.0.1:" + port + "/metrics"));
    List<TaskBean> after = beans.tasks(NAME);
    double passed = Duration.between(begun, Instant.now()).toMillis() / 1_000.0;
    assertThat(run.code()).as("%s", run).isZero();
    JsonNode document = new ObjectMapper().readTree(run.out());
    Map<String, String> wrong = new LinkedHashMap<>();
    boolean isReading = document.at("/progress/backlogDays").asDouble() > 0;
    for (PrintedNumber number : NUMBERS) {
      if (isReading && number.path().equals("/progress/secondsLeft")) {
        // An estimate that jumps from look to look.
        assertThat(document.at(number.path()).asDouble()).as("%s", run).isPositive();
        continue;
      }
      JsonNode printed = document.at(number.path());
      double one = number.of(before);
      double other = number.of(after);
      boolean isTime = number.metric().endsWith("-seconds") || number.metric().endsWith("-left");
      double slack = isTime ? passed + SECONDS : 1e-6;
      boolean isAbsent = printed.isMissingNode() || printed.isNull();
      // Faults that there are none of are left out, and what no task knows is null.
      boolean isRight =
          isAbsent
              ? Double.isNaN(one) || Double.isNaN(other) || Math.min(one, other) == 0
              : printed.asDouble() >= Math.min(one, other) - slack
                  && printed.asDouble() <= Math.max(one, other) + slack;
      if (!isRight) {
        wrong.put(number.path(), printed + ", where the beans have " + one + " and then " + other);
      }
    }
    assertThat(wrong).as("%s", run).isEmpty();
    assertThat(document.path("unseen").toString()).doesNotContain("Lag");
    return document;
  }
}
