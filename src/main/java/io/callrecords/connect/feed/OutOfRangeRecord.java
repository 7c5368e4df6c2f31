package io.callrecords.connect.feed;

import java.util.function.Function;

/**
 * A record that the API shows in an answer, although by its time it lies outside of the range that
 * was asked for. Either a setting is wrong, or the record is.
 *
 * @param record the record as the settings have it read
 * @param asMalformed the same row as one that cannot be converted
 */
public record OutOfRangeRecord(FeedRecord record, MalformedRecord asMalformed) implements Row {
  @Override
  public String id() {
    return record.id();
  }

  @Override
  public long time() {
    return record.time();
  }

  @Override
  public int fingerprint() {
    return record.fingerprint();
  }

  @Override
  public <T> T match(
      Function<? super FeedRecord, ? extends T> onRecord,
      Function<? super MalformedRecord, ? extends T> onMalformed,
      Function<? super OutOfRangeRecord, ? extends T> onOutOfRange) {
    return onOutOfRange.apply(this);
  }
}
