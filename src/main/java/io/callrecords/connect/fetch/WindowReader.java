package io.callrecords.connect.fetch;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

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
  private final WindowLimits size;
  private final TimeSettingsVerifier verifier;
  private final PrefetchedPage prefetched = new PrefetchedPage();

  /**
   * Creates a reader.
   *
   * @param loop the loop that all calls are made on
   * @param size how large windows and pages are
   * @param times what the settings make of a record's times
   */
  public WindowReader(EventLoop loop, ApiClient client, WindowLimits size, FeedTimes times) {
    this.loop = loop;
    this.client = client;
    this.size = size;
    this.verifier =
        new TimeSettingsVerifier(
            loop, times, client.pageSize(), request -> client.fetch(request, Priority.LIVE));
  }

  /**
   * The first page of a window, which tells how many records the window has.
   *
   * @param page the page as it came
   * @param checked the page as it may be used, once the time settings are proven for it; whoever
   *     needs only the total need not wait for it
   */
  public record FirstPage(
      TimeRange range, Priority priority, Page page, CompletableFuture<Page> checked) {}

  /** Fetches the first page of a window. */
  public CompletableFuture<FirstPage> open(TimeRange range, Priority priority) {
    return open(range, priority, client::fetch);
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
    return response.thenApply(
        page -> new FirstPage(range, priority, page, verifier.checkTimes(page, request)));
  }

  /** The request for the first page of a window. Any thread may call it. */
  public PageRequest firstPageRequest(TimeRange range) {
    return request(range, 1, size.page());
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
   * Reads the pages behind the first, as often as it takes.
   *
   * @param maxTotal the total beyond which reading ends unverified
   * @param maxPasses how many passes there are at most; after these it ends unverified
   */
  public CompletableFuture<WindowSnapshot> readRemaining(
      FirstPage first, long maxTotal, int maxPasses) {
    loop.checkOnLoop();
    return new WindowPasses(
            first, new Pages(first.range(), first.priority()), size, maxTotal, maxPasses)
        .read();
  }

  /** Completes after a delay. */
  CompletableFuture<Void> delay(Duration delay) {
    return client.delay(delay);
  }

  private static PageRequest request(TimeRange range, int number, int pageSize) {
    return new PageRequest(range.from().minusSeconds(1), range.to(), number, pageSize);
  }

  /** The pages of one window, each with its times checked. */
  private final class Pages implements WindowPasses.Source {
    private final TimeRange range;
    private final Priority priority;

    Pages(TimeRange range, Priority priority) {
      this.range = range;
      this.priority = priority;
    }

    @Override
    public CompletableFuture<Page> fetch(int number, int pageSize) {
      PageRequest request = request(range, number, pageSize);
      return client
          .fetch(request, priority)
          .thenCompose(page -> verifier.checkTimes(page, request));
    }

    @Override
    public CompletableFuture<Void> delay(Duration delay) {
      return WindowReader.this.delay(delay);
    }
  }
}
