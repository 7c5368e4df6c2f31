package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a time that is read by the day of the one before means the same moment. */
class NaiveTimeTest {
  private static final QueryRange NOTHING = new QueryRange(0, 0);
  private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+08:00",
        "Europe/Berlin",
        "America/New_York",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia"
      })
  void givesTheSameMomentAsTheZonesRules(String zone) {
    ZoneId rules = ZoneId.of(zone);
    NaiveTime times = new NaiveTime(rules);
    int quick = 0;
    int all = 0;
    LocalDateTime end = LocalDateTime.of(2019, 1, 1, 0, 0);
    for (LocalDateTime at = LocalDateTime.of(2011, 12, 1, 0, 0);
        at.isBefore(end);
        at = at.plusMinutes(97).plusSeconds(1)) {
      long expected = at.atZone(rules).toEpochSecond();
      String text = FORM.format(at);
      long known = times.ofSameDay(text.toCharArray(), 0);
      if (known != NaiveTime.UNKNOWN) {
        assertThat(known).as(text).isEqualTo(expected);
        quick++;
      } else {
        assertThat(times.epochSecond(text, NOTHING)).as(text).isEqualTo(expected);
      }
      all++;
    }
    assertThat(quick).isGreaterThan(all / 2);
  }

  @Test
  void readsAnHourThatComesTwiceByWhatWasAskedForWhateverCameBefore() {
    NaiveTime times = new NaiveTime(ZoneId.of("Europe/Berlin"));
    long first = LocalDateTime.of(2026, 10, 25, 0, 30).toEpochSecond(ZoneOffset.UTC);
    long second = first + 3600;
    times.epochSecond("2026-10-25 12:00:00", NOTHING);
    char[] twice = "2026-10-25 02:30:00".toCharArray();

    assertThat(times.ofSameDay(twice, 0)).isEqualTo(NaiveTime.UNKNOWN);
    assertThat(times.epochSecond("2026-10-25 02:30:00", new QueryRange(second, second)))
        .isEqualTo(second);
    assertThat(times.epochSecond("2026-10-25 02:30:00", new QueryRange(first, second)))
        .isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-10-25 02:30:00, 2026-10-25T00:30:00Z, 2026-10-25T01:30:00Z",
    "2026-10-25 02:30:00, 2026-10-25T01:30:00Z, 2026-10-25T00:30:00Z",
    "2026-10-25 02:00:00, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z",
    "2026-10-25 03:00:00, 2026-10-25T02:00:00Z,",
    "2026-03-29 01:30:00, 2026-03-29T00:30:00Z,",
    "2026-10-25 02:30:00+02:00, 2026-10-25T00:30:00Z,",
    "2026-10-25T00:30:00Z, 2026-10-25T00:30:00Z,"
  })
  void knowsTheOtherMomentOfATimeThatComesTwice(
      String text, Instant moment, @Nullable Instant other) {
    long expected = other == null ? NaiveTime.UNKNOWN : other.toEpochMilli();

    assertThat(new NaiveTime(ZoneId.of("Europe/Berlin")).otherMoment(text, moment.toEpochMilli()))
        .isEqualTo(expected);
    assertThat(new NaiveTime(ZoneOffset.UTC).otherMoment(text, moment.toEpochMilli()))
        .isEqualTo(NaiveTime.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-02 08:00:00",
        "2026-11-01_08:00:00",
        "2026-11-01 24:00:00",
        "2026-11-01 08:60:00",
        "2026-11-01 08:00:60",
        "2026-11-01 08:00:0x",
        "2026-11-01 08:00 00",
        "2026-11-01 08-00:00",
        "2026-11-01 -1:00:00"
      })
  void leavesWhatIsNotOfTheSameDayToBeReadWhole(String text) {
    NaiveTime times = new NaiveTime(ZoneOffset.UTC);
    times.epochSecond("2026-11-01 12:00:00", NOTHING);

    assertThat(times.ofSameDay(text.toCharArray(), 0)).isEqualTo(NaiveTime.UNKNOWN);
    assertThat(times.ofSameDay("2026-11-01T23:59:59".toCharArray(), 0))
        .isEqualTo(LocalDateTime.of(2026, 11, 1, 23, 59, 59).toEpochSecond(ZoneOffset.UTC));
  }
}
