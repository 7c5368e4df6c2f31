package io.callrecords.connect;

import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.schedule.OffsetLookup;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;

/**
 * Reads stored offsets on a thread of its own, since the worker makes the caller wait for Kafka.
 * The thread ends by itself when it has had nothing to do for a while.
 */
final class OffsetLookupThread implements OffsetLookup, AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

  private final OffsetStore store;
  private final ThreadPoolExecutor executor;

  /**
   * Creates a lookup; the thread starts with the first one. What it logs is marked as what the
   * caller's thread logs.
   *
   * @param name the thread's name
   */
  OffsetLookupThread(String name, OffsetStore store) {
    this.store = store;
    Map<String, String> logged = Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            step -> {
              Thread created =
                  new Thread(
                      () -> {
                        MDC.setContextMap(logged);
                        step.run();
                      },
                      name);
              created.setDaemon(true);
              return created;
            },
            // A lookup that comes after close() is of no use to anybody.
            new ThreadPoolExecutor.DiscardPolicy());
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public CompletableFuture<ResumeState> lookUp(Collection<Split> days) {
    List<Split> wanted = List.copyOf(days);
    return CompletableFuture.supplyAsync(() -> store.of(wanted), executor);
  }

  /** Interrupts a lookup that Kafka keeps waiting, and ends the thread. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
