package io.callrecords.connect.split;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The moments at which the clocks of a zone are set, and where ranges are cut because of them.
 *
 * <p>When clocks are set back, the times of an hour come twice, and a record's time does not say
 * which of the two it means: only the range does that was requested. So ranges are cut at the
 * transition and once more in the middle of either occurrence. Then no query holds a time twice,
 * although it covers a second more on both sides.
 */
public final class ZoneTransitions {
  /** Those of a zone whose clocks are never set. */
  public static final ZoneTransitions NONE = of(ZoneOffset.UTC);

  /** Clocks are set by less than that. */
  private static final Duration LARGEST_CHANGE = Duration.ofDays(1);

  private final ZoneRules rules;

  private ZoneTransitions(ZoneRules rules) {
    this.rules = rules;
  }

  /** Those of a zone. */
  public static ZoneTransitions of(ZoneId zone) {
    return new ZoneTransitions(zone.getRules());
  }

  /**
   * Times that come twice, because clocks are set back.
   *
   * @param first when they come first; ends with the transition
   * @param second when they come again; begins with the transition
   */
  public record RepeatedTimes(TimeRange first, TimeRange second) {
    private static RepeatedTimes of(ZoneOffsetTransition overlap) {
      Instant at = overlap.getInstant();
      Duration length = overlap.getDuration().negated();
      return new RepeatedTimes(
          new TimeRange(at.minus(length), at), new TimeRange(at, at.plus(length)));
    }

    /** How many seconds lie between the two moments of a time. */
    public long seconds() {
      return first.seconds();
    }
  }

  /** Cuts a range, so that no query for a piece spans a transition or holds a time twice. */
  public List<TimeRange> cut(TimeRange range) {
    if (rules.isFixedOffset()) {
      return List.of(range);
    }
    List<TimeRange> pieces = new ArrayList<>();
    Instant[] start = {range.from()};
    visitBorders(
        range.from(),
        range.to(),
        border -> {
          if (start[0].isBefore(border) && border.isBefore(range.to())) {
            pieces.add(new TimeRange(start[0], border));
            start[0] = border;
          }
        });
    pieces.add(new TimeRange(start[0], range.to()));
    return pieces;
  }

  /** Whether ranges are cut at a moment, so that windows that meet there stay apart. */
  public boolean isBorder(Instant moment) {
    boolean[] found = {false};
    visitBorders(moment, moment, border -> found[0] = found[0] || border.equals(moment));
    return found[0];
  }

  /** Visits all borders that may lie between two moments, and some beside, in order. */
  private void visitBorders(Instant from, Instant to, Consumer<Instant> visitor) {
    for (ZoneOffsetTransition transition : near(from, to)) {
      if (transition.isOverlap()) {
        RepeatedTimes times = RepeatedTimes.of(transition);
        visitor.accept(middle(times.first()));
        visitor.accept(transition.getInstant());
        visitor.accept(middle(times.second()));
      } else {
        visitor.accept(transition.getInstant());
      }
    }
  }

  private static Instant middle(TimeRange range) {
    return range.from().plusSeconds(range.seconds() / 2);
  }

  /** The transitions that concern the time between two moments, in order. */
  private List<ZoneOffsetTransition> near(Instant from, Instant to) {
    List<ZoneOffsetTransition> transitions = new ArrayList<>();
    Instant end = to.plus(LARGEST_CHANGE);
    ZoneOffsetTransition next = rules.nextTransition(from.minus(LARGEST_CHANGE));
    while (next != null && !next.getInstant().isAfter(end)) {
      transitions.add(next);
      next = rules.nextTransition(next.getInstant());
    }
    return transitions;
  }

  /** The times that come for the second time in a range; null when there are none. */
  public @Nullable RepeatedTimes repeatedIn(TimeRange range) {
    for (ZoneOffsetTransition transition : near(range.from(), range.to())) {
      if (transition.isOverlap()) {
        RepeatedTimes times = RepeatedTimes.of(transition);
        if (times.second().overlaps(range)) {
          return times;
        }
      }
    }
    return null;
  }

  /**
   * When the times before a moment are over for good: the moment itself, or the same time of the
   * second occurrence where they come twice.
   */
  public Instant lastOccurrence(Instant end) {
    for (ZoneOffsetTransition transition : near(end, end)) {
      if (transition.isOverlap()) {
        RepeatedTimes times = RepeatedTimes.of(transition);
        if (times.first().contains(end.minusSeconds(1).getEpochSecond())) {
          return end.plusSeconds(times.seconds());
        }
      }
    }
    return end;
  }

  /**
   * Whether one total may be requested for a range that has been read in pieces. Where the API
   * drops the offset of a range, one that begins or ends with times that come twice has another
   * total than its pieces, or ends before it begins.
   */
  public boolean hasOneTotal(TimeRange range) {
    for (ZoneOffsetTransition transition : near(range.from(), range.to())) {
      Instant at = transition.getInstant();
      boolean spans = range.from().isBefore(at) && at.isBefore(range.to());
      if (spans && transition.isOverlap()) {
        RepeatedTimes times = RepeatedTimes.of(transition);
        TimeRange both = new TimeRange(times.first().from(), times.second().to());
        if (!range.contains(both)) {
          return false;
        }
      }
    }
    return true;
  }
}
