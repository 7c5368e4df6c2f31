package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.StageErrors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the API ignores or changes the range of a request: it does when it returns the
 * same record for two ranges that have nothing in common. Whatever time an API filters by, and
 * whatever the settings make of that, it never does so where it honours both. Runs on the loop.
 */
final class RangeJudge {
  private static final Logger LOG = LoggerFactory.getLogger(RangeJudge.class);

  /** Bounds that the API takes for approximate, such as whole minutes, change a range by less. */
  private static final long TOLERANCE_SECONDS = 120;

  /** A wrong time setting leads to far records in each response, and is found by other means. */
  private static final int MAX_CHECKS = 5;

  private final int pageSize;
  private final Function<PageRequest, CompletableFuture<Page>> api;
  private int checks;

  /**
   * Creates a judge.
   *
   * @param pageSize records per page
   * @param api requests a page
   */
  RangeJudge(int pageSize, Function<PageRequest, CompletableFuture<Page>> api) {
    this.pageSize = pageSize;
    this.api = api;
  }

  /**
   * Checks a page: where most of its records lie far outside of the requested range, it is
   * requested again, and so is the time of one of them.
   *
   * @return the page, or its repetition; fails with an {@link IgnoredRangeException}
   */
  CompletableFuture<Page> check(Page page, PageRequest request) {
    if (!isMostlyFar(page, request)) {
      checks = page.rows().isEmpty() ? checks : 0;
      return CompletableFuture.completedFuture(page);
    }
    if (checks++ >= MAX_CHECKS) {
      return CompletableFuture.completedFuture(page);
    }
    LOG.debug(
        "The API returns records for {} to {} that lie far outside of that; requesting them again.",
        request.from(),
        request.to());
    // A single response may be that of another moment, or to another request.
    return api.apply(request)
        .thenCompose(
            again ->
                isMostlyFar(again, request)
                    ? compare(again, request)
                    : CompletableFuture.completedFuture(again));
  }

  private CompletableFuture<Page> compare(Page page, PageRequest request) {
    List<Row> far = far(page, request);
    Instant other = Instant.ofEpochSecond(far.get(far.size() / 2).time());
    return api.apply(new PageRequest(other.minusSeconds(1), other.plusSeconds(1), 1, pageSize))
        .handle(
            (control, error) -> {
              if (error != null && !RetentionLimit.isRefusal(error)) {
                throw StageErrors.wrap(error);
              }
              Set<String> returned = error == null ? ids(control.rows()) : Set.of();
              if (page.rows().stream().anyMatch(row -> returned.contains(row.id()))) {
                throw rangeIgnored(far, request);
              }
              return page;
            });
  }

  private static IgnoredRangeException rangeIgnored(List<Row> far, PageRequest request) {
    long first = far.stream().mapToLong(Row::time).min().orElseThrow();
    long last = far.stream().mapToLong(Row::time).max().orElseThrow();
    List<String> parameters = new ArrayList<>();
    if (first < request.from().getEpochSecond()) {
      parameters.add("strTime");
    }
    if (last > request.to().getEpochSecond()) {
      parameters.add("endTime");
    }
    return new IgnoredRangeException(
        String.join(" and ", parameters),
        request,
        Instant.ofEpochSecond(first),
        Instant.ofEpochSecond(last));
  }

  private static Set<String> ids(List<Row> rows) {
    Set<String> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.id()));
    return ids;
  }

  private static List<Row> far(Page page, PageRequest request) {
    return page.rows().stream().filter(row -> isFar(row, request)).toList();
  }

  private static boolean isFar(Row row, PageRequest request) {
    return row instanceof OutOfRangeRecord
        && (row.time() < request.from().getEpochSecond() - TOLERANCE_SECONDS
            || row.time() > request.to().getEpochSecond() + TOLERANCE_SECONDS);
  }

  /** Where only a few records are far, it is their times that are odd. */
  private static boolean isMostlyFar(Page page, PageRequest request) {
    int far = 0;
    for (Row row : page.rows()) {
      far += isFar(row, request) ? 1 : 0;
    }
    return far > 0 && far * 2 >= page.rows().size();
  }
}
