package io.callrecords.connect.read;

import java.util.concurrent.atomic.LongAdder;

/** What a task has handed over since it started. The loop counts, any thread may look. */
public final class ReadCounts {
  private final LongAdder records = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder updated = new LongAdder();
  private final LongAdder settledEarly = new LongAdder();

  void sent(Sending.Reason reason) {
    records.increment();
    switch (reason) {
      case NEW -> {}
      case LATE -> late.increment();
      case CHANGED -> updated.increment();
    }
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

  /** Windows that were settled before their time, since their offset had to make room. */
  public long settledEarly() {
    return settledEarly.sum();
  }
}
