package io.callrecords.connect.state;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was settled because the API returned nothing for it, once: an outage may look like that. A
 * total, or a second reading at another moment, confirms it. Until then offsets leave it unread, so
 * that another run reads it again.
 */
final class UnconfirmedRanges {
  private final TreeMap<Instant, EmptyRange> byStart = new TreeMap<>();

  /**
   * A range.
   *
   * @param readAt when all of it had been read, in server time
   */
  private record EmptyRange(TimeRange range, Instant readAt) {
    boolean isFollowedBy(EmptyRange next) {
      boolean isSoon =
          Duration.between(readAt, next.readAt)
                  .abs()
                  .compareTo(RecheckPolicy.BETWEEN_DOUBTFUL_READS)
              < 0;
      return isSoon && range.to().equals(next.range.from());
    }

    EmptyRange with(EmptyRange next) {
      return new EmptyRange(
          new TimeRange(range.from(), next.range.to()),
          readAt.isAfter(next.readAt) ? readAt : next.readAt);
    }
  }

  /**
   * Adds a range.
   *
   * @param readAt when it was read, in server time
   */
  void add(TimeRange range, Instant readAt) {
    remove(range);
    EmptyRange merged = new EmptyRange(range, readAt);
    Map.Entry<Instant, EmptyRange> before = byStart.lowerEntry(range.from());
    if (before != null && before.getValue().isFollowedBy(merged)) {
      merged = before.getValue().with(merged);
      byStart.remove(before.getKey());
    }
    EmptyRange after = byStart.get(range.to());
    if (after != null && merged.isFollowedBy(after)) {
      merged = merged.with(after);
      byStart.remove(range.to());
    }
    byStart.put(merged.range().from(), merged);
  }

  /** Removes a range: it is confirmed, or it is not empty. */
  void remove(TimeRange range) {
    for (EmptyRange other : overlapping(range)) {
      byStart.remove(other.range().from());
      other
          .range()
          .minus(List.of(range))
          .forEach(part -> byStart.put(part.from(), new EmptyRange(part, other.readAt())));
    }
  }

  /** Removes what lies before a moment: the API does not return it any more. */
  void removeBefore(Instant moment) {
    if (!byStart.isEmpty() && byStart.firstKey().isBefore(moment)) {
      remove(new TimeRange(byStart.firstKey(), moment));
    }
  }

  /** The parts of a range that are unconfirmed, in order. */
  List<TimeRange> within(TimeRange range) {
    return within(range, Instant.MAX);
  }

  /** Those of them that had been read by then. */
  List<TimeRange> within(TimeRange range, Instant readBy) {
    List<TimeRange> parts = new ArrayList<>();
    for (EmptyRange other : overlapping(range)) {
      if (!other.readAt().isAfter(readBy)) {
        TimeRange part = range.intersection(other.range());
        TimeRange last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        if (last != null && last.to().equals(part.from())) {
          parts.set(parts.size() - 1, new TimeRange(last.from(), part.to()));
        } else {
          parts.add(part);
        }
      }
    }
    return parts;
  }

  private List<EmptyRange> overlapping(TimeRange range) {
    return RangesByStart.overlapping(byStart, range, EmptyRange::range);
  }
}
