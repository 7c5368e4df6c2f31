package io.callrecords.connect.fetch;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** The earlier passes over a window, none of which was complete by itself. */
final class PassHistory {
  private static final long NONE = -1;

  private final TimeRange range;
  private final Map<String, Row> rows = new HashMap<>();
  private int passes;
  private long lastTotal = NONE;
  private Map<String, Integer> lastIdCounts = Map.of();
  private boolean lastSuspicious;
  private int repetitions;

  /**
   * Creates a history without passes.
   *
   * @param range the window
   */
  PassHistory(TimeRange range) {
    this.range = range;
  }

  /** Adds the next pass. */
  void add(WindowPass pass) {
    repetitions = repetitionsWith(pass);
    pass.rows().forEach(this::keep);
    lastTotal = pass.total();
    lastIdCounts = pass.idCounts();
    lastSuspicious = pass.isSuspicious();
    passes++;
  }

  /** Keeps the latest form of a row, but prefers one whose time was requested. */
  private void keep(String id, Row row) {
    if (WindowPass.isFarOff(range, row)) {
      rows.putIfAbsent(id, row);
    } else {
      rows.put(id, row);
    }
  }

  /** How many passes there were. */
  int passes() {
    return passes;
  }

  /** Each row that any pass has returned, by id. */
  Map<String, Row> rows() {
    return Collections.unmodifiableMap(rows);
  }

  /** Whether a pass reports the same total as the one before it. */
  boolean hasSameTotal(WindowPass next) {
    return next.total() == lastTotal;
  }

  /** Whether a pass has the very same rows as the one before it, each as often. */
  boolean isRepeatedBy(WindowPass next) {
    return hasSameTotal(next) && next.idCounts().equals(lastIdCounts);
  }

  /** Whether the last pass was suspicious. */
  boolean wasSuspicious() {
    return lastSuspicious;
  }

  /** How often in a row the passes up to and with this one have repeated the one before them. */
  int repetitionsWith(WindowPass next) {
    return next.addsUp() && isRepeatedBy(next) ? repetitions + 1 : 0;
  }

  /** How many different rows all passes have returned together with this one. */
  int distinctWith(WindowPass next) {
    int more = 0;
    for (String id : next.rows().keySet()) {
      more += rows.containsKey(id) ? 0 : 1;
    }
    return rows.size() + more;
  }
}
