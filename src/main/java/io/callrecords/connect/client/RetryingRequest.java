package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and all its attempts. It keeps its place at the {@link RequestLimiter} while it waits
 * for its next attempt. Runs on the loop.
 */
final class RetryingRequest {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingRequest.class);

  /** No response of a gateway silences the connector for longer. */
  private static final Duration MAX_PAUSE = Duration.ofMinutes(15);

  private final Context context;
  private final EventLoop loop;
  private final PageRequest request;
  private final Priority priority;
  private final RetryMode mode;
  private final OutageLog.Participant outage;
  private final CompletableFuture<Page> result = new CompletableFuture<>();
  private int failures;
  private Duration firstFailureAt = Duration.ZERO;
  private Duration sentAt = Duration.ZERO;

  /**
   * What all requests of a client share.
   *
   * @param retryTimeout how long a request is retried, or null for ever
   */
  record Context(
      EventLoop loop,
      Query query,
      RequestSender sender,
      RequestLimiter limiter,
      RateLimiter rate,
      Backoff backoff,
      @Nullable Duration retryTimeout,
      EmptyPageCheck emptyPages,
      OutageLog outages,
      RequestCounts counts) {}

  RetryingRequest(Context context, PageRequest request, Priority priority, RetryMode mode) {
    this.context = context;
    this.loop = context.loop();
    this.request = request;
    this.priority = priority;
    this.mode = mode;
    this.outage = context.outages().newParticipant();
  }

  /**
   * Queues the first attempt; to be called once.
   *
   * @return the page; completes on the loop, and fails with a {@link RefusedException} or a {@link
   *     TransientApiException}
   */
  CompletableFuture<Page> start() {
    submit();
    return result;
  }

  private void submit() {
    context.limiter().submit(priority, request.from(), this::attempt);
  }

  private void attempt() {
    if (failures > 0) {
      context.counts().retried();
    }
    sentAt = loop.uptime();
    context.sender().send(request, failures + 1, this::settle, this::fail);
  }

  private void settle(ApiResult outcome) {
    outcome.handle(this::acceptOrRetry, this::retry, this::retryOrFail);
  }

  private void acceptOrRetry(Page page) {
    ApiResult.Failure doubt = context.emptyPages().examine(request, priority, page, failures);
    if (doubt != null) {
      retry(doubt);
      return;
    }
    context.rate().recover();
    context.counts().allowedPerSecond(context.rate().perSecond());
    release();
    result.complete(page);
  }

  private void retryOrFail(ApiResult.Refused refused) {
    if (mode == RetryMode.DESPITE_REFUSAL && refused.status() == ApiStatus.OUT_OF_RANGE) {
      retry(new ApiResult.Failure(TransientFault.OUT_OF_RANGE, refused.code()));
    } else {
      fail(
          new RefusedException(
              refused.status(), refused.code(), context.query().describe(request)));
    }
  }

  private void release() {
    outage.leave();
    context.limiter().release();
  }

  private void fail(Throwable error) {
    release();
    result.completeExceptionally(error);
  }

  private void retry(ApiResult.Failure fault) {
    if (failures++ == 0) {
      firstFailureAt = loop.uptime();
    }
    Duration timeout = context.retryTimeout();
    if (timeout != null && loop.uptime().minus(firstFailureAt).compareTo(timeout) >= 0) {
      giveUp(
          fault,
          "The API has not responded as it should for as long as retry.timeout.ms allows ("
              + timeout.toMillis()
              + " ms). Last failure: ");
      return;
    }
    Duration delay = context.backoff().delay(failures);
    Duration wait = slowDown(fault, delay);
    LOG.trace(
        "Attempt {} of page {} from {} failed; next attempt in {} ms",
        failures,
        request.page(),
        request.from(),
        wait.toMillis());
    if (mode == RetryMode.ONCE) {
      // The caller requests something else then, no sooner than this would be requested again.
      loop.schedule(delay, () -> giveUp(fault, ""));
      return;
    }
    outage.join(fault, wait);
    waitForNextAttempt(fault, delay);
  }

  /**
   * Lowers the rate and pauses all requests where the API asks for it.
   *
   * @return how long this request waits: the delay, or the pause if that is longer
   */
  private Duration slowDown(ApiResult.Failure fault, Duration delay) {
    RateLimiter rate = context.rate();
    if (fault.kind() == TransientFault.TOO_MANY_REQUESTS) {
      rate.backOff(sentAt);
      context.counts().allowedPerSecond(rate.perSecond());
    }
    if (!fault.isThrottled()) {
      return delay;
    }
    Duration wanted = fault.retryAfter() == null ? delay : fault.retryAfter();
    Duration pause = wanted.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : wanted;
    rate.pause(pause);
    context.counts().paused(rate.totalPause());
    return pause.compareTo(delay) > 0 ? pause : delay;
  }

  private void waitForNextAttempt(ApiResult.Failure fault, Duration delay) {
    RequestLimiter limiter = context.limiter();
    if (fault.kind() == TransientFault.OUT_OF_RANGE) {
      // It may take days: other requests do not wait for it.
      limiter.release();
      loop.schedule(delay, this::submit);
      return;
    }
    // In a step of its own: parking may start another request.
    loop.execute(limiter::park);
    loop.schedule(delay, () -> limiter.retry(priority, this::attempt));
  }

  private void giveUp(ApiResult.Failure fault, String before) {
    fail(
        new TransientApiException(
            fault.kind(), before + fault.message() + ". " + context.query().describe(request)));
  }
}
