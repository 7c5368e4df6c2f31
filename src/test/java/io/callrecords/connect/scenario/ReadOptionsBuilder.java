package io.callrecords.connect.scenario;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Builds options for tests that care about a few of them: the others are the defaults. */
public final class ReadOptionsBuilder {
  private final Instant start;
  private @Nullable Instant end;
  private Duration retention = Duration.ofDays(59);
  private Duration pollInterval = Duration.ofSeconds(30);
  private Duration lateArrival = Duration.ofDays(1);
  private boolean updates;
  private boolean audits;
  private MalformedPolicy malformed = MalformedPolicy.FAIL;

  private ReadOptionsBuilder(Instant start) {
    this.start = start;
  }

  /** Options of a range that begins at a moment and has no end. */
  public static ReadOptionsBuilder startingAt(Instant start) {
    return new ReadOptionsBuilder(start);
  }

  /** Given options, of a range that begins at another moment. */
  public static ReadOptionsBuilder startingAt(Instant start, ReadOptions read) {
    ReadOptionsBuilder same = new ReadOptionsBuilder(start);
    same.end = read.end();
    same.retention = read.retention();
    same.pollInterval = read.pollInterval();
    same.lateArrival = read.lateArrival();
    same.updates = read.updates();
    same.audits = read.audits();
    same.malformed = read.malformed();
    return same;
  }

  public ReadOptionsBuilder end(@Nullable Instant newEnd) {
    end = newEnd;
    return this;
  }

  public ReadOptionsBuilder retention(Duration newRetention) {
    retention = newRetention;
    return this;
  }

  public ReadOptionsBuilder pollInterval(Duration newInterval) {
    pollInterval = newInterval;
    return this;
  }

  public ReadOptionsBuilder lateArrival(Duration newLateArrival) {
    lateArrival = newLateArrival;
    return this;
  }

  public ReadOptionsBuilder updates() {
    updates = true;
    return this;
  }

  public ReadOptionsBuilder audits() {
    audits = true;
    return this;
  }

  public ReadOptionsBuilder malformed(MalformedPolicy policy) {
    malformed = policy;
    return this;
  }

  public ReadOptions build() {
    return new ReadOptions(
        start, end, retention, pollInterval, lateArrival, updates, audits, malformed);
  }
}
