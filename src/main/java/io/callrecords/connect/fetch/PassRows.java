package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.JoinedRows;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a pass by id. Rows of one id that a join has split are put together; where two of
 * them contradict each other in more, the choice does not depend on which comes first.
 */
final class PassRows {
  private static final long UNKNOWN = -1;

  private final TimeRange range;
  private final Map<String, Row> rows;
  private int unions;
  private int repeats;
  private int repeatsWithin;
  private int conflicts;
  private @Nullable Set<String> ownIds;
  private long joinedRows = UNKNOWN;

  /**
   * Creates an empty collection.
   *
   * @param range the window
   * @param count how many rows there will be
   */
  PassRows(TimeRange range, int count) {
    this.range = range;
    // In the order of the pages, which is nearly that of time, so that little is left to sort.
    this.rows = new LinkedHashMap<>(count * 4 / 3 + 1);
  }

  /** Adds a row. */
  void add(Row row) {
    Row before = rows.put(row.id(), row);
    if (before == null) {
      return;
    }
    Optional<Row> union = JoinedRows.union(before, row);
    if (union.isPresent()) {
      unions++;
      rows.put(row.id(), union.get());
      return;
    }
    int within = range.contains(row.time()) || range.contains(before.time()) ? 1 : 0;
    repeats++;
    repeatsWithin += within;
    if (!JoinedRows.isPartOf(before, row)) {
      conflicts += within;
      rows.put(row.id(), chosen(before, row));
    }
  }

  /** One of two versions; one whose time was requested, if only one of them has such a time. */
  private Row chosen(Row a, Row b) {
    if (isFarOff(range, a) != isFarOff(range, b)) {
      return isFarOff(range, a) ? b : a;
    }
    return Integer.compareUnsigned(a.fingerprint(), b.fingerprint()) > 0 ? a : b;
  }

  /** Whether a row has something that is not known of its record. */
  boolean adds(Row row) {
    Row known = rows.get(row.id());
    return known == null || !JoinedRows.isPartOf(known, row);
  }

  /** The rows by id, in the order of the pages. */
  Map<String, Row> byId() {
    return Collections.unmodifiableMap(rows);
  }

  /** How many there are, each id counted once. */
  int size() {
    return rows.size();
  }

  /** How many rows were parts that a join had split off from a record. */
  int unions() {
    return unions;
  }

  /** How many rows repeat another one, and are not such parts. */
  int repeats() {
    return repeats;
  }

  /** How many of these repeat a record of the window itself. */
  int repeatsWithin() {
    return repeatsWithin;
  }

  /** How many of these, in turn, differ from the row that they repeat. */
  int conflicts() {
    return conflicts;
  }

  /** The ids of those that belong to the window itself; to be called once all are added. */
  Set<String> ownIds() {
    Set<String> ids = ownIds;
    if (ids == null) {
      ids = new HashSet<>();
      for (Row row : rows.values()) {
        if (range.contains(row.time())) {
          ids.add(row.id());
        }
      }
      ownIds = ids;
    }
    return ids;
  }

  /** How many rows of a join they are made of; to be called once all are added. */
  long joinedRows() {
    if (joinedRows == UNKNOWN) {
      joinedRows = JoinedRows.count(rows.values());
    }
    return joinedRows;
  }

  /**
   * Whether a page is one of those before it once more. Known rows alone do not tell: pages in
   * random order have some of them too.
   */
  boolean isShownAgain(Page page, List<Page> earlierPages) {
    return page.rows().stream().noneMatch(this::adds)
        && earlierPages.stream().anyMatch(earlier -> haveSameIds(earlier, page));
  }

  /** Whether two pages have rows of the same ids. */
  static boolean haveSameIds(Page a, Page b) {
    return a.rows().size() == b.rows().size() && ids(a).equals(ids(b));
  }

  private static Set<String> ids(Page page) {
    return page.rows().stream().map(Row::id).collect(Collectors.toSet());
  }

  /** Whether a row's time lies outside of what is requested for a window. */
  static boolean isFarOff(TimeRange range, Row row) {
    long time = row.time();
    return time < range.from().getEpochSecond() - 1 || time > range.to().getEpochSecond();
  }
}
