package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.PageTooLargeException;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.split.WindowLimits;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Requests just the second that a record should have, and finds out whether the API returns the
 * record for it. Runs on the loop.
 */
final class RecordLookup {
  /** As many rows are searched for a record, rounded up to pages; few calls share a second. */
  private static final int ENOUGH_ROWS = 100;

  private final int pageSize;
  private final int maxRows;
  private final Function<PageRequest, CompletableFuture<Page>> api;

  /** The outcome of a lookup. */
  enum Finding {
    /** The API returns the record. */
    RETURNED,
    /** The API returns other records, or none. */
    MISSING,
    /** The API has more rows than are searched; the record may be among them. */
    TOO_MANY_ROWS,
    /** The API refuses the time. */
    REFUSED
  }

  /**
   * Creates a lookup.
   *
   * @param pageSize records per page
   * @param api requests a page
   */
  RecordLookup(int pageSize, Function<PageRequest, CompletableFuture<Page>> api) {
    this.pageSize = pageSize;
    this.maxRows = WindowLimits.pages(ENOUGH_ROWS, pageSize) * pageSize;
    this.api = api;
  }

  /**
   * Searches for a record at a time.
   *
   * @return fails only with what is no refusal of the time
   */
  CompletableFuture<Finding> find(FeedRecord record, Instant time) {
    return find(record, new PageRequest(time.minusSeconds(1), time.plusSeconds(1), 1, pageSize))
        .exceptionally(RecordLookup::refusal);
  }

  private CompletableFuture<Finding> find(FeedRecord record, PageRequest request) {
    return api.apply(request)
        .thenCompose(
            page -> {
              if (page.rows().stream().anyMatch(row -> row.id().equals(record.id()))) {
                return CompletableFuture.completedFuture(Finding.RETURNED);
              }
              if (page.total() > maxRows) {
                return CompletableFuture.completedFuture(Finding.TOO_MANY_ROWS);
              }
              boolean isLast =
                  page.rows().isEmpty() || (long) request.page() * pageSize >= page.total();
              return isLast
                  ? CompletableFuture.completedFuture(Finding.MISSING)
                  : find(record, request.withPage(request.page() + 1));
            });
  }

  private static Finding refusal(Throwable error) {
    if (StageErrors.unwrap(error) instanceof PageTooLargeException) {
      return Finding.TOO_MANY_ROWS;
    }
    if (RetentionLimit.isRefusal(error)) {
      return Finding.REFUSED;
    }
    throw StageErrors.wrap(error);
  }
}
