package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
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

  /** A body without an end may be a gateway's, once; records that are so large stay so. */
  private static final int MAX_TOO_LARGE = 3;

  /** Whether a response without rows is right, is to be known soon. */
  private static final Duration MAX_DOUBT_DELAY = Duration.ofSeconds(10);

  private final Context context;
  private final EventLoop loop;
  private final PageRequest request;
  private final Priority priority;
  private final RetryMode mode;
  private final BooleanSupplier mayGiveUp;
  private final OutageLog.Participant outage;
  private final EmptyResponsePolicy.Examination examination;
  private final FailureStreak failures;
  private final CompletableFuture<Page> result = new CompletableFuture<>();
  private int tooLarge;
  private Duration sentAt = Duration.ZERO;
  private @Nullable Duration refusedSince;
  private int secretChanges;
  private int waits;
  private boolean isWaiting;
  private boolean isAloneAttempt;

  /** The same each time, so that a long outage adds it once. */
  private final Runnable endOfOutage = this::endLastWait;

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
      CredentialSelector credentials,
      @Nullable Duration retryTimeout,
      EmptyResponsePolicy emptyResponses,
      RefusalCheck refusals,
      RetryDelay delays,
      OutageEnd outageEnd,
      OutageLog outages,
      RequestCounts counts) {}

  /**
   * Creates a request; {@link #start} sends it.
   *
   * @param mayGiveUp whether it ends where it goes on failing while others are answered; asked each
   *     time in {@link RetryMode#WHILE_OTHERS_FAIL}
   */
  RetryingRequest(
      Context context,
      PageRequest request,
      Priority priority,
      RetryMode mode,
      BooleanSupplier mayGiveUp) {
    this.context = context;
    this.loop = context.loop();
    this.request = request;
    this.priority = priority;
    this.mode = mode;
    this.mayGiveUp = mayGiveUp;
    this.failures = new FailureStreak(loop, context.outageEnd());
    this.outage = context.outages().newParticipant();
    this.examination = context.emptyResponses().examine(request, priority);
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

  private void submitAlone() {
    isAloneAttempt = true;
    context.limiter().submitAlone(priority, request.from(), this::attempt);
  }

  private void endAttempt() {
    if (isAloneAttempt) {
      isAloneAttempt = false;
      context.limiter().endAlone();
    }
  }

  private void attempt() {
    if (failures.count() > 0) {
      context.counts().retried();
    }
    sentAt = loop.uptime();
    secretChanges = context.credentials().changes();
    PageRequest control = examination.nextControl();
    boolean mayBeInParts = control == null && mode == RetryMode.WHILE_OTHERS_FAIL;
    PageRequest part = mayBeInParts ? failures.nextPart(request) : null;
    if (part != null) {
      context.sender().send(part, failures.count() + 1, this::settlePart, this::fail);
    } else if (control == null) {
      context.sender().send(request, failures.count() + 1, this::settle, this::fail);
    } else {
      context
          .sender()
          .send(
              control,
              failures.count() + 1,
              outcome -> settleControl(control, outcome),
              this::fail);
    }
  }

  private void settle(ApiResult outcome) {
    endAttempt();
    outcome.handle(this::acceptOrRetry, this::retryAfterFault, this::retryOrFail);
  }

  /** Goes on with the request itself once its control has shown that the API is well. */
  private void settleControl(PageRequest control, ApiResult outcome) {
    endAttempt();
    outcome.handle(
        page -> {
          if (examination.examineControl(control, page)) {
            resubmit();
          } else {
            retryWithoutData(page, EmptyResponsePolicy.Belief.FAULT);
          }
        },
        this::retry,
        refused -> {
          context.emptyResponses().dropControl();
          resubmit();
        });
  }

  /** Goes on with the request itself where the API answers for a part of it. */
  private void settlePart(ApiResult outcome) {
    endAttempt();
    outcome.handle(
        page -> {
          // Without data, it tells nothing.
          if (!page.withoutData()) {
            recordPage();
          }
          resubmit();
        },
        this::retryAfterFault,
        refused -> resubmit());
  }

  private void resubmit() {
    context.limiter().release();
    submit();
  }

  private void acceptOrRetry(Page page) {
    EmptyResponsePolicy.Belief belief = examination.examine(page);
    if (belief == EmptyResponsePolicy.Belief.ACCEPT) {
      accept(examination.accepted(page));
    } else {
      retryWithoutData(page, belief);
    }
  }

  private void accept(Page page) {
    context.refusals().accept(request);
    recordPage();
    release();
    result.complete(page);
  }

  private void recordPage() {
    context.rate().recover();
    context.counts().allowedPerSecond(context.rate().perSecond());
    context.outageEnd().recordPage();
    context.limiter().recordPage();
  }

  /** Repeats the request after a page without rows that is not believed, and holds up no other. */
  private void retryWithoutData(Page page, EmptyResponsePolicy.Belief belief) {
    ApiResult.Failure fault =
        page.withoutData()
            ? new ApiResult.Failure(TransientFault.NO_DATA, "a response without data")
            : new ApiResult.Failure(
                TransientFault.CONTRADICTORY_RESPONSE,
                "a response that reports records and returns none");
    if (belief == EmptyResponsePolicy.Belief.FAULT || mode == RetryMode.ONCE) {
      retry(fault);
      return;
    }
    failures.add();
    if (isTimedOut()) {
      // Nothing proves that anything is out of order: the page settles nothing.
      accept(page);
      return;
    }
    outage.leave();
    Duration delay = context.delays().delay(fault.kind(), Priority.BACKLOG, failures.count());
    Duration wait = delay.compareTo(MAX_DOUBT_DELAY) > 0 ? MAX_DOUBT_DELAY : delay;
    logNextAttempt(wait);
    submitAfter(wait, this::submit);
  }

  /** Gives the place back meanwhile, so that no other request waits for this one. */
  private void submitAfter(Duration delay, Runnable next) {
    context.limiter().release();
    loop.schedule(delay, next);
  }

  private void retryAfterFault(ApiResult.Failure fault) {
    refusedSince = null;
    retry(fault);
  }

  private void retryOrFail(ApiResult.Refused refused) {
    if (mode == RetryMode.DESPITE_REFUSAL && refused.status() == ApiStatus.OUT_OF_RANGE) {
      retry(new ApiResult.Failure(TransientFault.OUT_OF_RANGE, refused.code()));
      return;
    }
    if (refused.status() == ApiStatus.AUTHENTICATION
        && context.credentials().changes() != secretChanges) {
      // With the other secret: it is not known to be wrong.
      retryAfter(Duration.ZERO);
      return;
    }
    Duration since = refusedSince == null ? loop.uptime() : refusedSince;
    refusedSince = since;
    ApiResult.Failure doubt = context.refusals().examine(request, refused, since);
    if (doubt != null) {
      retry(doubt);
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
    endAttempt();
    release();
    result.completeExceptionally(error);
  }

  private void retry(ApiResult.Failure fault) {
    if (isPageTooLarge(fault) && ++tooLarge > MAX_TOO_LARGE && mode != RetryMode.ONCE) {
      fail(new PageTooLargeException(request, fault.detail(), context.query().describe(request)));
      return;
    }
    failures.add();
    Duration timeout = context.retryTimeout();
    if (timeout != null && isTimedOut()) {
      giveUp(
          fault,
          "The API has not responded as it should for as long as retry.timeout.ms allows ("
              + timeout.toMillis()
              + " ms). Last failure: ");
      return;
    }
    // One that is tried once is followed by another one, which is the first to be retried.
    Priority urgency = mode == RetryMode.ONCE ? Priority.BACKLOG : priority;
    Duration delay = context.delays().delay(fault.kind(), urgency, failures.count());
    Duration wait = slowDown(fault, delay);
    logNextAttempt(wait);
    if (mode == RetryMode.ONCE) {
      // The caller requests something else then, no sooner than this would be requested again.
      loop.schedule(delay, () -> giveUp(fault, ""));
      return;
    }
    if (!isPageTooLarge(fault) && fault.kind() != TransientFault.UNEXPECTED_REFUSAL) {
      outage.join(fault, wait, failures.hasBeenAlone());
    }
    waitForNextAttempt(fault, delay);
  }

  /** Whether the response is too large for a page that could be requested in smaller ones. */
  private boolean isPageTooLarge(ApiResult.Failure fault) {
    return fault.kind() == TransientFault.TOO_LARGE && request.size() > 1;
  }

  private boolean isTimedOut() {
    Duration timeout = context.retryTimeout();
    return timeout != null && failures.hasLasted(timeout);
  }

  private void logNextAttempt(Duration wait) {
    LOG.trace(
        "Attempt {} of page {} from {} failed; next attempt in {} ms",
        failures.count(),
        request.page(),
        request.from(),
        wait.toMillis());
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
    if (!fault.isThrottled() || (fault.retryAfter() == null && rate.isLearned())) {
      return delay;
    }
    Duration wanted = fault.retryAfter() == null ? delay : fault.retryAfter();
    Duration pause = wanted.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : wanted;
    rate.pause(pause);
    context.counts().paused(rate.totalPause());
    return pause.compareTo(delay) > 0 ? pause : delay;
  }

  private void waitForNextAttempt(ApiResult.Failure fault, Duration delay) {
    boolean mayTakeLong =
        fault.kind() == TransientFault.OUT_OF_RANGE || fault.kind() == TransientFault.NO_DATA;
    // What may take long is judged by others, and a rate that is exceeded is nobody's own fault.
    boolean isOwn = failures.isAloneForLong() && !mayTakeLong && !fault.isThrottled();
    if (isOwn && mode == RetryMode.WHILE_OTHERS_FAIL && mayGiveUp.getAsBoolean()) {
      fail(new FailingRequestException(fault.message(), context.query().describe(request)));
      return;
    }
    if (mayTakeLong || failures.isAlone()) {
      // It may concern this range alone.
      boolean isAlone = failures.isAlone() && priority != Priority.LIVE;
      submitAfter(delay, isAlone ? this::submitAlone : this::submit);
      return;
    }
    retryAfter(delay);
    if (fault.kind().mayEndForAll() && failures.isOfAll()) {
      // The API has answered nobody since: with its next page, the trouble may be over.
      context.outageEnd().add(endOfOutage);
    }
  }

  private void retryAfter(Duration delay) {
    int wait = ++waits;
    isWaiting = true;
    // In a step of its own: parking may start another request.
    loop.execute(() -> context.limiter().park(priority));
    loop.schedule(delay, () -> endWait(wait));
  }

  private void endLastWait() {
    endWait(waits);
  }

  /** Ends a wait, unless it has ended already. */
  private void endWait(int wait) {
    if (isWaiting && wait == waits) {
      isWaiting = false;
      context.limiter().retry(priority, request.from(), this::attempt);
    }
  }

  private void giveUp(ApiResult.Failure fault, String before) {
    fail(
        new TransientApiException(
            fault.kind(), before + fault.message() + ". " + context.query().describe(request)));
  }
}
