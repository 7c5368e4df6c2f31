package io.callrecords.cli.topic;

import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a record of the audit topic says of a window.
 *
 * @param range the window
 * @param outcome how it ended
 * @param rows how many different rows the API returned of it last
 * @param emitted how many different calls were emitted of it
 * @param late of these, those that a recheck has found
 * @param updated further versions that were emitted
 * @param malformed rows that could not be converted
 * @param isUnstable whether the API's responses for it never agreed
 * @param settledAt when it ended
 */
public record AuditedWindow(
    TimeRange range,
    WindowOutcome outcome,
    long rows,
    long emitted,
    long late,
    long updated,
    long malformed,
    boolean isUnstable,
    Instant settledAt) {
  private static final String FEED = CallCenterFeed.create().name();

  /**
   * The window of an audit record, in the form of any version: the names {@code from}, {@code to}
   * and {@code distinct} of the first ones count where the others are not there.
   *
   * @param fields the record's fields, as texts; a time is ISO 8601 or milliseconds
   * @return null when the record is none
   */
  public static @Nullable AuditedWindow of(Map<String, String> fields) {
    if (!FEED.equals(fields.get("feed"))) {
      return null;
    }
    try {
      return new AuditedWindow(
          new TimeRange(
              time(either(fields, "windowStart", "from")), time(either(fields, "windowEnd", "to"))),
          outcome(fields.getOrDefault("outcome", "")),
          number(either(fields, "distinctRows", "distinct")),
          number(fields.get("emitted")),
          number(fields.get("late")),
          number(fields.get("updated")),
          number(fields.get("malformed")),
          Boolean.parseBoolean(fields.get("unstable")),
          time(fields.get("settledAt")));
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  private static @Nullable String either(Map<String, String> fields, String name, String old) {
    String value = fields.get(name);
    return value == null ? fields.get(old) : value;
  }

  private static WindowOutcome outcome(String value) {
    return Arrays.stream(WindowOutcome.values())
        .filter(known -> known.auditValue().equals(value))
        .findFirst()
        .orElseThrow(IllegalArgumentException::new);
  }

  private static long number(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  private static Instant time(@Nullable String text) {
    if (text == null) {
      throw new IllegalArgumentException();
    }
    boolean isIso = text.indexOf('T') > 0;
    Instant time = isIso ? Instant.parse(text) : Instant.ofEpochMilli(Long.parseLong(text));
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Whether it was read whole. */
  public boolean isRead() {
    return outcome == WindowOutcome.SETTLED || outcome == WindowOutcome.SETTLED_EARLY;
  }
}
