package io.callrecords.connect.schedule;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.state.TaskSplits;
import io.callrecords.connect.state.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The moment up to which new records have been requested, and how it moves with the present. */
public final class LiveEdge {
  private static final Logger LOG = LoggerFactory.getLogger(LiveEdge.class);

  /** How far back the edge starts, at first and when it has fallen behind. */
  private static final Duration LOOKBACK = Duration.ofSeconds(60);

  /** A clock that is set back by less is not worth a line. */
  private static final Duration LOGGED_JUMP = Duration.ofMinutes(1);

  private static final Duration SILENCE = Duration.ofHours(6);

  private final ReadOptions options;
  private final WindowLimits limits;
  private final TaskSplits splits;
  private final Consumer<TimeRange> reader;
  private final Instant first;
  private Instant edge;
  private @Nullable Duration loggedAt;

  private LiveEdge(
      ReadOptions options,
      WindowLimits limits,
      TaskSplits splits,
      Instant first,
      Instant edge,
      Consumer<TimeRange> reader) {
    this.options = options;
    this.limits = limits;
    this.splits = splits;
    this.reader = reader;
    this.first = first;
    this.edge = later(first, edge);
  }

  /**
   * An edge that stands at the end of what has been read.
   *
   * @param openFrom where the open end begins: what lies before it is not wanted or read by another
   *     task, and the present may do so for a while when the worker's clock is ahead of the
   *     server's
   * @param reader reads what is requested at the edge; each range lies in one day
   */
  static LiveEdge of(
      ReadOptions options,
      WindowLimits limits,
      TaskSplits splits,
      Split openFrom,
      Consumer<TimeRange> reader) {
    Instant first = later(openFrom.range().from(), options.start());
    return new LiveEdge(options, limits, splits, first, splits.readTo(), reader);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /**
   * Moves the edge near the present when it is far behind; what it leaves out becomes backlog.
   *
   * @param present the end of what can be requested
   * @param now the API's time: a range that ended a while ago is backlog to its end
   * @param uptime the time since some fixed moment
   */
  void catchUp(Instant present, Instant now, Duration uptime) {
    if (edge.isAfter(present) && edge.isAfter(first)) {
      logSetBack(present, uptime);
      moveTo(later(first, present));
    }
    Duration interval = options.pollInterval().multipliedBy(2);
    Duration allowed = interval.compareTo(LOOKBACK) > 0 ? interval : LOOKBACK;
    if (Duration.between(present, now).compareTo(allowed) > 0) {
      moveTo(later(first, present));
    } else if (Duration.between(edge, present).compareTo(allowed) > 0) {
      moveTo(later(first, present.minus(LOOKBACK)));
    }
  }

  private void moveTo(Instant moment) {
    if (!moment.equals(edge)) {
      LOG.debug("Moved the live edge from {} to {}, near the present", edge, moment);
      edge = moment;
    }
  }

  /** Where several servers answer, whose clocks differ, it is set back again and again. */
  private void logSetBack(Instant present, Duration uptime) {
    Duration last = loggedAt;
    boolean isNews = last == null || uptime.minus(last).compareTo(SILENCE) > 0;
    if (isNews && Duration.between(present, edge).compareTo(LOGGED_JUMP) > 0) {
      loggedAt = uptime;
      LOG.warn(
          "The API's clock was set back from {} to {}. The connector reads the time in between again,"
              + " except for what is settled (late.arrival.ms). Further jumps are not logged for {}"
              + " hours.",
          edge,
          present,
          SILENCE.toHours());
    }
  }

  /**
   * What is unread before this is backlog: the edge itself, or the present while the open end has
   * not begun by the server's clock.
   */
  Instant backlogEnd(Instant present) {
    return edge.isBefore(present) ? edge : present;
  }

  /**
   * Requests what lies between the edge and the present, together with the youngest window as long
   * as the two fit into a page, and moves the edge.
   *
   * @param rechecking windows there are left alone: of two readings, the older could come last
   */
  void readUpTo(Instant present, RangeSet rechecking) {
    if (!edge.isBefore(present)) {
      return;
    }
    Instant start = startOfYoungest(present, rechecking);
    LOG.debug("Requesting new records from {} to {} (live edge {})", start, present, edge);
    edge = present;
    TimeRange wanted = new TimeRange(start, present);
    Split.allOf(wanted).map(split -> split.range().intersection(wanted)).forEach(reader);
  }

  private Instant startOfYoungest(Instant present, RangeSet rechecking) {
    Window youngest = splits.unsettled().youngest();
    if (youngest == null) {
      return edge;
    }
    boolean joins =
        youngest.range().to().equals(edge)
            && limits.isSmall(youngest.offset().ids().size())
            && limits.mayGrowTo(new TimeRange(youngest.range().from(), present))
            && !rechecking.overlaps(youngest.range());
    return joins ? youngest.range().from() : edge;
  }
}
