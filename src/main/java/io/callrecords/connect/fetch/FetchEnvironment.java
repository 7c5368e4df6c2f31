package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.split.TimeRange;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What all ranges of a queue share.
 *
 * @param loop the loop that all runs on
 * @param reader fetches first pages and windows
 * @param priority the priority of the requests
 * @param retention how far back the API returns records
 * @param cutter decides what is cut
 * @param listener the queue
 */
record FetchEnvironment(
    EventLoop loop,
    WindowReader reader,
    Priority priority,
    RetentionLimit retention,
    WindowCutter cutter,
    Listener listener) {

  /** The queue that a range stands in. */
  interface Listener {
    /** Whether the first records of the whole backlog are waited for, and expected of a range. */
    boolean isStart(RangeFetch fetch);

    /** Hears that records of a range will be there soon. */
    void recordsExpected();

    /** Puts smaller ranges in the place of one. */
    void replace(RangeFetch fetch, List<TimeRange> pieces);

    /** Hears that a range has come to another phase, so that there may be room for others. */
    void progressed();

    /** Hears that there may be a result to take. */
    void ready();

    /** Hears that fetching has failed for good. */
    void failed(Throwable cause);
  }

  /**
   * Hears of the failure of a future that nobody else looks at. What handling it throws is a
   * failure for good: it would be lost otherwise.
   *
   * @param onFailure gets the cause, without what dependent futures wrap around it
   */
  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  void watch(CompletableFuture<?> outcome, Consumer<Throwable> onFailure) {
    outcome.whenComplete(
        (nothing, error) -> {
          if (error == null) {
            return;
          }
          try {
            onFailure.accept(Objects.requireNonNull(RetentionLimit.cause(error)));
          } catch (RuntimeException e) {
            listener.failed(e);
          }
        });
  }

  /** Reports a broken invariant unless a condition holds; returns the condition. */
  boolean check(boolean condition, String description) {
    return loop.invariants().check(condition, description);
  }
}
