package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides whether a request may be answered, and with which status it is refused. */
final class Inspector {
  static final int AUTHENTICATION = -1;
  static final int ADDRESS = -2;
  static final int TOO_OFTEN = -15;
  static final int EXPIRED = -16;
  static final int PARAMETER = -22;
  static final int TIME_RANGE = -25;

  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");
  private static final int MAX_SIZE = 100;

  private final Quirks quirks;

  Inspector(Quirks quirks) {
    this.quirks = quirks;
  }

  /** Who asks: 0, or the status that refuses. */
  int sender(ApiRequest request, Instant now) {
    Long seconds = seconds(request.timestamp());
    if (!request.signed() || seconds == null) {
      return AUTHENTICATION;
    }
    Duration off = Duration.between(Instant.ofEpochSecond(seconds), now).abs();
    if (off.compareTo(quirks.timestampTolerance()) > 0) {
      return EXPIRED;
    }
    return quirks.addressAllowed() ? 0 : ADDRESS;
  }

  /** What is asked: 0, or the status that refuses. */
  int question(ApiRequest request, Instant now) {
    Instant from = request.from();
    Instant to = request.to();
    if (request.current() < 1 || request.size() < 1 || request.size() > MAX_SIZE) {
      return PARAMETER;
    }
    if (from == null || to == null || to.isBefore(from) || !Filters.valid(request.params())) {
      return PARAMETER;
    }
    if (tooLong(from, to)) {
      return status(quirks.tooLong());
    }
    return from.isBefore(oldest(now)) ? status(quirks.tooOld()) : 0;
  }

  /** Whether a range is longer than the API takes. */
  boolean tooLong(Instant from, Instant to) {
    int over = Duration.between(from, to).compareTo(Duration.ofDays(quirks.maxRangeDays()));
    return over > 0 || (over == 0 && !quirks.fullRangeAllowed());
  }

  /** The time before which nothing is kept. */
  Instant oldest(Instant now) {
    return now.minus(Duration.ofDays(quirks.retentionDays()));
  }

  private static int status(OutOfRange reaction) {
    return switch (reaction) {
      case TIME_RANGE_STATUS -> TIME_RANGE;
      case PARAMETER_STATUS -> PARAMETER;
      case EMPTY -> 0;
    };
  }

  private static @Nullable Long seconds(@Nullable String timestamp) {
    boolean digits = timestamp != null && SECONDS.matcher(timestamp).matches();
    return digits ? Long.valueOf(timestamp) : null;
  }
}
