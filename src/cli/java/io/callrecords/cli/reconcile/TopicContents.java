package io.callrecords.cli.reconcile;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.cli.topic.TopicPlace;
import io.callrecords.cli.topic.TopicReading;
import io.callrecords.cli.topic.UnreadableRecordException;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
  private final UnreadableRecords unreadable = new UnreadableRecords();
  private final Deletions deletions = new Deletions();
  private final RoutedRows routedRows = new RoutedRows();
  private long recordsRead;
  private long otherKeys;

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
          note(place, headers, key, value);
        });
    progress.at("Reading the topic", recordsRead, recordsRead);
    readAudits();
    readMalformed();
  }

  private @Nullable Instant since() {
    return request.isTransformed() ? null : request.range().from().minus(BEFORE);
  }

  private void note(
      TopicPlace place, Headers headers, byte @Nullable [] key, byte @Nullable [] value) {
    if (value == null) {
      noteDeletion(place, decoder.key(key));
      return;
    }
    String topic = request.config().topic();
    unreadable.countRead();
    CallFields call;
    try {
      call = decoder.call(headers, value);
    } catch (UnreadableRecordException e) {
      unreadable.add(topic, place);
      return;
    }
    String id = call.id();
    Long millis = call.millis();
    if (id == null || millis == null) {
      unreadable.add(topic, place);
      return;
    }
    otherKeys += id.equals(decoder.key(key)) ? 0 : 1;
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

  private void noteDeletion(TopicPlace place, @Nullable String id) {
    if (id == null) {
      deletions.addWithoutKey();
    } else {
      deletions.add(digests.ofId(id), place);
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
              unreadable.countRead();
              try {
                AuditedWindow window = AuditedWindow.of(decoder.record(headers, value));
                if (window != null) {
                  audits.add(window);
                }
              } catch (UnreadableRecordException e) {
                unreadable.add(topic, place);
              }
            }
          });
    }
  }

  private void readMalformed() {
    String topic = request.config().malformedTopic();
    if (topic != null) {
      reading.read(
          topic, since(), (place, headers, key, value) -> routedRows.add(decoder.key(key)));
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

  /** The malformed rows that were routed to their topic. */
  RoutedRows routedRows() {
    return routedRows;
  }

  /** The records that the converter could not read. */
  UnreadableRecords unreadable() {
    return unreadable;
  }

  /** The records of the topic of calls that have no value. */
  Deletions deletions() {
    return deletions;
  }

  /** How many records have no key, or another one than the call's id. */
  long otherKeys() {
    return otherKeys;
  }

  @Override
  public void close() {
    spill.close();
  }
}
