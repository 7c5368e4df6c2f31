package io.callrecords.connect.schedule;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowDrift;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which days hold more records than were emitted of them: one line for each, with the cure.
 */
final class DriftLog {
  private static final Logger LOG = LoggerFactory.getLogger(DriftLog.class);

  private final String feed;
  private final List<WindowDrift> drifts = new ArrayList<>();

  /**
   * Creates an empty log.
   *
   * @param feed the name of the feed in a source partition
   */
  DriftLog(String feed) {
    this.feed = feed;
  }

  /** Adds a window that has drifted. */
  void add(WindowDrift drift) {
    drifts.add(drift);
  }

  /** Logs what was added since the last report. */
  void report() {
    Map<Split, List<WindowDrift>> byDay = new TreeMap<>();
    for (WindowDrift drift : drifts) {
      byDay.computeIfAbsent(Split.of(drift.window().from()), day -> new ArrayList<>()).add(drift);
    }
    byDay.forEach(this::logDay);
    drifts.clear();
  }

  private void logDay(Split day, List<WindowDrift> ofDay) {
    ofDay.sort(Comparator.comparing(drift -> drift.window().from()));
    TimeRange first = ofDay.get(0).window();
    TimeRange last = ofDay.get(ofDay.size() - 1).window();
    LOG.warn(
        "The API now returns {} records for {}, where it had returned {} when the connector last read"
            + " it: those that are new since were not emitted. To load {} again, stop the connector,"
            + " send PATCH /connectors/<name>/offsets with {\"offsets\": [{\"partition\":"
            + " {\"feed\": \"{}\", \"split\": \"{}\"}, \"offset\": null}]}, and resume it; its records"
            + " are emitted once more, with the same keys. The metric drifted-windows-total counts"
            + " such windows.",
        ofDay.stream().mapToLong(WindowDrift::now).sum(),
        new TimeRange(first.from(), last.to()),
        ofDay.stream().mapToLong(WindowDrift::before).sum(),
        day.range().contains(last) ? day : "each of its days",
        feed,
        day);
  }
}
