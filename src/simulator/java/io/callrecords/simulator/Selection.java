package io.callrecords.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Finds the rows of a page in the store: range, filters, order and doubled rows. */
final class Selection {
  private final CallStore store;
  private final Quirks quirks;
  private final long seed;
  private final AtomicLong shuffles = new AtomicLong();

  Selection(CallStore store, Quirks quirks, long seed) {
    this.store = store;
    this.quirks = quirks;
    this.seed = Mixing.of(seed);
  }

  /** What one request finds. */
  record Found(int total, List<Call> rows) {}

  /** The seconds that a query's range covers, both ends included. */
  record Seconds(long first, long last) {}

  Seconds seconds(Instant from, Instant to) {
    Bounds bounds = quirks.bounds();
    return new Seconds(bounds.first(from.getEpochSecond()), bounds.last(to.getEpochSecond()));
  }

  Found find(Instant now, Seconds seconds, Filters filters, int current, int size) {
    TimeIndex.Range range = store.range(now, seconds.first(), seconds.last());
    long offset = (current - 1L) * size;
    boolean plain =
        filters.none() && quirks.duplicateEvery() == 0 && quirks.order() != Order.RANDOM;
    return plain
        ? fromIndex(range, now, offset, size)
        : fromAll(rows(range, now, filters), now, offset, size);
  }

  private Found fromIndex(TimeIndex.Range range, Instant now, long offset, int size) {
    int total = range.size();
    int count = (int) Math.max(0, Math.min(size, total - offset));
    if (count == 0) {
      return new Found(total, List.of());
    }
    boolean newest = quirks.order() == Order.NEWEST_FIRST;
    int[] handles = range.handles((int) (newest ? total - offset - count : offset), count);
    List<Call> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(store.call(handles[newest ? count - 1 - i : i], now));
    }
    return new Found(total, rows);
  }

  private Found fromAll(int[] handles, Instant now, long offset, int size) {
    List<Call> rows = new ArrayList<>();
    for (long i = offset; i < Math.min(offset + size, handles.length); i++) {
      rows.add(store.call(handles[(int) i], now));
    }
    return new Found(handles.length, rows);
  }

  /** All rows of the whole answer in their order, a doubled one twice. */
  private int[] rows(TimeIndex.Range range, Instant now, Filters filters) {
    int[] rows = new int[range.size() * 2];
    int count = 0;
    for (int handle : range.handles(0, range.size())) {
      if (filters.none() || filters.test(store.call(handle, now))) {
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

  private static void reverse(int[] rows) {
    for (int i = 0, j = rows.length - 1; i < j; i++, j--) {
      swap(rows, i, j);
    }
  }

  private void shuffle(int[] rows) {
    SplittableRandom random = new SplittableRandom(Mixing.of(seed + shuffles.getAndIncrement()));
    for (int i = rows.length - 1; i > 0; i--) {
      swap(rows, i, random.nextInt(i + 1));
    }
  }

  private static void swap(int[] rows, int i, int j) {
    int row = rows[i];
    rows[i] = rows[j];
    rows[j] = row;
  }
}
