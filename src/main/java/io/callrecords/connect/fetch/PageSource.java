package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.CodedFilter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the pages of one window come from, and time. */
interface PageSource {
  /**
   * Requests a page of the window.
   *
   * @param number the page's number, from 1
   * @param pageSize records per page
   */
  CompletableFuture<Page> fetch(int number, int pageSize);

  /**
   * The same window's records that have a code.
   *
   * @param parameter the request parameter that selects by the code
   */
  PageSource only(String parameter, int code);

  /** The filters by which the window can be cut; none where it is cut already. */
  List<CodedFilter> codedFilters();

  /** Completes after a delay. */
  CompletableFuture<Void> delay(Duration delay);

  /** The time since some fixed moment. */
  Duration uptime();
}
