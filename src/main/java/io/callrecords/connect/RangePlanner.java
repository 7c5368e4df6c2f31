package io.callrecords.connect;

import io.callrecords.connect.ConnectorPlan.UnconfirmedDays;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.StartTime;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.SplitPlan;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans a connector's range from its settings, the time, and what the stored offsets say. */
public final class RangePlanner {
  private static final Logger LOG = LoggerFactory.getLogger(RangePlanner.class);

  /** The very oldest moment that the API keeps is gone before its first page is requested. */
  private static final Duration EARLIEST_MARGIN = Duration.ofMinutes(10);

  /**
   * How much longer than the API keeps records a connector may have been stopped, or without calls,
   * and still finds the offsets that remember its first start.
   */
  private static final Duration MEMORY = Duration.ofDays(365);

  private final CallRecordSourceConfig config;
  private final Function<Collection<Split>, ResumeState> stored;

  /**
   * Creates a planner.
   *
   * @param config the connector's configuration
   * @param stored reads the stored offsets of splits
   */
  public RangePlanner(
      CallRecordSourceConfig config, Function<Collection<Split>, ResumeState> stored) {
    this.config = config;
    this.stored = stored;
  }

  /**
   * Plans the range of a connector that starts.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException if a stored offset cannot be used
   */
  public ConnectorPlan plan(Instant now) {
    Instant keptSince = keptSince(now);
    Split remembered = Split.of(now.minus(config.retention()).minus(MEMORY));
    ResumeState resumed = stored.apply(remembered.to(Split.of(now)).toList());
    Instant start = start(now, keptSince, resumed);
    ConnectorPlan plan =
        new ConnectorPlan(
            start,
            unconfirmed(start, now, remembered.range().from(), resumed),
            splits(start, now, resumed),
            !resumed.offsets().isEmpty());
    LOG.debug("Planned at {}: start {}, {}.", now, start, plan.splits());
    return plan;
  }

  /**
   * Splits a planned range anew, by what has been read of it since. The range stays as it is.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException if a stored offset cannot be used
   */
  ConnectorPlan replan(ConnectorPlan plan, Instant now) {
    List<Split> days = Split.of(firstKept(plan.start(), now)).to(Split.of(now)).toList();
    ConnectorPlan replanned = plan.with(splits(plan.start(), now, stored.apply(days)));
    LOG.debug("Replanned at {}: start {}, {}.", now, plan.start(), replanned.splits());
    return replanned;
  }

  private SplitPlan splits(Instant start, Instant now, ResumeState resumed) {
    return SplitPlan.of(
        firstKept(start, now),
        config.endTime(),
        now.minus(config.lateArrival()),
        resumed.done(start),
        resumed.readOnce());
  }

  /** Where the part of the range begins that the API answers for: at the start, or a midnight. */
  private Instant firstKept(Instant start, Instant now) {
    Instant keptSince = keptSince(now);
    return start.isAfter(keptSince) ? start : Split.of(keptSince).range().from();
  }

  private Instant keptSince(Instant now) {
    return now.minus(config.retention()).plus(EARLIEST_MARGIN);
  }

  /** A start that depends on the clock stays the first one, which the offsets remember. */
  private Instant start(Instant now, Instant keptSince, ResumeState resumed) {
    Instant resolved = config.startTime().resolve(now, keptSince);
    if (config.startTime() instanceof StartTime.At) {
      return resolved;
    }
    return resumed.offsets().values().stream()
        .map(SplitOffset::start)
        .filter(known -> known.isBefore(resolved))
        .min(Instant::compareTo)
        .orElse(resolved);
  }

  /**
   * What has expired since a task is last known to have run, and is not confirmed as read. What
   * expired earlier is left out: that task, or the start of its connector, has reported it.
   *
   * @param remembered from here on the offsets were looked up
   */
  private @Nullable UnconfirmedDays unconfirmed(
      Instant start, Instant now, Instant remembered, ResumeState resumed) {
    Instant keptSince = keptSince(now).truncatedTo(ChronoUnit.SECONDS);
    Instant lastRun = resumed.lastRun(start, now);
    Instant keptThen = lastRun == null ? start : lastRun.minus(config.retention());
    Instant from = start.isAfter(keptThen) ? start : keptThen;
    if (!from.isBefore(keptSince)) {
      return null;
    }
    // A start may lie any time back: days before those looked up are counted, not walked.
    Instant walkedFrom = from.isAfter(remembered) ? from : remembered;
    long count = from.isBefore(walkedFrom) ? days(from, walkedFrom) : 0;
    Instant first = count > 0 ? from : null;
    Instant last = count > 0 ? walkedFrom : null;
    TimeRange walked = new TimeRange(walkedFrom, keptSince);
    for (Split day : Split.allOf(walked).toList()) {
      List<TimeRange> parts = resumed.unconfirmed(day, day.range().intersection(walked));
      if (!parts.isEmpty()) {
        count++;
        first = first == null ? parts.get(0).from() : first;
        last = parts.get(parts.size() - 1).to();
      }
    }
    return first == null || last == null
        ? null
        : new UnconfirmedDays(count, new TimeRange(first, last));
  }

  /** The days that hold a part of what lies before a midnight. */
  private static long days(Instant from, Instant midnight) {
    return (ChronoUnit.SECONDS.between(from, midnight) + 86_399) / 86_400;
  }
}
