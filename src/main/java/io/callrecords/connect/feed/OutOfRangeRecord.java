package io.callrecords.connect.feed;

import java.util.function.Function;

/**
 * A record that the API returns although its time lies outside of the range that was requested:
 * either a setting is wrong, or the record is.
 *
 * @param record the record as configured
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
  public long weight() {
    return record.weight() + asMalformed.weight();
  }

  @Override
  public <T> T match(
      Function<FeedRecord, T> record,
      Function<MalformedRecord, T> malformed,
      Function<OutOfRangeRecord, T> outOfRange) {
    return outOfRange.apply(this);
  }
}
