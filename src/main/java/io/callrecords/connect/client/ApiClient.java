package io.callrecords.connect.client;

import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the API for pages: signs every attempt anew, keeps to the rate, and retries what may pass
 * until it has passed. Runs on the loop.
 */
public final class ApiClient {
  /** A first fault or two are no trouble, unless the wait is long. */
  private static final int FAILURES_WORTH_A_LINE = 3;

  private static final Duration WAIT_WORTH_A_LINE = Duration.ofSeconds(10);

  /** No answer of a gateway silences the connector for longer. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

  /** So often an answer that reports records and shows none is taken for a fault. */
  private static final int EMPTY_ANSWERS = 12;

  private final ApiOptions options;
  private final RetryOptions retry;
  private final Query query;
  private final Transport transport;
  private final EventLoop loop;
  private final ServerClock clock;
  private final Signer signer;
  private final RateLimiter rate;
  private final RequestLimiter limiter;
  private final Backoff backoff;
  private final ResponseReader reader;
  private final RequestCounts counts;
  private final OutageLog trouble;

  /** Whether the API has shown an empty result as a page, with a total and without records. */
  private boolean showsEmptyPages;

  /**
   * Creates a client; nothing is sent yet.
   *
   * @param path path of the query below the base address
   * @param filters request parameters that go with every query
   */
  public ApiClient(
      ApiOptions options,
      RetryOptions retry,
      String path,
      Map<String, Object> filters,
      RecordParser records,
      Transport transport,
      EventLoop loop,
      RandomGenerator random) {
    this.options = options;
    this.retry = retry;
    this.query = new Query(options, path, filters);
    this.transport = transport;
    this.loop = loop;
    this.clock = new ServerClock(loop);
    this.counts = new RequestCounts(loop);
    this.signer = new Signer(options.credentials());
    this.rate = new RateLimiter(loop, options.requestsPerSecond(), options.share());
    this.limiter = new RequestLimiter(loop, options.maxConcurrentRequests(), rate);
    this.backoff = new Backoff(retry, random);
    this.reader = new ResponseReader(new PageParser(records), options.transport().proxy() != null);
    this.trouble = new OutageLog(loop, counts);
    counts.allowedPerSecond(rate.perSecond());
  }

  /** The API's time of day. */
  public ServerClock clock() {
    return clock;
  }

  /** What was asked so far. */
  public RequestCounts counts() {
    return counts;
  }

  /** The page size to ask with. */
  public int pageSize() {
    return options.pageSize();
  }

  /** How many requests may be under way at once. */
  public int maxConcurrentRequests() {
    return options.maxConcurrentRequests();
  }

  /**
   * Asks for a page, for as long as it takes.
   *
   * @return the page, on the loop; fails with a {@link RefusedException} when the request is
   *     refused for good, and with a {@link TransientApiException} when {@code retry.timeout.ms} is
   *     over
   */
  public CompletableFuture<Page> fetch(PageRequest request, Priority priority) {
    return submit(new RetryingRequest(request, priority, RetryMode.CONFIGURED));
  }

  /** Asks for a page as {@link #fetch} does, but gives up when the first attempt fails. */
  public CompletableFuture<Page> fetchOnce(PageRequest request, Priority priority) {
    return submit(new RetryingRequest(request, priority, RetryMode.ONCE));
  }

  /** Asks for a page as {@link #fetch} does, and goes on when the API calls its range too old. */
  public CompletableFuture<Page> fetchDespiteRefusal(PageRequest request, Priority priority) {
    return submit(new RetryingRequest(request, priority, RetryMode.FOREVER));
  }

  /** How long a request is tried. */
  private enum RetryMode {
    /** Once. */
    ONCE,
    /** As long as the settings say. */
    CONFIGURED,
    /** So long, and also when the API calls its range too old. */
    FOREVER
  }

  private CompletableFuture<Page> submit(RetryingRequest request) {
    request.submit();
    return request.result;
  }

  /**
   * Asks for a page once.
   *
   * @return the page; fails with a {@link RefusedException} or a {@link TransientApiException}. It
   *     completes on the loop
   */
  public CompletableFuture<Page> probe(PageRequest request) {
    CompletableFuture<Page> result = new CompletableFuture<>();
    Duration sent = loop.uptime();
    send(
        request,
        reply -> {
          if (reply instanceof ApiResult.Records records) {
            result.complete(page(records, sent));
          } else if (reply instanceof ApiResult.Refused refused) {
            result.completeExceptionally(refusal(refused, request));
          } else {
            ApiResult.Fault fault = ApiResult.fault(reply);
            result.completeExceptionally(
                new TransientApiException(
                    fault.trouble(), fault.what() + ". " + query.describe(request)));
          }
        },
        result::completeExceptionally);
    return result;
  }

  /** Completes on the loop after a while. */
  public CompletableFuture<Void> delay(Duration duration) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    loop.schedule(duration, () -> over.complete(null));
    return over;
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(PageRequest request, Consumer<ApiResult> onReply, Consumer<Throwable> onBug) {
    Map<String, String> headers = new HashMap<>(signer.headers(clock.forSigning()));
    headers.put("User-Agent", options.userAgent());
    headers.put("Accept", "application/json");
    QueryRange asked =
        new QueryRange(request.from().getEpochSecond(), request.to().getEpochSecond());
    Duration sent = loop.uptime();
    transport
        .post(
            query.url(),
            headers,
            query.body(request),
            (status, header, body) -> reader.read(asked, status, header, body))
        .whenComplete(
            (answer, error) ->
                loop.execute(
                    () -> {
                      if (answer != null) {
                        syncClock(answer, sent);
                        count(answer.reply(), sent, onReply);
                      } else if (error instanceof IOException failure) {
                        count(reader.failed(failure), sent, onReply);
                      } else {
                        onBug.accept(
                            error == null ? new IllegalStateException("No outcome") : error);
                      }
                    }));
  }

  private void count(ApiResult reply, Duration sent, Consumer<ApiResult> onReply) {
    counts.ended(reply, loop.uptime().minus(sent));
    onReply.accept(reply);
  }

  private void syncClock(ResponseReader.Dated answer, Duration sent) {
    Instant date = answer.date();
    if (date != null && answer.reply() instanceof ApiResult.Expired) {
      clock.corrected(date);
    } else if (date != null) {
      clock.heard(date, sent);
    }
    if (date != null) {
      counts.clockOffset(Duration.between(loop.wallClock(), clock.now()));
    }
  }

  private Page page(ApiResult.Records records, Duration sent) {
    Instant requestedAt = clock.now().minus(loop.uptime().minus(sent));
    return new Page(records.total(), records.rows(), records.bare(), requestedAt);
  }

  private RefusedException refusal(ApiResult.Refused refused, PageRequest request) {
    return new RefusedException(refused.status(), refused.code(), query.describe(request));
  }

  /**
   * One request and all its attempts. It keeps its place at the limiter while it waits to try
   * again.
   */
  private final class RetryingRequest {
    final CompletableFuture<Page> result = new CompletableFuture<>();
    private final PageRequest request;
    private final Priority priority;
    private final RetryMode retryMode;
    private int failures;
    private boolean inTrouble;
    private Duration firstFailure = Duration.ZERO;
    private Duration sent = Duration.ZERO;

    RetryingRequest(PageRequest request, Priority priority, RetryMode retryMode) {
      this.request = request;
      this.priority = priority;
      this.retryMode = retryMode;
    }

    void submit() {
      limiter.submit(priority, request.from(), this::attempt);
    }

    void attempt() {
      if (failures > 0) {
        counts.retried();
      }
      sent = loop.uptime();
      send(request, this::settle, this::fail);
    }

    private void settle(ApiResult reply) {
      if (reply instanceof ApiResult.Records records) {
        if (showsNothing(records) && failures < EMPTY_ANSWERS) {
          retry(
              new ApiResult.Fault(
                  TransientFault.CONTRADICTION, "an answer that reports records and shows none"),
              null);
        } else if (lacksData(records) && failures < EMPTY_ANSWERS) {
          retry(
              new ApiResult.Fault(
                  TransientFault.CONTRADICTION,
                  "an answer without data, though the API shows empty results with data"),
              null);
        } else {
          showsEmptyPages |= !records.bare() && records.total() == 0;
          succeed(records);
        }
      } else if (reply instanceof ApiResult.Refused refused) {
        if (retryMode == RetryMode.FOREVER && refused.status() == ApiStatus.OUT_OF_RANGE) {
          retry(new ApiResult.Fault(TransientFault.OUT_OF_RANGE, refused.code()), null);
        } else {
          fail(refusal(refused, request));
        }
      } else {
        Duration pause = reply instanceof ApiResult.TooMany tooMany ? tooMany.retryAfter() : null;
        retry(ApiResult.fault(reply), pause);
      }
    }

    private boolean showsNothing(ApiResult.Records records) {
      return request.page() == 1 && records.total() > 0 && records.rows().isEmpty();
    }

    /** What the live edge finds empty is looked at again, so that it need not wait. */
    private boolean lacksData(ApiResult.Records records) {
      return records.bare() && showsEmptyPages && priority != Priority.LIVE;
    }

    private void succeed(ApiResult.Records records) {
      rate.recover();
      counts.allowedPerSecond(rate.perSecond());
      release();
      result.complete(page(records, sent));
    }

    private void release() {
      if (inTrouble) {
        trouble.end();
      }
      limiter.release();
    }

    private void fail(Throwable error) {
      release();
      result.completeExceptionally(error);
    }

    /**
     * Tries again after a backoff.
     *
     * @param pause how long nothing at all is to be asked, or null when nobody has said so
     */
    private void retry(ApiResult.Fault fault, @Nullable Duration pause) {
      if (failures++ == 0) {
        firstFailure = loop.uptime();
      }
      Duration timeout = retry.timeout();
      if (timeout != null && loop.uptime().minus(firstFailure).compareTo(timeout) >= 0) {
        giveUp(
            fault,
            "The API has not answered as it should for as long as retry.timeout.ms allows ("
                + timeout.toMillis()
                + "). Lastly: ");
        return;
      }
      Duration delay = backoff.delay(failures);
      Duration wait = delay;
      boolean tooOften = fault.trouble() == TransientFault.TOO_OFTEN;
      if (tooOften) {
        rate.backOff(sent);
        counts.allowedPerSecond(rate.perSecond());
      }
      if (pause != null || tooOften) {
        Duration paused = pause(pause == null ? delay : pause);
        wait = paused.compareTo(delay) > 0 ? paused : delay;
      }
      if (retryMode == RetryMode.ONCE) {
        // Who asked for it will ask for something else, and no sooner than this would be.
        loop.schedule(delay, () -> giveUp(fault, ""));
        return;
      }
      if (!inTrouble
          && (failures == FAILURES_WORTH_A_LINE || wait.compareTo(WAIT_WORTH_A_LINE) > 0)) {
        inTrouble = true;
        trouble.begin(fault, wait);
      }
      if (fault.trouble() == TransientFault.OUT_OF_RANGE) {
        // It may take days: others do not wait for it.
        limiter.release();
        loop.schedule(delay, this::submit);
        return;
      }
      // In a step of its own, since a pause may come with this answer.
      loop.execute(limiter::park);
      loop.schedule(delay, () -> limiter.retry(priority, this::attempt));
    }

    private void giveUp(ApiResult.Fault fault, String before) {
      fail(
          new TransientApiException(
              fault.trouble(), before + fault.what() + ". " + query.describe(request)));
    }

    private Duration pause(Duration wanted) {
      Duration pause = wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
      rate.pause(pause);
      counts.paused(rate.totalPause());
      return pause;
    }
  }
}
