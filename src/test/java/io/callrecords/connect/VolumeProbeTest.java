package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.CallRecordSourceConnector.VolumeSource;
import io.callrecords.connect.ReachabilityMonitor.ReachabilityTimes;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import io.callrecords.simulator.TotalCount;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connector with several tasks learns of the days that it assigns to them. */
class VolumeProbeTest {
  private static final Instant NOW = Instant.parse("2026-11-10T13:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final Clock LATER = Clock.offset(CLOCK, Duration.ofMinutes(4));

  /** Nine days, and nothing on the tenth, with which the open end begins. */
  private static final String START = "2026-10-31T00:00:00Z";

  private static final int[] CALLS = {4_000, 1_000, 300, 300, 9_000, 400, 500, 0, 600};

  private static Simulator.SimulatorBuilder api(Quirks quirks) {
    return Simulator.builder()
        .clock(() -> NOW)
        .quirks(quirks)
        .load(
            (generator, now) -> {
              List<Call> calls = new ArrayList<>();
              Split day = Split.of(Instant.parse(START));
              for (int count : CALLS) {
                calls.addAll(generator.uniform(count, day.range().from(), day.range().to()));
                day = day.next();
              }
              return calls;
            });
  }

  private static Map<String, String> settings(Simulator api, String... more) {
    Map<String, String> settings = TestSettings.with("tasks.max", "3", "start.time", START);
    settings.put("api.url", api.url());
    settings.put("api.key", api.key());
    settings.put("api.secret", api.secret());
    settings.put("requests.per.second", "100");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private static List<Map<String, String>> tasks(Map<String, String> settings, Duration patience) {
    VolumeProbe probe = new VolumeProbe(CLOCK, patience);
    return tasks(settings, probe::volumes);
  }

  private static List<Map<String, String>> tasks(Map<String, String> settings) {
    return tasks(settings, TimeLimits.LONG);
  }

  private static List<Map<String, String>> tasks(
      Map<String, String> settings, VolumeSource volumes) {
    return tasks(settings, volumes, Map.of());
  }

  private static List<Map<String, String>> tasks(
      Map<String, String> settings,
      VolumeSource volumes,
      Map<Map<String, ?>, Map<String, Object>> stored) {
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(
            CLOCK,
            Duration.ofMinutes(5),
            (result, all) -> {},
            api -> null,
            new ReachabilityTimes(Duration.ofSeconds(5), Duration.ofMinutes(1)),
            volumes);
    connector.initialize(OldWorker.storing(stored));
    connector.start(settings);
    try {
      return connector.taskConfigs(Integer.parseInt(settings.get("tasks.max")));
    } finally {
      connector.stop();
    }
  }

  private static List<String> splits(List<Map<String, String>> tasks) {
    return tasks.stream().map(task -> task.get("task.splits")).toList();
  }

  private static final List<String> BY_NUMBER =
      List.of(
          "2026-10-31,2026-11-03,2026-11-06,2026-11-09/..",
          "2026-11-01,2026-11-04,2026-11-07",
          "2026-11-02,2026-11-05,2026-11-08");

  private static void assertByNumber(List<Map<String, String>> tasks) {
    assertThat(splits(tasks)).isEqualTo(BY_NUMBER);
    assertThat(tasks).allMatch(task -> task.get("task.weights").isEmpty());
  }

  @Test
  void assignsDaysAndSharesByTheTotalsOfTheApi() {
    try (Simulator api = api(Quirks.defaults()).start()) {
      List<Map<String, String>> tasks = tasks(settings(api));

      assertThat(splits(tasks))
          .containsExactly(
              "2026-10-31",
              "2026-11-01,2026-11-05,2026-11-06,2026-11-07,2026-11-08,2026-11-09/..",
              "2026-11-02,2026-11-03,2026-11-04");
      assertThat(tasks)
          .extracting(task -> task.get("task.weights"))
          .containsOnly(tasks.get(0).get("task.weights"));
      assertThat(weights(tasks)[2]).isBetween(540, 620);
      assertThat(Arrays.stream(weights(tasks)).sum()).isBetween(998, 1_002);
      assertThat(api.journal().count()).as("nine days, the open end, all of it").isEqualTo(11);
      assertThat(api.journal().entries())
          .extracting(entry -> entry.request().size())
          .containsOnly(1);
    }
  }

  private static int[] weights(List<Map<String, String>> tasks) {
    return Arrays.stream(tasks.get(0).get("task.weights").split(",", -1))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  @Test
  void givesTheSameAnswerForTheSameTotals() {
    try (Simulator api = api(Quirks.defaults()).start()) {
      List<Map<String, String>> first = tasks(settings(api));

      assertThat(tasks(settings(api))).isEqualTo(first);
    }
  }

  /** A connector that moves to another worker in the middle of its backlog moves no task. */
  @Test
  void givesTheSameAnswerHoweverFarTheReadingIs() {
    OffsetCodec codec = new OffsetCodec("call-center");
    Map<Map<String, ?>, Map<String, Object>> stored = new HashMap<>();
    Instant start = Instant.parse(START);
    for (Split day : List.of(Split.of(start), Split.of(start).next())) {
      stored.put(
          codec.partition(day), codec.encode(new SplitOffset(start, day.range().to(), List.of())));
    }
    try (Simulator api = api(Quirks.defaults()).start()) {
      VolumeProbe probe = new VolumeProbe(CLOCK, TimeLimits.LONG);
      VolumeProbe later = new VolumeProbe(LATER, TimeLimits.LONG);
      List<Map<String, String>> first = tasks(settings(api), probe::volumes);

      assertThat(tasks(settings(api), later::volumes, stored)).isEqualTo(first);
    }
  }

  /** Requests go with the connector's filters. */
  @Test
  void countsWhatTheFiltersSelect() {
    try (Simulator api = api(Quirks.defaults()).start()) {
      tasks(settings(api, "filter.call.types", "incoming"));

      assertThat(api.journal().entries())
          .isNotEmpty()
          .allSatisfy(entry -> assertThat(entry.request().toString()).contains("callType"));
    }
  }

  @Test
  void believesAnApiThatHasNoDataForADayWithoutCalls() {
    Quirks quirks = Quirks.newBuilder().emptyResult(EmptyResult.NULL_DATA).build();
    try (Simulator api = api(quirks).start()) {
      assertThat(weights(tasks(settings(api)))).hasSize(3);
    }
  }

  @Test
  void takesTotalsThatCountWhateverTheyCountForTheSame() {
    Quirks twice = Quirks.newBuilder().pagination(Pagination.HONEST.percent(200)).build();
    try (Simulator api = api(Quirks.defaults()).start();
        Simulator other = api(twice).start()) {
      assertThat(splits(tasks(settings(other)))).isEqualTo(splits(tasks(settings(api))));
    }
  }

  @Test
  void assignsByNumberWhereTotalsSayNothing() {
    Quirks zero = Quirks.newBuilder().pagination(Pagination.HONEST.total(TotalCount.ZERO)).build();
    try (Simulator api = api(zero).start()) {
      assertByNumber(tasks(settings(api)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 2_000, 10_000})
  void assignsByNumberWhereTotalsAreCapped(int cap) {
    try (Simulator api = api(Quirks.defaults()).start()) {
      api.faults()
          .when(
              request -> true,
              Fault.rewritten(
                  "capped total",
                  body ->
                      Pattern.compile("\"total\":([0-9]+)")
                          .matcher(body)
                          .replaceAll(
                              found ->
                                  "\"total\":" + Math.min(cap, Integer.parseInt(found.group(1))))));

      assertByNumber(tasks(settings(api)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {503, 404, 429})
  void assignsByNumberWhereTheApiFails(int status) {
    try (Simulator api = api(Quirks.defaults()).start();
        LogCapture log = new LogCapture(VolumeProbe.class)) {
      api.faults().when(request -> true, Fault.http(status));

      assertByNumber(tasks(settings(api)));
      assertThat(log.lines())
          .filteredOn(line -> !line.startsWith("DEBUG"))
          .singleElement()
          .asString()
          .startsWith("INFO calls: could not learn from the API within ");
    }
  }

  @Test
  void asksOnceMoreAfterAFault() {
    try (Simulator api = api(Quirks.defaults()).start()) {
      api.faults().next(1, Fault.http(503));

      assertThat(weights(tasks(settings(api)))).hasSize(3);
    }
  }

  @Test
  void assignsByNumberWhereNothingAnswers() {
    try (Simulator api = api(Quirks.defaults()).start()) {
      String nowhere = "http://" + TestSettings.NOBODY + "/v3";

      assertByNumber(tasks(settings(api, "api.url", nowhere)));
    }
  }

  /** The first start of a worker must not wait for an API that is slow. */
  @Test
  void startsWithoutAnAnswerThatTakesTooLong() {
    try (Simulator api = api(Quirks.defaults()).start()) {
      api.faults().when(request -> true, Fault.hang());

      assertByNumber(tasks(settings(api), Duration.ofMillis(50)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tasks.max, 1",
    "requests.per.second, 3",
    "filter.number, 8613800001111",
    "start.time, 2026-11-09T00:00:00Z"
  })
  void asksNothingWhereThatServesNothingOrTakesTooLong(String setting, String value) {
    try (Simulator api = api(Quirks.defaults()).start()) {
      assertThat(tasks(settings(api, setting, value)))
          .allMatch(task -> task.get("task.weights").isEmpty());

      assertThat(api.journal().count()).isZero();
    }
  }

  /** Of the oldest day, less and less is there to be counted. */
  @Test
  void asksForNoDayThatTheApiIsAboutToForget() {
    try (Simulator api = api(Quirks.defaults()).start()) {
      tasks(settings(api, "start.time", "earliest", "api.retention.days", "9"));

      assertThat(api.journal().entries())
          .hasSize(8)
          .noneMatch(entry -> entry.request().from().isBefore(NOW.minus(Duration.ofDays(8))));
    }
  }

  @Test
  void logsNoTotal() {
    try (Simulator api = api(Quirks.defaults()).start();
        LogCapture log = new LogCapture("io.callrecords.connect")) {
      tasks(settings(api));

      assertThat(log.lines()).noneMatch(line -> line.matches("(?s).*\\b(4000|9000|16100)\\b.*"));
    }
  }
}
