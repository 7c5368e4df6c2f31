package io.callrecords.connect.client;

import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.MemoryBudget;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Requests pages from the API: signs every attempt anew, keeps to the rate, and retries transient
 * faults until they have passed. Runs on the loop.
 */
public final class ApiClient {
  private static final Duration MAX_PROBE_SPACING = Duration.ofSeconds(1);

  private final ApiOptions options;
  private final Query query;
  private final EventLoop loop;
  private final ServerClock clock;
  private final RequestCounts counts;
  private final CredentialSelector credentials;
  private final RateLimiter rate;
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
    this(options, retry, path, filters, records, transport, loop, random, new SharedAccount());
  }

  /**
   * Creates a client that shares what it sees of the API; nothing is sent yet.
   *
   * @param path path of the query below the base address
   * @param filters request parameters that go with every query
   * @param account what clients of the same account share
   */
  public ApiClient(
      ApiOptions options,
      RetryOptions retry,
      String path,
      Map<String, Object> filters,
      RecordParser records,
      Transport transport,
      EventLoop loop,
      RandomGenerator random,
      SharedAccount account) {
    this.options = options;
    this.query = new Query(options, path, filters);
    this.loop = loop;
    this.clock = new ServerClock(loop);
    this.counts = new RequestCounts(loop);
    ResponseReader reader =
        new ResponseReader(
            new PageParser(records),
            options.transport().proxy() != null,
            "https".equalsIgnoreCase(options.baseUrl().getScheme()),
            ResponseLimits.of(options.memory()),
            account.longBody());
    RateGroup group = account.rateGroup(options.requestsPerSecond(), options.share().weights());
    this.rate = new RateLimiter(loop, options.share(), group);
    this.credentials = new CredentialSelector(options.credentials());
    this.sender =
        new RequestSender(
            options,
            query,
            credentials,
            transport,
            reader,
            loop,
            clock,
            group.throttles(),
            counts,
            rate::sent);
    this.context =
        new RetryingRequest.Context(
            loop,
            query,
            sender,
            new RequestLimiter(loop, options.maxConcurrentRequests(), rate),
            rate,
            credentials,
            retry.timeout(),
            new EmptyResponsePolicy(loop, account.evidence(), options.facts().returnsNoData()),
            new RefusalCheck(loop, clock, retry.timeout()),
            new RetryDelay(loop, new Backoff(retry, random)),
            new OutageEnd(loop),
            new OutageLog(loop, counts),
            counts);
    counts.allowedPerSecond(rate.perSecond());
  }

  /** Leaves the tasks that share the rate: what they do from then on is without this one. */
  public void close() {
    rate.close();
  }

  /** Which of the connector's tasks it works for. */
  public TaskShare share() {
    return options.share();
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

  /** The request parameters that go with every query. */
  public Map<String, Object> filters() {
    return query.filters();
  }

  /** How much of the heap what is received may take. */
  public MemoryBudget memory() {
    return options.memory();
  }

  /** How many requests may be in flight at once. */
  public int maxConcurrentRequests() {
    return options.maxConcurrentRequests();
  }

  /**
   * Requests a page, and retries for as long as {@code retry.timeout.ms} says.
   *
   * @return the page, on the loop; fails with a {@link RefusedException} when the request is
   *     refused for good, with a {@link PageTooLargeException} when the page has to be requested in
   *     smaller ones, and with a {@link TransientApiException} when {@code retry.timeout.ms} is
   *     over
   */
  public CompletableFuture<Page> fetch(PageRequest request, Priority priority) {
    return fetch(request, priority, RetryMode.CONFIGURED);
  }

  /**
   * Requests a page as {@link #fetch} does, but may fail with a {@link FailingRequestException}
   * once it has failed for a minute while others were answered.
   *
   * @param mayGiveUp asked at each failure from then on
   */
  public CompletableFuture<Page> fetchWhileOthersFail(
      PageRequest request, Priority priority, BooleanSupplier mayGiveUp) {
    RetryMode mode = RetryMode.WHILE_OTHERS_FAIL;
    return new RetryingRequest(context, request, priority, mode, mayGiveUp).start();
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
    return new RetryingRequest(context, request, priority, mode, () -> false).start();
  }

  /**
   * Requests a page at once and only once (once for each secret), whatever the rate: for a
   * validation, which paces its few requests itself.
   *
   * @return the page, on the loop; fails with a {@link RefusedException} or a {@link
   *     TransientApiException}
   */
  public CompletableFuture<Page> probe(PageRequest request) {
    CompletableFuture<Page> page = new CompletableFuture<>();
    probe(request, page);
    return page;
  }

  private void probe(PageRequest request, CompletableFuture<Page> page) {
    int changes = credentials.changes();
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
                refused -> {
                  if (credentials.changes() != changes) {
                    loop.schedule(probeSpacing(), () -> probe(request, page));
                    return;
                  }
                  page.completeExceptionally(
                      new RefusedException(
                          refused.status(), refused.code(), query.describe(request)));
                }),
        page::completeExceptionally);
  }

  /** The distance that the rate requires, if a person can wait for that long. */
  private Duration probeSpacing() {
    long nanos = Math.round(1e9 / options.requestsPerSecond());
    return Duration.ofNanos(Math.min(nanos, MAX_PROBE_SPACING.toNanos()));
  }

  /** Completes on the loop after a while. */
  public CompletableFuture<Void> delay(Duration duration) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    loop.schedule(duration, () -> over.complete(null));
    return over;
  }
}
