package io.callrecords.connect;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.lang.reflect.Field;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves which task gets which days, by what the settings ask for and what the offsets know. */
class CallRecordSourceConnectorTest {
  /** The sixteen segments that come first, and every sixteenth of the first 1,024. */
  private static final int FIRST_SEGMENTS = 16 + 63;

  private static final Instant NOW = Instant.parse("2026-11-15T10:00:00Z");

  private static final Instant NOON_OF_14 = Instant.parse("2026-11-14T12:00:00Z");

  /** The open end begins with the day before {@link #NOW}: late.arrival.ms is a day. */
  private static final String OPEN_END = "2026-11-14/..";

  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final SourceConnectorContext context = mock();
  private final List<CallRecordSourceConnector> connectors = new ArrayList<>();
  private final Map<Map<String, String>, Map<String, Object>> stored = new ConcurrentHashMap<>();
  private final List<Map<String, String>> requested = new CopyOnWriteArrayList<>();
  private final AtomicInteger checks = new AtomicInteger();
  private volatile Runnable beforeCheck = () -> {};
  private Instant now = NOW;

  @AfterEach
  void stop() {
    connectors.forEach(CallRecordSourceConnector::stop);
  }

  // ---- the range

  @Test
  void readsAllThatTheApiKeepsWhenItStartsAfresh() {
    List<Map<String, String>> configs = started(TestSettings.minimal()).taskConfigs(1);

    assertThat(splits(configs))
        .singleElement()
        .asString()
        .startsWith("2026-09-17,2026-09-18,2026-09-19,")
        .endsWith(",2026-11-12,2026-11-13," + OPEN_END);
    assertThat(Assignment.parse(configs.get(0).get("task.splits")).days()).hasSize(58);
    assertThat(configs.get(0)).containsEntry("task.start", "2026-09-17T10:10:00Z");
  }

  @Test
  void readsFromAFixedStartOnAndAssignsTheDays() {
    CallRecordSourceConnector connector =
        started(TestSettings.with("start.time", "2026-11-09T08:00:00+08:00"));

    assertThat(splits(connector.taskConfigs(3)))
        .containsExactly(
            "2026-11-09,2026-11-12", "2026-11-10,2026-11-13", "2026-11-11," + OPEN_END);
    assertThat(connector.taskConfigs(3))
        .allSatisfy(
            config -> assertThat(config).containsEntry("task.start", "2026-11-09T00:00:00Z"));
  }

  @Test
  void beginsWithTheDayInUtcThatHoldsTheStart() {
    assertThat(splitsOf(TestSettings.with("start.time", "2026-11-13T07:59:59+08:00")))
        .containsExactly("2026-11-12", "2026-11-13", OPEN_END);
  }

  @Test
  void givesNoTaskADayBeforeTheApisRetention() {
    List<Map<String, String>> configs =
        started(TestSettings.with("start.time", "2026-01-01T00:00:00Z", "api.retention.days", "3"))
            .taskConfigs(10);

    assertThat(splits(configs)).containsExactly("2026-11-12", "2026-11-13", OPEN_END);
    assertThat(configs.get(0)).containsEntry("task.start", "2026-01-01T00:00:00Z");
  }

  @Test
  void saysThatAStartBeforeTheApisRetentionIsTooOld() {
    assertThat(warningsOf(TestSettings.with("start.time", "2026-01-01T00:00:00Z")))
        .singleElement()
        .asString()
        .startsWith("WARN 260 days from 2026-01-01T00:00:00Z to 2026-09-17T10:10:00Z")
        .contains("59 days", "api.retention.days", "If the connector was running then")
        .contains("It has no stored offset at all", "not at start.time");
  }

  @Test
  void warnsOfALatenessThatIsMostLikelyMeantInSeconds() {
    assertThat(warningsOf(TestSettings.with("late.arrival.ms", "86400")))
        .singleElement()
        .asString()
        .startsWith("WARN late.arrival.ms is 86400, which are 86.4 s");
    assertThat(warningsOf(TestSettings.with("late.arrival.ms", "300")))
        .singleElement()
        .asString()
        .startsWith("WARN late.arrival.ms is 300, which are 0.3 s");
    assertThat(warningsOf(TestSettings.with("late.arrival.ms", "60000")))
        .singleElement()
        .asString()
        .startsWith("WARN late.arrival.ms is 60000, which are 60 s");
    assertThat(warningsOf(TestSettings.with("late.arrival.ms", "0"))).isEmpty();
    assertThat(warningsOf(TestSettings.with("late.arrival.ms", "7200000"))).isEmpty();
  }

  /** The limit moves on while a connector runs, and so it is at each of its restarts. */
  @Test
  void warnsOfNoPieceOfTheOldestDay() {
    assertThat(warningsOf(TestSettings.with("start.time", "2026-09-17T08:00:00Z"))).isEmpty();
  }

  @Test
  void warnsOfWhatIsSwitchedOffOnceAtEachStart() {
    Map<String, String> open =
        TestSettings.with("api.allow.http", "true", "ssl.endpoint.identification.algorithm", "");

    assertThat(warningsOf(open))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("WARN api.allow.http is true"),
            line ->
                assertThat(line).startsWith("WARN ssl.endpoint.identification.algorithm is empty"));
    assertThat(warningsOf(TestSettings.with("api.allow.http", "false"))).isEmpty();
  }

  /** A configuration that an earlier version accepted goes on, and is not forgotten. */
  @Test
  void warnsOnceOfAllThatOnlyEarlierVersionsAccepted() {
    assertThat(
            warningsOf(
                TestSettings.with(
                    "late.arrival.ms", "0",
                    "emit.updates", "true",
                    "malformed.topic", "aside",
                    "filter.label", "hunter2")))
        .singleElement()
        .asString()
        .startsWith("WARN The connector goes on with settings that earlier versions accepted")
        .contains("no record gets into it while malformed.records is fail")
        .contains("no update is looked for while late.arrival.ms is 0")
        .contains("Unknown setting filter.label")
        .doesNotContain("hunter2");
    assertThat(
            warningsOf(
                TestSettings.with("late.arrival.ms", "2678400000", "api.retention.days", "30")))
        .singleElement()
        .asString()
        .contains("2678400000 is longer than the API keeps records");
  }

  @Test
  void warnsOnceOfSettingsThatNobodyReads() {
    assertThat(
            warningsOf(
                TestSettings.with(
                    "owner",
                    "hunter2",
                    "team\nERROR all is lost",
                    "x",
                    "x".repeat(1_000),
                    "x",
                    "transforms",
                    "",
                    "topic.creation.default.partitions",
                    "1",
                    "topic.creation.default.replication.factor",
                    "1")))
        .singleElement()
        .asString()
        .startsWith("WARN Neither the connector nor Connect reads these settings")
        .contains(": owner, team?..., xxx", "xxx.... Correct their names")
        .doesNotContain("hunter2", "\n")
        .hasSizeLessThan(400);
  }

  @Test
  void doesNotStartWithAMisspeltNameOfASettingThatHidesFields() {
    assertThatThrownBy(() -> started(TestSettings.with("field.exclude", "remark")))
        .hasMessageContaining("Unknown setting field.exclude")
        .hasMessageContaining("fields.exclude is meant");
  }

  /** A debugger, or the dump of an invariant, shows the text of whatever there is. */
  @Test
  void showsNoSettingInTheTextOfWhatItHolds() throws Exception {
    CallRecordSourceConnector connector =
        started(
            TestSettings.with("api.secret.previous", "secret-0816", "filter.number", "1234567"));
    for (Field field : CallRecordSourceConnector.class.getDeclaredFields()) {
      field.setAccessible(true);
      assertThat(String.valueOf(field.get(connector)))
          .as(field.getName())
          .doesNotContain(TestSettings.KEY, TestSettings.SECRET, "secret-0816", "1234567");
    }
  }

  @Test
  void nameOfAConnectorForgesNoNameOfAThread() {
    started(TestSettings.with("name", "calls\nERROR all is lost")).taskConfigs(3);

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .contains("call-records-calls?ERROR all is lost-plan")
        .noneMatch(name -> name.contains("\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"earliest", "P7D", "2026-11-01T00:00:00Z"})
  void keepsSilentAboutAStartThatTheApiAnswersFor(String start) {
    assertThat(warningsOf(TestSettings.with("start.time", start))).isEmpty();
  }

  /** Of days that were read and had no calls, no offset may be left that says so. */
  @ParameterizedTest
  @ValueSource(strings = {"2026-08-17T10:00:00Z", "P90D"})
  void anAccountWithoutCallsForNinetyDaysIsNotSaidToHaveLostAny(String start) {
    store(
        Split.of(NOW.minus(Duration.ofDays(90))),
        new SplitOffset(
            Instant.parse("2026-08-17T10:00:00Z"),
            Instant.parse("2026-08-17T12:00:00Z"),
            List.of(),
            SettledDays.NONE,
            Instant.parse("2026-08-17T10:00:00Z")));

    assertThat(warningsOf(TestSettings.with("start.time", start)))
        .singleElement()
        .asString()
        .startsWith("WARN 32 days from 2026-08-17T12:00:00Z to 2026-09-17T10:10:00Z");
    assertThat(started(TestSettings.with("start.time", start)).taskConfigs(3))
        .allSatisfy(
            config -> assertThat(config.keySet()).noneMatch(key -> key.contains("expired")));
  }

  /** The first of them may have been read, the last of them cannot be known to be lost. */
  @Test
  void aConnectorThatWasStoppedForLongNamesTheDaysThatItMayHaveMissed() {
    Split last = Split.of(NOW.minus(Duration.ofDays(80)));
    store(
        last,
        new SplitOffset(
            Instant.parse("2026-08-01T00:00:00Z"),
            last.range().to(),
            List.of(),
            SettledDays.NONE,
            last.range().from()));

    assertThat(warningsOf(TestSettings.with("start.time", "2026-08-01T00:00:00Z")))
        .singleElement()
        .asString()
        .startsWith("WARN 47 days from 2026-08-01T00:00:00Z to 2026-09-17T10:10:00Z")
        .doesNotContain("no stored offset at all");
  }

  @Test
  void stopsWithTheDayThatHoldsTheEnd() {
    assertThat(
            splitsOf(
                TestSettings.with(
                    "start.time", "2026-11-09T00:00:00Z", "end.time", "2026-11-11T00:00:01Z")))
        .containsExactly("2026-11-09", "2026-11-10", "2026-11-11");
  }

  @Test
  void leavesAllThatMayStillChangeToOneTask() {
    assertThat(
            splitsOf(
                TestSettings.with(
                    "start.time", "2026-11-11T00:00:00Z", "late.arrival.ms", "259200000")))
        .containsExactly("2026-11-11", "2026-11-12/..");
  }

  @Test
  void needsNoTaskForARangeThatTheApiNoLongerAnswersFor() {
    assertThat(
            splitsOf(
                TestSettings.with(
                    "start.time", "2026-01-01T00:00:00Z", "end.time", "2026-02-01T00:00:00Z")))
        .isEmpty();
  }

  @Test
  void waitsForAStartThatIsYetToCome() {
    assertThat(splitsOf(TestSettings.with("start.time", "2026-12-01T00:00:00Z")))
        .containsExactly("2026-12-01/..");
  }

  // ---- what is done

  @Test
  void needsATaskForTheOpenEndOnlyOnceTheBacklogIsDone() {
    for (int day = 11; day <= 13; day++) {
      storeDone(day, "2026-11-11T06:00:00Z");
    }

    assertThat(splitsOf(TestSettings.with("start.time", "2026-11-11T06:00:00Z")))
        .containsExactly(OPEN_END);
  }

  @Test
  void needsOneTaskOnceALaterDaySaysThatTheBacklogIsDone() {
    SettledDays told = SettledDays.NONE;
    for (int day = 11; day <= 12; day++) {
      storePart(day);
      told = told.plus(day(day), OffsetCodec.digest(codec.decode(day(day), stored(day))));
    }
    told = told.plus(day(13), SettledDays.WITHOUT_OFFSET);
    store(14, new SplitOffset(NOON_OF_14, NOON_OF_14, List.of(), told, null));
    Map<String, String> settings = TestSettings.with("start.time", "2026-11-11T00:00:00Z");

    assertThat(splitsOf(settings)).containsExactly("2026-11-13," + OPEN_END);

    // What a person has changed since is not settled: one task reads the day and what was empty.
    storePart(12, "2026-11-12T00:00:01Z");
    assertThat(splitsOf(settings)).hasSize(4);
  }

  /** Version 0.2.0 let a person store a start after its day. */
  @Test
  void startsAlthoughAnOffsetSaysWhatCannotBeAndReadsItsDay() {
    store(day(12), new SplitOffset(NOON_OF_14, day(12).range().to(), List.of()));

    assertThat(String.join(",", splitsOf(TestSettings.with("start.time", "2026-11-11T00:00:00Z"))))
        .contains("2026-11-12");
  }

  @Test
  void needsNoTaskOnceTheWholeOfARangeWithAnEndIsDone() {
    for (int day = 9; day <= 10; day++) {
      storeDone(day, "2026-11-09T00:00:00Z");
    }

    assertThat(
            splitsOf(
                TestSettings.with(
                    "start.time", "2026-11-09T00:00:00Z", "end.time", "2026-11-11T00:00:00Z")))
        .isEmpty();
  }

  @Test
  void requestsOneTaskOnceTheBacklogIsRead() {
    CallRecordSourceConnector connector =
        started(TestSettings.with("start.time", "2026-11-11T00:00:00Z"));
    assertThat(connector.taskConfigs(2)).hasSize(2);
    awaitChecks(10);
    verify(context, never()).requestTaskReconfiguration();

    synchronized (stored) {
      for (int day = 11; day <= 13; day++) {
        storeDone(day, "2026-11-11T00:00:00Z");
      }
    }

    await()
        .atMost(TimeLimits.LONG)
        .untilAsserted(() -> verify(context, atLeastOnce()).requestTaskReconfiguration());
    assertThat(splits(connector.taskConfigs(2))).containsExactly(OPEN_END);
    await()
        .atMost(TimeLimits.LONG)
        .until(() -> threads().noneMatch(CallRecordSourceConnectorTest::isOfAPlan));
  }

  @Test
  void requestsNoTaskOnceTheWholeOfARangeWithAnEndIsRead() {
    Map<String, String> settings =
        TestSettings.with("start.time", "2026-11-09T00:00:00Z", "end.time", "2026-11-11T00:00:00Z");
    try (LogCapture log = new LogCapture(CallRecordSourceConnector.class)) {
      CallRecordSourceConnector connector = started(settings);
      assertThat(connector.taskConfigs(2)).hasSize(2);

      synchronized (stored) {
        storeDone(9, "2026-11-09T00:00:00Z");
        storeDone(10, "2026-11-09T00:00:00Z");
      }

      await()
          .atMost(TimeLimits.LONG)
          .untilAsserted(() -> verify(context, atLeastOnce()).requestTaskReconfiguration());
      assertThat(connector.taskConfigs(2)).isEmpty();
      assertThat(log.lines()).anyMatch(line -> line.startsWith("INFO Nothing is left to read"));
    }
  }

  @Test
  void requestsNothingWhenItIsStoppedInTheMiddleOfACheck() {
    CallRecordSourceConnector connector =
        started(TestSettings.with("start.time", "2026-11-11T00:00:00Z"));
    assertThat(connector.taskConfigs(2)).hasSize(2);
    beforeCheck =
        () -> {
          for (int day = 11; day <= 13; day++) {
            storeDone(day, "2026-11-11T00:00:00Z");
          }
          connector.stop();
        };

    await()
        .atMost(TimeLimits.LONG)
        .until(() -> threads().noneMatch(CallRecordSourceConnectorTest::isOfAPlan));
    verify(context, never()).requestTaskReconfiguration();
    assertThatThrownBy(() -> connector.taskConfigs(2)).isInstanceOf(IllegalStateException.class);
  }

  private void awaitChecks(int more) {
    int enough = checks.get() + more;
    await().atMost(TimeLimits.LONG).until(() -> checks.get() >= enough);
  }

  @Test
  void doesNotCheckThePlanOfAConnectorThatIsStopped() {
    CallRecordSourceConnector connector =
        started(TestSettings.with("start.time", "2026-11-11T00:00:00Z"));
    connector.taskConfigs(2);
    assertThat(threads()).anyMatch(CallRecordSourceConnectorTest::isOfAPlan);

    connector.stop();

    await()
        .atMost(TimeLimits.LONG)
        .until(() -> threads().noneMatch(CallRecordSourceConnectorTest::isOfAPlan));
  }

  private static Stream<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
  }

  private static boolean isOfAPlan(String thread) {
    return thread.endsWith("-plan");
  }

  @Test
  void assignsTheSameDaysHoweverFarTheReadingIs() {
    Map<String, String> settings = TestSettings.with("start.time", "2026-11-11T00:00:00Z");
    List<String> before = splitsOf(settings);
    storeDone(11, "2026-11-11T00:00:00Z");
    storePart(12);

    assertThat(splitsOf(settings)).isEqualTo(before).hasSize(4);
  }

  @Test
  void readsTheBacklogAgainWhenTheStartIsMovedBack() {
    for (int day = 11; day <= 13; day++) {
      storeDone(day, "2026-11-11T06:00:00Z");
    }

    assertThat(splitsOf(TestSettings.with("start.time", "2026-11-11T05:59:59Z")))
        .containsExactly("2026-11-11", "2026-11-12", "2026-11-13", OPEN_END);
  }

  @Test
  void readsADayAgainWhoseOffsetWasReset() {
    for (int day = 11; day <= 13; day++) {
      storeDone(day, "2026-11-11T00:00:00Z");
    }
    stored.remove(codec.partition(day(12)));

    assertThat(splitsOf(TestSettings.with("start.time", "2026-11-11T00:00:00Z")))
        .contains("2026-11-12");
  }

  @ParameterizedTest
  @CsvSource({"59, 425", "1, 367", "3650, 4016"})
  void requestsTheOffsetsOfAYearMoreThanTheApiKeepsOnce(String retention, int days) {
    started(TestSettings.with("api.retention.days", retention));

    assertThat(requested).filteredOn(partition -> codec.segment(partition) == 0).hasSize(days);
    assertThat(requested).hasSize(days + FIRST_SEGMENTS).doesNotHaveDuplicates();
    assertThat(requested)
        .contains(codec.partition(day(15)))
        .doesNotContain(codec.partition(day(16)));
  }

  @ParameterizedTest
  @ValueSource(ints = {59, 500, 3_650})
  void becomesOneTaskHoweverLongTheApiKeepsRecords(int retention) {
    Instant start = NOW.minus(Duration.ofDays(retention - 1));
    Map<String, String> settings =
        TestSettings.with(
            "start.time", start.toString(), "api.retention.days", Integer.toString(retention));
    CallRecordSourceConnector connector = started(settings);
    assertThat(connector.taskConfigs(3)).hasSize(3);

    synchronized (stored) {
      Split.of(start)
          .to(day(13))
          .forEach(day -> store(day, new SplitOffset(start, day.range().to(), List.of())));
    }

    assertThat(splitsOf(settings)).containsExactly(OPEN_END);
    await()
        .atMost(TimeLimits.LONG)
        .untilAsserted(() -> verify(context, atLeastOnce()).requestTaskReconfiguration());
    assertThat(splits(connector.taskConfigs(3))).containsExactly(OPEN_END);
  }

  @Test
  void refusesToStartOnAnOffsetThatItCannotTrust() {
    stored.put(codec.partition(day(12)), Map.of("version", 7L));

    assertThatThrownBy(() -> started(TestSettings.minimal()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("split 2026-11-12")
        .hasMessageContaining("Reset it");
  }

  @Test
  void saysSoWhenThereIsNothingToRead() {
    try (LogCapture log = new LogCapture(CallRecordSourceConnector.class)) {
      CallRecordSourceConnector connector =
          started(TestSettings.with("end.time", "2026-08-01T00:00:00Z"));

      assertThat(connector.taskConfigs(3)).isEmpty();
      assertThat(log.lines()).anyMatch(line -> line.startsWith("WARN There is nothing to read"));
    }
  }

  // ---- offsets that a person writes

  @Test
  void acceptsOffsetsOfItsOwnFormAndNull() {
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(codec.partition(day(11)), null);
    offsets.put(
        codec.partition(day(12)),
        Map.of("version", 1, "start", "2026-11-12T00:00:00Z", "settled", "2026-11-13T00:00:00Z"));

    assertThat(new CallRecordSourceConnector().alterOffsets(TestSettings.minimal(), offsets))
        .isTrue();
  }

  @Test
  void refusesAnOffsetThatIsWrittenWrongAndShowsTheRightForm() {
    Map<Map<String, ?>, Map<String, ?>> offsets =
        Map.of(codec.partition(day(12)), Map.of("version", 1, "settled", "yesterday"));

    assertThatThrownBy(
            () -> new CallRecordSourceConnector().alterOffsets(TestSettings.minimal(), offsets))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("split 2026-11-12")
        .hasMessageContaining("\"settled\": \"2026-11-13T00:00:00Z\"");
  }

  @Test
  void refusesAPartitionOfAnotherFormOrOrder() {
    Map<String, String> reversed = new LinkedHashMap<>();
    reversed.put("split", "2026-11-12");
    reversed.put("feed", "call-center");
    for (Map<String, String> partition : List.of(reversed, Map.of("day", "2026-11-12"))) {
      Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
      offsets.put(partition, null);
      assertThatThrownBy(
              () -> new CallRecordSourceConnector().alterOffsets(TestSettings.minimal(), offsets))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("{\"feed\": \"call-center\", \"split\": \"2026-11-01\"}");
    }
  }

  @Test
  void setsTransactionBoundariesAndSupportsExactlyOnce() {
    CallRecordSourceConnector connector = new CallRecordSourceConnector();

    assertThat(connector.exactlyOnceSupport(Map.of())).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    assertThat(connector.canDefineTransactionBoundaries(Map.of()))
        .isEqualTo(ConnectorTransactionBoundaries.SUPPORTED);
  }

  // ---- a start that counts back from the first start

  @Test
  void countsADurationBackFromNowWhenItStartsAfresh() {
    List<Map<String, String>> configs =
        started(TestSettings.with("start.time", "P2D")).taskConfigs(5);

    assertThat(splits(configs)).containsExactly("2026-11-13", OPEN_END);
    assertThat(configs.get(0)).containsEntry("task.start", "2026-11-13T10:00:00Z");
  }

  @Test
  void countsADurationBackFromTheFirstStartThatTheOffsetsRemember() {
    storePart(13, "2026-11-13T10:00:00Z");
    storePart(14, "2026-11-13T10:00:00Z");
    now = NOW.plus(Duration.ofDays(3));

    List<Map<String, String>> configs =
        started(TestSettings.with("start.time", "P2D")).taskConfigs(10);

    assertThat(splits(configs))
        .containsExactly("2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16", "2026-11-17/..");
    assertThat(configs.get(0)).containsEntry("task.start", "2026-11-13T10:00:00Z");
  }

  @Test
  void keepsTheEarliestStartSoThatARestartMovesNoTask() {
    List<Map<String, String>> first = started(TestSettings.minimal()).taskConfigs(10);
    String start = first.get(0).get("task.start");
    storePart(13, start);
    now = NOW.plus(Duration.ofHours(3));

    assertThat(started(TestSettings.minimal()).taskConfigs(10)).isEqualTo(first);
  }

  @Test
  void followsADurationThatIsMadeLonger() {
    storePart(13, "2026-11-13T10:00:00Z");

    assertThat(started(TestSettings.with("start.time", "P4D")).taskConfigs(10).get(0))
        .containsEntry("task.start", "2026-11-11T10:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({"2026-11-13T12:00:00Z, 2026-11-13T12:00:00Z", "earliest, 2026-09-17T10:10:00Z"})
  void takesAnyOtherStartAsItIsWhateverTheOffsetsRemember(String start, String expected) {
    storePart(13, "2026-11-13T10:00:00Z");

    assertThat(started(TestSettings.with("start.time", start)).taskConfigs(10).get(0))
        .containsEntry("task.start", expected);
  }

  // ---- the configurations of tasks

  @Test
  void givesEveryTaskAllSettingsAndItsPart() {
    Map<String, String> settings =
        TestSettings.with("start.time", "2026-11-11T00:00:00Z", "filter.call.types", "incoming");

    List<Map<String, String>> configs = started(settings).taskConfigs(3);

    assertThat(configs)
        .hasSize(3)
        .allSatisfy(
            config -> {
              assertThat(config).containsAllEntriesOf(settings).containsEntry("task.count", "3");
              assertThat(new CallRecordSourceTaskConfig(config).api("agent").share().count())
                  .isEqualTo(3);
            });
    assertThat(configs)
        .extracting(config -> config.get("task.index"))
        .containsExactly("0", "1", "2");
  }

  @Test
  void countsTheTasksThatThereAreAndNotThoseThatThereMayBe() {
    assertThat(started(TestSettings.with("start.time", "2026-11-13T00:00:00Z")).taskConfigs(50))
        .hasSize(2)
        .allSatisfy(config -> assertThat(config).containsEntry("task.count", "2"));
  }

  @Test
  void givesTheSameAnswerToTheSameQuestion() {
    CallRecordSourceConnector connector = started(TestSettings.minimal());
    List<Map<String, String>> first = connector.taskConfigs(7);
    now = NOW.plus(Duration.ofHours(9));

    assertThat(connector.taskConfigs(7)).isEqualTo(first);
    assertThat(connector.taskConfigs(3)).isNotEqualTo(first);
    assertThat(connector.taskConfigs(7)).isEqualTo(first);
  }

  @Test
  void assignsTheSameDaysToAnyNumberOfTasks() {
    CallRecordSourceConnector connector = started(TestSettings.minimal());
    List<String> all = days(connector.taskConfigs(1));

    for (int tasks : new int[] {2, 3, 8, 58, 59, 60, 1_000}) {
      assertThat(days(connector.taskConfigs(tasks)))
          .as("%d tasks", tasks)
          .containsExactlyInAnyOrderElementsOf(all);
    }
  }

  @Test
  void refusesToPlanBeforeItsStartAndAfterItsStop() {
    CallRecordSourceConnector connector = connector();
    assertThatThrownBy(() -> connector.taskConfigs(1)).isInstanceOf(IllegalStateException.class);

    connector.start(TestSettings.minimal());
    connector.stop();

    assertThatThrownBy(() -> connector.taskConfigs(1)).isInstanceOf(IllegalStateException.class);
  }

  // ---- what the worker asks

  @Test
  void tellsTheWorkerWhatItIs() {
    CallRecordSourceConnector connector = new CallRecordSourceConnector();

    assertThat(connector.version()).matches("[0-9]+\\.[0-9]+\\..*");
    assertThat(connector.taskClass()).isEqualTo(CallRecordSourceTask.class);
    assertThat(connector.exactlyOnceSupport(TestSettings.minimal()))
        .isEqualTo(ExactlyOnceSupport.SUPPORTED);
    assertThat(connector.config().names()).contains("api.url", "topic");
  }

  // ---- helpers

  private List<String> splitsOf(Map<String, String> settings) {
    return splits(started(settings).taskConfigs(10));
  }

  private CallRecordSourceConnector started(Map<String, String> settings) {
    CallRecordSourceConnector connector = connector();
    connector.start(settings);
    return connector;
  }

  private CallRecordSourceConnector connector() {
    OffsetStorageReader reader = mock();
    when(reader.offsets(anyCollection()))
        .thenAnswer(call -> offsets(call.<Collection<Map<String, String>>>getArgument(0)));
    when(context.offsetStorageReader()).thenReturn(reader);
    Clock clock = mock();
    when(clock.instant()).thenAnswer(call -> now);
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(clock, Duration.ofMillis(5), (result, settings) -> {});
    connector.initialize(context);
    connectors.add(connector);
    return connector;
  }

  /** As a worker does: a partition without an offset has null. */
  private Map<Map<String, String>, Map<String, Object>> offsets(
      Collection<Map<String, String>> partitions) {
    beforeCheck.run();
    checks.incrementAndGet();
    Map<Map<String, String>, Map<String, Object>> result = new HashMap<>();
    synchronized (stored) {
      for (Map<String, String> partition : partitions) {
        requested.add(partition);
        result.put(partition, stored.get(partition));
      }
    }
    return result;
  }

  private void storeDone(int day, String start) {
    store(day, start, day(day).range().to(), List.of());
  }

  private void storePart(int day) {
    storePart(day, "2026-11-11T00:00:00Z");
  }

  private void storePart(int day, String start) {
    Instant noon = day(day).range().from().plus(Duration.ofHours(12));
    TimeRange afternoon = new TimeRange(noon, day(day).range().to());
    store(
        day,
        start,
        noon,
        List.of(
            new WindowOffset(afternoon, State.READ, 1, LateCounts.NONE, IdSet.of(List.of("1")))));
  }

  private void store(int day, String start, Instant settled, List<WindowOffset> windows) {
    store(day, new SplitOffset(Instant.parse(start), settled, windows));
  }

  private void store(int day, SplitOffset offset) {
    store(day(day), offset);
  }

  private void store(Split day, SplitOffset offset) {
    stored.put(codec.partition(day), codec.encode(offset));
  }

  /** What a connector that starts warns of, or worse. */
  /** Whoever relies on this line must not find a number in the topic that it has not named. */
  @Test
  void saysWhichPersonalFieldsArriveAsTheyAre() {
    Map<String, String> settings =
        TestSettings.with(
            "fields.exclude", "calledInfo,remark,labels,voiceUrl",
            "fields.pseudonymize", "called,caller,agentName,agentAccount",
            "fields.pseudonymize.key", "bDqJFiq9".repeat(4) + "x");
    try (LogCapture log = new LogCapture(CallRecordSourceConnector.class)) {
      started(settings);
      settings.put(
          "fields.pseudonymize", "callId,called,caller,agentName,agentAccount,agentGroupName");
      started(settings);

      assertThat(log.lines().stream().filter(line -> line.startsWith("INFO Fields")).toList())
          .satisfiesExactly(
              line -> assertThat(line).contains("as they are: callId, agentGroupName; unknown"),
              line -> assertThat(line).contains("as they are: none; unknown"));
    }
  }

  private List<String> warningsOf(Map<String, String> settings) {
    try (LogCapture log = new LogCapture(CallRecordSourceConnector.class)) {
      started(settings);
      return log.lines().stream().filter(line -> line.matches("(?s)(WARN|ERROR) .*")).toList();
    }
  }

  private Map<String, Object> stored(int day) {
    return requireNonNull(stored.get(codec.partition(day(day))));
  }

  private static Split day(int dayOfNovember) {
    return new Split(LocalDate.of(2026, 11, dayOfNovember));
  }

  private static List<String> splits(List<Map<String, String>> configs) {
    return configs.stream().map(config -> config.get("task.splits")).toList();
  }

  private static List<String> days(List<Map<String, String>> configs) {
    return splits(configs).stream().flatMap(text -> List.of(text.split(",", -1)).stream()).toList();
  }
}
