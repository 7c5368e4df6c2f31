package io.callrecords.connect.fetch;

import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far back the API returns records: as far as {@code api.retention.days} says, until the API
 * refuses what is younger. Runs on the loop.
 */
public final class RetentionLimit {
  /** The very oldest moment that the API keeps would be gone before the response. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  /** For so long, a response for an old range shows that a refusal of a younger one is a fault. */
  private static final Duration MEMORY = Duration.ofHours(1);

  /** Between two moments that are compared, the clock may have been corrected a little. */
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  private final Supplier<Instant> now;
  private final Duration configured;
  private Duration retention;
  private boolean isShrunk;
  private Duration oldestReturned = Duration.ZERO;
  private Instant oldestReturnedAt = Instant.MIN;

  /**
   * Creates a limit.
   *
   * @param now returns the server's time, in whole seconds
   * @param configured how far back the API returns records according to the settings
   */
  public RetentionLimit(Supplier<Instant> now, Duration configured) {
    this.now = now;
    this.configured = configured;
    this.retention = configured.minus(MARGIN);
  }

  /** Whether a request was refused for its range, or may have been. */
  static boolean isRefusal(@Nullable Throwable error) {
    return error != null
        && StageErrors.unwrap(error) instanceof RefusedException refused
        && (refused.status() == ApiStatus.OUT_OF_RANGE || refused.status() == ApiStatus.PARAMETER);
  }

  /**
   * Whether a request was refused because its range is too old or too long. It is not known which
   * status says so: of a range that begins long ago, a refused parameter may; of a young one, it
   * says nothing.
   */
  boolean isOutOfRange(TimeRange range, Throwable error) {
    return isRefusal(error)
        && (isOld(range.from())
            || !(StageErrors.unwrap(error) instanceof RefusedException refused
                && refused.status() == ApiStatus.PARAMETER));
  }

  /** The part of a range that the API still returns; empty, at the range's end, for none. */
  TimeRange clip(TimeRange range) {
    Instant oldest = now.get().minus(retention);
    if (!oldest.isAfter(range.from())) {
      return range;
    }
    return new TimeRange(oldest.isAfter(range.to()) ? range.to() : oldest, range.to());
  }

  /**
   * Whether a moment is so old that the API may well no longer return it, although the setting says
   * so: older than half of the setting.
   */
  boolean isOld(Instant moment) {
    return moment.isBefore(now.get().minus(configured.dividedBy(2)));
  }

  /** Whether the API is known to keep less than the setting says. */
  boolean isShrunk() {
    return isShrunk;
  }

  /** Records that the API no longer returns anything before a moment. */
  void shrinkTo(Instant moment) {
    isShrunk = true;
    Duration kept = Duration.between(moment, now.get());
    if (kept.compareTo(retention) < 0) {
      retention = kept;
    }
  }

  /** Records that the API has returned a range. */
  void returned(TimeRange range) {
    Duration age = Duration.between(range.from(), now.get());
    if (age.compareTo(oldestReturned) >= 0 || isForgotten()) {
      oldestReturned = age;
      oldestReturnedAt = now.get();
    }
  }

  /**
   * Whether the API has returned something older within the last hour, so that its refusal of this
   * moment is a fault.
   */
  boolean hasReturnedOlder(Instant moment) {
    Duration age = Duration.between(moment, now.get());
    return !isForgotten() && age.plus(TOLERANCE).compareTo(oldestReturned) < 0;
  }

  private boolean isForgotten() {
    return oldestReturnedAt.isBefore(now.get().minus(MEMORY));
  }
}
