package io.callrecords.connect.state;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.split.Split;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * What is emitted of a split at once, never nothing: the new rows of one window, between the audits
 * of windows that ended before it and of what ends with it.
 *
 * @param number numbers the batches of a task, from 1 on
 * @param split the split that all of it belongs to
 * @param auditsBefore the audits that are emitted ahead of the rows
 * @param rows the rows, in the order of {@link Row#ORDER}, each with the version that it is
 * @param readAt when they were read, by the API's clock, in milliseconds: later than any earlier
 *     version of theirs
 * @param auditsAfter the audits that are emitted after the rows
 * @param offsets the offset of the item with the given index, counted over all three lists, which
 *     is true once it and those before have been emitted; any thread may call it
 */
public record Batch(
    long number,
    Split split,
    List<WindowAudit> auditsBefore,
    List<VersionedRow> rows,
    Instant readAt,
    List<WindowAudit> auditsAfter,
    IntFunction<RecordOffset> offsets) {

  /** A row and which version of its call it is. */
  public record VersionedRow(Row row, RowVersion version) {
    /** The row's id. */
    public String id() {
      return row.id();
    }
  }

  /** How many items it holds: rows and audits. */
  public int size() {
    return auditsBefore.size() + rows.size() + auditsAfter.size();
  }

  /** Hands each item to the consumer of its kind, in the order in which they are emitted. */
  public void forEach(Consumer<? super VersionedRow> onRow, Consumer<? super WindowAudit> onAudit) {
    auditsBefore.forEach(onAudit);
    rows.forEach(onRow);
    auditsAfter.forEach(onAudit);
  }
}
