package io.callrecords.connect.state;

/**
 * What has become of a day's own offset, once it names the day's ids in the journal: which batch
 * gave the name, and whether Kafka has that offset or a later one.
 */
final class OwnOffsetDelivery {
  /** The number of no batch: it was in a batch of an earlier run. */
  private static final long STORED = -1;

  private final BatchDelivery batches;

  /** The first batch whose offset named the ids and was not dropped; 0 while none has. */
  private long namedBy;

  /** The last batch that carried the day's own offset; of an earlier run while none has. */
  private long last = STORED;

  OwnOffsetDelivery(BatchDelivery batches) {
    this.batches = batches;
  }

  /** Takes note that the stored offset has the name. */
  void restoreNamed() {
    namedBy = STORED;
  }

  /** Takes note that a batch carries the day's own offset, with the name. */
  void emitted(long batch) {
    boolean isNamed = isNamed();
    batches.watch(batch, isNamed && last == namedBy ? 0 : last);
    namedBy = isNamed ? namedBy : batch;
    last = batch;
  }

  /** Whether the name was emitted, and not dropped as far as is known. */
  boolean isNamed() {
    return namedBy != 0 && !batches.isDropped(namedBy);
  }

  /** Whether the worker is done with the batch that gave the name, if there is one. */
  boolean isNameAcknowledged() {
    return batches.isAcknowledged(namedBy);
  }

  /** Whether Kafka has the name. */
  boolean isNameStored() {
    return namedBy != 0 && (batches.isStored(namedBy) || batches.isStored(last));
  }

  /** Whether Kafka has the day's own offset as it was emitted last. */
  boolean isStored() {
    return batches.isStored(last);
  }
}
