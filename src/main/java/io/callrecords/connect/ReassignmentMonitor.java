package io.callrecords.connect;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks at intervals, on a thread of its own, whether the splits should be assigned anew: a task
 * that has read its part of the backlog would otherwise keep its share of the rate for nothing.
 */
final class ReassignmentMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReassignmentMonitor.class);

  private final ScheduledExecutorService thread;

  /**
   * Starts checking; the first check is due after one interval.
   *
   * @param name of the thread
   * @param interval from the end of one check to the beginning of the next
   * @param check what to do; if it fails, that is logged and the next check follows
   */
  // run() catches what a check throws; the future that is returned has nothing to add.
  @SuppressWarnings("FutureReturnValueIgnored")
  ReassignmentMonitor(String name, Duration interval, Runnable check) {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            step -> {
              Thread created = new Thread(step, name);
              created.setDaemon(true);
              return created;
            });
    thread.scheduleWithFixedDelay(
        () -> run(check), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run(Runnable check) {
    try {
      check.run();
    } catch (RuntimeException e) {
      if (!thread.isShutdown()) {
        LOG.warn(
            "The stored offsets could not be read to check how much of the backlog is left.", e);
      }
    }
  }

  /**
   * Stops checking. It neither waits for a check that is running nor interrupts it: a standalone
   * worker reconfigures and stops tasks on the very thread that has requested it.
   */
  @Override
  public void close() {
    thread.shutdown();
  }
}
