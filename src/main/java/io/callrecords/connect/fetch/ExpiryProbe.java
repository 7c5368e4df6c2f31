package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why the API refuses a range as out of range: because it is too old, or too long.
 *
 * <p>The range's last second tells. If the API returns that, the range was too long. If it refuses
 * that as well, the range has expired, but only if it is old, nothing older was returned lately,
 * and, the first time, only after a minute of refusals. A young range has not expired, whatever the
 * API says: its last second is requested until it is returned. Runs on the loop; one probe is for
 * one range.
 */
final class ExpiryProbe {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiryProbe.class);

  /** So many refusals, over a minute, prove that the API keeps less than the setting says. */
  private static final int REFUSALS = 4;

  private static final Duration DELAY = Duration.ofSeconds(10);

  private final WindowReader reader;
  private final Priority priority;
  private final RetentionLimit retention;
  private final Consumer<Stance> onStance;
  private int refusals;

  /** How the probe regards a refused range. */
  enum Stance {
    /** It may have expired: the probe ends soon. */
    MAY_HAVE_EXPIRED,
    /** The refusal is a fault: the probe may take as long as that lasts. */
    REFUSED_BY_FAULT
  }

  /**
   * Creates a probe.
   *
   * @param onStance called before each request with the current stance
   */
  ExpiryProbe(
      WindowReader reader, Priority priority, RetentionLimit retention, Consumer<Stance> onStance) {
    this.reader = reader;
    this.priority = priority;
    this.retention = retention;
    this.onStance = onStance;
  }

  /** The part of a range that is requested for a probe. */
  static TimeRange lastSecond(TimeRange range) {
    return new TimeRange(range.to().minusSeconds(1), range.to());
  }

  /**
   * Probes a range that was refused.
   *
   * @param refused the range; it must not be empty
   * @param isOld whether it was old enough to have expired when it was refused
   * @return the first page of its last second; empty when all of the range has expired, which the
   *     retention limit then knows, too
   */
  CompletableFuture<Optional<WindowReader.FirstPage>> probe(TimeRange refused, boolean isOld) {
    TimeRange lastSecond = lastSecond(refused);
    boolean mayHaveExpired = isOld && !retention.hasReturnedOlder(lastSecond.from());
    onStance.accept(mayHaveExpired ? Stance.MAY_HAVE_EXPIRED : Stance.REFUSED_BY_FAULT);
    LOG.trace(
        "The API refuses {} as out of range; requesting its last second, {}.",
        refused,
        mayHaveExpired ? "since the range may have expired" : "until it is returned");
    if (!mayHaveExpired) {
      return reader.openDespiteRefusal(lastSecond, priority).thenApply(Optional::of);
    }
    return reader
        .open(lastSecond, priority)
        .thenApply(Optional::of)
        .exceptionallyCompose(
            error ->
                RetentionLimit.isRefusal(error)
                    ? refusedAgain(refused)
                    : CompletableFuture.failedFuture(error));
  }

  private CompletableFuture<Optional<WindowReader.FirstPage>> refusedAgain(TimeRange refused) {
    if (retention.isShrunk() || ++refusals >= REFUSALS) {
      retention.shrinkTo(refused.to());
      LOG.debug(
          "{} has expired: the API refuses its last second as well ({} refusals).",
          refused,
          refusals);
      return CompletableFuture.completedFuture(Optional.empty());
    }
    // A momentary fault must not make the range expire.
    return reader.delay(DELAY.multipliedBy(refusals)).thenCompose(rested -> probe(refused, true));
  }
}
