package io.callrecords.connect.schedule;

import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored offsets from which a task resumes its days: requests them off the loop, retries until
 * it has them, and keeps them until the days are opened. Runs on the loop.
 */
final class ResumeOffsets {
  private static final Logger LOG = LoggerFactory.getLogger(ResumeOffsets.class);

  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(60);

  /**
   * A worker returns offsets within seconds, also while it starts fifty connectors on a busy
   * machine.
   */
  private static final Duration SLOW_AFTER = Duration.ofSeconds(30);

  private final OffsetLookup lookup;
  private final EventLoop loop;
  private final Consumer<Throwable> onFailure;
  private final Map<Split, SplitOffset> offsets = new HashMap<>();
  private final Set<Split> known = new HashSet<>();
  private final Set<Split> requested = new HashSet<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private List<SegmentOffset> segments = List.of();
  private boolean hasForgotten;
  private boolean isSlow;
  private String lastFailure = "no answer yet";

  /** A step that runs once some days are known. */
  private record Waiter(Collection<Split> days, Runnable step) {}

  /**
   * Creates a collection that knows no day.
   *
   * @param onFailure gets what no further attempt can mend
   */
  ResumeOffsets(OffsetLookup lookup, EventLoop loop, Consumer<Throwable> onFailure) {
    this.lookup = lookup;
    this.loop = loop;
    this.onFailure = onFailure;
  }

  /** Whether it is known what is stored of a day, be it nothing. */
  boolean knows(Split day) {
    return known.contains(day);
  }

  /** The offsets of those of the given days that are known to have one. */
  Map<Split, SplitOffset> of(Collection<Split> days) {
    Map<Split, SplitOffset> result = new HashMap<>();
    for (Split day : days) {
      SplitOffset offset = offsets.get(day);
      if (offset != null) {
        result.put(day, offset);
      }
    }
    return result;
  }

  /** The segments of the journal, as they were found with the first days; none after these. */
  List<SegmentOffset> segments() {
    return segments;
  }

  /** Forgets days that have been opened: from now on, the task itself knows more. */
  void forget(Collection<Split> days) {
    segments = List.of();
    hasForgotten = true;
    days.forEach(
        day -> {
          known.remove(day);
          offsets.remove(day);
        });
  }

  /** Requests the days that are neither known nor requested. */
  void request(Collection<Split> days) {
    loop.checkOnLoop();
    List<Split> missing =
        days.stream().filter(day -> !known.contains(day) && requested.add(day)).toList();
    if (!missing.isEmpty()) {
      loop.schedule(SLOW_AFTER, () -> warnIfMissing(missing));
      attempt(missing, FIRST_BACKOFF);
    }
  }

  /** Requests days, and runs a step once all of them are known. */
  void request(Collection<Split> days, Runnable whenKnown) {
    waiters.add(new Waiter(List.copyOf(days), whenKnown));
    request(days);
    notifyWaiters();
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void attempt(List<Split> days, Duration backoff) {
    CompletableFuture<ResumeState> attempt = lookup.lookUp(days);
    attempt.whenComplete(
        (found, error) ->
            loop.execute(
                () -> {
                  if (error == null) {
                    learn(days, found);
                  } else {
                    retry(days, StageErrors.unwrap(error), backoff);
                  }
                }));
  }

  private void retry(List<Split> days, Throwable cause, Duration backoff) {
    if (!(cause instanceof RetriableException)) {
      onFailure.accept(cause);
      return;
    }
    lastFailure = nameOf(cause);
    LOG.debug(
        "Reading the offsets of {} days failed; retrying in {} ms",
        days.size(),
        backoff.toMillis(),
        cause);
    Duration next = backoff.multipliedBy(2);
    loop.schedule(
        backoff, () -> attempt(days, next.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : next));
  }

  /** What the worker has met, which stands behind the exception that calls it retriable. */
  private static String nameOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }

  private void learn(List<Split> days, ResumeState found) {
    LOG.debug("Of {} days, {} have a stored offset", days.size(), found.offsets().size());
    known.addAll(days);
    offsets.putAll(found.offsets());
    if (!hasForgotten) {
      segments = found.segments();
    }
    days.forEach(requested::remove);
    if (isSlow && requested.isEmpty()) {
      isSlow = false;
      LOG.info("Kafka has returned the stored offsets that the task was waiting for.");
    }
    notifyWaiters();
  }

  private void notifyWaiters() {
    List<Waiter> done =
        waiters.stream().filter(waiter -> known.containsAll(waiter.days())).toList();
    waiters.removeAll(done);
    done.forEach(waiter -> waiter.step().run());
  }

  private void warnIfMissing(List<Split> days) {
    boolean isMissing = days.stream().anyMatch(requested::contains);
    if (isMissing && !isSlow) {
      isSlow = true;
      LOG.warn(
          "Kafka has not returned the stored offsets of {} for {} seconds ({}). The task keeps trying,"
              + " and reads these days once it has them. If this lasts, check the worker's connection"
              + " to Kafka, and its permission to read the offsets topic.",
          span(days),
          SLOW_AFTER.toSeconds(),
          lastFailure);
    }
  }

  private static String span(List<Split> days) {
    Split first = days.get(0);
    Split last = days.get(days.size() - 1);
    return first.equals(last) ? first.toString() : first + " to " + last;
  }
}
