package io.callrecords.cli.status;

import io.callrecords.cli.status.StatusReport.FaultCount;
import io.callrecords.connect.config.CallRecordSourceConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what should not happen, by metrics and by the audit. */
final class FaultCounts {
  /** Metrics that count it, with what it is: of one and of several. */
  private static final Map<String, FaultWords> FAULTS = faults();

  /** What the audit counts, of all of the range. */
  static final String AUDITED_MALFORMED = "audited_rows_malformed";

  private FaultCounts() {}

  /** What is counted, in words. */
  private record FaultWords(String one, String several) {
    String of(double count) {
      return Math.round(count) == 1 ? one : several;
    }
  }

  private static Map<String, FaultWords> faults() {
    Map<String, FaultWords> faults = new LinkedHashMap<>();
    faults.put(
        "expired_days_total",
        new FaultWords(
            "day that expired before it was read", "days that expired before they were read"));
    faults.put(
        "drifted_windows_total",
        new FaultWords(
            "window that has grown since it was settled",
            "windows that have grown since they were settled"));
    faults.put(
        "windows_unverified_total",
        new FaultWords(
            "window settled on contradictory responses",
            "windows settled on contradictory responses"));
    faults.put(
        "windows_settled_early_total",
        new FaultWords(
            "window settled early, for want of room", "windows settled early, for want of room"));
    faults.put(
        "records_malformed_total",
        new FaultWords("row that could not be converted", "rows that could not be converted"));
    faults.put(
        "conflicting_records_total",
        new FaultWords(
            "row that contradicts another of its id", "rows that contradict another of their id"));
    faults.put(
        "invariant_violations_total",
        new FaultWords(
            "defect that the connector has found in itself",
            "defects that the connector has found in itself"));
    return faults;
  }

  /** Those that have happened. */
  static List<FaultCount> of(
      @Nullable TaskNumbers numbers,
      @Nullable RangeCalendar calendar,
      CallRecordSourceConfig config) {
    List<FaultCount> faults = new ArrayList<>();
    if (numbers != null) {
      for (String outcome : List.of("throttled", "failed", "refused")) {
        FaultWords words = new FaultWords("request " + outcome, "requests " + outcome);
        add(faults, "requests_" + outcome, words, numbers.requests(outcome));
      }
      FAULTS.forEach((name, words) -> add(faults, name, words, numbers.sum(name)));
    }
    long malformed = calendar == null ? 0 : calendar.malformedRows();
    add(faults, AUDITED_MALFORMED, malformed(config), (double) malformed);
    return faults;
  }

  private static void add(
      List<FaultCount> faults, String name, FaultWords words, @Nullable Double count) {
    if (count != null && count > 0) {
      faults.add(new FaultCount(name, words.of(count), Math.round(count)));
    }
  }

  /** What the audit says, with where such rows are. */
  private static FaultWords malformed(CallRecordSourceConfig config) {
    String topic = config.getString(CallRecordSourceConfig.MALFORMED_TOPIC);
    String where =
        switch (config.malformed()) {
          case TOPIC -> "see malformed.topic" + (topic == null ? "" : " " + topic);
          case SKIP -> "left out: malformed.records is skip";
          case FAIL -> "malformed.records is fail now";
        };
    String words = " malformed (by the audit; " + where + ")";
    return new FaultWords("row" + words, "rows" + words);
  }
}
