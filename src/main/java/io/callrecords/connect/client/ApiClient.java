package io.callrecords.connect.client;

import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * Requests pages from the API: signs every attempt anew, keeps to the rate, and retries transient
 * faults until they have passed. Runs on the loop.
 */
public final class ApiClient {
  private final ApiOptions options;
  private final Query query;
  private final EventLoop loop;
  private final ServerClock clock;
  private final RequestCounts counts;
  private final RequestSender sender;
  private final RetryingRequest.Context context;

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
    this.query = new Query(options, path, filters);
    this.loop = loop;
    this.clock = new ServerClock(loop);
    this.counts = new RequestCounts(loop);
    ResponseReader reader =
        new ResponseReader(new PageParser(records), options.transport().proxy() != null);
    this.sender = new RequestSender(options, query, transport, reader, loop, clock, counts);
    RateLimiter rate = new RateLimiter(loop, options.requestsPerSecond(), options.share());
    this.context =
        new RetryingRequest.Context(
            loop,
            query,
            sender,
            new RequestLimiter(loop, options.maxConcurrentRequests(), rate),
            rate,
            new Backoff(retry, random),
            retry.timeout(),
            new EmptyPageCheck(),
            new OutageLog(loop, counts),
            counts);
    counts.allowedPerSecond(rate.perSecond());
  }

  /** The API's time of day. */
  public ServerClock clock() {
    return clock;
  }

  /** Counts of the requests so far. */
  public RequestCounts counts() {
    return counts;
  }

  /** The page size to request. */
  public int pageSize() {
    return options.pageSize();
  }

  /** How many requests may be in flight at once. */
  public int maxConcurrentRequests() {
    return options.maxConcurrentRequests();
  }

  /**
   * Requests a page, and retries for as long as {@code retry.timeout.ms} says.
   *
   * @return the page, on the loop; fails with a {@link RefusedException} when the request is
   *     refused for good, and with a {@link TransientApiException} when {@code retry.timeout.ms} is
   *     over
   */
  public CompletableFuture<Page> fetch(PageRequest request, Priority priority) {
    return fetch(request, priority, RetryMode.CONFIGURED);
  }

  /** Requests a page as {@link #fetch} does, but gives up when the first attempt fails. */
  public CompletableFuture<Page> fetchOnce(PageRequest request, Priority priority) {
    return fetch(request, priority, RetryMode.ONCE);
  }

  /**
   * Requests a page as {@link #fetch} does, and retries also while the API refuses its range as too
   * old.
   */
  public CompletableFuture<Page> fetchDespiteRefusal(PageRequest request, Priority priority) {
    return fetch(request, priority, RetryMode.DESPITE_REFUSAL);
  }

  private CompletableFuture<Page> fetch(PageRequest request, Priority priority, RetryMode mode) {
    return new RetryingRequest(context, request, priority, mode).start();
  }

  /**
   * Requests a page at once and only once, whatever the rate: for a validation, which paces its few
   * requests itself.
   *
   * @return the page, on the loop; fails with a {@link RefusedException} or a {@link
   *     TransientApiException}
   */
  public CompletableFuture<Page> probe(PageRequest request) {
    CompletableFuture<Page> page = new CompletableFuture<>();
    sender.send(
        request,
        1,
        result ->
            result.handle(
                page::complete,
                fault ->
                    page.completeExceptionally(
                        new TransientApiException(
                            fault.kind(), fault.message() + ". " + query.describe(request))),
                refused ->
                    page.completeExceptionally(
                        new RefusedException(
                            refused.status(), refused.code(), query.describe(request)))),
        page::completeExceptionally);
    return page;
  }

  /** Completes on the loop after a while. */
  public CompletableFuture<Void> delay(Duration duration) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    loop.schedule(duration, () -> over.complete(null));
    return over;
  }
}
