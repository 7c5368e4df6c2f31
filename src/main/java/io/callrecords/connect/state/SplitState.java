package io.callrecords.connect.state;

import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one split: up to where it is settled, and the windows after that with the ids
 * that were emitted of them.
 *
 * <p>It changes when records are handed over, in that order, so that the offset of a record never
 * claims more than was handed over up to it.
 */
public final class SplitState {
  private static final Logger LOG = LoggerFactory.getLogger(SplitState.class);

  private final SplitScope scope;
  private final RecheckPolicy policy;
  private final EmittedIdIndex emittedIds;
  private final Invariants invariants;
  private final SplitWindows windows;
  private final AuditQueue audits;
  private final UnverifiedReads unverified = new UnverifiedReads();
  private final EmittedOffset emitted;
  private final OffsetJournal journal;
  private final OwnOffset own;
  private final VersionClock versions;

  /**
   * Opens a split.
   *
   * @param stored its stored offset, or null when it has none
   * @param emittedIds the ids of all splits of the task, which this split keeps up to date
   * @param readCounts gets what its settled windows have come to
   * @param settledDays what its offsets say of the task's other days
   * @param journal where its ids go that its own offset has no room for
   * @param versions says when rows were read
   */
  public SplitState(
      SplitScope scope,
      @Nullable SplitOffset stored,
      RecheckPolicy policy,
      EmittedIdIndex emittedIds,
      ReadCounts readCounts,
      Supplier<SettledDays> settledDays,
      OffsetJournal journal,
      VersionClock versions,
      Invariants invariants) {
    this.scope = scope;
    this.policy = policy;
    this.emittedIds = emittedIds;
    this.journal = journal;
    this.versions = versions;
    this.invariants = invariants;
    this.audits = new AuditQueue(scope.options().audits(), readCounts);
    this.windows = new SplitWindows(emittedIds, invariants, scope.range().from());
    this.own = new OwnOffset(scope, journal, emittedIds, windows, audits, settledDays);
    if (stored != null) {
      RestoredSplit restored = RestoredSplit.of(stored, scope);
      restored.windows().forEach(windows::add);
      windows.advance();
      own.restore(stored, restored.beforeStart());
      journal.read(split(), read());
    }
    this.emitted = new EmittedOffset(scope, stored, own.build());
  }

  Split split() {
    return scope.split();
  }

  /** The part of the day that is wanted. */
  TimeRange range() {
    return scope.range();
  }

  /** Up to where it is settled without a gap. */
  Instant settledTo() {
    return windows.settledTo();
  }

  /** Whether all of it is settled. */
  boolean isDone() {
    return !settledTo().isBefore(range().to());
  }

  /** Its own offset, as it was emitted last. */
  EmittedOffset emitted() {
    return emitted;
  }

  /** As {@link OwnOffset#isStored}. */
  boolean isStored() {
    return own.isStored();
  }

  /** The windows that may still gain records, in order. */
  List<Window> unsettled() {
    return windows.all().stream().filter(Window::isUnsettled).toList();
  }

  /** What is unread before a moment, in order. */
  List<TimeRange> gaps(Instant until) {
    Instant end = until.isBefore(range().to()) ? until : range().to();
    return settledTo().isBefore(end) ? windows.gaps(new TimeRange(settledTo(), end)) : List.of();
  }

  /** What was read whole after that, in order. */
  private List<TimeRange> read() {
    return isDone()
        ? List.of()
        : new TimeRange(settledTo(), range().to()).minus(gaps(range().to()));
  }

  /** The end of the last window that was read whole. */
  Instant readTo() {
    Instant readTo = windows.readTo();
    return readTo.isAfter(settledTo()) ? readTo : settledTo();
  }

  /** Notes that a recheck found nothing new in the windows of a range. */
  void unchanged(TimeRange rechecked, Instant recheckedAt) {
    for (Window window : unsettled()) {
      if (rechecked.contains(window.range())) {
        windows.replace(window, window.recheckedAt(recheckedAt));
      }
    }
  }

  /** Makes the windows that end after a moment unread again; what was emitted stays known. */
  void reopenAfter(Instant present) {
    for (Window window : unsettled()) {
      if (window.range().to().isAfter(present)) {
        windows.replace(window, window.reopened());
      }
    }
  }

  /** Whether all of a range is settled. */
  boolean isSettled(TimeRange part) {
    return windows.unsettledParts(part).isEmpty();
  }

  /**
   * Makes a range unread again that is settled.
   *
   * @param known the ids in it that were emitted all the same
   */
  void reopen(TimeRange part, Set<String> known) {
    windows.reopen(part, known);
  }

  /** Notes that the API returns more of a settled window than it did. */
  void drifted(WindowDrift drift, Instant now) {
    audits.drifted(drift, now);
  }

  /** Gives up what the API no longer returns; returns the parts of it that had not been read. */
  List<TimeRange> expire(TimeRange expired, Instant keptAtStart, Instant now) {
    List<TimeRange> unread =
        gaps(expired.to()).stream()
            .filter(expired::overlaps)
            .map(gap -> gap.intersection(expired))
            .toList();
    // A part may have been settled early while it was being read: its audit is written already.
    for (TimeRange part : windows.unsettledParts(expired)) {
      List<TimeRange> unreadOfIt = unread.stream().filter(part::overlaps).toList();
      Expiry expiry = Expiry.of(unreadOfIt, keptAtStart);
      audits.expired(part, expiry, windows.takeOut(part, Set.of()), now);
      windows.add(Window.settled(part));
    }
    windows.advance();
    return unread;
  }

  /** Settles the oldest windows early until the offset fits; returns how many. */
  int settleBeyond(int maxOffsetLength, Instant now) {
    List<Window> excess = own.excess(maxOffsetLength);
    for (Window window : excess) {
      // An id that another window co-owns is left to that one, and counted there.
      audits.settledEarly(window.range(), windows.takeOut(window.range(), Set.of()), now);
      windows.add(Window.settled(window.range()));
    }
    windows.advance();
    return excess.size();
  }

  /** Whether windows have ended whose audits have yet to be emitted. */
  boolean hasPendingAudits() {
    return !audits.isEmpty();
  }

  /** The pending audits as a batch; null when there are none. */
  @Nullable Batch auditBatch() {
    // Called at each handover: an offset is built only when there is something to emit.
    return hasPendingAudits() ? build(newBatch()) : null;
  }

  private BatchBuilder newBatch() {
    return new BatchBuilder(
        journal.nextBatch(), split(), emitted.atLastBatch(), audits.takeAll(), invariants);
  }

  private @Nullable Batch build(BatchBuilder batch) {
    if (batch.isEmpty()) {
      return null;
    }
    if (batch.hasOwnOffset()) {
      emitted.emitted(own.build());
      own.emitted(batch.number(), emitted.atLastBatch());
    }
    return batch.build(emitted.atLastBatch());
  }

  /**
   * Takes over what the API returned for a window.
   *
   * @param counts counts what becomes of its rows
   * @return what of it was not emitted before, and its audit if it is settled; null for nothing
   */
  public @Nullable Batch apply(WindowSnapshot whole, TaskCounts counts) {
    // A part may have been settled early while it was being read.
    List<TimeRange> parts = windows.unsettledParts(whole.range());
    WindowSnapshot snapshot =
        whole.since(parts.isEmpty() ? whole.range().to() : parts.get(0).from());
    BatchBuilder batch = newBatch();
    if (!snapshot.range().isEmpty()) {
      boolean isOver = policy.isSettled(snapshot.range(), snapshot.requestedAt());
      WindowDelta delta = compare(snapshot, isOver);
      batch.read(versions.next(snapshot.requestedAt()), own.replayedTo());
      counts.add(delta);
      SplitOffset base = own.isJournaled() ? null : own.build();
      own.relocate(delta);
      boolean hasEmitted = !delta.history().isEmpty();
      if (isOver && own.maySettle(delta) && unverified.maySettle(snapshot, hasEmitted, counts)) {
        batch.addRows(delta, base == null ? own.build() : base);
        windows.add(Window.settled(snapshot.range()));
        own.prune();
        audits.settled(snapshot, delta);
        counts.addConflicting(snapshot.reconciliation().conflicts());
      } else {
        batch.addRows(delta, base);
        windows.add(Window.read(snapshot, delta, snapshot.range().equals(whole.range())));
        if (!delta.isEmpty() && own.isFull(emitted.atLastBatch(), delta, batch.number())) {
          batch.writeToJournal(journal.add(split(), delta, read(), batch.number()));
        }
      }
      windows.advance();
      batch.addAuditsAfter(audits.takeAll());
    }
    return build(batch);
  }

  /** Takes the window out; the caller puts it back as it is now. */
  private WindowDelta compare(WindowSnapshot snapshot, boolean isOver) {
    RangeHistory history =
        windows.isEmpty()
            ? RangeHistory.NONE
            : windows.takeOut(snapshot.range(), snapshot.ids(), snapshot.verified());
    boolean isBelieved = snapshot.verified() || (isOver && unverified.isLast(snapshot));
    boolean mayUpdate = isBelieved && own.mayUpdate(snapshot.range());
    WindowDelta delta =
        WindowDelta.of(snapshot, history, emittedIds, scope.options(), mayUpdate, invariants);
    LOG.debug(
        "Window {}: the API returned {} rows, {} of them are emitted.",
        snapshot.range(),
        snapshot.records().size(),
        delta.pending().size());
    return delta;
  }

  /**
   * Merges neighbouring windows that are small for their age.
   *
   * @param untouched windows that overlap one of these stay as they are
   */
  void mergeSmallWindows(Instant now, WindowLimits limits, List<TimeRange> untouched) {
    windows.merge(
        (a, b) ->
            a.mayMergeWith(b, now, limits)
                && policy.mayMerge(a.range(), b.range())
                && untouched.stream()
                    .noneMatch(range -> range.overlaps(a.range()) || range.overlaps(b.range())));
  }

  /** What is true now, be it confirmed or not. */
  SplitOffset unconfirmedOffset() {
    return own.buildUnconfirmed();
  }
}
