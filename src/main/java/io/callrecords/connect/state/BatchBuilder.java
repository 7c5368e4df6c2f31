package io.callrecords.connect.state;

import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.state.Batch.VersionedRow;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Builds a batch, and the offset that holds after each of its items. */
final class BatchBuilder {
  private final long number;
  private final Split split;
  private final SplitOffset lastEmitted;
  private final List<WindowAudit> auditsBefore;
  private final Invariants invariants;
  private List<WindowAudit> auditsAfter = List.of();
  private Instant readAt = Instant.EPOCH;
  private @Nullable Instant replayedTo;
  private @Nullable WindowDelta delta;
  private @Nullable SplitOffset base;
  private @Nullable IntFunction<RecordOffset> journaled;

  /**
   * Starts a batch.
   *
   * @param number the batch's number
   * @param lastEmitted the split's offset after the batch before
   * @param auditsBefore the audits that are emitted first
   */
  BatchBuilder(
      long number,
      Split split,
      SplitOffset lastEmitted,
      List<WindowAudit> auditsBefore,
      Invariants invariants) {
    this.number = number;
    this.split = split;
    this.lastEmitted = lastEmitted;
    this.auditsBefore = auditsBefore;
    this.invariants = invariants;
  }

  /**
   * Adds what has yet to be emitted of a window.
   *
   * @param offsetWithoutWindow the split's offset without that window; null where the rows are
   *     written to the journal
   */
  void addRows(WindowDelta windowDelta, @Nullable SplitOffset offsetWithoutWindow) {
    delta = windowDelta;
    base = offsetWithoutWindow;
  }

  /**
   * Says when the rows were read, and why.
   *
   * @param newReadAt later than that of any earlier version of theirs
   * @param newReplayedTo what lies before it a person has had loaded again; null where nothing
   */
  void read(Instant newReadAt, @Nullable Instant newReplayedTo) {
    readAt = newReadAt;
    replayedTo = newReplayedTo;
  }

  /**
   * Has the rows' ids written to the journal, not to the split's own offset.
   *
   * @param rowOffsets the offset of each row, by its index
   */
  void writeToJournal(IntFunction<RecordOffset> rowOffsets) {
    journaled = rowOffsets;
  }

  /** The batch's number. */
  long number() {
    return number;
  }

  /** Whether something of it carries the split's own offset. */
  boolean hasOwnOffset() {
    return size() > (journaled == null ? 0 : rowCount());
  }

  /** Adds the audits that are emitted last. */
  void addAuditsAfter(List<WindowAudit> audits) {
    auditsAfter = audits;
  }

  private int rowCount() {
    return delta == null ? 0 : delta.pending().size();
  }

  private int size() {
    return auditsBefore.size() + rowCount() + auditsAfter.size();
  }

  /** Whether nothing is to be emitted; there is no batch then. */
  boolean isEmpty() {
    return size() == 0;
  }

  /**
   * Builds the batch.
   *
   * @param complete the split's offset once all of it has been emitted
   * @return null only where it would be empty, which nobody should ask for
   */
  @Nullable Batch build(SplitOffset complete) {
    if (!invariants.check(!isEmpty(), "a batch is empty")) {
      return null;
    }
    return new Batch(
        number, split, auditsBefore, versionedRows(), readAt, auditsAfter, offsets(complete));
  }

  private List<VersionedRow> versionedRows() {
    return delta == null
        ? List.of()
        : delta.pending().stream()
            .map(next -> new VersionedRow(next.row(), next.version(replayedTo)))
            .toList();
  }

  private IntFunction<RecordOffset> offsets(SplitOffset complete) {
    IntFunction<SplitOffset> own = ownOffsets(complete);
    int before = auditsBefore.size();
    int rows = rowCount();
    IntFunction<RecordOffset> ofRows = journaled;
    return index ->
        ofRows != null && index >= before && index < before + rows
            ? ofRows.apply(index - before)
            : new RecordOffset.OfDay(split, () -> own.apply(index));
  }

  /**
   * The split's own offset after each item. It never says that a window has ended whose audit is
   * yet to come. Nor does it forget what had been emitted of a window that was taken out to be
   * compared.
   */
  private IntFunction<SplitOffset> ownOffsets(SplitOffset complete) {
    int last = size() - 1;
    int before = auditsBefore.size();
    int rows = rowCount();
    boolean isJournaled = journaled != null;
    boolean endsBefore = isJournaled && auditsAfter.isEmpty();
    WindowDelta window = delta;
    SplitOffset withoutWindow = base;
    return index -> {
      if (index == last || (endsBefore && index == before - 1)) {
        return complete;
      }
      if (isJournaled) {
        return lastEmitted;
      }
      if (index < before - 1 || window == null || withoutWindow == null) {
        return lastEmitted;
      }
      return window.offsetAfter(withoutWindow, Math.min(index - before + 1, rows));
    };
  }
}
