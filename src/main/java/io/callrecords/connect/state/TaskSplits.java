package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The splits of a task: its days of the backlog and, where it has the open end, the days since.
 *
 * <p>A day is pending until something of it is to be read, then open until all of it is settled.
 * Only open days have a state, so that the work of a step depends on what is being read and on what
 * may still change, not on the length of the range.
 */
public final class TaskSplits {
  private final ReadOptions options;
  private final AssignedDays assigned;
  private final WindowLimits windowLimits;
  private final TaskCounts counts;
  private final Invariants invariants;
  private final EarlySettlement earlySettlement;
  private final OffsetJournal journal;

  private final FinishedDays finished;
  private final ReadCounts readCounts = new ReadCounts();
  private final OpenDays openDays;
  private final NavigableMap<Split, SplitState> open;
  private final PendingDays pending = new PendingDays();
  private final UnreadRanges unread;
  private final UnsettledWindows unsettled;
  private final SettledRanges settled;
  private Instant restoredAt = Instant.EPOCH;

  /**
   * Creates the collection; {@link #restore} fills it.
   *
   * @param windowLimits how large windows are
   * @param counts counts what is handed over
   * @param journalLimits how much an offset may hold
   */
  public TaskSplits(
      ReadOptions options,
      Assignment assignment,
      RecheckPolicy policy,
      WindowLimits windowLimits,
      TaskCounts counts,
      JournalLimits journalLimits,
      Invariants invariants) {
    this.options = options;
    this.assigned = new AssignedDays(options, assignment);
    this.windowLimits = windowLimits;
    this.counts = counts;
    this.invariants = invariants;
    this.earlySettlement = new EarlySettlement(counts);
    this.finished = new FinishedDays(options, readCounts.unconfirmed());
    // Whatever may still change is one task's, that of the open end.
    this.journal =
        new OffsetJournal(
            assignment.openFrom() != null,
            journalLimits,
            options.start(),
            finished::reported,
            finished::isSaidByItself);
    this.openDays =
        new OpenDays(options, assigned, policy, finished, readCounts, journal, invariants);
    this.open = openDays.states();
    this.unread = new UnreadRanges(open, pending);
    this.unsettled = new UnsettledWindows(open);
    this.settled = new SettledRanges(options, openDays, pending, assigned, readCounts, counts);
  }

  /** The days that {@link #restore} takes: the backlog's, and the open end's that have begun. */
  public List<Split> daysToRestore(Instant now) {
    return assigned.all(now);
  }

  /**
   * Resumes from stored offsets.
   *
   * @param offsets those of {@link #daysToRestore} that have one
   * @param segments the segments of the journal
   */
  public void restore(
      Map<Split, SplitOffset> offsets, Collection<SegmentOffset> segments, Instant now) {
    restoredAt = now.truncatedTo(ChronoUnit.SECONDS);
    journal.restore(segments, Split.of(now.minus(options.retention())));
    List<Split> days = assigned.all(now);
    finished.restore(offsets, segments, now);
    for (int i = 0; i < days.size(); i++) {
      Split day = days.get(i);
      SplitOffset offset = offsets.get(day);
      // The live edge goes on in the last day.
      if (offset != null || i == days.size() - 1) {
        openDays.open(day, offset, restoredAt);
      } else {
        pending.add(day, assigned.wanted(day));
      }
    }
    assigned.opened(days);
    List.copyOf(open.values()).forEach(openDays::afterChange);
  }

  /** The days of the open end that have begun by a moment and have not been opened, in order. */
  public List<Split> newDays(Instant moment) {
    return assigned.newDays(moment);
  }

  /**
   * Opens days of the open end.
   *
   * @param days the first of {@link #newDays}
   * @param offsets the stored offsets of those that have one
   */
  public void openNewDays(Collection<Split> days, Map<Split, SplitOffset> offsets, Instant now) {
    finished.restore(offsets, List.of(), now);
    days.forEach(day -> openDays.open(day, offsets.get(day), now.truncatedTo(ChronoUnit.SECONDS)));
    assigned.opened(days);
    days.stream().map(open::get).filter(Objects::nonNull).forEach(openDays::afterChange);
  }

  /** Where the days end that may be read by now: what lies behind has to be opened first. */
  public Instant openedUpTo() {
    return assigned.openedUpTo();
  }

  /** How many days have a state. */
  public int openDays() {
    return open.size();
  }

  /** Opens the pending days that a range touches, since it is about to be read. */
  public void openFor(TimeRange range) {
    Split.allOf(range).filter(pending::remove).forEach(day -> openDays.open(day, null, restoredAt));
  }

  /** The end of the last window that is read, or the start of the range. */
  public Instant readTo() {
    // Days are in order, so the last one has the last window.
    Instant last = finished.upTo();
    last = pending.isEmpty() ? last : later(last, pending.lastStart());
    return open.isEmpty() ? last : later(last, open.lastEntry().getValue().readTo());
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /** What is unread. */
  public UnreadRanges unread() {
    return unread;
  }

  /** The windows that may still gain records. */
  public UnsettledWindows unsettled() {
    return unsettled;
  }

  /** What is settled, and has come to how much. */
  public SettledRanges settled() {
    return settled;
  }

  /** Takes note that a recheck found nothing new in any window of a range. */
  public void foundUnchanged(TimeRange range, Instant recheckedAt) {
    open.subMap(Split.of(range.from()), true, Split.of(range.to()), true)
        .values()
        .forEach(state -> state.unchanged(range, recheckedAt));
  }

  /**
   * Hands what was read to its split, whose offset stays within its size.
   *
   * @return what has yet to be emitted of it; null when that is nothing, as with a recheck that
   *     comes to its end after all of its day was settled
   */
  public @Nullable Batch apply(WindowSnapshot read) {
    Split day = Split.of(read.range().from());
    SplitState state = stateOf(day);
    if (state == null) {
      return null;
    }
    if (!journal.isEnabled()) {
      earlySettlement.makeRoom(state, read, finished.reportedLength());
    }
    Batch batch = state.apply(read, counts);
    openDays.afterChange(state);
    return batch;
  }

  /**
   * Hands rows to a split of which it had been settled that there are none.
   *
   * @return what has yet to be emitted of it; null when that is nothing
   */
  public @Nullable Batch applyToEmpty(WindowSnapshot read) {
    settled.reopen(read, restoredAt);
    return apply(read);
  }

  /** A day's state; null when the day is finished. */
  private @Nullable SplitState stateOf(Split day) {
    SplitState state = open.get(day);
    if (state == null) {
      invariants.check(
          assigned.isOpened(day) && !pending.contains(day),
          "something was read of a day that was not opened");
    }
    return state;
  }

  /** Makes what is read beyond a moment unread again, but for what was emitted of it. */
  public void reopenAfter(Instant present) {
    open.tailMap(Split.of(present), true).values().forEach(state -> state.reopenAfter(present));
  }

  /**
   * Works out what offsets report of finished days, and joins windows that are small for their age.
   *
   * @param untouched windows there stay as they are
   */
  public void mergeSmallWindows(Instant now, List<TimeRange> untouched) {
    finished.update(now);
    open.values().forEach(state -> state.mergeSmallWindows(now, windowLimits, untouched));
  }

  /** How many seconds of the range lie before a moment. */
  public long wantedSeconds(Instant until) {
    TimeRange begun = new TimeRange(Instant.EPOCH, until);
    return finished.seconds()
        + pending.seconds(until)
        + open.values().stream()
            .mapToLong(state -> state.range().intersection(begun).seconds())
            .sum();
  }

  /** How long ago the oldest moment is that is not settled; null when all is. */
  public @Nullable Duration age(Instant now) {
    Instant oldest = pending.isEmpty() ? Instant.MAX : pending.firstStart();
    for (SplitState state : open.values()) {
      if (!state.isDone()) {
        oldest = state.settledTo().isBefore(oldest) ? state.settledTo() : oldest;
        break;
      }
    }
    if (oldest.equals(Instant.MAX)) {
      return null;
    }
    return oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now);
  }

  /** Gives up what the API no longer returns. */
  public Expiry expire(TimeRange expired, Instant now) {
    Expiry expiry = Expiry.READ;
    for (Split day : Split.allOf(expired).toList()) {
      SplitState state = stateOf(day);
      if (state != null) {
        Instant keptAtStart = restoredAt.minus(options.retention());
        List<TimeRange> unread = state.expire(day.range().intersection(expired), keptAtStart, now);
        Expiry ofDay = Expiry.of(unread, keptAtStart);
        if (ofDay == Expiry.LOST && finished.addLoss(day)) {
          counts.addExpiredDays(1);
        }
        expiry = expiry.compareTo(ofDay) > 0 ? expiry : ofDay;
        openDays.afterChange(state);
      }
    }
    return expiry;
  }

  /** What has become of the batches. */
  public BatchDelivery delivery() {
    return journal.delivery();
  }

  /** The windows of one split that have ended without being read; null when there are none. */
  public @Nullable Batch pendingAudits() {
    return openDays.pendingAudits();
  }
}
