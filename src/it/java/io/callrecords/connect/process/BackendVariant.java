package io.callrecords.connect.process;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One of the ways in which people build such an API.
 *
 * @param labels how the labels come to their calls
 * @param order how the rows of a page are ordered
 * @param overflow whether a page past the end is page 1 again
 * @param http2 whether it is reached by TLS, and offers HTTP/2
 */
record BackendVariant(LabelQuery labels, SqlOrder order, boolean overflow, boolean http2) {
  /** The most rows of a page. */
  static final int MOST_ROWS = 100;

  /** How the labels come to their calls. */
  enum LabelQuery {
    /** By a left join, which the count leaves out. */
    JOIN("join"),
    /** By a left join whose rows are counted. */
    JOIN_COUNTED("joinCounted"),
    /** By a query for each call. */
    NESTED("nested");

    private final String path;

    LabelQuery(String path) {
      this.path = path;
    }
  }

  /** How the rows of a page are ordered. */
  enum SqlOrder {
    /** By time alone: calls of one second have no order. */
    TIME("time"),
    TIME_AND_ID("timeAndId"),
    NONE("none");

    private final String path;

    SqlOrder(String path) {
      this.path = path;
    }
  }

  /** All that are tried. */
  static List<BackendVariant> all() {
    return Stream.of(LabelQuery.values())
        .flatMap(
            labels ->
                Stream.concat(
                    Stream.of(SqlOrder.values())
                        .map(order -> new BackendVariant(labels, order, false, false)),
                    Stream.of(
                        new BackendVariant(labels, SqlOrder.TIME, true, false),
                        new BackendVariant(labels, SqlOrder.TIME, false, true))))
        .toList();
  }

  /** The part of its address that says how the application makes its pages. */
  String path() {
    return "/" + labels.path + "/" + order.path;
  }

  /** Names its connector and its topic. */
  @Override
  public String toString() {
    return (labels + "-" + order + (overflow ? "-overflow" : "") + (http2 ? "-http2" : ""))
        .toLowerCase(Locale.ROOT)
        .replace('_', '-');
  }
}
