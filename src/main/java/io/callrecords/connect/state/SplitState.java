package io.callrecords.connect.state;

import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.time.Instant;
import java.util.ArrayList;
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
  private final Supplier<SettledDays> settledDays;
  private final Invariants invariants;
  private final SplitWindows windows;
  private final List<WindowOffset> windowsBeforeStart = new ArrayList<>();
  private final AuditQueue audits;
  private Instant settledTo;

  /** What was true after the last batch, or when the split was opened. */
  private SplitOffset atLastBatch;

  /** The offset that Kafka has, or will have; null when it has none. */
  private @Nullable SplitOffset lastEmitted;

  /**
   * Opens a split.
   *
   * @param stored its stored offset, or null when it has none
   * @param emittedIds the ids of all splits of the task, which this split keeps up to date
   * @param settledDays what its offsets say of the task's other days
   */
  public SplitState(
      SplitScope scope,
      @Nullable SplitOffset stored,
      RecheckPolicy policy,
      EmittedIdIndex emittedIds,
      Supplier<SettledDays> settledDays,
      Invariants invariants) {
    this.scope = scope;
    this.policy = policy;
    this.emittedIds = emittedIds;
    this.settledDays = settledDays;
    this.invariants = invariants;
    this.lastEmitted = stored;
    this.audits = new AuditQueue(scope.options().audits());
    this.windows = new SplitWindows(emittedIds, invariants);
    this.settledTo = scope.range().from();
    if (stored != null) {
      RestoredSplit restored = RestoredSplit.of(stored, scope);
      restored.windows().forEach(windows::add);
      windowsBeforeStart.addAll(restored.beforeStart());
      advance();
    }
    this.atLastBatch = offset();
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
    return settledTo;
  }

  /** Whether all of it is settled. */
  boolean isDone() {
    return !settledTo.isBefore(range().to());
  }

  /**
   * The digest by which the offsets of other days have to say that this day is settled; null when
   * its own offset says so, or when only a part of the day is wanted.
   */
  @Nullable String unreportedDigest() {
    SplitOffset last = lastEmitted;
    if (!scope.isWholeDay()) {
      return null;
    }
    if (last == null) {
      return SettledDays.WITHOUT_OFFSET;
    }
    boolean saysSo =
        !last.start().isAfter(range().from()) && !last.settled().isBefore(range().to());
    return saysSo ? null : OffsetCodec.digest(last);
  }

  /** The windows that may still gain records, in order. */
  List<Window> unsettled() {
    return windows.all().stream().filter(Window::isUnsettled).toList();
  }

  /** What is unread before a moment, in order. */
  List<TimeRange> gaps(Instant until) {
    Instant end = until.isBefore(range().to()) ? until : range().to();
    return settledTo.isBefore(end) ? windows.gaps(new TimeRange(settledTo, end)) : List.of();
  }

  /** The end of the last window that was read whole. */
  Instant readTo() {
    Instant readTo = windows.readTo();
    return readTo.isAfter(settledTo) ? readTo : settledTo;
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

  /** Gives up what the API no longer returns; returns the parts of it that had not been read. */
  List<TimeRange> expire(TimeRange expired, Instant now) {
    List<TimeRange> unread =
        gaps(expired.to()).stream()
            .filter(expired::overlaps)
            .map(gap -> gap.intersection(expired))
            .toList();
    // A part may have been settled early while it was being read: its audit is written already.
    for (TimeRange part : windows.unsettledParts(expired, settledTo)) {
      audits.expired(part, windows.takeOut(part, Set.of()), now);
      windows.add(Window.settled(part));
    }
    advance();
    return unread;
  }

  /** Settles the oldest windows early until the offset fits; returns how many. */
  int settleBeyond(int maxOffsetLength, Instant now) {
    OffsetSizeLimit limit = new OffsetSizeLimit(maxOffsetLength);
    if (limit.isExceededBy(windows.all(), windowsBeforeStart)) {
      windowsBeforeStart.clear();
    }
    List<Window> excess = limit.excess(windows.all());
    for (Window window : excess) {
      // An id that another window co-owns is left to that one, and counted there.
      audits.settledEarly(window.range(), windows.takeOut(window.range(), Set.of()), now);
      windows.add(Window.settled(window.range()));
    }
    advance();
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
    return new BatchBuilder(split(), atLastBatch, audits.takeAll(), invariants);
  }

  private @Nullable Batch build(BatchBuilder batch) {
    if (batch.isEmpty()) {
      return null;
    }
    SplitOffset complete = offset();
    lastEmitted = complete;
    atLastBatch = complete;
    return batch.build(complete);
  }

  /**
   * Takes over what the API returned for a window.
   *
   * @param counts counts what becomes of its rows
   * @return what of it was not emitted before, and its audit if it is settled now; null when that
   *     is nothing
   */
  public @Nullable Batch apply(WindowSnapshot whole, TaskCounts counts) {
    WindowSnapshot snapshot = whole.since(unsettledFrom(whole.range()));
    BatchBuilder batch = newBatch();
    if (!snapshot.range().isEmpty()) {
      WindowDelta delta = compare(snapshot);
      counts.add(delta);
      batch.addRows(delta, offset());
      if (policy.isSettled(snapshot.range(), snapshot.requestedAt())) {
        windows.add(Window.settled(snapshot.range()));
        audits.settled(snapshot, delta);
      } else {
        keep(snapshot, delta, snapshot.range().equals(whole.range()));
      }
      advance();
      batch.addAuditsAfter(audits.takeAll());
    }
    return build(batch);
  }

  /** Where the part of a range begins that was not settled early while it was being read. */
  private Instant unsettledFrom(TimeRange range) {
    List<TimeRange> parts = windows.unsettledParts(range, settledTo);
    return parts.isEmpty() ? range.to() : parts.get(0).from();
  }

  /** Takes the window out; the caller puts it back as it is now. */
  private WindowDelta compare(WindowSnapshot snapshot) {
    RangeHistory history =
        windows.isEmpty() ? RangeHistory.NONE : windows.takeOut(snapshot.range(), snapshot.ids());
    WindowDelta delta = WindowDelta.of(snapshot, history, emittedIds, scope.options(), invariants);
    LOG.debug(
        "Window {}: the API returned {} rows, {} of them are emitted.",
        snapshot.range(),
        snapshot.records().size(),
        delta.pending().size());
    return delta;
  }

  /**
   * Keeps a window for rechecks.
   *
   * @param isWhole whether the total that the API reported is that of just this window
   */
  private void keep(WindowSnapshot snapshot, WindowDelta delta, boolean isWhole) {
    long total = isWhole && snapshot.verified() ? snapshot.total() : WindowOffset.UNKNOWN;
    windows.add(
        Window.read(
            new WindowOffset(
                snapshot.range(), State.READ, total, delta.countsAfterAll(), delta.idsAfterAll()),
            snapshot.requestedAt()));
  }

  /** Moves the watermark over settled windows, and merges settled neighbours. */
  private void advance() {
    Window first = windows.first();
    while (first != null && first.isSettled() && !first.range().from().isAfter(settledTo)) {
      Instant end = first.range().to();
      settledTo = end.isAfter(settledTo) ? end : settledTo;
      windows.remove(first);
      first = windows.first();
    }
    windows.merge((a, b) -> a.isSettled() && b.isSettled());
  }

  /**
   * Merges neighbouring windows that are small for their age.
   *
   * @param untouched windows that overlap one of these stay as they are
   */
  void mergeSmallWindows(Instant now, WindowLimits size, List<TimeRange> untouched) {
    windows.merge(
        (a, b) ->
            a.mayMergeWith(b, now, size)
                && untouched.stream()
                    .noneMatch(range -> range.overlaps(a.range()) || range.overlaps(b.range())));
  }

  private SplitOffset offset() {
    List<WindowOffset> known = new ArrayList<>(windowsBeforeStart);
    windows.all().forEach(window -> known.add(window.offset()));
    return new SplitOffset(
        scope.options().start(), settledTo, known, settledDays.get(), scope.openedAt());
  }
}
