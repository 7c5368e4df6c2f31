package io.callrecords.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;

/** The calls whose moment to appear or to change has not come yet; not thread-safe. */
final class Upcoming {
  private final PriorityQueue<Single> singles =
      new PriorityQueue<>(Comparator.comparing(Single::at));
  private final List<UpcomingCalls> batches = new ArrayList<>();

  void add(Instant at, int handle) {
    singles.add(new Single(at, handle));
  }

  /** Calls whose handles follow each other from {@code firstHandle} on. */
  void addAll(GeneratedCalls calls, int firstHandle) {
    long[] keys = new long[calls.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = TimeIndex.key(calls.appearsAt(i), firstHandle + i);
    }
    Arrays.parallelSort(keys);
    batches.add(new UpcomingCalls(keys));
  }

  /** The moment of the first one, or the end of time. */
  Instant next() {
    Single first = singles.peek();
    Instant next = first == null ? Instant.MAX : first.at();
    for (UpcomingCalls batch : batches) {
      Instant start = Instant.ofEpochSecond(TimeIndex.second(batch.keys[batch.position]));
      next = start.isBefore(next) ? start : next;
    }
    return next;
  }

  /** Removes all whose moment has come, and hands each out. */
  void drain(Instant now, IntConsumer due) {
    Single first = singles.peek();
    while (first != null && !first.at().isAfter(now)) {
      singles.remove();
      due.accept(first.handle());
      first = singles.peek();
    }
    for (UpcomingCalls batch : batches) {
      batch.drain(now, due);
    }
    batches.removeIf(batch -> batch.position == batch.keys.length);
  }

  private record Single(Instant at, int handle) {}

  /** Sorted keys of the second of appearance, of which a part has passed. */
  private static final class UpcomingCalls {
    private final long[] keys;
    private int position;

    UpcomingCalls(long[] keys) {
      this.keys = keys;
    }

    void drain(Instant now, IntConsumer due) {
      while (position < keys.length && TimeIndex.second(keys[position]) <= now.getEpochSecond()) {
        due.accept(TimeIndex.handle(keys[position++]));
      }
    }
  }
}
