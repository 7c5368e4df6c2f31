package io.callrecords.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** All rows that one query finds, in their order: calls, or what a join with the labels gives. */
final class ResultRows {
  private final CallStore store;
  private final Quirks quirks;
  private final Instant now;
  private final int[] handles;
  private final long seed;

  /**
   * The rows of some calls.
   *
   * @param handles the calls in their order, a doubled one twice
   * @param seed decides the order of ties
   */
  ResultRows(CallStore store, Quirks quirks, Instant now, int[] handles, long seed) {
    this.store = store;
    this.quirks = quirks;
    this.now = now;
    this.handles = handles;
    this.seed = seed;
  }

  /** How many rows the pages are cut from. */
  int size() {
    return quirks.pagination().rows() == PageRows.CALLS ? calls() : joined();
  }

  /** How many calls were found, a doubled one counted twice. */
  int calls() {
    return handles.length;
  }

  /** How many rows a join with the labels gives. */
  int joined() {
    int rows = 0;
    for (int handle : handles) {
      rows += rowsOf(store.call(handle, now));
    }
    return rows;
  }

  private static int rowsOf(Call call) {
    List<String> labels = call.labels();
    return labels == null ? 1 : Math.max(1, labels.size());
  }

  /** The records of a page. */
  List<Call> page(long offset, int limit) {
    int[] ordered = quirks.pagination().ties() == Ties.STABLE ? handles : reordered(offset, limit);
    if (quirks.pagination().rows() != PageRows.CALLS) {
      return joinedPage(ordered, offset, limit);
    }
    List<Call> page = new ArrayList<>();
    for (long i = offset; i < Math.min(offset + limit, ordered.length); i++) {
      page.add(store.call(ordered[(int) i], now));
    }
    return page;
  }

  private List<Call> joinedPage(int[] ordered, long offset, int limit) {
    List<Call> apart = new ArrayList<>();
    Map<Integer, TreeSet<Integer>> together = new LinkedHashMap<>();
    long row = 0;
    for (int i = 0; i < ordered.length && row < offset + limit; i++) {
      Call call = store.call(ordered[i], now);
      for (int label = 0; label < rowsOf(call); label++, row++) {
        if (row >= offset && row < offset + limit) {
          apart.add(withLabels(call, List.of(label)));
          together.computeIfAbsent(ordered[i], handle -> new TreeSet<>()).add(label);
        }
      }
    }
    if (quirks.pagination().rows() == PageRows.JOINED_APART) {
      return apart;
    }
    List<Call> page = new ArrayList<>();
    together.forEach(
        (handle, shown) -> page.add(withLabels(store.call(handle, now), List.copyOf(shown))));
    return page;
  }

  private static Call withLabels(Call call, List<Integer> shown) {
    List<String> labels = call.labels();
    return labels == null || labels.isEmpty()
        ? call
        : call.with(to -> to.labels(shown.stream().map(labels::get).toList()));
  }

  /** The calls with those of each second in an order that belongs to one page of one size. */
  private int[] reordered(long offset, int limit) {
    int[] ordered = handles.clone();
    int first = 0;
    while (first < ordered.length) {
      long second = second(ordered[first]);
      int end = first + 1;
      while (end < ordered.length && second(ordered[end]) == second) {
        end++;
      }
      shuffle(ordered, first, end, Mixing.of(Mixing.of(seed + second) + offset * 128 + limit));
      first = end;
    }
    return ordered;
  }

  private long second(int handle) {
    return quirks.filteredTime().of(store.call(handle, now)).getEpochSecond();
  }

  /** Shuffles the rows at positions {@code [from, to)}. */
  static void shuffle(int[] rows, int from, int to, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = to - 1; i > from; i--) {
      int j = from + random.nextInt(i - from + 1);
      int row = rows[i];
      rows[i] = rows[j];
      rows[j] = row;
    }
  }
}
