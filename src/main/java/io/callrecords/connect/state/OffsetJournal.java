package io.callrecords.connect.state;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SegmentOffset.DayClaim;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where the offsets of busy days keep the ids of calls that may still change: in segments that are
 * written one after another, so that what a record's offset takes does not grow with the day.
 *
 * <p>A record's id is claimed by the offset of the source partition that the record carries, and by
 * no other until Kafka has acknowledged the record. What was read is no such claim: a record that
 * is missing there is found by a recheck.
 */
public final class OffsetJournal {
  private final boolean isEnabled;
  private final JournalLimits limits;
  private final Instant start;
  private final Supplier<SettledDays> settledDays;
  private final Predicate<Split> isSaidByItself;
  private final JournalSegments segments;
  private final DayClaims claims = new DayClaims();
  private final Map<Split, Map<String, Long>> relocated = new TreeMap<>();
  private final Deque<Unacknowledged> unacknowledged = new ArrayDeque<>();
  private final BatchDelivery delivery = new BatchDelivery();
  private Split oldest = Split.of(Instant.EPOCH);
  private long batches;

  /**
   * Creates an empty journal.
   *
   * @param isEnabled whether ids may be written to it; only one task of a connector may
   * @param start where the connector's range begins
   * @param settledDays what offsets say of the task's other days
   * @param isSaidByItself whether Kafka has an offset of a day that says that all of it is settled
   */
  OffsetJournal(
      boolean isEnabled,
      JournalLimits limits,
      Instant start,
      Supplier<SettledDays> settledDays,
      Predicate<Split> isSaidByItself) {
    this.isEnabled = isEnabled;
    this.limits = limits;
    this.start = start;
    this.settledDays = settledDays;
    this.isSaidByItself = isSaidByItself;
    this.segments = new JournalSegments(limits.segment());
  }

  /** A journal to which nothing is written. */
  public static OffsetJournal disabled() {
    return new OffsetJournal(
        false, JournalLimits.DEFAULT, Instant.EPOCH, () -> SettledDays.NONE, day -> false);
  }

  private record Unacknowledged(long batch, TimeRange window) {}

  /** Whether ids may be written to it. */
  boolean isEnabled() {
    return isEnabled;
  }

  JournalLimits limits() {
    return limits;
  }

  /**
   * Resumes from stored segments.
   *
   * @param oldestDay the API returns nothing of earlier days any more
   */
  void restore(Collection<SegmentOffset> stored, Split oldestDay) {
    oldest = oldestDay;
    segments.restore(stored);
    claims.restore(stored, start);
  }

  /** Adds a day whose ids are, or will be, in the journal; as {@link DayClaims#open}. */
  void open(
      Split day,
      String generation,
      BooleanSupplier isNamed,
      Supplier<Instant> settledTo,
      Supplier<List<TimeRange>> partial,
      Instant claimed) {
    claims.open(day, generation, isNamed, settledTo, partial, claimed);
  }

  /** Takes note of what of a day has been read whole, in order. */
  void read(Split day, List<TimeRange> read) {
    claims.read(day, read);
  }

  /** Takes note of a batch that is about to be handed over; returns its number, from 1 on. */
  long nextBatch() {
    return ++batches;
  }

  /** What has become of the batches. */
  BatchDelivery delivery() {
    return delivery;
  }

  /** Takes note that rows of a window are emitted whose ids stand here, or may do so later. */
  void emitted(long batch, TimeRange window) {
    isUnacknowledged(window);
    unacknowledged.addLast(new Unacknowledged(batch, window));
  }

  /** Whether ids of a window were written whose records Kafka may not have yet. */
  boolean isUnacknowledged(TimeRange window) {
    while (!unacknowledged.isEmpty()
        && delivery.isAcknowledged(unacknowledged.getFirst().batch())) {
      unacknowledged.removeFirst();
    }
    return unacknowledged.stream().anyMatch(batch -> batch.window().overlaps(window));
  }

  /**
   * Takes note of what has become known of ids that are not emitted again. It is written together
   * with the next ids that are, and has to stand in the day's own offset until then.
   */
  void relocate(Split day, Map<String, Long> marks) {
    if (!marks.isEmpty()) {
      relocated.computeIfAbsent(day, d -> new HashMap<>()).putAll(marks);
    }
  }

  /** What has become known of a day's ids and is not written yet. */
  Map<String, Long> relocated(Split day) {
    return relocated.getOrDefault(day, Map.of());
  }

  /**
   * Writes the ids of a window's new rows.
   *
   * @param read what of the day is read once the rows are emitted, in order
   * @param batch the number of the batch that the rows belong to
   * @return the offset of each row, by its index; any thread may call it
   */
  IntFunction<RecordOffset> add(Split day, WindowDelta delta, List<TimeRange> read, long batch) {
    emitted(batch, delta.window());
    claims.update(batches - 1, delivery.acknowledgedUpTo(), this::isNeedless);
    SortedMap<Split, DayClaim> before = claims.all();
    claims.read(day, read);
    SortedMap<Split, DayClaim> after = claims.all();
    List<SegmentPart> parts = parts(day, delta);
    SettledDays others = settledDays.get();
    int last = delta.pending().size() - 1;
    return index -> {
      SegmentPart part = parts.stream().filter(next -> index < next.to).findFirst().orElseThrow();
      SortedMap<Split, DayClaim> days = index == last ? after : before;
      return new RecordOffset.OfSegment(
          part.number,
          () ->
              new SegmentOffset(
                  part.number, part.sequence, start, days, part.idsAfter(index + 1), others));
    };
  }

  /** Whether nothing has to be said of a day, since it is known to be settled or is gone. */
  private boolean isNeedless(Split day) {
    return day.compareTo(oldest) < 0 || (isKnownToBeSettled(day) && !segments.hold(day));
  }

  /** Whether offsets say that all of a day is settled, be it other days' or its own. */
  private boolean isKnownToBeSettled(Split day) {
    return settledDays.get().isSettled(day) || isSaidByItself.test(day);
  }

  /** Some of a window's rows, which go to one segment. */
  private record SegmentPart(
      Split day,
      WindowDelta delta,
      int from,
      int to,
      int number,
      long sequence,
      SortedMap<Split, IdSet> idsBefore) {
    /** What the segment holds once the rows up to an index are emitted. */
    SortedMap<Split, IdSet> idsAfter(int index) {
      return JournalSegment.plus(idsBefore, day, delta.pendingIds(from, index));
    }
  }

  private List<SegmentPart> parts(Split day, WindowDelta delta) {
    List<SegmentPart> parts = new ArrayList<>();
    int rows = delta.pending().size();
    int at = 0;
    while (at < rows) {
      JournalSegment segment = segments.withRoom(this::isSettled);
      relocated.forEach((other, marks) -> segment.add(other, IdSet.ofMarks(marks)));
      relocated.clear();
      int to = at + fitting(segment, delta, at);
      parts.add(
          new SegmentPart(day, delta, at, to, segment.number(), segment.sequence(), segment.ids()));
      segment.add(day, delta.pendingIds(at, to));
      at = to;
    }
    return parts;
  }

  /** How many of the rows from an index on fit; a window of usual size comes whole. */
  private int fitting(JournalSegment segment, WindowDelta delta, int from) {
    int rows = delta.pending().size();
    int to = from;
    int length = segment.length();
    while (to < rows && (to == from || length < 2 * limits.segment())) {
      length += JournalSegment.lengthOf(delta.pending().get(to).row().id());
      to++;
    }
    return to - from;
  }

  /** Whether a part of a day is settled, and each offset that is written now says so. */
  private boolean isSettled(Split day, TimeRange span) {
    Instant claimed = claims.settledTo(day);
    boolean isClaimed = !span.from().isBefore(start) && claims.isSettled(day, span);
    // A day that was reset may still be reported as it was before, until it is settled again.
    boolean mayBeReported = claimed == null || !claimed.isBefore(day.range().to());
    return isClaimed || (mayBeReported && isKnownToBeSettled(day)) || day.compareTo(oldest) < 0;
  }
}
