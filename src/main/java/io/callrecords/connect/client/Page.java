package io.callrecords.connect.client;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.feed.RowWeight;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a query.
 *
 * @param total how many records the whole query has, counted for this response
 * @param rows the page's rows
 * @param withoutData whether the response had no data, and nothing proves that this is the API's
 *     way to say that there is nothing: it may be a fault, and settles nothing
 * @param requestedAt the server's time when the request was sent: all records that were visible
 *     then are counted
 */
public record Page(long total, List<Row> rows, boolean withoutData, Instant requestedAt)
    implements ApiResult {
  /** A page as it was parsed. No record counts as visible until it is known when it was sent. */
  static Page parsed(long total, List<Row> rows, boolean withoutData) {
    return new Page(total, rows, withoutData, Instant.EPOCH);
  }

  Page withRequestedAt(Instant time) {
    return new Page(total, rows, withoutData, time);
  }

  /** The same page, once it is proven that no data means no rows. */
  Page withData() {
    return new Page(total, rows, false, requestedAt);
  }

  /** How much of the heap one of its rows takes on average, in bytes; 0 where it has none. */
  public long rowWeight() {
    return RowWeight.average(rows);
  }

  /**
   * How many records the query has at least: as many as the total says, or as the page itself has.
   */
  public long atLeast() {
    return rows.size() <= total
        ? total
        : Math.max(total, rows.stream().map(Row::id).distinct().count());
  }

  /** The same page with other rows. */
  public Page withRows(List<Row> newRows) {
    return new Page(total, newRows, withoutData, requestedAt);
  }

  @Override
  public <T> T match(
      Function<Page, T> page, Function<Failure, T> fault, Function<Refused, T> refused) {
    return page.apply(this);
  }

  @Override
  public String summary() {
    return withoutData ? "no data" : "total " + total + ", " + rows.size() + " rows";
  }
}
