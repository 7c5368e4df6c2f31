package io.callrecords.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.offset.SegmentOffset.DayClaim;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.OffsetUtils;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that a segment of the journal is read as it was written, and nothing else is. */
class SegmentCodecTest {
  private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");
  private static final Split DAY = new Split(LocalDate.of(2026, 11, 1));
  private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

  private final OffsetCodec codec = new OffsetCodec("call-center");

  @RepeatedTest(50)
  @SuppressWarnings("unchecked")
  void readsBackWhatTheWorkersConverterMakesOfIt(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    SegmentOffset offset = offset(new SplittableRandom(seed));
    Map<String, Object> map = encode(offset);
    OffsetUtils.validateFormat(map);
    Map<String, Object> read;
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false"), false);
      byte[] stored = converter.fromConnectData("offsets", null, map);
      read = (Map<String, Object>) converter.toConnectData("offsets", stored).value();
    }

    SegmentOffset decoded = codec.decodeSegment(offset.number(), read);

    assertThat(decoded).as("seed %d", seed).isEqualTo(offset);
    // Two sets are equal by ids and fingerprints alone.
    offset
        .ids()
        .forEach(
            (day, ids) ->
                ids.forEachMark(
                    (id, mark) ->
                        assertThat(decoded.ids().get(day).mark(id))
                            .as("seed %d, %s", seed, id)
                            .isEqualTo(mark)));
    codec.check(codec.segmentPartition(offset.number()), read, LATER);
  }

  @Test
  void itsPartitionIsThatOfADayWithAnotherName() {
    assertThat(codec.segmentPartition(12))
        .containsExactly(Map.entry("feed", "call-center"), Map.entry("split", "segment 12"));
    assertThat(codec.segment(codec.segmentPartition(12))).isEqualTo(12);
    assertThat(codec.segment(codec.partition(DAY))).isZero();
    assertThat(codec.segment(Map.of("feed", "others", "split", "segment 12"))).isZero();
    assertThat(codec.segment(Map.of("feed", "call-center", "split", "segment 0"))).isZero();
    assertThat(codec.segment(Map.of("feed", "call-center", "split", "segment 1234567"))).isZero();
  }

  @Test
  void mayBeForgottenByAPerson() {
    assertThatCode(() -> codec.check(codec.segmentPartition(3), null, LATER))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version           | 2                                   | its version is 2",
        "sequence          | many                                | it has no number 'sequence'",
        "start             | yesterday                           | 'start' is not a time",
        "day 2026-11-01    | read                                | a day is not of the form",
        "day 2026-11-01    | journal=a named=yes settled=x read= | a time of a day is not like",
        "day 2026-13-01    | journal=a named=yes settled=x read= | a day that does not exist",
        "ids 2026-11-01    | sent=1                              | ids are not of the form",
        "ids 2026-11-01    | sent=2 ids=EQHfqKvd1tCeLgAA at=osYB | but says sent=2",
        "ids 2026-11-01    | sent=1 ids=EQHfqKvd1tCeLgAA at=AAAA | it goes on after its end",
        "ids 2026-11-05    | sent=1 ids=EQHfqKvd1tCeLgAA at=osYB | a day of which it says nothing",
        "window 2026-11-01 | read                                | it holds an unknown 'window"
      })
  void refusesWhatIsNoneAndSaysWhyAndWhatToDo(String key, String value, String problem) {
    Map<String, Object> map = encode(offset(new SplittableRandom(1)));
    map.keySet().removeIf(other -> other.startsWith("ids "));
    map.put(key, key.equals("version") ? (Object) Long.valueOf(value) : value);

    assertThatThrownBy(() -> codec.check(codec.segmentPartition(7), map, LATER))
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("Not an offset of segment 7: ")
        .hasMessageContaining(problem)
        .hasMessageContaining("or null for this partition");
  }

  private Map<String, Object> encode(SegmentOffset offset) {
    return new HashMap<>(codec.encode(new RecordOffset.OfSegment(offset.number(), () -> offset)));
  }

  private static SegmentOffset offset(RandomGenerator random) {
    TreeMap<Split, DayClaim> days = new TreeMap<>();
    TreeMap<Split, IdSet> ids = new TreeMap<>();
    for (Split day : List.of(DAY, DAY.next())) {
      Instant from = day.range().from();
      days.put(
          day,
          new DayClaim(
              from.plusSeconds(5).toString(),
              random.nextBoolean(),
              from.plusSeconds(random.nextInt(86_400)),
              random.nextBoolean()
                  ? List.of()
                  : List.of(
                      new TimeRange(from, from.plusSeconds(60)),
                      new TimeRange(from.plusSeconds(90), from.plusSeconds(100))),
              random.nextBoolean()
                  ? List.of()
                  : List.of(
                      new TimeRange(from.plusSeconds(110), from.plusSeconds(120)),
                      new TimeRange(from.plusSeconds(130), day.range().to()))));
      Map<String, Long> marks = new HashMap<>();
      for (int i = random.nextInt(1, 40); i > 0; i--) {
        String id = random.nextBoolean() ? "2611011630" + random.nextInt(9_999) : "é-" + i;
        long mark = IdMark.of(random.nextInt(), from.getEpochSecond() + random.nextInt(86_400));
        LateCounts counts =
            new LateCounts(random.nextInt(2), random.nextInt(3) == 0 ? random.nextInt(9) : 0);
        marks.put(id, IdMark.plus(mark, counts));
      }
      ids.put(day, IdSet.ofMarks(marks));
    }
    return new SegmentOffset(
        random.nextInt(1, 999), random.nextInt(), START, days, ids, SettledDays.NONE);
  }
}
