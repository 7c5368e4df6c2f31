package io.callrecords.connect.feed;

import java.util.function.Function;
import org.apache.kafka.connect.data.Struct;

/**
 * One record of a feed.
 *
 * @param id its unique id
 * @param time the time by which the API filters it, in seconds since the epoch
 * @param value its value, with the feed's schema
 */
public record FeedRecord(String id, long time, Struct value) implements Row {
  /** A number that differs between versions of the record; never 0. */
  @Override
  public int fingerprint() {
    return Fingerprint.of(value);
  }

  /** The time only: a record holds personal data. */
  @Override
  public String toString() {
    return "FeedRecord[time=" + time + "]";
  }

  @Override
  public <T> T match(
      Function<FeedRecord, T> record,
      Function<MalformedRecord, T> malformed,
      Function<OutOfRangeRecord, T> outOfRange) {
    return record.apply(this);
  }
}
