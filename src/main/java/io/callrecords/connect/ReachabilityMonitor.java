package io.callrecords.connect;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries, on a thread of its own, whether anything accepts a connection where the requests of a new
 * connector go, and reports a failure if nothing has for a while. Its tasks wait meanwhile and go
 * on by themselves: only the connector's state tells a wrong address from a quiet account.
 */
final class ReachabilityMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReachabilityMonitor.class);

  private final String name;
  private final Supplier<@Nullable String> attempt;
  private final Consumer<String> report;
  private final long attemptsBeforeReport;
  private final ScheduledExecutorService thread;

  // What follows belongs to the thread.
  private long failedAttempts;
  private boolean isReported;

  /** How long something is tried. */
  record ReachabilityTimes(Duration interval, Duration limit) {}

  /**
   * Starts to try.
   *
   * @param name of the connector
   * @param times how often it is tried, and for how long before it is reported
   * @param attempt says what is wrong, or null once a connection opens
   * @param report gets what is wrong, once
   */
  // run() catches what an attempt throws; the future that is returned has nothing to add.
  @SuppressWarnings("FutureReturnValueIgnored")
  ReachabilityMonitor(
      String name,
      ReachabilityTimes times,
      Supplier<@Nullable String> attempt,
      Consumer<String> report) {
    this.name = name;
    this.attempt = attempt;
    this.report = report;
    attemptsBeforeReport = 1 + times.limit().toMillis() / times.interval().toMillis();
    thread =
        Executors.newSingleThreadScheduledExecutor(
            step -> {
              Thread created = new Thread(step, "call-records-reachability-" + name);
              created.setDaemon(true);
              return created;
            });
    thread.scheduleWithFixedDelay(this::run, 0, times.interval().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      String problem = attempt.get();
      if (problem == null) {
        if (isReported) {
          LOG.info(
              "{}: the API can be reached now. The tasks go on by themselves; restart the connector,"
                  + " so that its state says so.",
              name);
        }
        thread.shutdown();
      } else if (++failedAttempts >= attemptsBeforeReport && !isReported) {
        isReported = true;
        report.accept(problem);
      }
    } catch (RuntimeException e) {
      if (!thread.isShutdown()) {
        LOG.warn("{}: trying to reach the API failed unexpectedly.", name, e);
      }
    }
  }

  /** Stops trying, at once: a connection that is being opened is given up. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
