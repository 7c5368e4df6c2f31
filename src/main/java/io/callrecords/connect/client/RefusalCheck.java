package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Doubts refusals that other responses contradict: where the API has accepted the account or a form
 * of request before, one of its servers may be wrong, or a key may just be changed. Runs on the
 * loop.
 */
final class RefusalCheck {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalCheck.class);

  /** For how long a request is asked again that is refused all of a sudden. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** A range grows older while its pages are requested. */
  private static final Duration PAGES_OF_A_WINDOW = Duration.ofHours(1);

  private final EventLoop loop;
  private final ServerClock clock;
  private final Duration patience;
  private @Nullable Duration lastDoubtAt;

  private boolean hasAccepted;
  private Duration longest = Duration.ZERO;
  private Duration oldest = Duration.ZERO;
  private int largest;

  /**
   * Creates a check.
   *
   * @param retryTimeout how long a request is retried at most, or null for ever
   */
  RefusalCheck(EventLoop loop, ServerClock clock, @Nullable Duration retryTimeout) {
    this.loop = loop;
    this.clock = clock;
    this.patience =
        retryTimeout == null || retryTimeout.compareTo(PATIENCE) > 0 ? PATIENCE : retryTimeout;
  }

  /** Records that a request was answered with a page. */
  void accept(PageRequest request) {
    hasAccepted = true;
    longest = max(longest, Duration.between(request.from(), request.to()));
    oldest = max(oldest, age(request));
    largest = Math.max(largest, request.size());
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private Duration age(PageRequest request) {
    return Duration.between(request.from(), clock.now());
  }

  /**
   * Doubts a refusal, or believes it.
   *
   * @param since the uptime of the request's first refusal
   * @return the fault that the refusal is taken for, or null where it is believed
   */
  ApiResult.@Nullable Failure examine(
      PageRequest request, ApiResult.Refused refused, Duration since) {
    if (!isContradicted(request, refused.status())
        || loop.uptime().minus(since).compareTo(patience) >= 0) {
      return null;
    }
    warn(refused);
    return new ApiResult.Failure(TransientFault.UNEXPECTED_REFUSAL, refused.code());
  }

  private boolean isContradicted(PageRequest request, ApiStatus status) {
    return switch (status) {
      case AUTHENTICATION, ADDRESS, LOCKED -> hasAccepted;
      case PARAMETER -> hasAccepted && hasAcceptedLike(request);
      // The range is another one each time, and a proxy locks who insists.
      case OUT_OF_RANGE, PROXY_CREDENTIALS -> false;
      case SUCCESS, EXPIRED, API_ERROR, TOO_MANY_REQUESTS -> false;
    };
  }

  /** Whether a request was accepted whose range is as old and as long, and whose page as large. */
  private boolean hasAcceptedLike(PageRequest request) {
    return request.size() <= largest
        && Duration.between(request.from(), request.to()).compareTo(longest) <= 0
        && age(request).compareTo(oldest.plus(PAGES_OF_A_WINDOW)) <= 0;
  }

  private void warn(ApiResult.Refused refused) {
    Duration now = loop.uptime();
    boolean isNew = lastDoubtAt == null || now.minus(lastDoubtAt).compareTo(PATIENCE) > 0;
    lastDoubtAt = now;
    if (isNew) {
      LOG.warn(
          "The API refuses a request although it has accepted others like it: {} ({}). The"
              + " connector tries again for {} s before the task fails.",
          refused.code(),
          refused.status().advice(),
          patience.toSeconds());
    }
  }
}
