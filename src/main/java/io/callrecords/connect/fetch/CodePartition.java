package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.CodedFilter;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a second of which the API returns only a part, because it is too dense to come whole on
 * several pages, or because pages hold the rows of a join and too few are announced: cuts the query
 * by the API's coded filters until each part fits into a page. That the parts are the whole is
 * proven by their totals. Runs on the loop, once.
 */
final class CodePartition {
  private static final Logger LOG = LoggerFactory.getLogger(CodePartition.class);

  /** A part that is still too large after these is cut further. */
  private static final int PASSES = 3;

  private static final int MAX_PASSES = 15;

  private final TimeRange range;
  private final PageSource source;
  private final List<CodedFilter> filters;
  private final PagingFacts facts;

  /**
   * Prepares to read a second.
   *
   * @param source requests pages of all its records
   * @param filters the filters to cut it by, in order
   */
  CodePartition(TimeRange range, PageSource source, List<CodedFilter> filters, PagingFacts facts) {
    this.range = range;
    this.source = source;
    this.filters = filters;
    this.facts = facts;
  }

  /** A part of the second: those records that have some codes. */
  private record Part(PageSource source, int nextFilter, Page firstPage, int pageSize) {}

  /**
   * What was found.
   *
   * @param rows what was returned, by id
   * @param isWhole whether that is all that there is
   */
  record FoundRows(Map<String, Row> rows, boolean isWhole) {
    private static final FoundRows NOTHING = new FoundRows(Map.of(), false);

    /** Puts parts together that are the whole; what is in two of them has changed meanwhile. */
    private static FoundRows of(List<FoundRows> parts) {
      Map<String, Row> rows = new HashMap<>();
      parts.forEach(part -> rows.putAll(part.rows()));
      int count = parts.stream().mapToInt(part -> part.rows().size()).sum();
      return new FoundRows(
          rows, parts.stream().allMatch(FoundRows::isWhole) && rows.size() == count);
    }

    private FoundRows with(FoundRows more) {
      Map<String, Row> all = new HashMap<>(rows);
      all.putAll(more.rows());
      return more.isWhole() ? more : new FoundRows(all, false);
    }
  }

  /**
   * Reads the second.
   *
   * @param total the number of its records, those around it included
   * @return its rows; not the whole where no filters cut it into parts that are
   */
  CompletableFuture<FoundRows> read(long total) {
    return cut(source, 0, total);
  }

  private CompletableFuture<FoundRows> cut(PageSource whole, int nextFilter, long total) {
    if (nextFilter >= filters.size()) {
      return CompletableFuture.completedFuture(FoundRows.NOTHING);
    }
    CodedFilter filter = filters.get(nextFilter);
    int pageSize = facts.pageSize();
    List<CompletableFuture<Part>> requested = new ArrayList<>();
    for (int code : filter.codes()) {
      PageSource only = whole.only(filter.parameter(), code);
      requested.add(
          only.fetch(1, pageSize)
              .thenApply(page -> new Part(only, nextFilter + 1, page, pageSize)));
    }
    return all(requested)
        .thenCompose(
            parts -> {
              long sum = parts.stream().mapToLong(part -> part.firstPage().total()).sum();
              LOG.debug(
                  "Cut {} by {}: {} parts with {} records of {}.",
                  range,
                  filter.parameter(),
                  parts.size(),
                  sum,
                  total);
              return sum == total
                  ? all(parts.stream().map(this::read).toList()).thenApply(FoundRows::of)
                  : cut(whole, nextFilter + 1, total);
            });
  }

  private CompletableFuture<FoundRows> read(Part part) {
    long total = part.firstPage().total();
    if (total == 0 && part.firstPage().rows().isEmpty()) {
      return CompletableFuture.completedFuture(new FoundRows(Map.of(), true));
    }
    long mostOnOnePage = Math.min(facts.maxRows(), part.pageSize());
    boolean isLarge = total > mostOnOnePage && part.nextFilter() < filters.size();
    return isLarge
        ? orElse(cut(part, total), () -> pages(part))
        : orElse(pages(part), () -> cut(part, total));
  }

  private CompletableFuture<FoundRows> cut(Part part, long total) {
    return cut(part.source(), part.nextFilter(), total);
  }

  /** What a first attempt comes to, or where that is not the whole, a second one. */
  private static CompletableFuture<FoundRows> orElse(
      CompletableFuture<FoundRows> first, Supplier<CompletableFuture<FoundRows>> second) {
    return first.thenCompose(
        found ->
            found.isWhole()
                ? CompletableFuture.completedFuture(found)
                : second.get().thenApply(found::with));
  }

  /** Reads the pages of a part: patiently, where it cannot be cut further. */
  private CompletableFuture<FoundRows> pages(Part part) {
    WindowReader.FirstPage first =
        new WindowReader.FirstPage(
            range,
            Priority.BACKLOG,
            part.firstPage(),
            part.pageSize(),
            CompletableFuture.completedFuture(part.firstPage()));
    int maxPasses = part.nextFilter() < filters.size() ? PASSES : MAX_PASSES;
    return new WindowPasses(
            first,
            part.source(),
            facts,
            new WindowReader.ReadLimits(Long.MAX_VALUE, maxPasses, false))
        .readRows();
  }

  private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
  }
}
