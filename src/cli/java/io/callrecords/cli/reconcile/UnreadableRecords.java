package io.callrecords.cli.reconcile;

import io.callrecords.cli.topic.TopicPlace;
import java.util.ArrayList;
import java.util.List;

/** The records that the converter could not read: how many, and where the first ones stand. */
final class UnreadableRecords {
  private static final int MAX_PLACES = 5;

  private final List<String> places = new ArrayList<>();
  private long count;
  private long read;

  /** Counts a record, whether it can be read or not. */
  void countRead() {
    read++;
  }

  /** Adds one. */
  void add(String topic, TopicPlace place) {
    count++;
    if (places.size() < MAX_PLACES) {
      places.add("%s partition %d offset %d".formatted(topic, place.partition(), place.offset()));
    }
  }

  /** How many there are. */
  long count() {
    return count;
  }

  /** What there is to say of them. */
  String text() {
    // Where most can be read, it is not for the lack of their converter.
    String wayOut =
        count > read / 2 ? ": name the converter of the topic's values with --value-converter" : "";
    return CountText.of(count, "record")
        + " could not be read ("
        + String.join(", ", places)
        + (count > places.size() ? ", …)" : ")")
        + wayOut;
  }
}
