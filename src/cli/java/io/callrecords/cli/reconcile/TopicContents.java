package io.callrecords.cli.reconcile;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.cli.topic.TopicPlace;
import io.callrecords.cli.topic.TopicReading;
import io.callrecords.cli.topic.UnreadableRecordException;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the connector's topics have of a range, read once: of each call digests, in a temporary file
 * of its day; the windows of the audit; the keys of malformed rows.
 */
final class TopicContents implements AutoCloseable {
  /** The timestamps of records are a day from a call's time at most, see record.timestamp. */
  private static final Duration BEFORE = Duration.ofDays(2);

  private static final int TELL_EVERY = 5_000;

  private final ReconcileRequest request;
  private final TopicReading reading;
  private final ReconcileProgress progress;
  private final RecordDecoder decoder;
  private final CallDigests digests;
  private final DaySpill spill = new DaySpill();
  private final AuditWindows audits = new AuditWindows();
  private final Set<String> malformedKeys = new HashSet<>();
  private long recordsRead;
  private long unreadable;
  private long deletions;

  TopicContents(
      ReconcileRequest request,
      TopicReading reading,
      ReconcileProgress progress,
      RecordDecoder decoder,
      CallDigests digests) {
    this.request = request;
    this.reading = reading;
    this.progress = progress;
    this.decoder = decoder;
    this.digests = digests;
  }

  /**
   * Reads the topics: that of calls up to offsets, the others to their ends, so that they tell of
   * all that was written before.
   */
  void read(Map<Integer, Long> ends) {
    reading.read(
        request.config().topic(),
        since(),
        ends,
        (place, headers, key, value) -> {
          if (++recordsRead % TELL_EVERY == 0) {
            progress.at("Reading the topic", recordsRead, 0);
          }
          note(place, headers, value);
        });
    progress.at("Reading the topic", recordsRead, recordsRead);
    readAudits();
    readMalformed();
  }

  private @Nullable Instant since() {
    return request.isTransformed() ? null : request.range().from().minus(BEFORE);
  }

  private void note(TopicPlace place, Headers headers, byte @Nullable [] value) {
    if (value == null) {
      deletions++;
      return;
    }
    CallFields call;
    try {
      call = decoder.call(headers, value);
    } catch (UnreadableRecordException e) {
      unreadable++;
      return;
    }
    String id = call.id();
    Long millis = call.millis();
    if (id == null || millis == null) {
      unreadable++;
      return;
    }
    long second = Math.floorDiv(millis, 1000L);
    if (request.range().contains(second)) {
      Split day = Split.of(Instant.ofEpochSecond(second));
      spill.add(
          day,
          new TopicEntry(
              digests.ofId(id),
              digests.of(call),
              place,
              (int) (second - day.range().from().getEpochSecond()),
              "replayed".equals(call.version())));
    }
  }

  private void readAudits() {
    String topic = request.config().auditTopic();
    if (topic != null) {
      reading.read(
          topic,
          since(),
          (place, headers, key, value) -> {
            if (value != null) {
              try {
                AuditedWindow window = AuditedWindow.of(decoder.record(headers, value));
                if (window != null) {
                  audits.add(window);
                }
              } catch (UnreadableRecordException e) {
                unreadable++;
              }
            }
          });
    }
  }

  private void readMalformed() {
    String topic = request.config().malformedTopic();
    if (topic != null) {
      reading.read(
          topic,
          since(),
          (place, headers, key, value) -> {
            String text = decoder.key(key);
            malformedKeys.add(text == null ? "" : text);
          });
    }
  }

  /** What the topic of calls has of a day, which is forgotten here. */
  DigestTable take(Split day) {
    return spill.take(day);
  }

  /** What the audit topic says; empty where there is none. */
  AuditWindows audits() {
    return audits;
  }

  /** The keys of malformed rows that were routed to their topic. */
  Set<String> malformedKeys() {
    return malformedKeys;
  }

  /** How many records the converter could not read. */
  long unreadable() {
    return unreadable;
  }

  /** How many records of the topic of calls have no value. */
  long deletions() {
    return deletions;
  }

  @Override
  public void close() {
    spill.close();
  }
}
