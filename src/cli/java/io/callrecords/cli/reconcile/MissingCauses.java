package io.callrecords.cli.reconcile;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Instant;
import java.util.List;

/** Why calls of one day are not in the topic, by the audit and by what the API returns of it. */
final class MissingCauses {
  private static final int DAY_SECONDS = 86_400;

  private final Split day;
  private final ComparisonRules rules;
  private final int[] rowsBySecond = new int[DAY_SECONDS];

  MissingCauses(Split day, ComparisonRules rules) {
    this.day = day;
    this.rules = rules;
  }

  /** Counts a row that the API returns. */
  void count(long epochSecond) {
    rowsBySecond[secondOfDay(epochSecond)]++;
  }

  private int secondOfDay(long epochSecond) {
    return (int) (epochSecond - day.range().from().getEpochSecond());
  }

  /**
   * What is known of the cause before all of the day was read.
   *
   * @param readAt when the API returned the call
   */
  FindingCause ofCall(CallFields expected, long millis, Instant readAt) {
    if (rules.mayStillCome(millis, readAt)) {
      return FindingCause.PENDING;
    }
    Long end = expected.endMillis();
    boolean isLate = end != null && end - millis > rules.lateArrival().toMillis();
    return isLate ? FindingCause.LATE : FindingCause.UNKNOWN;
  }

  /** What the audit says, once all rows of the day are counted. */
  FindingCause byAudit(long second) {
    List<AuditedWindow> windows = rules.audits().at(second);
    if (windows.stream().anyMatch(window -> window.outcome() == WindowOutcome.DRIFTED)) {
      return FindingCause.DRIFTED;
    }
    if (windows.isEmpty()) {
      return rules.audits().isEmpty()
          ? rules.hasLostRecords() ? FindingCause.RETENTION : FindingCause.UNKNOWN
          : FindingCause.NOT_READ;
    }
    List<AuditedWindow> complete =
        windows.stream().filter(window -> window.outcome() == WindowOutcome.SETTLED).toList();
    if (complete.isEmpty()) {
      return FindingCause.EXPIRED;
    }
    if (complete.stream().allMatch(window -> window.rows() < rows(window))) {
      return FindingCause.LATE;
    }
    return rules.hasLostRecords() ? FindingCause.RETENTION : FindingCause.LOST;
  }

  /** How many rows the API returns of a window now. */
  private long rows(AuditedWindow window) {
    long rows = 0;
    int from = Math.max(0, secondOfDay(window.range().from().getEpochSecond()));
    int to = Math.min(DAY_SECONDS, secondOfDay(window.range().to().getEpochSecond()));
    for (int second = from; second < to; second++) {
      rows += rowsBySecond[second];
    }
    return rows;
  }
}
