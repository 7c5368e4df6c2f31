package io.callrecords.connect.feed;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * One record of a feed.
 *
 * @param id its unique id
 * @param time the time by which the API filters it, in seconds since the epoch
 * @param value its value, with the feed's schema
 * @param excludedLists of the lists that the settings leave out of the value, by name: the hashes
 *     of their elements, by which the rows of a join are told apart; never emitted
 * @param weight how much of the heap it takes, in bytes
 */
public record FeedRecord(
    String id, long time, Struct value, Map<String, List<Integer>> excludedLists, long weight)
    implements Row {
  /** A record of which no list is left out, and whose weight is that of its value. */
  public FeedRecord(String id, long time, Struct value) {
    this(id, time, value, Map.of());
  }

  FeedRecord(String id, long time, Struct value, Map<String, List<Integer>> excludedLists) {
    this(id, time, value, excludedLists, RowWeight.ofRecord(value));
  }

  /** The same record at another time. */
  public FeedRecord withTime(long newTime) {
    return new FeedRecord(id, newTime, value, excludedLists, weight);
  }

  /** Whether all but the weight is the same, which is an estimate. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FeedRecord record
        && id.equals(record.id)
        && time == record.time
        && value.equals(record.value)
        && excludedLists.equals(record.excludedLists);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, time);
  }

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
