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
 * What the times of a feed's records are taken for, and what else they could be.
 *
 * @param feed the feed
 * @param field the field by which the API is said to filter
 * @param zone the zone that the API's naive times are said to be of
 */
public record FeedTimes(Feed feed, String field, ZoneId zone) {
  private static final int QUARTER_HOUR = 15 * 60;
  private static final int FIRST_OFFSET = -12 * 3600;
  private static final int LAST_OFFSET = 14 * 3600;

  /** The platform's other samples carry it. */
  private static final int USUAL_OFFSET = 8 * 3600;

  /**
   * A reading of a record.
   *
   * @param field the field by which the API filters
   * @param zone the zone of the API's naive times
   * @param time the moment that the record then has
   */
  public record TimeInterpretation(String field, ZoneId zone, Instant time) {}

  /** A record as the settings have it read. */
  public TimeInterpretation asConfigured(FeedRecord record) {
    return new TimeInterpretation(field, zone, Instant.ofEpochSecond(record.time()));
  }

  /**
   * The other ways to read a record that the settings allow: by another field, in another zone, or
   * both. The likeliest come first.
   */
  public List<TimeInterpretation> alternatives(FeedRecord record) {
    List<TimeInterpretation> readings = new ArrayList<>();
    List<String> fields = new ArrayList<>(List.of(feed.startField(), feed.endField()));
    fields.remove(field);
    fields.forEach(other -> add(readings, record, other, zone));
    fields.add(0, field);
    List<Integer> offsets =
        IntStream.iterate(FIRST_OFFSET, at -> at <= LAST_OFFSET, at -> at + QUARTER_HOUR)
            .boxed()
            .sorted(Comparator.comparing(FeedTimes::rarity).thenComparing(FeedTimes::farness))
            .toList();
    for (String any : fields) {
      offsets.forEach(at -> add(readings, record, any, ZoneOffset.ofTotalSeconds(at)));
    }
    return readings;
  }

  /** Most zones are whole hours from UTC, a few are halves, and two are quarters. */
  private static int rarity(int offset) {
    return offset % (4 * QUARTER_HOUR) == 0 ? 0 : offset % (2 * QUARTER_HOUR) == 0 ? 1 : 2;
  }

  private static int farness(int offset) {
    return Math.abs(offset - USUAL_OFFSET);
  }

  private void add(
      List<TimeInterpretation> readings, FeedRecord record, String any, ZoneId otherZone) {
    LocalDateTime local = local(record, any);
    if (local == null) {
      return;
    }
    Instant time = local.atZone(otherZone).toInstant();
    boolean known = time.getEpochSecond() == record.time() && any.equals(field);
    if (!known && readings.stream().noneMatch(reading -> reading.time().equals(time))) {
      readings.add(new TimeInterpretation(any, otherZone, time));
    }
  }

  /** What the API has sent, without a zone; null where the record has no such time. */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private @Nullable LocalDateTime local(FeedRecord record, String any) {
    return record.value().get(any) instanceof Date date
        ? LocalDateTime.ofInstant(date.toInstant(), zone)
        : null;
  }

  /**
   * How much a record can prove of the settings.
   *
   * @return 2 for zone and field, 1 for the zone since its two times hardly differ, and 0 when the
   *     clocks showed its time twice
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
