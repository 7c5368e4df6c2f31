package io.callrecords.cli.status;

import io.callrecords.cli.CliException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at a connector for many at once: one look at a time, and nobody waits long for it. */
final class StatusWatch implements AutoCloseable {
  /** Looks at the connector are no closer together, whoever asks. */
  private static final long LOOK_NANOS = Duration.ofSeconds(3).toNanos();

  /** What is known at a moment. */
  record KnownStatus(@Nullable StatusReport report, @Nullable String problem) {}

  private final Supplier<StatusReport> look;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> StatusServer.daemon(task, "status-look"));
  private @Nullable CountDownLatch running;
  private @Nullable StatusReport last;
  private @Nullable String problem;
  private @Nullable Long lookedAt;

  /**
   * Creates a watch.
   *
   * @param look looks at the connector; called by one thread at a time
   * @param patience how long anybody waits for a look
   */
  StatusWatch(Supplier<StatusReport> look, Duration patience) {
    this(look, patience, System::nanoTime);
  }

  /**
   * Creates a watch that tells the time by another clock.
   *
   * @param nanoTime nanoseconds since any moment
   */
  StatusWatch(Supplier<StatusReport> look, Duration patience, LongSupplier nanoTime) {
    this.look = look;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** What is known now; what was known last, called so, where it cannot be seen now. */
  KnownStatus current() throws InterruptedException {
    CountDownLatch looking = lookIfDue();
    boolean isDone = looking == null || looking.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    return known(isDone);
  }

  private synchronized @Nullable CountDownLatch lookIfDue() {
    Long before = lookedAt;
    boolean isDue = before == null || nanoTime.getAsLong() - before >= LOOK_NANOS;
    if (running == null && isDue) {
      CountDownLatch begun = new CountDownLatch(1);
      running = begun;
      thread.execute(() -> look(begun));
    }
    return running;
  }

  private void look(CountDownLatch begun) {
    StatusReport seen = null;
    String failure = "The look has ended early";
    try {
      seen = look.get();
      failure = null;
    } catch (CliException e) {
      failure = e.getMessage();
    } catch (RuntimeException e) {
      // Its text may have anything in it.
      failure = "A defect: " + e.getClass().getSimpleName() + " while looking. Please report it";
    } finally {
      took(seen, failure);
      begun.countDown();
    }
  }

  private synchronized void took(@Nullable StatusReport seen, @Nullable String failure) {
    last = seen == null ? last : seen;
    problem = failure;
    lookedAt = nanoTime.getAsLong();
    running = null;
  }

  private synchronized KnownStatus known(boolean isDone) {
    String unseen =
        isDone ? problem : "Connect has not answered for " + patience.toSeconds() + " s";
    StatusReport report = last;
    if (report == null || unseen == null) {
      return new KnownStatus(report, unseen);
    }
    String why = "Anything since " + StatusFacts.moment(report.seenAt()) + ": " + unseen + ".";
    return new KnownStatus(report.stale(why), null);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
