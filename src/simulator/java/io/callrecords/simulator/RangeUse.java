package io.callrecords.simulator;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongPredicate;

/** What the API makes of the range that a request asks for. */
public enum RangeUse {
  /** It answers for that range. */
  HONOURED,
  /** It answers for all times. */
  IGNORED,
  /** It answers for all times up to the end. */
  START_IGNORED,
  /** It answers for all times from the start on. */
  END_IGNORED,
  /** It answers for whole days of its zone. */
  WHOLE_DAYS,
  /** It answers for whole minutes. */
  WHOLE_MINUTES,
  /** It reads both ends as times of its zone, whatever their offset. */
  OFFSET_DROPPED;

  /** The seconds that an answer may hold, both ends included; {@link #test} tells which it does. */
  Selection.Seconds seconds(Instant from, Instant to, Bounds bounds, ZoneId zone) {
    long first = bounds.first(from.getEpochSecond());
    long last = bounds.last(to.getEpochSecond());
    return switch (this) {
      case HONOURED -> new Selection.Seconds(first, last);
      case IGNORED -> new Selection.Seconds(0, Integer.MAX_VALUE);
      case START_IGNORED -> new Selection.Seconds(0, last);
      case END_IGNORED -> new Selection.Seconds(first, Integer.MAX_VALUE);
      case WHOLE_DAYS ->
          new Selection.Seconds(
              midnight(day(from, zone), zone), midnight(day(to, zone).plusDays(1), zone) - 1);
      case WHOLE_MINUTES ->
          new Selection.Seconds(
              Math.floorDiv(from.getEpochSecond(), 60L) * 60,
              Math.floorDiv(to.getEpochSecond(), 60L) * 60 + 59);
      case OFFSET_DROPPED -> new Selection.Seconds(first - 86_400, last + 86_400);
    };
  }

  private static LocalDate day(Instant moment, ZoneId zone) {
    return moment.atZone(zone).toLocalDate();
  }

  private static long midnight(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone).toEpochSecond();
  }

  /** Which of these seconds an answer holds. */
  LongPredicate test(ApiRequest request, Bounds bounds, ZoneId zone) {
    String strTime = request.strTime();
    String endTime = request.endTime();
    if (this != OFFSET_DROPPED || strTime == null || endTime == null) {
      return second -> true;
    }
    long first = bounds.first(local(strTime));
    long last = bounds.last(local(endTime));
    return second -> {
      Instant moment = Instant.ofEpochSecond(second);
      long shown = second + zone.getRules().getOffset(moment).getTotalSeconds();
      return shown >= first && shown <= last;
    };
  }

  /** A time without its offset, in seconds of no zone. */
  private static long local(String text) {
    return LocalDateTime.parse(text.substring(0, "yyyy-MM-ddTHH:mm:ss".length()))
        .toEpochSecond(ZoneOffset.UTC);
  }

  /** Whether a request's end comes before its start. */
  boolean isReversed(ApiRequest request) {
    String strTime = request.strTime();
    String endTime = request.endTime();
    return this == OFFSET_DROPPED
        && strTime != null
        && endTime != null
        && local(endTime) < local(strTime);
  }
}
