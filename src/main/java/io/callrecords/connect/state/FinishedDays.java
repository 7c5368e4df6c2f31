package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The days of a task that are settled, and what the offsets of its other days report of them: an
 * offset is stored with a record only, so that a day's own may not say that the day is settled.
 */
final class FinishedDays {
  /** The API's clock may have been ahead by as much when a day was taken for settled. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofHours(6);

  private final ReadOptions options;
  private final Set<Split> withLosses = new HashSet<>();
  private final SortedMap<Split, String> added = new TreeMap<>();
  private long seconds;
  private Instant upTo;

  /** Those whose own offsets do not say so. */
  private SettledDays unreported = SettledDays.NONE;

  /** Those of them that no clock makes unsettled again. */
  private SettledDays reported = SettledDays.NONE;

  private int reportedLength;

  FinishedDays(ReadOptions options) {
    this.options = options;
    this.upTo = options.start();
  }

  /** Adds what stored offsets report. */
  void restore(Collection<SettledDays> stored) {
    List<SettledDays> all = new ArrayList<>(stored);
    all.add(0, unreported);
    unreported = SettledDays.all(all);
  }

  /** Adds a day that has been settled. */
  void add(SplitState day) {
    seconds += day.range().seconds();
    upTo = day.range().to().isAfter(upTo) ? day.range().to() : upTo;
    String digest = day.unreportedDigest();
    // What could not be had may be had another day.
    if (digest != null && !withLosses.contains(day.split())) {
      added.put(day.split(), digest);
    }
  }

  /** Takes note that a part of a day could not be had; returns whether it is the first part. */
  boolean addLoss(Split day) {
    return withLosses.add(day);
  }

  /** Works out what is reported from now on. */
  void update(Instant now) {
    if (!added.isEmpty()) {
      unreported = SettledDays.all(List.of(unreported, new SettledDays(added)));
      added.clear();
    }
    // What the clock has not reached any more is not finished, after all.
    Instant settled = now.minus(options.lateArrival());
    unreported =
        unreported.from(Split.of(now.minus(options.retention()))).before(Split.of(settled));
    SettledDays old = reported;
    reported = unreported.before(Split.of(settled.minus(CLOCK_TOLERANCE)));
    if (!reported.equals(old)) {
      reportedLength = reported.length();
    }
  }

  /** What offsets report of other days. */
  SettledDays reported() {
    return reported;
  }

  /** How many characters that takes in an offset. */
  int reportedLength() {
    return reportedLength;
  }

  /** How many seconds of the range the days hold that this task has finished. */
  long seconds() {
    return seconds;
  }

  /** The end of the last of them, or the start of the range. */
  Instant upTo() {
    return upTo;
  }
}
