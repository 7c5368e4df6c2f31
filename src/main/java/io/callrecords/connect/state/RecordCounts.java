package io.callrecords.connect.state;

import java.util.concurrent.atomic.LongAdder;

/** What a task has handed over since it started. The loop counts, any thread may look. */
public final class RecordCounts {
  private final LongAdder records = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder updated = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder settledEarly = new LongAdder();
  private final LongAdder looks = new LongAdder();
  private final LongAdder unverified = new LongAdder();
  private final LongAdder expiredDays = new LongAdder();

  void sent(WindowDelta.Reason reason) {
    if (reason == WindowDelta.Reason.MALFORMED) {
      malformed.increment();
      return;
    }
    records.increment();
    if (reason == WindowDelta.Reason.LATE) {
      late.increment();
    } else if (reason == WindowDelta.Reason.CHANGED) {
      updated.increment();
    }
  }

  void skipped(int rows) {
    malformed.add(rows);
  }

  public void addRecheck() {
    looks.increment();
  }

  public void addUnverified() {
    unverified.increment();
  }

  /** Adds days that had expired before the task's range began. */
  public void addExpiredDays(long days) {
    expiredDays.add(days);
  }

  void settledEarly(int windows) {
    settledEarly.add(windows);
  }

  /** Records that were handed over, further versions included. */
  public long records() {
    return records.sum();
  }

  /** Those that a later look has found, after their window had been read whole. */
  public long late() {
    return late.sum();
  }

  /** Those that are a further version of a record that had been sent. */
  public long updated() {
    return updated.sum();
  }

  /** Rows that could not be converted. */
  public long malformed() {
    return malformed.sum();
  }

  /** Looks at windows that had been read, neighbours that one request compares counting once. */
  public long looks() {
    return looks.sum();
  }

  /** Windows for which the API's answers never added up. */
  public long unverified() {
    return unverified.sum();
  }

  /** Days of the range of which the API no longer answers for all. */
  public long expiredDays() {
    return expiredDays.sum();
  }

  /** Windows that were settled before their time, since their offset had to make room. */
  public long settledEarly() {
    return settledEarly.sum();
  }
}
