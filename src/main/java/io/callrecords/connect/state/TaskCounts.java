package io.callrecords.connect.state;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a task has handed over since it started: written on the loop, read on any thread. */
public final class TaskCounts {
  private final LongAdder records = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder updated = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder settledEarly = new LongAdder();
  private final LongAdder rechecks = new LongAdder();
  private final LongAdder unverified = new LongAdder();
  private final LongAdder expiredDays = new LongAdder();
  private final LongAdder drifted = new LongAdder();
  private final LongAdder conflicting = new LongAdder();
  private final LongAdder nulTexts = new LongAdder();

  /** Counts what became of the rows of a window. */
  void add(WindowDelta delta) {
    delta.decisions().forEach((decision, rows) -> counters(decision).forEach(c -> c.add(rows)));
  }

  private List<LongAdder> counters(WindowDelta.Decision decision) {
    return switch (decision) {
      case KNOWN -> List.of();
      case NEW -> List.of(records);
      case LATE -> List.of(records, late);
      case CHANGED -> List.of(records, updated);
      case ROUTED, SKIPPED -> List.of(malformed);
    };
  }

  /** Counts a recheck. */
  public void addRecheck() {
    rechecks.increment();
  }

  /** Counts a window that was settled although the API's responses never added up. */
  void addUnverified() {
    unverified.increment();
  }

  /** Counts days that had expired before the task's range began. */
  public void addExpiredDays(long days) {
    expiredDays.add(days);
  }

  /** Counts a settled window for which the API returns more than it did. */
  void addDrifted() {
    drifted.increment();
  }

  /** Counts rows of a window that is settled which contradict another row of their record. */
  void addConflicting(int rows) {
    conflicting.add(rows);
  }

  /** Counts a text of which a U+0000 was dropped; any thread may do so. */
  public void addNulText() {
    nulTexts.increment();
  }

  /** Counts windows that were settled early. */
  void settledEarly(int windows) {
    settledEarly.add(windows);
  }

  /** Records that were handed over, further versions included. */
  public long records() {
    return records.sum();
  }

  /** Those of them that a recheck found after their window had been read whole. */
  public long late() {
    return late.sum();
  }

  /** Those of them that are a further version of a record emitted before. */
  public long updated() {
    return updated.sum();
  }

  /** Rows that could not be converted, whether routed or skipped. */
  public long malformed() {
    return malformed.sum();
  }

  /** Rechecks of windows that had been read; neighbours compared by one request count once. */
  public long rechecks() {
    return rechecks.sum();
  }

  /** Windows that were settled although the API's responses for them never added up. */
  public long unverified() {
    return unverified.sum();
  }

  /** Days of the range for which the API no longer returns everything. */
  public long expiredDays() {
    return expiredDays.sum();
  }

  /** Settled windows for which the API returns more than it did when they were settled. */
  public long drifted() {
    return drifted.sum();
  }

  /** Rows of settled windows that contradict another row of their record. */
  public long conflicting() {
    return conflicting.sum();
  }

  /** Texts of which a U+0000 was dropped. */
  public long nulTexts() {
    return nulTexts.sum();
  }

  /** Windows that were settled before their time to keep the offset within its size. */
  public long settledEarly() {
    return settledEarly.sum();
  }
}
