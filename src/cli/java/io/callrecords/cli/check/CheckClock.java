package io.callrecords.cli.check;

import java.time.Duration;
import java.time.Instant;

/** The time, and the passing of it. */
interface CheckClock {
  /** This machine's time of day. */
  Instant now();

  /** A number of nanoseconds that only grows. */
  long nanos();

  /** Lets time pass. */
  void pause(Duration duration) throws InterruptedException;

  /** The real one. */
  static CheckClock system() {
    return new CheckClock() {
      @Override
      public Instant now() {
        return Instant.now();
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
      }
    };
  }
}
