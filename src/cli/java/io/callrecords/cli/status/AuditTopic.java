package io.callrecords.cli.status;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.cli.topic.JsonFields;
import io.callrecords.cli.topic.TopicReading;
import io.callrecords.cli.topic.UnreadableRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the audit topic, and goes on where it was the next time, even if that was not its end. */
final class AuditTopic implements AutoCloseable {
  private final TopicReading reading;
  private final String topic;
  private final JsonFields json = new JsonFields();
  private final List<AuditedWindow> windows = new ArrayList<>();
  private final Map<Integer, Long> next = new HashMap<>();
  private long unreadable;

  /**
   * Creates a reader.
   *
   * @param reading reads the topic, and is closed with this
   */
  AuditTopic(TopicReading reading, String topic) {
    this.reading = reading;
    this.topic = topic;
  }

  /**
   * Reads up to the end that the topic has now.
   *
   * @throws io.callrecords.cli.CliException when that cannot be read; what was read counts
   */
  void readToEnd() {
    Map<Integer, Long> ends =
        reading.readOn(
            topic,
            next,
            (place, headers, key, value) -> {
              add(value);
              next.put(place.partition(), place.offset() + 1);
            });
    next.putAll(ends);
  }

  /** What was read so far. */
  List<AuditedWindow> windows() {
    return List.copyOf(windows);
  }

  /** How many records are no audits in JSON. */
  long unreadable() {
    return unreadable;
  }

  private void add(byte @Nullable [] value) {
    AuditedWindow window = value == null ? null : window(value);
    if (window == null) {
      unreadable++;
    } else {
      windows.add(window);
    }
  }

  /** The window of a record's value; null when it is none. */
  private @Nullable AuditedWindow window(byte[] value) {
    try {
      return AuditedWindow.of(json.texts(value));
    } catch (UnreadableRecordException e) {
      return null;
    }
  }

  @Override
  public void close() {
    reading.close();
  }
}
