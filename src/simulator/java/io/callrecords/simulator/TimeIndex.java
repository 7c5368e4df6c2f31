package io.callrecords.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An immutable sorted collection of calls by their filtered second, in which ranges are counted and
 * any position is reached without walking there.
 *
 * <p>It is a handful of sorted arrays, each at least twice as long as the next: new calls become a
 * short one, and neighbours of like length are merged, so ten million calls and a live stream side
 * by side stay cheap. A key is the second and, below it, the call's handle.
 */
final class TimeIndex {
  static final TimeIndex EMPTY = new TimeIndex(new long[0][]);

  private static final int HANDLE_BITS = 31;
  private static final long HANDLE_MASK = (1L << HANDLE_BITS) - 1;

  private final long[][] runs;

  private TimeIndex(long[][] runs) {
    this.runs = runs;
  }

  static long key(long second, int handle) {
    return second << HANDLE_BITS | handle;
  }

  static int handle(long key) {
    return (int) (key & HANDLE_MASK);
  }

  static long second(long key) {
    return key >> HANDLE_BITS;
  }

  /** This and more keys, which must be sorted and new; the array is handed over. */
  TimeIndex plus(long[] sorted) {
    if (sorted.length == 0) {
      return this;
    }
    List<long[]> merged = new ArrayList<>(Arrays.asList(runs));
    long[] last = sorted;
    while (!merged.isEmpty() && merged.get(merged.size() - 1).length < 2L * last.length) {
      last = merge(merged.remove(merged.size() - 1), last);
    }
    merged.add(last);
    return new TimeIndex(merged.toArray(long[][]::new));
  }

  /** This without one key. */
  TimeIndex minus(long key) {
    List<long[]> kept = new ArrayList<>();
    for (long[] run : runs) {
      int at = Arrays.binarySearch(run, key);
      if (at < 0) {
        kept.add(run);
      } else if (run.length > 1) {
        long[] rest = new long[run.length - 1];
        System.arraycopy(run, 0, rest, 0, at);
        System.arraycopy(run, at + 1, rest, at, rest.length - at);
        kept.add(rest);
      }
    }
    return new TimeIndex(kept.toArray(long[][]::new));
  }

  boolean contains(long key) {
    for (long[] run : runs) {
      if (Arrays.binarySearch(run, key) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The keys whose second lies between two, both included. */
  Range range(long firstSecond, long lastSecond) {
    Range range = new Range(runs.length);
    long from = key(firstSecond, 0);
    long to = key(lastSecond + 1, 0);
    for (long[] run : runs) {
      range.add(run, lowerBound(run, 0, run.length, from), lowerBound(run, 0, run.length, to));
    }
    return range;
  }

  private static long[] merge(long[] left, long[] right) {
    long[] all = new long[left.length + right.length];
    int l = 0;
    int r = 0;
    for (int i = 0; i < all.length; i++) {
      boolean takeLeft = r == right.length || (l < left.length && left[l] < right[r]);
      all[i] = takeLeft ? left[l++] : right[r++];
    }
    return all;
  }

  /** The first position in {@code [low, high)} that does not lie below a key. */
  private static int lowerBound(long[] run, int low, int high, long key) {
    int at = Arrays.binarySearch(run, low, high, key);
    return at < 0 ? -at - 1 : at;
  }

  /** A stretch of the index: a slice of each of its arrays. */
  static final class Range {
    private final long[][] slices;
    private final int[] from;
    private final int[] to;
    private int used;
    private int size;

    private Range(int runs) {
      slices = new long[runs][];
      from = new int[runs];
      to = new int[runs];
    }

    private void add(long[] run, int low, int high) {
      if (low < high) {
        slices[used] = run;
        from[used] = low;
        to[used++] = high;
        size += high - low;
      }
    }

    int size() {
      return size;
    }

    /** The handles at positions {@code [offset, offset + count)} by rising key. */
    int[] handles(int offset, int count) {
      int[] handles = new int[Math.max(0, Math.min(count, size - offset))];
      int[] heads = handles.length == 0 ? new int[used] : heads(offset);
      for (int i = 0; i < handles.length; i++) {
        handles[i] = handle(next(heads));
      }
      return handles;
    }

    private long next(int[] heads) {
      int least = -1;
      for (int s = 0; s < used; s++) {
        if (heads[s] < to[s] && (least < 0 || slices[s][heads[s]] < slices[least][heads[least]])) {
          least = s;
        }
      }
      return slices[least][heads[least]++];
    }

    /** In each slice, the position of the first key that is not among the {@code rank} least. */
    private int[] heads(int rank) {
      if (used == 1) {
        return new int[] {from[0] + rank};
      }
      long low = 0;
      long high = Long.MAX_VALUE;
      while (low < high) {
        long middle = low + (high - low) / 2;
        if (below(middle) < rank) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      int[] heads = new int[used];
      for (int s = 0; s < used; s++) {
        heads[s] = lowerBound(slices[s], from[s], to[s], low);
      }
      return heads;
    }

    private int below(long key) {
      int count = 0;
      for (int s = 0; s < used; s++) {
        count += lowerBound(slices[s], from[s], to[s], key) - from[s];
      }
      return count;
    }
  }
}
