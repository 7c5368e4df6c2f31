package io.callrecords.connect.schedule;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import io.callrecords.connect.state.TaskSplits;
import io.callrecords.connect.state.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The moment up to which the present has been asked for, and how it moves on. */
public final class LiveEdge {
  private static final Logger LOG = LoggerFactory.getLogger(LiveEdge.class);

  /** How far back the edge reaches when it starts or has fallen behind. */
  private static final Duration REACH = Duration.ofSeconds(60);

  private static final Duration WORTH_A_LINE = Duration.ofMinutes(1);
  private static final Duration SILENCE = Duration.ofHours(6);

  private final ReadOptions options;
  private final WindowSize size;
  private final TaskSplits splits;
  private final Consumer<TimeRange> reader;
  private final Instant first;
  private Instant edge;
  private @Nullable Duration loggedAt;

  private LiveEdge(
      ReadOptions options,
      WindowSize size,
      TaskSplits splits,
      Instant first,
      Instant edge,
      Consumer<TimeRange> reader) {
    this.options = options;
    this.size = size;
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
   * @param reader reads what the edge has to be asked for
   */
  static LiveEdge of(
      ReadOptions options,
      WindowSize size,
      TaskSplits splits,
      Split openFrom,
      Consumer<TimeRange> reader) {
    Instant first = later(openFrom.range().from(), options.start());
    return new LiveEdge(options, size, splits, first, splits.readTo(), reader);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /**
   * Moves the edge near the present when it is far behind; what it leaves out becomes backlog.
   *
   * @param present the end of what can be asked for
   * @param now the API's time: a range that ended a while ago is backlog to its end
   * @param uptime the time since some fixed moment
   */
  void catchUp(Instant present, Instant now, Duration uptime) {
    if (edge.isAfter(present) && edge.isAfter(first)) {
      sayThatItIsSetBack(present, uptime);
      edge = later(first, present);
    }
    Duration interval = options.pollInterval().multipliedBy(2);
    Duration patience = interval.compareTo(REACH) > 0 ? interval : REACH;
    if (Duration.between(present, now).compareTo(patience) > 0) {
      edge = later(first, present);
    } else if (Duration.between(edge, present).compareTo(patience) > 0) {
      edge = later(first, present.minus(REACH));
    }
  }

  /** Where several servers answer, whose clocks differ, it is set back again and again. */
  private void sayThatItIsSetBack(Instant present, Duration uptime) {
    Duration said = loggedAt;
    boolean isNews = said == null || uptime.minus(said).compareTo(SILENCE) > 0;
    if (isNews && Duration.between(present, edge).compareTo(WORTH_A_LINE) > 0) {
      loggedAt = uptime;
      LOG.warn(
          "The API's clock was set back from {} to {}. What was read of the time between is looked"
              + " at again, but not what is settled (late.arrival.ms). Should it happen again within"
              + " {} hours, it is not said.",
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
   * Asks for what lies between the edge and the present, in one request with the youngest window as
   * long as the two fit into a page, and moves the edge.
   *
   * @param beingLookedAt windows there are left alone: of two readings, the older could come last
   */
  void readUpTo(Instant present, List<TimeRange> beingLookedAt) {
    if (!edge.isBefore(present)) {
      return;
    }
    Instant start = startOfYoungest(present, beingLookedAt);
    edge = present;
    TimeRange wanted = new TimeRange(start, present);
    Split.allOf(wanted).map(split -> split.range().intersection(wanted)).forEach(reader);
  }

  private Instant startOfYoungest(Instant present, List<TimeRange> beingLookedAt) {
    List<Window> unsettled = splits.unsettled();
    if (unsettled.isEmpty()) {
      return edge;
    }
    Window youngest = unsettled.get(unsettled.size() - 1);
    boolean joins =
        youngest.range().to().equals(edge)
            && size.isSmall(youngest.offset().ids().size())
            && size.mayGrowTo(new TimeRange(youngest.range().from(), present))
            && beingLookedAt.stream().noneMatch(youngest.range()::overlaps);
    return joins ? youngest.range().from() : edge;
  }
}
