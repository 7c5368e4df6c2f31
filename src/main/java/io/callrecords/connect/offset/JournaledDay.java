package io.callrecords.connect.offset;

import io.callrecords.connect.split.TimeRange;
import java.util.Collections;
import java.util.List;

/**
 * What the journal says of a day.
 *
 * @param isNamed whether the day's own offset names what is in the journal; Kafka may have got that
 *     of the journal alone
 * @param settled what is emitted and is not rechecked, in order and without overlaps: up to where a
 *     segment says so, from where the connector's range began when it was written
 * @param read what had been read whole, in order
 * @param ids the ids that were emitted, in the order of the journal; none of them twice
 */
public record JournaledDay(
    boolean isNamed, List<TimeRange> settled, List<TimeRange> read, List<EmittedId> ids) {
  /** Copies the short lists; the other may hold a million ids. */
  public JournaledDay {
    settled = List.copyOf(settled);
    read = List.copyOf(read);
    ids = Collections.unmodifiableList(ids);
  }

  /** The same without the ids: which ranges it knows. */
  JournaledDay withoutIds() {
    return new JournaledDay(isNamed, settled, read, List.of());
  }
}
