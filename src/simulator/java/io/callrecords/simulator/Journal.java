package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers every request and what became of it. Counters cover all requests; the entries
 * themselves are kept up to a number, and the oldest go first.
 */
public final class Journal {
  /** As many entries as fit into some hundred megabytes. */
  public static final int DEFAULT_CAPACITY = 100_000;

  private final int capacity;
  private final ConcurrentLinkedQueue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger();
  private final LongAdder count = new LongAdder();
  private final LongAdder faults = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAccumulator maxPage = new LongAccumulator(Math::max, 0);

  private Journal(int capacity) {
    this.capacity = capacity;
  }

  /** Keeps up to {@link #DEFAULT_CAPACITY} entries. */
  public static Journal complete() {
    return keeping(DEFAULT_CAPACITY);
  }

  public static Journal keeping(int entries) {
    return new Journal(entries);
  }

  /** Keeps no entry, for benchmarks. */
  public static Journal countersOnly() {
    return keeping(0);
  }

  /**
   * One request and its fate, written before the first byte of the answer leaves.
   *
   * @param fault what went wrong on purpose, or null
   * @param httpStatus the HTTP status, also when it never arrived
   * @param status the API's status code, or null when the answer holds none
   * @param total the total that was reported, or -1
   * @param rows the records in the answer, or -1
   */
  public record Entry(
      ApiRequest request,
      @Nullable Fault fault,
      int httpStatus,
      @Nullable Integer status,
      int total,
      int rows) {

    /** Whether a page was answered and nothing happened to it. */
    public boolean succeeded() {
      return rows >= 0 && fault == null;
    }
  }

  /** All requests so far. */
  public long count() {
    return count.sum();
  }

  /** The requests whose answer went wrong on purpose. */
  public long faults() {
    return faults.sum();
  }

  /** The requests that the API refused by a status code of its own, or by HTTP 4xx. */
  public long refused() {
    return refused.sum();
  }

  /** All records in all answers. */
  public long rows() {
    return rows.sum();
  }

  /** The highest page number asked for. */
  public long maxPage() {
    return maxPage.get();
  }

  /** The entries that are kept, in the order of their requests. */
  public List<Entry> entries() {
    return entries.stream()
        .sorted(Comparator.comparingLong((Entry entry) -> entry.request().number()))
        .toList();
  }

  public List<Entry> entries(Predicate<Entry> which) {
    return entries().stream().filter(which).toList();
  }

  public long count(Predicate<Entry> which) {
    return entries.stream().filter(which).count();
  }

  /** The kept requests that came at a moment or later. */
  public long countSince(Instant since) {
    return count(entry -> !entry.request().receivedAt().isBefore(since));
  }

  /** The most kept requests that came within any stretch of this length. */
  public int mostWithin(Duration stretch) {
    Deque<Instant> recent = new ArrayDeque<>();
    int most = 0;
    for (Instant at :
        entries.stream().map(entry -> entry.request().receivedAt()).sorted().toList()) {
      recent.addLast(at);
      while (!recent.getFirst().isAfter(at.minus(stretch))) {
        recent.removeFirst();
      }
      most = Math.max(most, recent.size());
    }
    return most;
  }

  /** How many entries are no longer kept. */
  public long dropped() {
    return count.sum() - kept.get();
  }

  void add(Entry entry) {
    count.increment();
    maxPage.accumulate(entry.request().current());
    rows.add(Math.max(entry.rows(), 0));
    if (entry.fault() != null) {
      faults.increment();
    } else if (entry.rows() < 0) {
      refused.increment();
    }
    if (capacity > 0) {
      entries.add(entry);
      if (kept.incrementAndGet() > capacity && entries.poll() != null) {
        kept.decrementAndGet();
      }
    }
  }
}
