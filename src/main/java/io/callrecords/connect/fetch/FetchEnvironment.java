package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.loop.StageErrors;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
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

  /** The callbacks of the queue that a range belongs to. */
  interface Listener {
    /** Whether a range is to bring the first records of the whole backlog. */
    boolean isStart(RangeFetch fetch);

    /** Called when records of a range are about to arrive. */
    void recordsExpected();

    /**
     * Whether a range that the API goes on failing to return is cut, or ends as it is; else it is
     * requested until it is returned.
     */
    boolean isolates(RangeFetch fetch);

    /** Replaces a range by smaller ones. */
    void replace(RangeFetch fetch, List<FetchOrder> pieces);

    /** Called when a range has reached another phase, so that there may be room for others. */
    void progressed();

    /** Called when there may be a result to take. */
    void ready();

    /** Called when fetching has failed for good. */
    void failed(Throwable cause);
  }

  /** Asks whether a range that the API goes on failing to return is isolated. */
  BooleanSupplier mayGiveUp(RangeFetch fetch) {
    return () -> listener.isolates(fetch);
  }

  /**
   * Passes on the failure of a future that nobody else observes. If the handler itself throws,
   * fetching has failed for good: the exception would be lost otherwise.
   *
   * @param onFailure gets the cause, unwrapped
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
            onFailure.accept(StageErrors.unwrap(error));
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
