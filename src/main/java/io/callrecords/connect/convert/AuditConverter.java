package io.callrecords.connect.convert;

import static io.callrecords.connect.feed.PersonalData.NO;

import io.callrecords.connect.config.TimesFormat;
import io.callrecords.connect.feed.FieldDescription;
import io.callrecords.connect.feed.RecordSchema;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Converts the audit of a window into the key and the value of a record. */
final class AuditConverter {
  private static final String NULL = " Null where the window ended unread.";

  private static final String ALIAS =
      "Databases reserve the word %s, so that name goes with the next minor version.";

  private final MomentForm times;
  private final RecordSchema record;

  /** Creates a converter that writes times in a form. */
  AuditConverter(TimesFormat format) {
    times = new MomentForm(format);
    record =
        RecordSchema.of(
            "io.callrecords.WindowAudit",
            1 + CallForm.timesVersion(format),
            "A window of which nothing further is read, and how it added up",
            Stream.of(window(), counts(), reconciliation(), aliases())
                .flatMap(List::stream)
                .toList());
  }

  /** What its records are. */
  RecordSchema record() {
    return record;
  }

  private List<FieldDescription> window() {
    return List.of(
        text("feed", "Kind of record").details("Always call-center."),
        text("split", "UTC day of the window").details("Such as 2026-11-01."),
        time("from", "Start of the window, inclusive"),
        time("to", "End of the window, exclusive"),
        text("outcome", "How the window ended").codes(outcomes()));
  }

  private static Map<String, String> outcomes() {
    Map<String, String> outcomes = new LinkedHashMap<>();
    for (WindowOutcome outcome : WindowOutcome.values()) {
      outcomes.put(
          outcome.auditValue(),
          switch (outcome) {
            case SETTLED -> "read when it was too old to gain further records";
            case SETTLED_EARLY -> "given up before that to make room in the offset";
            case EXPIRED -> "the API no longer returns it";
            case UNCONFIRMED ->
                "the API did not return it any more when the task started; if an earlier run has"
                    + " read it, it has a record of its own";
            case DRIFTED ->
                "it has grown since it was settled; distinct is what has been added, none of it"
                    + " emitted";
          });
    }
    return outcomes;
  }

  private static List<FieldDescription> counts() {
    return List.of(
        count("emitted", "Different calls emitted of it")
            .details("In earlier runs as well, as far as the offsets tell."),
        count("late", "Of these, those that a recheck found"),
        count("updated", "Further versions emitted")
            .details("Of calls whose content changed; 0 without emit.updates."),
        count("malformed", "Rows that cannot be converted"),
        count("distinct", "Different rows last returned").details("Malformed ones included."));
  }

  private List<FieldDescription> reconciliation() {
    return List.of(
        optional("total", SchemaBuilder.int64(), "Total that the API reported")
            .details(
                "For the window and one more second on both sides; -1 where it returned no data."
                    + NULL),
        optional("outside", SchemaBuilder.int64(), "Rows in those two seconds")
            .details("They belong to the windows before and after." + NULL),
        optional("duplicates", SchemaBuilder.int64(), "Rows that repeat another")
            .details(NULL.strip()),
        optional("passes", SchemaBuilder.int32(), "How often it was read").details(NULL.strip()),
        optional("unstable", SchemaBuilder.bool(), "Whether its responses never agreed")
            .details(NULL.strip()),
        time("settledAt", "When it ended").details("By the API's clock."),
        optional("conflicting", SchemaBuilder.int64(), "Duplicates with other content")
            .details("Rows of one id that differ in more than the elements of lists." + NULL));
  }

  private List<FieldDescription> aliases() {
    return List.of(
        optional("windowStart", times.schema(), "The same as from")
            .details(ALIAS.formatted("from")),
        optional("windowEnd", times.schema(), "The same as to").details(ALIAS.formatted("to")),
        optional("distinctRows", SchemaBuilder.int64(), "The same as distinct")
            .details(ALIAS.formatted("distinct")));
  }

  private static FieldDescription text(String name, String meaning) {
    return FieldDescription.of(name, SchemaBuilder.string(), NO, meaning);
  }

  private FieldDescription time(String name, String meaning) {
    return FieldDescription.of(name, times.schema(), NO, meaning);
  }

  private static FieldDescription count(String name, String meaning) {
    return FieldDescription.of(name, SchemaBuilder.int64(), NO, meaning);
  }

  private static FieldDescription optional(String name, SchemaBuilder type, String meaning) {
    return FieldDescription.of(name, type.optional(), NO, meaning);
  }

  /** The window as an ISO-8601 interval. */
  static String key(WindowAudit audit) {
    return audit.window().toString();
  }

  Struct value(String feed, String split, WindowAudit audit) {
    Struct value =
        new Struct(record.schema())
            .put("feed", feed)
            .put("split", split)
            .put("from", times.of(audit.window().from()))
            .put("to", times.of(audit.window().to()))
            .put("outcome", audit.outcome().auditValue())
            .put("emitted", audit.emitted())
            .put("late", audit.lateCounts().late())
            .put("updated", audit.lateCounts().updated())
            .put("malformed", audit.malformed())
            .put("distinct", audit.distinct())
            .put("settledAt", times.of(audit.settledAt()))
            .put("windowStart", times.of(audit.window().from()))
            .put("windowEnd", times.of(audit.window().to()))
            .put("distinctRows", audit.distinct());
    WindowAudit.Reconciliation reconciliation = audit.reconciliation();
    if (reconciliation != null) {
      value
          .put("total", reconciliation.total())
          .put("outside", reconciliation.outside())
          .put("duplicates", reconciliation.duplicates())
          .put("passes", reconciliation.passes())
          .put("unstable", !reconciliation.verified())
          .put("conflicting", (long) reconciliation.conflicts());
    }
    return value;
  }
}
