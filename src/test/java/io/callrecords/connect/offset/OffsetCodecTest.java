package io.callrecords.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.Seeds;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.OffsetUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proves that offsets survive the worker's storage, stay readable for later versions, and are
 * checked.
 */
class OffsetCodecTest {
  private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");
  private static final Split DAY = new Split(LocalDate.of(2026, 11, 1));
  private static final String WAY_OUT =
      "Reset it to load the day again: PUT /connectors/<name>/stop, PATCH"
          + " /connectors/<name>/offsets with a null offset for"
          + " {feed=call-center, split=2026-11-01}, PUT /connectors/<name>/resume";
  private static final List<State> STATES = List.of(State.values());
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final long VERSION = 2;

  private final OffsetCodec codec = new OffsetCodec("call-center");

  // ---- the form

  @Test
  void writesTheFormThatStoredOffsetsHave() throws IOException {
    String written =
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(codec.encode(fixed()));

    assertThat(written + "\n").isEqualTo(GoldenFile.text("offsets/v2.json"));
  }

  @Test
  void readsTheFormThatStoredOffsetsHave() throws IOException {
    Map<String, Object> stored = JSON.readValue(GoldenFile.text("offsets/v2.json"), MAP);

    assertThat(codec.decode(DAY, stored)).isEqualTo(fixed());
  }

  @Test
  void writesThePartitionInOneOrderAlways() throws IOException {
    assertThat(JSON.writeValueAsString(codec.partition(DAY)))
        .isEqualTo("{\"feed\":\"call-center\",\"split\":\"2026-11-01\"}");
  }

  @Test
  void writesWhatAWorkerAccepts() {
    OffsetUtils.validateFormat(codec.partition(DAY));
    OffsetUtils.validateFormat(codec.encode(fixed()));
    OffsetUtils.validateFormat(codec.lazily(new RecordOffset.OfDay(DAY, OffsetCodecTest::fixed)));

    assertThat(codec.encode(fixed()).values())
        .allMatch(value -> value instanceof String || value instanceof Long);
  }

  @Test
  void readsBackWhatTheWorkersConverterMakesOfIt() {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false"), false);
      byte[] stored = converter.fromConnectData("offsets", null, codec.encode(fixed()));
      SchemaAndValue read = converter.toConnectData("offsets", stored);

      assertThat(read.value())
          .isInstanceOfSatisfying(
              Map.class,
              map -> {
                assertThat(map.get("version")).isEqualTo(VERSION);
                assertThat(codec.decode(DAY, stringKeys(map))).isEqualTo(fixed());
                assertThat(OffsetCodec.digest(stringKeys(map)))
                    .isEqualTo(OffsetCodec.digest(fixed()));
              });
    }
  }

  @Test
  void readsTheFormOfTheFirstVersion() throws IOException {
    SplitOffset now = fixed();

    assertThat(codec.decode(DAY, JSON.readValue(GoldenFile.text("offsets/v1.json"), MAP)))
        .isEqualTo(new SplitOffset(now.start(), now.settled(), now.windows()));
    assertThat(OffsetCodec.digest(JSON.readValue(GoldenFile.text("offsets/v1.json"), MAP)))
        .isEqualTo(OffsetCodec.digest(new SplitOffset(now.start(), now.settled(), now.windows())));
  }

  @Test
  void readsAnIntegerVersionAndAnyOrderOfKeys() {
    Map<String, Object> reversed = new LinkedHashMap<>();
    new TreeMap<>(codec.encode(fixed())).descendingMap().forEach(reversed::put);
    reversed.put("version", 2);

    assertThat(codec.decode(DAY, reversed)).isEqualTo(fixed());
  }

  @Test
  void readsAnOffsetThatAPersonWroteByHand() {
    Map<String, Object> byHand =
        Map.of(
            "version", 1,
            "start", "2026-10-01T00:00:00Z",
            "settled", "2026-11-01T12:00:00Z");

    assertThat(codec.decode(DAY, byHand))
        .isEqualTo(
            new SplitOffset(
                Instant.parse("2026-10-01T00:00:00Z"),
                Instant.parse("2026-11-01T12:00:00Z"),
                List.of()));
  }

  /** Whoever has a day loaded again may say so, in JSON or in the text that some tools write. */
  @ParameterizedTest
  @ValueSource(strings = {"true", "\"true\""})
  void readsThatADayIsLoadedAgain(String json) throws IOException {
    Map<?, ?> byHand =
        new ObjectMapper()
            .readValue(
                "{\"version\": 1, \"start\": \"2026-10-01T00:00:00Z\","
                    + " \"settled\": \"2026-11-01T00:00:00Z\", \"replay\": "
                    + json
                    + "}",
                Map.class);
    Map<String, Object> map = new HashMap<>();
    byHand.forEach((key, value) -> map.put(String.valueOf(key), value));

    SplitOffset offset = codec.decode(DAY, map);

    assertThat(offset.replayedTo()).isEqualTo(SplitOffset.WHEN_OPENED);
    assertThat(codec.encode(offset)).containsEntry("replay", true);
    assertThat(codec.encode(fixed())).doesNotContainKey("replay");
  }

  @RepeatedTest(50)
  void keepsEveryOffset(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    SplitOffset offset = random(new SplittableRandom(seed));
    Map<String, Object> unordered = new HashMap<>(codec.encode(offset));

    assertThat(codec.decode(DAY, unordered)).as("seed %d", seed).isEqualTo(offset);
  }

  // ---- the lazy form

  @Test
  void makesALazyMapThatEqualsTheEagerOne() {
    Map<String, Object> lazy = codec.lazily(new RecordOffset.OfDay(DAY, OffsetCodecTest::fixed));
    Map<String, Object> eager = codec.encode(fixed());

    assertThat(lazy).isEqualTo(eager).hasToString(eager.toString());
    assertThat(eager).isEqualTo(lazy);
    assertThat(lazy.get("settled")).isEqualTo(eager.get("settled"));
    assertThat(lazy.keySet()).containsExactlyElementsOf(eager.keySet());
  }

  @Test
  void asksForTheOffsetOfALazyMapOnceAndOnlyWhenItIsLookedInto() {
    AtomicInteger asked = new AtomicInteger();
    Map<String, Object> lazy =
        codec.lazily(
            new RecordOffset.OfDay(
                DAY,
                () -> {
                  asked.incrementAndGet();
                  return fixed();
                }));
    // An exactly-once worker takes the hash of every record.
    assertThat(lazy.hashCode())
        .isEqualTo(codec.lazily(new RecordOffset.OfDay(DAY, OffsetCodecTest::fixed)).hashCode());
    assertThat(asked).hasValue(0);

    assertThat(lazy).containsEntry("version", VERSION).containsKey("start").hasSize(8);
    assertThat(asked).hasValue(1);
  }

  // ---- partitions

  @Test
  void readsItsOwnPartitions() {
    assertThat(codec.split(codec.partition(DAY))).isEqualTo(DAY);
    assertThat(codec.split(Map.of("split", "2024-02-29", "feed", "call-center")))
        .isEqualTo(new Split(LocalDate.of(2024, 2, 29)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'feed':'call-center'}",
        "{'split':'2026-11-01'}",
        "{'feed':'other','split':'2026-11-01'}",
        "{'feed':'call-center','split':20261101}",
        "{'feed':'call-center','split':null}",
        "{'feed':'call-center','split':'2026-11-01','task':0}",
        "{'file':'x'}",
        "{'feed':'call-center','split':'2026-11-31'}",
        "{'feed':'call-center','split':'yesterday'}",
        "{'feed':'call-center','split':''}",
      })
  void refusesAForeignPartitionAndShowsARightOne(String partition) throws IOException {
    Map<String, Object> foreign = JSON.readValue(partition.replace('\'', '"'), MAP);

    assertThatThrownBy(() -> codec.split(foreign))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("{\"feed\": \"call-center\", \"split\": \"2026-11-01\"}");
  }

  // ---- refusals

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version | | it has no number 'version'",
        "version | 1 | it has no number 'version'",
        "start | | 'start' is not a time like 2026-11-01T00:00:00Z",
        "start | yesterday | 'start' is not a time like 2026-11-01T00:00:00Z",
        "start | 2026-11-01 | 'start' is not a time like 2026-11-01T00:00:00Z",
        "start | 2026-10-01T00:00:00.5Z | 'start' is not in whole seconds",
        "settled | | 'settled' is not a time like 2026-11-01T00:00:00Z",
        "settled | 2026-11-01T00:00:00 | 'settled' is not a time like 2026-11-01T00:00:00Z",
        "settled | 2026-10-31T23:59:59Z | 'settled' lies outside of the day",
        "settled | 2026-11-02T00:00:01Z | 'settled' lies outside of the day",
        "settled | 2026-11-01T08:00:01Z | its windows overlap or lie outside of the day",
        "settle | 2026-11-01T08:00:00Z | it holds an unknown 'settle'",
        "settled days | | its settled days are not of the form",
        "settled days | 2026-10-30 | its settled days are not of the form",
        "settled days | 2026-10-30= | its settled days are not of the form",
        "settled days | 2026-10-30=a  2026-10-31=b | its settled days are not of the form",
        "settled days | 2026-02-30=a | its settled days name a day that does not exist",
        "replay | yes | 'replay' is not a time like 2026-11-01T00:00:00Z",
        "taken up | soon | 'taken up' is not a time like 2026-11-01T00:00:00Z",
        "window noon | x | a window is not of the form",
        "window 2026-11-01T12:00:00Z | | a window is not of the form",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z | a window is not of the form",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z done total=0 sent=0 late=0 updated=0 ids= | a window is"
            + " not of the form",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=x sent=0 late=0 updated=0 ids= | a window is"
            + " not of the form",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=0 sent=-1 late=0 updated=0 ids= | a window is"
            + " not of the form",
        "window 2026-11-01T12:00:00Z | noon read total=0 sent=0 late=0 updated=0 ids= | a window's time is not like"
            + " 2026-11-01T00:00:00Z",
        "window noon | 2026-11-01T13:00:00Z read total=0 sent=0 late=0 updated=0 ids= | a window's time is not like"
            + " 2026-11-01T00:00:00Z",
        "window 2026-11-01T12:00:00Z | 2026-11-01T11:00:00Z read total=0 sent=0 late=0 updated=0 ids= | Not a range"
            + " of whole seconds",
        "window 2026-11-01T12:00:00.5Z | 2026-11-01T13:00:00Z read total=0 sent=0 late=0 updated=0 ids= | Not a"
            + " range of whole seconds",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=3 sent=3 late=0 updated=0 ids= |"
            + " says sent=3",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=0 sent=0 late=0 updated=0 ids=A | ",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=1 sent=1 late=0 updated=0 ids=//// | ",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=99999999999999999999 sent=0"
            + " ids= | ",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=1 sent=99999999999 late=0 updated=0 ids= | ",
        "window 2026-11-01T23:00:00Z | 2026-11-02T00:00:01Z read total=0 sent=0 late=0 updated=0 ids= | its windows"
            + " overlap or lie outside of the day",
        "window 2026-11-01T07:00:00Z | 2026-11-01T08:00:01Z read total=0 sent=0 late=0 updated=0 ids= | its windows"
            + " overlap or lie outside of the day",
        "window 2026-11-01T08:30:00Z | 2026-11-01T08:45:00Z read total=0 sent=0 late=0 updated=0 ids= | its windows"
            + " overlap or lie outside of the day",
        "window 2026-11-01T09:59:59Z | 2026-11-01T12:00:00Z read total=0 sent=0 late=0 updated=0 ids= | its windows"
            + " overlap or lie outside of the day"
      })
  void refusesAnOffsetThatItCannotTrustAndSaysHowToGetOut(
      String key, String value, String problem) {
    Map<String, Object> damaged = new HashMap<>(codec.encode(fixed()));
    damaged.put(key, value);

    assertThatThrownBy(() -> codec.decode(DAY, damaged))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("The stored offset of split 2026-11-01 cannot be used: ")
        .hasMessageContaining(problem == null ? "" : problem)
        .hasMessageEndingWith(WAY_OUT);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4, -1, 4711})
  void refusesAnotherVersionAndNamesBoth(long version) {
    Map<String, Object> other = new HashMap<>(codec.encode(fixed()));
    other.put("version", version);

    assertThatThrownBy(() -> codec.decode(DAY, other))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("its version is " + version + ", and this connector reads 1 to 3")
        .hasMessageEndingWith(WAY_OUT);
  }

  @Test
  void refusesAnOffsetOfAnotherDay() {
    assertThatThrownBy(() -> codec.decode(DAY.next(), codec.encode(fixed())))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("split 2026-11-02")
        .hasMessageContaining("'settled' lies outside of the day");
  }

  /** Of two statements about one time, neither can be taken for what was meant. */
  @ParameterizedTest
  @ValueSource(strings = {"2026-11-01T00:00:00Z", "2026-11-01T03:00:00Z"})
  void refusesToStoreAWindowBeforeWhatIsSettled(String from) {
    Map<String, Object> written = new HashMap<>(codec.encode(fixed()));
    written.put("window " + from, "2026-11-01T05:00:00Z read total=0 sent=0 late=0 updated=0 ids=");

    assertThatThrownBy(() -> codec.check(codec.partition(DAY), written, LATER))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("it has windows before 'settled'; leave them out");
  }

  /** What a later start has put aside. */
  @Test
  void storesAWindowBeforeTheStart() {
    Map<String, Object> written = new HashMap<>(codec.encode(fixed()));
    written.put("start", "2026-11-01T05:00:00Z");
    written.put(
        "window 2026-11-01T03:00:00Z",
        "2026-11-01T05:00:00Z read total=0 sent=0 late=0 updated=0 ids=");

    codec.check(codec.partition(DAY), written, LATER);

    assertThat(codec.decode(DAY, written).windows()).hasSize(4);
  }

  // ---- helpers

  private static SplitOffset fixed() {
    return new SplitOffset(
        Instant.parse("2026-10-01T00:00:00Z"),
        Instant.parse("2026-11-01T08:00:00Z"),
        List.of(
            new WindowOffset(
                range("2026-11-01T08:00:00Z", "2026-11-01T09:00:00Z"),
                State.READ,
                2,
                new LateCounts(1, 4),
                IdSet.of(List.of("26110116301700042", "26110116303100077"))),
            new WindowOffset(
                range("2026-11-01T09:00:00Z", "2026-11-01T09:30:00Z"),
                State.SETTLED,
                WindowOffset.UNKNOWN,
                LateCounts.NONE,
                IdSet.EMPTY),
            new WindowOffset(
                range("2026-11-01T09:45:00Z", "2026-11-01T10:00:00Z"),
                State.PARTIAL,
                WindowOffset.UNKNOWN,
                LateCounts.NONE,
                IdSet.of(List.of("007", "b2f1-é", "b2f1-ü")))),
        SettledDays.NONE.plus(day(30), "Yw0Sm1pTZzcx").plus(day(31), SettledDays.WITHOUT_OFFSET),
        Instant.parse("2026-11-01T07:12:45Z"));
  }

  private static Split day(int dayOfOctober) {
    return new Split(LocalDate.of(2026, 10, dayOfOctober));
  }

  private static TimeRange range(String from, String to) {
    return new TimeRange(Instant.parse(from), Instant.parse(to));
  }

  private static Map<String, Object> stringKeys(Map<?, ?> map) {
    Map<String, Object> result = new HashMap<>();
    map.forEach((key, value) -> result.put((String) key, value));
    return result;
  }

  private static SplitOffset random(RandomGenerator random) {
    long second = DAY.range().from().getEpochSecond() + random.nextInt(10_000);
    Instant settled = Instant.ofEpochSecond(second);
    List<WindowOffset> windows = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      second += random.nextInt(100);
      Instant from = Instant.ofEpochSecond(second);
      second += random.nextInt(1, 3_000);
      List<String> ids = new ArrayList<>();
      Map<String, Integer> prints = new HashMap<>();
      for (int id = random.nextInt(30); id > 0; id--) {
        ids.add(Long.toString(random.nextLong(1_000_000_000_000L)));
        prints.put(ids.get(ids.size() - 1), random.nextInt());
      }
      windows.add(
          new WindowOffset(
              new TimeRange(from, Instant.ofEpochSecond(second)),
              STATES.get(random.nextInt(STATES.size())),
              random.nextLong(-1, 100_000),
              new LateCounts(random.nextInt(10), random.nextInt(10)),
              random.nextBoolean() ? IdSet.of(ids) : IdSet.of(prints)));
    }
    SettledDays settledDays = SettledDays.NONE;
    for (int day = random.nextInt(1, 32); random.nextBoolean() && day < 32; day++) {
      settledDays = settledDays.plus(day(day), Long.toHexString(random.nextLong()));
    }
    return new SplitOffset(
        Instant.ofEpochSecond(random.nextInt(Math.toIntExact(DAY.range().to().getEpochSecond()))),
        settled,
        windows,
        settledDays,
        random.nextBoolean() ? null : Instant.ofEpochSecond(random.nextInt()),
        null,
        replayedTo(random),
        null);
  }

  private static @Nullable Instant replayedTo(RandomGenerator random) {
    return switch (random.nextInt(3)) {
      case 0 -> null;
      case 1 -> SplitOffset.WHEN_OPENED;
      default -> Instant.ofEpochSecond(random.nextInt());
    };
  }
}
