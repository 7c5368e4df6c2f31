package io.callrecords.connect;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then, on a thread of its own, whether the tasks are to be planned anew: a task that
 * has read its part of the backlog would else keep its share of the rate for nothing.
 */
final class ReassignmentMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReassignmentMonitor.class);

  private final ScheduledExecutorService thread;

  /**
   * Begins to look.
   *
   * @param name of the thread
   * @param interval between two looks
   * @param look what to do; its failure ends nothing
   */
  // run() catches what a look fails with; the future that is returned has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  ReassignmentMonitor(String name, Duration interval, Runnable look) {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            step -> {
              Thread created = new Thread(step, name);
              created.setDaemon(true);
              return created;
            });
    thread.scheduleWithFixedDelay(
        () -> run(look), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      if (!thread.isShutdown()) {
        LOG.warn("The stored offsets could not be read to see how far the backlog is.", e);
      }
    }
  }

  /**
   * Ends the looking, without waiting for a look that is under way, or disturbing it: a standalone
   * worker plans anew, and stops tasks, on the thread that has asked for it.
   */
  @Override
  public void close() {
    thread.shutdown();
  }
}
