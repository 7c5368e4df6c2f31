package io.callrecords.connect.state;

import io.callrecords.connect.offset.JournaledDay;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import org.jspecify.annotations.Nullable;

/** The offset of a split as it was last emitted, and what it leaves unsaid. */
final class EmittedOffset {
  private final SplitScope scope;

  /** What was true after the last batch, or when the split was opened. */
  private SplitOffset atLastBatch;

  /** The offset that Kafka has, or will have; null when it has none. */
  private @Nullable SplitOffset last;

  /** Whether Kafka has no offset of the split that names its ids in the journal. */
  private final boolean isUnnamed;

  private boolean hasChanged;

  /**
   * The offset of a split that is opened.
   *
   * @param stored the offset that Kafka has; null when it has none
   * @param restored what the split made of it
   */
  EmittedOffset(SplitScope scope, @Nullable SplitOffset stored, SplitOffset restored) {
    this.scope = scope;
    JournaledDay journaled = stored == null ? null : stored.journaled();
    this.isUnnamed = journaled != null && !journaled.isNamed();
    // The journal's part of it says nothing that the windows do not say, and may be large.
    this.last = stored == null ? null : stored.withJournaled(null);
    this.atLastBatch = restored;
  }

  /** What was true after the last batch, or when the split was opened. */
  SplitOffset atLastBatch() {
    return atLastBatch;
  }

  /** Takes note of what is true after a batch. */
  void emitted(SplitOffset offset) {
    atLastBatch = offset;
    last = offset;
    hasChanged = true;
  }

  /** Whether it was emitted since the split was opened: Kafka has another one than before. */
  boolean hasChanged() {
    return hasChanged;
  }

  /**
   * The digest by which the offsets of other days have to say that this day is settled; null when
   * its own offset says so, when only a part of the day is wanted, or when Kafka has another offset
   * than the one that was made of what segments say.
   */
  @Nullable String unreportedDigest() {
    if (!scope.isWholeDay() || (isUnnamed && !hasChanged)) {
      return null;
    }
    SplitOffset emitted = last;
    if (emitted == null) {
      return SettledDays.WITHOUT_OFFSET;
    }
    if (saysAllIsSettled()) {
      return null;
    }
    String digest = OffsetCodec.digest(emitted);
    return emitted.generation() == null ? digest : SettledDays.withoutIds(digest);
  }

  /** Whether the offset says by itself that all of the day is settled. */
  boolean saysAllIsSettled() {
    return last != null && last.saysAllIsSettled(scope.split());
  }
}
