package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.Discrepancy.FieldDifference;
import io.callrecords.connect.config.CallRecordSourceConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A reconciliation as people read it. */
final class ReconcileReport {
  /** Of more days than these, those are listed of which there is something to say. */
  private static final int ALL_DAYS = 62;

  private static final String ROW = "%-11s%12s%12s%9s%9s%7s%11s%11s%9s%9s";

  private final ReconcileResult result;
  private final boolean showsValues;
  private final List<String> lines = new ArrayList<>();

  private ReconcileReport(ReconcileResult result, boolean showsValues) {
    this.result = result;
    this.showsValues = showsValues;
  }

  /**
   * The lines of a report.
   *
   * @param showsValues whether the values of fields that differ are shown
   * @param signature what has signed the summary; null for nothing
   * @param file where the summary was written; null for nowhere
   */
  static List<String> lines(
      ReconcileResult result,
      boolean showsValues,
      @Nullable SummarySignature signature,
      @Nullable Path file) {
    ReconcileReport report = new ReconcileReport(result, showsValues);
    report.addHead();
    report.addDays();
    for (FindingKind kind : FindingKind.values()) {
      report.addFindings(kind);
    }
    report.addNotes();
    report.addEnd(signature, file);
    return report.lines;
  }

  private void addHead() {
    ReconcileRequest request = result.request();
    lines.add(
        "Connector %s, topic %s: %s to %s (UTC), by %s"
            .formatted(
                request.connector(),
                request.config().topic(),
                request.range().from(),
                request.range().to(),
                request.config().queryTimeField().field()));
    lines.addAll(
        LeftOut.lines(request.ignored().stream().sorted().toList(), request.config().filtersSet()));
    lines.add("");
  }

  private void addDays() {
    lines.add(
        ROW.formatted(
            "day",
            "API",
            "topic",
            "missing",
            "foreign",
            "twice",
            "different",
            "malformed",
            "pending",
            "expired"));
    boolean listsAll = result.days().all().size() <= ALL_DAYS;
    for (DayResult day : result.days().all()) {
      if (listsAll || day.findings() + day.pending + day.expired + day.malformed > 0) {
        lines.add(row(day.day().toString(), number -> number.applyAsLong(day)));
      }
    }
    lines.add(row("all", result.days()::sum));
    lines.add("");
  }

  /** How a number of a row comes about. */
  private interface RowNumber {
    long of(ToLongFunction<DayResult> number);
  }

  private static String row(String name, RowNumber numbers) {
    return ROW.formatted(
        name,
        "%,d".formatted(numbers.of(day -> day.api)),
        "%,d".formatted(numbers.of(day -> day.topic)),
        some(numbers.of(day -> day.count(FindingKind.MISSING))),
        some(numbers.of(day -> day.count(FindingKind.FOREIGN))),
        some(numbers.of(day -> day.count(FindingKind.TWICE))),
        some(numbers.of(day -> day.count(FindingKind.DIFFERENT))),
        some(numbers.of(day -> day.malformed)),
        some(numbers.of(day -> day.pending)),
        some(numbers.of(day -> day.expired)));
  }

  private static String some(long number) {
    return number == 0 ? "-" : "%,d".formatted(number);
  }

  private void addFindings(FindingKind kind) {
    long count = result.days().count(kind);
    if (count == 0) {
      return;
    }
    List<Discrepancy> listed = result.listed().stream().filter(one -> one.kind() == kind).toList();
    String rest = listed.size() < count ? ", the first %,d (--limit)".formatted(listed.size()) : "";
    lines.add("%s: %,d%s".formatted(title(kind), count, rest));
    for (Discrepancy one : listed) {
      Long millis = one.millis();
      lines.add(
          "  %s  %s  %s"
              .formatted(
                  one.id() == null ? "(no id)" : one.id(),
                  millis == null ? one.day() : Instant.ofEpochMilli(millis),
                  what(one)));
      if (showsValues) {
        for (FieldDifference field : one.differences()) {
          lines.add(
              "      %s: API %s, topic %s"
                  .formatted(field.field(), shown(field.api()), shown(field.topic())));
        }
      }
    }
    lines.add("");
  }

  private static String title(FindingKind kind) {
    return switch (kind) {
      case MISSING -> "Missing, the API returns them";
      case FOREIGN -> "Foreign, only the topic has them";
      case TWICE -> "Twice in the topic, or more often";
      case DIFFERENT -> "Different in the topic";
    };
  }

  private String what(Discrepancy one) {
    String fields =
        String.join(", ", one.differences().stream().map(FieldDifference::field).toList());
    String often = one.kind() == FindingKind.TWICE ? CountText.of(one.times(), "time") + "; " : "";
    return often
        + (fields.isEmpty() ? "" : fields + "; ")
        + one.cause().explanation()
        + wayOut(one);
  }

  /** How it would be known that a range was loaded again. */
  private String wayOut(Discrepancy one) {
    CallRecordSourceConfig config = result.request().config();
    boolean tells =
        config.auditTopic() != null
            || config.getList(CallRecordSourceConfig.ADD_FIELDS).contains("version");
    return tells || one.kind() != FindingKind.TWICE || one.cause() != FindingCause.UNKNOWN
        ? ""
        : " (if its day was loaded again: only add.fields=version or audit.topic tell that)";
  }

  private static String shown(@Nullable String value) {
    return value == null ? "nothing" : "'" + value + "'";
  }

  private void addNotes() {
    result.notes().forEach(note -> lines.add("Note: " + note + "."));
    long pending = result.days().sum(day -> day.pending);
    if (pending > 0) {
      lines.add(
          "Note: %s may still come or change: choose an earlier --to for a range that is over."
              .formatted(CountText.of(pending, "call")));
    }
    if (!result.notes().isEmpty() || pending > 0) {
      lines.add("");
    }
  }

  private void addEnd(@Nullable SummarySignature signature, @Nullable Path file) {
    RangeResult days = result.days();
    lines.add(
        "%s in the API, %,d in the topic by %s (%s, %,d loaded again), %s, %s."
            .formatted(
                CountText.of(days.sum(day -> day.api), "call"),
                days.sum(day -> day.topic),
                CountText.of(days.sum(day -> day.records), "record"),
                CountText.of(days.sum(day -> day.versions), "earlier version"),
                days.sum(day -> day.replayed),
                CountText.of(result.audits(), "audit record"),
                CountText.of(result.requests(), "request")));
    lines.add("Digest of the API's calls:   " + days.digest(DayResult::apiDigest));
    lines.add("Digest of the topic's calls: " + days.digest(DayResult::topicDigest));
    if (file != null) {
      lines.add(
          "Summary in %s, %s."
              .formatted(
                  file, signature == null ? "not signed" : "signed by " + signature.algorithm()));
    }
    List<String> steps = new NextSteps(result).lines();
    if (!steps.isEmpty()) {
      lines.add("What to do:");
      steps.forEach(step -> lines.add("  " + step));
    }
    lines.add(result.conclusion().text());
  }
}
