package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The days of a task that are settled, and what the offsets of its other days report of them: an
 * offset is stored with a record only, so that a day's own may not say that the day is settled.
 */
final class FinishedDays {
  /** The API's clock may have been ahead by as much when a day was taken for settled. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofHours(6);

  private final ReadOptions options;
  private final UnconfirmedRanges unconfirmed;

  /**
   * What is to be reported of a day.
   *
   * @param isStored whether Kafka has the day's own offset whose digest this is, now or later
   */
  private record Report(String digest, BooleanSupplier isStored) {}

  private final Set<Split> withLosses = new HashSet<>();

  /** Those that have yet to be reported, or to be confirmed. */
  private final SortedMap<Split, Report> added = new TreeMap<>();

  /** Those whose own offset says so, and whether Kafka has it, now or later. */
  private final Map<Split, BooleanSupplier> saidByThemselves = new HashMap<>();

  /** The offsets of those that the API may still return, as they are now. */
  private final Map<Split, SplitOffset> offsets = new HashMap<>();

  private long seconds;
  private Instant upTo;

  /** Those whose own offsets do not say so. */
  private SettledDays unreported = SettledDays.NONE;

  /** Those of them that no clock makes unsettled again. */
  private SettledDays reported = SettledDays.NONE;

  private int reportedLength;

  /**
   * Creates an empty collection.
   *
   * @param unconfirmed what is settled on one moment's word
   */
  FinishedDays(ReadOptions options, UnconfirmedRanges unconfirmed) {
    this.options = options;
    this.unconfirmed = unconfirmed;
    this.upTo = options.start();
  }

  /**
   * Adds what stored offsets report, which the next one that is written has to report on.
   *
   * @param days the offsets of days, a later one of which knows more
   * @param segments those of the journal's segments in order, which know more of busy days
   */
  void restore(Map<Split, SplitOffset> days, Collection<SegmentOffset> segments, Instant now) {
    List<SettledDays> all = new ArrayList<>(List.of(unreported));
    new TreeMap<>(days).values().forEach(day -> all.add(day.settledDays()));
    segments.forEach(segment -> all.add(segment.settledDays()));
    unreported = SettledDays.all(all);
    update(now);
  }

  /** Adds a day that has been settled. */
  void add(SplitState day) {
    seconds += day.range().seconds();
    upTo = day.range().to().isAfter(upTo) ? day.range().to() : upTo;
    SplitOffset now = day.unconfirmedOffset();
    offsets.put(
        day.split(),
        new SplitOffset(
            now.start(),
            now.settled(),
            now.windows(),
            SettledDays.NONE,
            now.openedAt(),
            now.generation(),
            now.replayedTo(),
            null));
    String digest = day.emitted().unreportedDigest();
    if (day.emitted().hasChanged()) {
      withdraw(day.split());
    }
    if (day.emitted().saysAllIsSettled()) {
      saidByThemselves.put(day.split(), day::isStored);
    }
    // What could not be had may be had another day.
    if (digest != null && !withLosses.contains(day.split())) {
      added.put(day.split(), new Report(digest, day::isStored));
    }
  }

  /** The day has another offset by now than the one that was reported. */
  private void withdraw(Split day) {
    added.remove(day);
    unreported = unreported.without(day);
    reported = reported.without(day);
    reportedLength = reported.length();
  }

  /**
   * Removes a day, since something of it is read again.
   *
   * @return its offset; null when it is not among these
   */
  @Nullable SplitOffset remove(Split day, TimeRange wanted) {
    SplitOffset offset = offsets.remove(day);
    added.remove(day);
    saidByThemselves.remove(day);
    seconds -= offset == null ? 0 : wanted.seconds();
    return offset;
  }

  /** Takes note that a part of a day could not be had; returns whether it is the first part. */
  boolean addLoss(Split day) {
    return withLosses.add(day);
  }

  /** Works out what is reported from now on. */
  void update(Instant now) {
    reportAdded();
    // What the clock has not reached any more is not finished, after all.
    Instant settled = now.minus(options.lateArrival());
    Split oldest = Split.of(now.minus(options.retention()));
    offsets.keySet().removeIf(day -> day.compareTo(oldest) < 0);
    saidByThemselves.keySet().removeIf(day -> day.compareTo(oldest) < 0);
    added.headMap(oldest).clear();
    unreported = unreported.from(oldest).finalBefore(Split.of(settled));
    SettledDays old = reported;
    reported = unreported.finalBefore(Split.of(settled.minus(CLOCK_TOLERANCE)));
    if (!reported.equals(old)) {
      reportedLength = reported.length();
    }
  }

  /** A day that is not confirmed is reported as read; once it is confirmed, as settled. */
  private void reportAdded() {
    if (added.isEmpty()) {
      return;
    }
    SortedMap<Split, String> digests = new TreeMap<>();
    // Of a digest that no stored offset has, a restart would make nothing, and read the day again.
    added.forEach(
        (day, report) -> {
          if (report.isStored().getAsBoolean()) {
            String digest = report.digest();
            digests.put(day, isConfirmed(day) ? digest : SettledDays.unconfirmed(digest));
          }
        });
    unreported = SettledDays.all(List.of(unreported, new SettledDays(digests)));
    added.keySet().removeIf(day -> digests.containsKey(day) && isConfirmed(day));
  }

  private boolean isConfirmed(Split day) {
    return unconfirmed.within(day.range()).isEmpty();
  }

  /** Whether Kafka has an offset of a day that says that all of it is settled. */
  boolean isSaidByItself(Split day) {
    return saidByThemselves.getOrDefault(day, () -> false).getAsBoolean();
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
