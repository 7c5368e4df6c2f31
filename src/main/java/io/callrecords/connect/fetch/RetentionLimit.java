package io.callrecords.connect.fetch;

import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far back the API answers: what {@code api.retention.days} says, until the API refuses what is
 * younger.
 */
public final class RetentionLimit {
  /** Nobody asks for the very oldest moment that the API keeps: it is gone before the answer. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  /** For so long, what the API has answered for once tells a refusal that is a fault. */
  private static final Duration MEMORY = Duration.ofHours(1);

  /** Between two moments that are compared, the clock may have been put right a little. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private final Supplier<Instant> now;
  private final Duration configured;
  private Duration retention;
  private boolean isShrunk;
  private Duration answered = Duration.ZERO;
  private Instant answeredAt = Instant.MIN;

  /**
   * Creates a reach.
   *
   * @param now tells the server's time, in whole seconds
   * @param configured how far back the API is said to answer
   */
  public RetentionLimit(Supplier<Instant> now, Duration configured) {
    this.now = now;
    this.configured = configured;
    this.retention = configured.minus(MARGIN);
  }

  /** Whether a request was refused for its range, or may have been. */
  static boolean isRefused(@Nullable Throwable error) {
    Throwable cause = cause(error);
    return cause instanceof RefusedException refused
        && (refused.status() == ApiStatus.OUT_OF_RANGE || refused.status() == ApiStatus.PARAMETER);
  }

  /** What a future has failed with, out of what its dependants wrap that into. */
  static @Nullable Throwable cause(@Nullable Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  /** Leaves out what is older than the API answers for. */
  TimeRange clip(TimeRange range) {
    Instant kept = now.get().minus(retention);
    if (!kept.isAfter(range.from())) {
      return range;
    }
    return new TimeRange(kept.isAfter(range.to()) ? range.to() : kept, range.to());
  }

  /**
   * Whether a moment is so old that the API may well no longer answer for it, although the setting
   * says so: older than half of that.
   */
  boolean isOld(Instant moment) {
    return moment.isBefore(now.get().minus(configured.dividedBy(2)));
  }

  /** Whether it is known that the API keeps less than the setting says. */
  boolean isShrunk() {
    return isShrunk;
  }

  /** Takes note that the API no longer answers for anything before a moment. */
  void shrinkTo(Instant moment) {
    isShrunk = true;
    Duration seen = Duration.between(moment, now.get());
    if (seen.compareTo(retention) < 0) {
      retention = seen;
    }
  }

  /** Takes note that the API has answered for a range. */
  void answered(TimeRange range) {
    Duration age = Duration.between(range.from(), now.get());
    if (age.compareTo(answered) >= 0 || isForgotten()) {
      answered = age;
      answeredAt = now.get();
    }
  }

  /** Whether the API has lately answered for what is older, so that a refusal is a fault of its. */
  boolean hasAnsweredBefore(Instant moment) {
    Duration age = Duration.between(moment, now.get());
    return !isForgotten() && age.plus(SLACK).compareTo(answered) < 0;
  }

  private boolean isForgotten() {
    return answeredAt.isBefore(now.get().minus(MEMORY));
  }
}
