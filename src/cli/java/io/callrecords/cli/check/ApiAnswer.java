package io.callrecords.cli.check;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came for a request.
 *
 * @param question what was asked
 * @param httpStatus the HTTP status
 * @param status the API's status, or null if the body has none
 * @param envelope the form of what stands around the rows
 * @param total what the answer says of the number of rows; null where it says nothing
 * @param size what it says of the size of pages, or null
 * @param pages what it says of the number of pages, or null
 * @param rows its rows
 * @param date the server's clock, or null
 * @param sentAt this machine's clock when it was asked
 * @param took how long it took
 */
record ApiAnswer(
    ApiQuestion question,
    int httpStatus,
    @Nullable String status,
    AnswerEnvelope envelope,
    @Nullable Long total,
    @Nullable Integer size,
    @Nullable Integer pages,
    List<SeenRow> rows,
    @Nullable Instant date,
    Instant sentAt,
    Duration took) {
  /**
   * The form of what stands around the rows.
   *
   * @param isStatusText whether the status is a text
   * @param data what {@code data} is: {@code object}, {@code null}, or another form
   * @param records what {@code records} is: {@code list}, {@code null} or {@code absent}
   * @param otherKeys keys that no document names
   */
  record AnswerEnvelope(
      boolean isStatusText, String data, String records, List<String> otherKeys) {}

  /** Statuses of a request that is understood and refused for what it asks for. */
  private static final Set<String> RANGE_REFUSALS = Set.of("-25", "-22", "-11", "-14", "-21");

  /** Whether it refuses what was asked for; any other status says nothing of a range. */
  boolean refusesRange() {
    return status != null && RANGE_REFUSALS.contains(status);
  }

  /** Whether it is a page. */
  boolean isPage() {
    return "0".equals(status);
  }

  /** The ids of its rows. */
  Set<String> ids() {
    Set<String> ids = new LinkedHashSet<>();
    rows.forEach(row -> ids.add(row.id()));
    return ids;
  }

  /** Whether one of its rows is a call's. */
  boolean has(String id) {
    return rows.stream().anyMatch(row -> row.id().equals(id));
  }

  /** How evidence shows it. */
  String text() {
    if (!isPage()) {
      return status == null ? "HTTP " + httpStatus : statusText(status);
    }
    return (total == null ? "no total" : "total " + total)
        + ", "
        + rows.size()
        + (rows.size() == 1 ? " row" : " rows");
  }

  private static String statusText(String status) {
    return status.equals(SafeText.OTHER_STATUS) ? status : "status " + status;
  }
}
