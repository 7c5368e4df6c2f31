package io.callrecords.connect.fetch;

import io.callrecords.connect.feed.JoinedRows;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The earlier passes over a window, none of which was complete by itself. */
final class PassHistory {
  private static final long NONE = -1;

  private final TimeRange range;
  private final Map<String, Row> rows = new HashMap<>();
  private final Set<String> ownIds = new HashSet<>();
  private final List<Reading> readings = new ArrayList<>();
  private long lastTotal = NONE;
  private Map<String, Integer> lastIdCounts = Map.of();
  private boolean lastSuspicious;
  private int repetitions;

  /**
   * What is remembered of a pass, beside its rows; the records of the window itself are a part of
   * it.
   */
  private record Reading(
      long total,
      int pageSize,
      int rowCount,
      Set<String> ownIds,
      boolean isSteady,
      int repeatsWithin,
      boolean isCutOff) {}

  /**
   * Creates a history without passes.
   *
   * @param range the window
   */
  PassHistory(TimeRange range) {
    this.range = range;
  }

  /**
   * Adds the next pass.
   *
   * @param isSplit whether a join may have split records, so that each pass may have other parts
   */
  void add(WindowPass pass, boolean isSplit) {
    repetitions = repetitionsWith(pass);
    pass.rows().forEach((id, row) -> keep(id, isSplit ? withKnown(row) : row));
    ownIds.addAll(pass.ownIds());
    readings.add(
        new Reading(
            pass.total(),
            pass.pageSize(),
            pass.rowCount(),
            pass.ownIds(),
            pass.isSteady(),
            pass.repeatsWithin(),
            pass.isCutOff()));
    lastTotal = pass.total();
    lastIdCounts = pass.pages().idCounts();
    lastSuspicious = pass.isSuspicious();
  }

  /** Adds rows that came otherwise than by a pass. */
  void addRows(Map<String, Row> found) {
    found.forEach((id, row) -> keep(id, withKnown(row)));
    found.values().stream()
        .filter(row -> range.contains(row.time()))
        .map(Row::id)
        .forEach(ownIds::add);
  }

  /**
   * Keeps the latest form of a row, but prefers one whose time was requested, and one that has more
   * in its lists, since a join may have cut off the other.
   */
  private void keep(String id, Row row) {
    Row before = rows.get(id);
    if (before == null || !PassRows.isFarOff(range, row)) {
      boolean isCutOff = before != null && JoinedRows.isPartOf(before, row);
      rows.put(id, isCutOff ? before : row);
    }
  }

  /** A row together with what earlier passes had of its record. */
  private Row withKnown(Row row) {
    Row known = rows.get(row.id());
    return known == null ? row : JoinedRows.union(known, row).orElse(row);
  }

  /** How many rows of a join all passes have returned together with this one. */
  long joinedWith(WindowPass next) {
    long joined = JoinedRows.count(next.rows().values().stream().map(this::withKnown).toList());
    for (Row row : rows.values()) {
      joined += next.rows().containsKey(row.id()) ? 0 : JoinedRows.count(row);
    }
    return joined;
  }

  /** How many passes there were. */
  int passes() {
    return readings.size();
  }

  /** Whether a pass has requested pages of that size. */
  boolean hasRequested(int pageSize) {
    return readings.stream().anyMatch(reading -> reading.pageSize() == pageSize);
  }

  /**
   * Whether the passes show that pages hold the rows of a join: with the same total, their first
   * and last pages are full if these are counted, for one page size as for another.
   */
  boolean hasJoinedPages() {
    return readings.stream()
        .filter(Reading::isCutOff)
        .collect(
            Collectors.groupingBy(
                Reading::total, Collectors.mapping(Reading::pageSize, Collectors.toSet())))
        .values()
        .stream()
        .anyMatch(sizes -> sizes.size() > 1);
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
    return hasSameTotal(next) && next.pages().idCounts().equals(lastIdCounts);
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

  /**
   * Whether all passes have together as many records as the pages of a pass have rows from the
   * first to the end, and those of an earlier one as many: in random order, each pass lacks others.
   */
  boolean countsAllRows(WindowPass next) {
    return next.hasSeenEnd()
        && !next.pages().hasShortPage()
        && next.rowCount() == distinctWith(next)
        && readings.stream().anyMatch(reading -> reading.rowCount() == next.rowCount());
  }

  /**
   * Whether an earlier pass, whose pages were cut elsewhere, has the same records of the window as
   * this one, and none has one that both lack.
   *
   * @param isInOrder whether the API is known to return records in the order of their times
   */
  boolean agreesWith(WindowPass next, boolean isInOrder) {
    return isSteady(next.isSteady(), next.repeatsWithin(), isInOrder)
        && next.ownIds().size() == ownIds.size()
        && readings.stream()
            .anyMatch(
                reading ->
                    isSteady(reading.isSteady(), reading.repeatsWithin(), isInOrder)
                        && (reading.pageSize() != next.pageSize() || next.pageSize() == 1)
                        && reading.ownIds().equals(next.ownIds()));
  }

  /**
   * Whether a pass cannot have lost a record of the window between two pages: that would have
   * repeated another in its place. Where rows come in the order of their times, that one has nearly
   * the same time; else it may be any.
   */
  private static boolean isSteady(boolean isSteady, int repeatsWithin, boolean isInOrder) {
    return isSteady || (repeatsWithin == 0 && isInOrder);
  }
}
