package io.callrecords.connect.schedule;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.fetch.WindowReader;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what a task has to know before it begins: what is stored of its days, and the server's
 * time, from a request for what it will most likely read first. Runs on the loop.
 */
final class TaskStartup {
  private static final Logger LOG = LoggerFactory.getLogger(TaskStartup.class);

  /** An API whose responses never agree about the time is read all the same. */
  private static final int MAX_CLOCK_REQUESTS = 10;

  /** Between requests for other days, while the API fails to return the present; it doubles. */
  private static final Duration OTHER_DAY_INTERVAL = Duration.ofSeconds(3);

  private static final Duration MAX_OTHER_DAY_INTERVAL = Duration.ofMinutes(1);

  private final TaskContext task;
  private final ApiClient client;
  private final WindowReader reader;
  private final ResumeOffsets offsets;
  private final Consumer<@Nullable Instant> onReady;
  private final Consumer<Throwable> onFailure;
  private boolean isFinished;

  /**
   * Creates a start-up; {@link #start} sets it going.
   *
   * @param onReady called once the task's days are restored and the server's time is known; gets
   *     the moment up to which the API has been asked for what is new, or null when it has not
   * @param onFailure gets what keeps the task from beginning
   */
  TaskStartup(
      TaskContext task,
      ApiClient client,
      WindowReader reader,
      ResumeOffsets offsets,
      Consumer<@Nullable Instant> onReady,
      Consumer<Throwable> onFailure) {
    this.task = task;
    this.client = client;
    this.reader = reader;
    this.offsets = offsets;
    this.onReady = onReady;
    this.onFailure = onFailure;
  }

  void start() {
    withOffsets(this::requestFirst);
  }

  /** Runs a step once the offsets of all days are known that have begun by the time it runs at. */
  private void withOffsets(Consumer<Instant> step) {
    List<Split> wanted = task.splits().daysToRestore(task.now());
    offsets.request(
        wanted,
        () -> {
          Instant now = task.now();
          if (task.splits().daysToRestore(now).stream().allMatch(offsets::knows)) {
            step.accept(now);
          } else {
            withOffsets(step);
          }
        });
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void requestFirst(Instant now) {
    List<Split> days = task.splits().daysToRestore(now);
    FirstQuery.Guess guess = new FirstQuery(task).guess(now, offsets.of(days));
    if (guess == null) {
      requestClock(1);
      return;
    }
    LOG.debug("Requesting {} first, to learn the API's time", guess.range());
    PageRequest request = reader.firstPageRequest(guess.range());
    CompletableFuture<Page> response = client.fetchOnce(request, Priority.LIVE);
    response.whenComplete(
        (page, error) ->
            task.loop()
                .execute(
                    () -> {
                      boolean answered = error == null || error instanceof RefusedException;
                      if (answered && client.clock().isSure()) {
                        // Whoever reads that range treats it as a response of its own.
                        reader.offerPrefetched(request, response);
                        finish(guess.isLive() ? guess.range().to() : null);
                      } else {
                        // Nothing else waits for a range that the API may never answer for.
                        requestClock(1);
                        requestOtherDaySoon(days, 0);
                      }
                    }));
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void requestClock(int attempt) {
    LOG.debug("Requesting a record to learn the API's time (request {})", attempt);
    Instant now = task.now();
    client
        .fetch(new PageRequest(now.minusSeconds(1), now, 1, 1), Priority.LIVE)
        .whenComplete((page, error) -> task.loop().execute(() -> learned(error, attempt)));
  }

  /** The API may fail to return the present as well: a second of any day tells its time. */
  private void requestOtherDaySoon(List<Split> days, int attempt) {
    Duration doubled = OTHER_DAY_INTERVAL.multipliedBy(1L << Math.min(attempt, 5));
    boolean isLong = doubled.compareTo(MAX_OTHER_DAY_INTERVAL) > 0;
    task.loop()
        .schedule(isLong ? MAX_OTHER_DAY_INTERVAL : doubled, () -> requestOtherDay(days, attempt));
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void requestOtherDay(List<Split> days, int attempt) {
    if (isFinished || days.isEmpty()) {
      return;
    }
    Instant begin = days.get(attempt % days.size()).range().from();
    client
        .fetchOnce(new PageRequest(begin, begin.plusSeconds(1), 1, 1), Priority.BACKLOG)
        .whenComplete(
            (page, error) -> {
              if (isAnswered(error) && client.clock().isSure()) {
                task.loop().execute(() -> finish(null));
              } else {
                requestOtherDaySoon(days, attempt + 1);
              }
            });
  }

  /** Requests the API's clock again, where that is far behind and nothing else may be requested. */
  // It is the response that counts, whatever becomes of the page.
  @SuppressWarnings("FutureReturnValueIgnored")
  void requestClockIfFarBehind() {
    if (client.clock().isFarBehind()) {
      Instant now = task.now();
      client.fetchOnce(new PageRequest(now.minusSeconds(1), now, 1, 1), Priority.LIVE);
    }
  }

  private void learned(@Nullable Throwable error, int attempt) {
    if (isFinished) {
      return;
    }
    if (error != null && !isAnswered(error)) {
      isFinished = true;
      onFailure.accept(error);
    } else if (!client.clock().isSure() && attempt < MAX_CLOCK_REQUESTS) {
      // What has expired goes by this clock, and is given up for good.
      requestClock(attempt + 1);
    } else {
      finish(null);
    }
  }

  private static boolean isAnswered(@Nullable Throwable error) {
    return error == null
        || (error instanceof RefusedException refused
            && refused.status() == ApiStatus.OUT_OF_RANGE);
  }

  private void finish(@Nullable Instant requestedUpTo) {
    if (isFinished) {
      return;
    }
    isFinished = true;
    withOffsets(
        now -> {
          List<Split> days = task.splits().daysToRestore(now);
          task.splits().restore(offsets.of(days), offsets.segments(), now);
          offsets.forget(days);
          onReady.accept(requestedUpTo);
          // What was requested before is of use now or never: later the API may have more.
          reader.dropPrefetched();
        });
  }
}
