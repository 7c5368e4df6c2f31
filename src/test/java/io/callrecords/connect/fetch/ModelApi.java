package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.REQUESTED_AT;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.CodedFilter;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.JoinedRows;
import io.callrecords.connect.feed.Row;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.PageRows;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.PastEnd;
import io.callrecords.simulator.Ties;
import io.callrecords.simulator.TotalCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** An API of some rows that stay as they are, which it counts, orders and pages in odd ways. */
final class ModelApi implements PageSource {
  private static final int MAX_REQUESTS = 5_000;

  private final List<Row> rows;
  private final Pagination pagination;
  private final Order order;
  private final List<CodedFilter> filters;
  private final Random random;
  private final List<String> requests = new ArrayList<>();
  private Duration uptime = Duration.ZERO;
  private int outageFrom = Integer.MAX_VALUE;
  private int outageLength;

  /**
   * Creates an API.
   *
   * @param rows its rows, with all of their labels
   * @param filters what it can be cut by; a code selects the rows whose remark has its number
   */
  ModelApi(
      List<Row> rows, Pagination pagination, Order order, List<CodedFilter> filters, long seed) {
    this.rows = rows;
    this.pagination = pagination;
    this.order = order;
    this.filters = filters;
    this.random = new Random(seed);
  }

  /** A row at a second of the window. */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  static Row row(String id, long second, List<String> labels, @Nullable String remark) {
    Row plain = TestRows.row(id, second);
    Struct value = ((FeedRecord) plain).value();
    value
        .put("callSessionId", id)
        .put("callStartTime", Date.from(Instant.ofEpochSecond(plain.time())));
    value.put("labels", labels).put("remark", remark);
    return plain;
  }

  /** The labels of a row. */
  static List<String> labels(Row row) {
    List<String> labels = ((FeedRecord) row).value().getArray("labels");
    return labels == null ? List.of() : labels;
  }

  /** Answers some requests, from the one with that number on, as if there were nothing at all. */
  void emptyFor(int count, int fromRequest) {
    outageFrom = fromRequest;
    outageLength = count;
  }

  /** What was requested: the number of a page and its size. */
  List<String> requests() {
    return requests;
  }

  @Override
  public CompletableFuture<Page> fetch(int number, int pageSize) {
    return fetch(number, pageSize, row -> true);
  }

  private CompletableFuture<Page> fetch(int number, int pageSize, Predicate<Row> filter) {
    requests.add(number + "/" + pageSize);
    if (requests.size() > MAX_REQUESTS) {
      throw new IllegalStateException("There is no end of requests");
    }
    if (requests.size() >= outageFrom && requests.size() - outageFrom < outageLength) {
      return CompletableFuture.completedFuture(TestRows.page(0, List.of()));
    }
    int size = pagination.cap() > 0 ? Math.min(pageSize, pagination.cap()) : pageSize;
    List<Row> found = rows.stream().filter(filter).toList();
    long joined = found.stream().mapToLong(JoinedRows::count).sum();
    long total = total(found.size(), joined);
    int announcedSize = pagination.capTold() ? size : pageSize;
    long pages = (total + announcedSize - 1) / announcedSize;
    int shown = number;
    if (number > pages && pagination.total() != TotalCount.ZERO) {
      shown =
          switch (pagination.pastEnd()) {
            case QUERIED -> number;
            case NOT_QUERIED -> 0;
            case FIRST_PAGE -> 1;
          };
    }
    List<Row> page =
        shown == 0 ? List.of() : page(ordered(found, shown, pageSize), (shown - 1) * size, size);
    return CompletableFuture.completedFuture(new Page(total, page, false, REQUESTED_AT));
  }

  private long total(int count, long joined) {
    long counted =
        switch (pagination.total()) {
          case ROWS -> count;
          case JOINED_ROWS -> joined;
          case ZERO -> 0;
          case DRIFTING -> count == 0 ? 0 : Math.max(0, count - 3 + random.nextInt(7));
        };
    return (counted * pagination.percent() + 99) / 100;
  }

  private List<Row> ordered(List<Row> all, int number, int pageSize) {
    List<Row> ordered = new ArrayList<>(all);
    if (pagination.ties() == Ties.BY_PAGE) {
      Collections.shuffle(ordered, new Random(number * 1_000L + pageSize));
    }
    switch (order) {
      case OLDEST_FIRST -> ordered.sort((a, b) -> Long.compare(a.time(), b.time()));
      case NEWEST_FIRST -> ordered.sort((a, b) -> Long.compare(b.time(), a.time()));
      case RANDOM -> Collections.shuffle(ordered, random);
    }
    return ordered;
  }

  private List<Row> page(List<Row> ordered, int offset, int size) {
    if (pagination.rows() == PageRows.CALLS) {
      int from = Math.min(offset, ordered.size());
      return List.copyOf(ordered.subList(from, Math.min(from + size, ordered.size())));
    }
    List<Row> apart = new ArrayList<>();
    for (Row row : ordered) {
      List<String> labels = labels(row);
      if (labels.isEmpty()) {
        apart.add(row);
      }
      labels.forEach(label -> apart.add(with(row, List.of(label))));
    }
    int from = Math.min(offset, apart.size());
    List<Row> shown = apart.subList(from, Math.min(from + size, apart.size()));
    if (pagination.rows() == PageRows.JOINED_APART) {
      return List.copyOf(shown);
    }
    Map<String, Row> together = new LinkedHashMap<>();
    for (Row row : shown) {
      together.merge(
          row.id(),
          row,
          (a, b) -> {
            List<String> labels = new ArrayList<>(labels(a));
            labels.addAll(labels(b));
            return with(a, labels);
          });
    }
    return List.copyOf(together.values());
  }

  private static Row with(Row row, List<String> labels) {
    FeedRecord record = (FeedRecord) row;
    Struct value = new Struct(record.value().schema());
    record.value().schema().fields().forEach(of -> value.put(of, record.value().get(of)));
    return new FeedRecord(record.id(), record.time(), value.put("labels", labels));
  }

  @Override
  public PageSource only(String parameter, int code) {
    return new Filtered(
        row -> String.valueOf(code).equals(((FeedRecord) row).value().getString("remark")));
  }

  @Override
  public List<CodedFilter> codedFilters() {
    return filters;
  }

  @Override
  public CompletableFuture<Void> delay(Duration delay) {
    uptime = uptime.plus(delay);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Duration uptime() {
    return uptime;
  }

  @Override
  public String toString() {
    return order + " " + pagination;
  }

  /** Any API of that kind. */
  static Pagination anyPagination(Random random) {
    Pagination pagination =
        Pagination.HONEST
            .total(any(random, TotalCount.values()))
            .rows(any(random, PageRows.values()))
            .pastEnd(any(random, PastEnd.values()))
            .ties(random.nextInt(3) == 0 ? Ties.BY_PAGE : Ties.STABLE);
    if (random.nextInt(3) == 0) {
      pagination = pagination.percent(random.nextBoolean() ? 90 : 200);
    }
    return random.nextInt(4) == 0
        ? pagination.cap(2 + random.nextInt(6), random.nextBoolean())
        : pagination;
  }

  static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** The same API with a filter. */
  private final class Filtered implements PageSource {
    private final Predicate<Row> filter;

    Filtered(Predicate<Row> filter) {
      this.filter = filter;
    }

    @Override
    public CompletableFuture<Page> fetch(int number, int pageSize) {
      return ModelApi.this.fetch(number, pageSize, filter);
    }

    @Override
    public PageSource only(String parameter, int code) {
      throw new UnsupportedOperationException("It is cut by one filter only");
    }

    @Override
    public List<CodedFilter> codedFilters() {
      return List.of();
    }

    @Override
    public CompletableFuture<Void> delay(Duration delay) {
      return ModelApi.this.delay(delay);
    }

    @Override
    public Duration uptime() {
      return uptime;
    }
  }
}
