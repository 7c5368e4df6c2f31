package io.callrecords.cli.check;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the offset with which a request's times are written.
 *
 * @param value {@code honoured} or {@code dropped}; null where it could not be told
 * @param answers what shows it
 */
record OffsetUse(@Nullable String value, List<ApiAnswer> answers) {
  static final String HONOURED = "honoured";
  static final String DROPPED = "dropped";
  private static final int MARGIN = 2;
  private static final int SHIFT = 3;

  static OffsetUse of(Survey survey) throws InterruptedException {
    TimeLocation location = survey.location();
    Instant moment = location.moment();
    String id = location.callId();
    if (moment == null || id == null) {
      return new OffsetUse(null, List.of());
    }
    int seconds = survey.offset(moment).getTotalSeconds();
    int shift = seconds > 0 ? -SHIFT * 3600 : SHIFT * 3600;
    ZoneOffset other = ZoneOffset.ofTotalSeconds(seconds + shift);
    ApiAnswer same = ask(survey, moment, other);
    // With the other offset, the same date and time of day mean another moment.
    ApiAnswer shown = ask(survey, moment.minusSeconds(shift), other);
    String value = same.has(id) == shown.has(id) ? null : same.has(id) ? HONOURED : DROPPED;
    return new OffsetUse(value, List.of(same, shown));
  }

  private static ApiAnswer ask(Survey survey, Instant moment, ZoneOffset offset)
      throws InterruptedException {
    return survey
        .caller()
        .ask(
            new ApiQuestion(
                moment.minusSeconds(MARGIN),
                moment.plusSeconds(MARGIN),
                offset,
                1,
                100,
                Duration.ZERO));
  }
}
