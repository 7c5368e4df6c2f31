package io.callrecords.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/** Finds the rows of a page in the store, and counts them, as the quirks have it. */
final class Selection {
  private final CallStore store;
  private final Quirks quirks;
  private final long seed;
  private final AtomicLong shuffles = new AtomicLong();
  private final AtomicLong answers = new AtomicLong();

  Selection(CallStore store, Quirks quirks, long seed) {
    this.store = store;
    this.quirks = quirks;
    this.seed = Mixing.of(seed);
  }

  /**
   * What one request finds, and how its answer counts it.
   *
   * @param size what the answer says the size of its pages is
   * @param more whether further rows lie behind the page
   */
  record Found(int total, int pages, int current, int size, boolean more, List<Call> rows) {}

  /** The seconds that a query's range covers, both ends included. */
  record Seconds(long first, long last) {}

  Seconds seconds(Instant from, Instant to) {
    return quirks.rangeUse().seconds(from, to, quirks.bounds(), quirks.zone());
  }

  /**
   * Finds a page.
   *
   * @param isShown which seconds of the range the answer holds
   * @param counted the total that was counted a moment ago, or less than zero to count now
   */
  Found find(
      Instant now,
      Seconds seconds,
      Filters filters,
      LongPredicate isShown,
      int current,
      int size,
      int counted) {
    TimeIndex.Range range = store.range(now, seconds.first(), seconds.last());
    if (plain(filters)) {
      int total = counted < 0 ? total(range.size(), range.size()) : counted;
      return found(
          total,
          current,
          size,
          range.size(),
          (offset, rows) -> fromIndex(range, now, offset, rows));
    }
    ResultRows rows = new ResultRows(store, quirks, now, rows(range, now, filters, isShown), seed);
    int total = counted < 0 ? total(rows) : counted;
    return found(total, current, size, rows.size(), rows::page);
  }

  /** The total that an answer would say now. */
  int count(Instant now, Seconds seconds, Filters filters, LongPredicate isShown) {
    return find(now, seconds, filters, isShown, 1, 1, -1).total();
  }

  private boolean plain(Filters filters) {
    return filters.none()
        && quirks.duplicateEvery() == 0
        && quirks.order() != Order.RANDOM
        && quirks.rangeUse() != RangeUse.OFFSET_DROPPED
        && quirks.pagination().plainRows();
  }

  private int total(ResultRows rows) {
    boolean joined = quirks.pagination().total() == TotalCount.JOINED_ROWS;
    return total(rows.calls(), joined ? rows.joined() : rows.calls());
  }

  private int total(int calls, int joined) {
    Pagination pagination = quirks.pagination();
    long counted =
        switch (pagination.total()) {
          case ROWS -> calls;
          case JOINED_ROWS -> joined;
          case ZERO -> 0;
          case DRIFTING -> drifted(calls);
        };
    return (int) ((counted * pagination.percent() + 99) / 100);
  }

  /** The rows, give or take a twentieth and three at least; nothing is made of none. */
  private long drifted(int rows) {
    int most = Math.max(3, rows / 20);
    long draw = Mixing.of(seed - answers.incrementAndGet());
    return rows == 0 ? 0 : Math.max(0, rows - most + Math.floorMod(draw, 2 * most + 1));
  }

  private Found found(int total, int asked, int size, int rows, RowSource source) {
    Pagination pagination = quirks.pagination();
    int told = pagination.toldSize(size);
    int pages = (int) ((total + told - 1L) / told);
    int current = pagination.lookedFor(asked, size, pages, rows);
    int limit = pagination.pageSize(size);
    return current == 0
        ? new Found(total, pages, asked, told, false, List.of())
        : new Found(
            total,
            pages,
            current,
            told,
            (long) current * limit < rows,
            source.page((current - 1L) * limit, limit));
  }

  private List<Call> fromIndex(TimeIndex.Range range, Instant now, long offset, int size) {
    int total = range.size();
    int count = (int) Math.max(0, Math.min(size, total - offset));
    if (count == 0) {
      return List.of();
    }
    boolean newest = quirks.order() == Order.NEWEST_FIRST;
    int[] handles = range.handles((int) (newest ? total - offset - count : offset), count);
    List<Call> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(store.call(handles[newest ? count - 1 - i : i], now));
    }
    return rows;
  }

  /** All rows of the whole answer in their order, a doubled one twice. */
  private int[] rows(TimeIndex.Range range, Instant now, Filters filters, LongPredicate isShown) {
    int[] rows = new int[range.size() * 2];
    int count = 0;
    for (int handle : range.handles(0, range.size())) {
      if (isFound(store.call(handle, now), filters, isShown)) {
        rows[count++] = handle;
        if (quirks.duplicateEvery() > 0 && handle % quirks.duplicateEvery() == 0) {
          rows[count++] = handle;
        }
      }
    }
    int[] found = Arrays.copyOf(rows, count);
    switch (quirks.order()) {
      case OLDEST_FIRST -> {}
      case NEWEST_FIRST -> reverse(found);
      case RANDOM -> shuffle(found);
    }
    return found;
  }

  private boolean isFound(Call call, Filters filters, LongPredicate isShown) {
    return (filters.none() || filters.test(call))
        && isShown.test(quirks.filteredTime().of(call).getEpochSecond());
  }

  private static void reverse(int[] rows) {
    for (int i = 0, j = rows.length - 1; i < j; i++, j--) {
      swap(rows, i, j);
    }
  }

  private void shuffle(int[] rows) {
    ResultRows.shuffle(rows, 0, rows.length, Mixing.of(seed + shuffles.getAndIncrement()));
  }

  /** Where the rows of a page come from. */
  private interface RowSource {
    List<Call> page(long offset, int limit);
  }

  private static void swap(int[] rows, int i, int j) {
    int row = rows[i];
    rows[i] = rows[j];
    rows[j] = row;
  }
}
