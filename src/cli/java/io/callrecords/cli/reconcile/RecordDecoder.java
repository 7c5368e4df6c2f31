package io.callrecords.cli.reconcile;

import io.callrecords.cli.topic.UnreadableRecordException;
import io.callrecords.connect.feed.FeedRecord;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads the values of a topic, as one converter writes them. Not for several threads. */
interface RecordDecoder {
  /**
   * The fields of a call.
   *
   * @throws UnreadableRecordException when the value is none of this converter's, or no record
   */
  CallFields call(Headers headers, byte[] value);

  /** What a call that the API returns would be in the topic. */
  CallFields expected(FeedRecord record);

  /**
   * All fields of a record of another kind, each as a text; those without a value are left out.
   *
   * @throws UnreadableRecordException when the value is none of this converter's, or no record
   */
  Map<String, String> record(Headers headers, byte[] value);

  /** The names of fields that were met beside those of the connector; they are not compared. */
  Iterable<String> otherFields();

  /** The text of a key that is one; null for none. */
  @Nullable String key(byte @Nullable [] key);
}
