package io.callrecords.connect.convert;

import io.callrecords.connect.state.WindowAudit;
import java.time.Instant;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/** Converts the audit of a window into the key and the value of a record. */
final class AuditConverter {
  /** The schema of audit records; fields are only ever added to it. */
  static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.callrecords.WindowAudit")
          .version(1)
          .field("feed", Schema.STRING_SCHEMA)
          .field("split", Schema.STRING_SCHEMA)
          .field("from", Timestamp.SCHEMA)
          .field("to", Timestamp.SCHEMA)
          .field("outcome", Schema.STRING_SCHEMA)
          .field("emitted", Schema.INT64_SCHEMA)
          .field("late", Schema.INT64_SCHEMA)
          .field("updated", Schema.INT64_SCHEMA)
          .field("malformed", Schema.INT64_SCHEMA)
          .field("distinct", Schema.INT64_SCHEMA)
          .field("total", Schema.OPTIONAL_INT64_SCHEMA)
          .field("outside", Schema.OPTIONAL_INT64_SCHEMA)
          .field("duplicates", Schema.OPTIONAL_INT64_SCHEMA)
          .field("passes", Schema.OPTIONAL_INT32_SCHEMA)
          .field("unstable", Schema.OPTIONAL_BOOLEAN_SCHEMA)
          .field("settledAt", Timestamp.SCHEMA)
          .build();

  private AuditConverter() {}

  /** The window as an ISO-8601 interval. */
  static String key(WindowAudit audit) {
    return audit.window().toString();
  }

  static Struct value(String feed, String split, WindowAudit audit) {
    Struct value =
        new Struct(SCHEMA)
            .put("feed", feed)
            .put("split", split)
            .put("from", date(audit.window().from()))
            .put("to", date(audit.window().to()))
            .put("outcome", audit.outcome().auditValue())
            .put("emitted", audit.emitted())
            .put("late", audit.lateCounts().late())
            .put("updated", audit.lateCounts().updated())
            .put("malformed", audit.malformed())
            .put("distinct", audit.distinct())
            .put("settledAt", date(audit.settledAt()));
    WindowAudit.Reconciliation reconciliation = audit.reconciliation();
    if (reconciliation != null) {
      value
          .put("total", reconciliation.total())
          .put("outside", reconciliation.outside())
          .put("duplicates", reconciliation.duplicates())
          .put("passes", reconciliation.passes())
          .put("unstable", !reconciliation.verified());
    }
    return value;
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private static Date date(Instant time) {
    return Date.from(time);
  }
}
