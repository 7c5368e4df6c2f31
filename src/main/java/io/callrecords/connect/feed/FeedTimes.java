package io.callrecords.connect.feed;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the settings interpret the times of a feed's records, and how else they could be meant.
 *
 * @param feed the feed
 * @param field the configured field by which the API filters ({@code query.time.field})
 * @param zone the configured zone of the API's naive times ({@code api.time.zone})
 */
public record FeedTimes(Feed feed, String field, ZoneId zone) {
  private static final int QUARTER_HOUR = 15 * 60;
  private static final int FIRST_OFFSET = -12 * 3600;
  private static final int LAST_OFFSET = 14 * 3600;

  /** The offset in the API's other samples. */
  private static final int USUAL_OFFSET = 8 * 3600;

  /**
   * One way to interpret a record's time.
   *
   * @param field the field by which the API filters
   * @param zone the zone of the API's naive times
   * @param time the time that the record has in this interpretation
   */
  public record TimeInterpretation(String field, ZoneId zone, Instant time) {}

  /** The interpretation of the settings. */
  public TimeInterpretation asConfigured(FeedRecord record) {
    return new TimeInterpretation(field, zone, Instant.ofEpochSecond(record.time()));
  }

  /**
   * All other interpretations that the settings could have: by another field, in another zone, or
   * both. The likeliest come first.
   */
  public List<TimeInterpretation> alternatives(FeedRecord record) {
    List<TimeInterpretation> interpretations = new ArrayList<>();
    List<String> fields = new ArrayList<>(List.of(feed.startField(), feed.endField()));
    fields.remove(field);
    fields.forEach(other -> add(interpretations, record, other, zone));
    fields.add(0, field);
    List<Integer> offsets =
        IntStream.iterate(FIRST_OFFSET, at -> at <= LAST_OFFSET, at -> at + QUARTER_HOUR)
            .boxed()
            .sorted(Comparator.comparing(FeedTimes::rarity).thenComparing(FeedTimes::farness))
            .toList();
    for (String any : fields) {
      offsets.forEach(at -> add(interpretations, record, any, ZoneOffset.ofTotalSeconds(at)));
    }
    return interpretations;
  }

  /** Most zones are whole hours from UTC, a few are halves, and two are quarters. */
  private static int rarity(int offset) {
    return offset % (4 * QUARTER_HOUR) == 0 ? 0 : offset % (2 * QUARTER_HOUR) == 0 ? 1 : 2;
  }

  private static int farness(int offset) {
    return Math.abs(offset - USUAL_OFFSET);
  }

  private void add(
      List<TimeInterpretation> interpretations, FeedRecord record, String any, ZoneId otherZone) {
    LocalDateTime local = local(record, any);
    if (local == null) {
      return;
    }
    Instant time = local.atZone(otherZone).toInstant();
    boolean isConfigured = time.getEpochSecond() == record.time() && any.equals(field);
    if (!isConfigured && interpretations.stream().noneMatch(known -> known.time().equals(time))) {
      interpretations.add(new TimeInterpretation(any, otherZone, time));
    }
  }

  /** The time as the API has sent it, without a zone; null where the record has none. */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private @Nullable LocalDateTime local(FeedRecord record, String any) {
    return record.value().get(any) instanceof Date date
        ? LocalDateTime.ofInstant(date.toInstant(), zone)
        : null;
  }

  /**
   * How much a record can prove about the settings.
   *
   * @return 2 for zone and field, 1 for the zone only, because its two times hardly differ, and 0
   *     where its time occurred twice because clocks were set back, or never
   */
  public int evidence(FeedRecord record) {
    LocalDateTime own = local(record, field);
    if (own == null || zone.getRules().getValidOffsets(own).size() != 1) {
      return 0;
    }
    LocalDateTime start = local(record, feed.startField());
    LocalDateTime end = local(record, feed.endField());
    return start != null && end != null && start.plusSeconds(3).isBefore(end) ? 2 : 1;
  }
}
