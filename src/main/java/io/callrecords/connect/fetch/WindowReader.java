package io.callrecords.connect.fetch;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.FailingRequestException;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.PageTooLargeException;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.CodedFilter;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.RowWeight;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Reads all records of a window, whatever the API does with its pages meanwhile.
 *
 * <p>It is not known whether the bounds of a query belong to its range, so each query covers a
 * second more on both sides; the records in those seconds are left to the neighbouring windows.
 * Runs on the loop.
 */
public final class WindowReader {
  private final EventLoop loop;
  private final ApiClient client;
  private final PagingFacts facts;
  private final TimeSettingsVerifier verifier;
  private final List<CodedFilter> codedFilters;
  private final PrefetchedPage prefetched = new PrefetchedPage();

  /**
   * Creates a reader.
   *
   * @param loop the loop that all calls are made on
   * @param facts what is known of how the API counts and pages
   * @param times what the settings make of a record's times
   */
  public WindowReader(EventLoop loop, ApiClient client, PagingFacts facts, FeedTimes times) {
    this.loop = loop;
    this.client = client;
    this.facts = facts;
    this.codedFilters =
        times.feed().codedFilters().stream()
            .map(filter -> filter.within(client.filters()))
            .filter(filter -> filter.codes().size() > 1)
            .toList();
    this.verifier =
        new TimeSettingsVerifier(
            loop,
            times,
            client.pageSize(),
            (request, mayGiveUp) -> client.fetchWhileOthersFail(request, Priority.LIVE, mayGiveUp),
            request -> client.fetchOnce(request, Priority.LIVE));
  }

  /**
   * The first page of a window, which tells how many records the window has.
   *
   * @param page the page as it came
   * @param pageSize the page size that was requested
   * @param checked the page as it may be used, once the time settings are proven for it; whoever
   *     needs only the total need not wait for it
   */
  public record FirstPage(
      TimeRange range,
      Priority priority,
      Page page,
      int pageSize,
      CompletableFuture<Page> checked) {}

  /**
   * When reading a window is given up, so that it ends unverified.
   *
   * @param maxRows the number of rows beyond which reading ends
   * @param maxPasses how many passes there are at most
   * @param isDivisible whether the window can be cut, so that nothing is to be gained by patience
   */
  public record ReadLimits(long maxRows, int maxPasses, boolean isDivisible) {}

  /** What is known of how the API counts and pages. */
  PagingFacts facts() {
    return facts;
  }

  /** Fetches the first page of a window. */
  public CompletableFuture<FirstPage> open(TimeRange range, Priority priority) {
    return open(range, priority, client::fetch);
  }

  /**
   * Fetches the first page of a window; may fail with a {@link FailingRequestException} if the API
   * goes on failing to return it, and answers other requests.
   *
   * @param mayGiveUp asked at each failure then
   */
  CompletableFuture<FirstPage> openWhileOthersFail(
      TimeRange range, Priority priority, BooleanSupplier mayGiveUp) {
    return open(
        range,
        priority,
        (request, urgency) -> client.fetchWhileOthersFail(request, urgency, mayGiveUp));
  }

  /** Fetches the first page of a window; retries for as long as the API refuses it as too old. */
  public CompletableFuture<FirstPage> openDespiteRefusal(TimeRange range, Priority priority) {
    return open(range, priority, client::fetchDespiteRefusal);
  }

  private CompletableFuture<FirstPage> open(
      TimeRange range,
      Priority priority,
      BiFunction<PageRequest, Priority, CompletableFuture<Page>> api) {
    loop.checkOnLoop();
    PageRequest request = firstPageRequest(range);
    CompletableFuture<Page> response = prefetched.take(request);
    if (response == null) {
      response = api.apply(request, priority);
    }
    return response
        .thenApply(
            page ->
                new FirstPage(
                    range, priority, page, request.size(), verifier.checkTimes(page, request)))
        .exceptionallyCompose(
            error -> {
              boolean isTooLarge =
                  StageErrors.unwrap(error) instanceof PageTooLargeException && request.size() > 1;
              if (!isTooLarge) {
                return CompletableFuture.failedFuture(error);
              }
              facts.tooLarge(request.size());
              return open(range, priority, api);
            });
  }

  /** The request for the first page of a window. Any thread may call it. */
  public PageRequest firstPageRequest(TimeRange range) {
    return request(range, 1, facts.pageSize());
  }

  /** Offers a page that was requested before it was known what is to be read. */
  public void offerPrefetched(PageRequest request, CompletableFuture<Page> response) {
    loop.checkOnLoop();
    prefetched.offer(request, response);
  }

  /** Drops the page that was offered: from now on the API may return another. */
  public void dropPrefetched() {
    loop.checkOnLoop();
    prefetched.drop();
  }

  /**
   * Reads the pages behind the first, as often as it takes. Where they take too much memory, it
   * fails with a {@link WindowTooHeavyException} if the window can be cut, else with a {@link
   * SecondTooHeavyException}. It may fail with a {@link FailingRequestException} if the API goes on
   * failing to return one of them, and answers other requests.
   *
   * @param limits when it is given up, and ends unverified
   * @param mayGiveUp asked at each such failure
   */
  public CompletableFuture<WindowSnapshot> readRemaining(
      FirstPage first, ReadLimits limits, BooleanSupplier mayGiveUp) {
    loop.checkOnLoop();
    Pages pages =
        new Pages(first.range(), first.priority(), Map.of(), limits.isDivisible(), mayGiveUp);
    return new WindowPasses(first, pages, facts, limits).read();
  }

  /** Completes after a delay. */
  CompletableFuture<Void> delay(Duration delay) {
    return client.delay(delay);
  }

  private static PageRequest request(TimeRange range, int number, int pageSize) {
    return new PageRequest(range.from().minusSeconds(1), range.to(), number, pageSize);
  }

  /** The pages of one window, each with its times checked. */
  private final class Pages implements PageSource {
    private final TimeRange range;
    private final Priority priority;
    private final Map<String, Integer> codes;
    private final boolean isDivisible;
    private final BooleanSupplier mayGiveUp;

    /** How much the pages of the pass take that is under way, in bytes. */
    private long weight;

    Pages(
        TimeRange range,
        Priority priority,
        Map<String, Integer> codes,
        boolean isDivisible,
        BooleanSupplier mayGiveUp) {
      this.range = range;
      this.priority = priority;
      this.codes = codes;
      this.isDivisible = isDivisible;
      this.mayGiveUp = mayGiveUp;
    }

    @Override
    public PageSource only(String parameter, int code) {
      Map<String, Integer> more = new HashMap<>(codes);
      more.put(parameter, code);
      return new Pages(range, priority, Map.copyOf(more), isDivisible, mayGiveUp);
    }

    @Override
    public List<CodedFilter> codedFilters() {
      return codes.isEmpty() ? codedFilters : List.of();
    }

    @Override
    public CompletableFuture<Page> fetch(int number, int pageSize) {
      PageRequest request = request(range, number, pageSize).withCodes(codes);
      if (number == 1) {
        weight = 0;
      }
      return client
          .fetchWhileOthersFail(request, priority, mayGiveUp)
          .thenCompose(page -> verifier.checkTimes(weighed(page), request));
    }

    private Page weighed(Page page) {
      facts.weights().observe(page);
      weight += RowWeight.sum(page.rows());
      if (isDivisible && weight > facts.weights().maxReadWeight()) {
        throw new WindowTooHeavyException();
      }
      if (weight > facts.weights().maxSecondWeight()) {
        throw new SecondTooHeavyException(range.from(), facts.weights().maxSecondWeight());
      }
      return page;
    }

    @Override
    public CompletableFuture<Void> delay(Duration delay) {
      return WindowReader.this.delay(delay);
    }

    @Override
    public Duration uptime() {
      return loop.uptime();
    }
  }
}
