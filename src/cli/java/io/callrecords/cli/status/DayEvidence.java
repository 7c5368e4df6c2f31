package io.callrecords.cli.status;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.split.TimeRange;
import java.util.List;

/**
 * What is known of a day, each as ranges that may overlap.
 *
 * @param settled what its offset or that of another day calls settled
 * @param read what was read whole
 * @param partial what was begun, and has to be read again
 * @param counted ranges of which the offsets tell how many calls they have
 * @param audits what the audit topic has of it
 * @param isReplay whether it is being loaded again
 */
record DayEvidence(
    List<TimeRange> settled,
    List<TimeRange> read,
    List<TimeRange> partial,
    List<WindowCalls> counted,
    List<AuditedWindow> audits,
    boolean isReplay) {
  static final DayEvidence NONE =
      new DayEvidence(List.of(), List.of(), List.of(), List.of(), List.of(), false);

  DayEvidence with(List<AuditedWindow> others) {
    return new DayEvidence(settled, read, partial, counted, others, isReplay);
  }
}
