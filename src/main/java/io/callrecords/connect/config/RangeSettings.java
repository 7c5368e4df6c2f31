package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.EMIT_UPDATES;
import static io.callrecords.connect.config.CallRecordSourceConfig.END_TIME;
import static io.callrecords.connect.config.CallRecordSourceConfig.LATE_ARRIVAL_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.POLL_INTERVAL_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.QUERY_TIME_FIELD;
import static io.callrecords.connect.config.CallRecordSourceConfig.START_TIME;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of the time range: where it begins and ends, and how it is followed. */
final class RangeSettings {
  private RangeSettings() {}

  static void define(ConfigDef def) {
    SettingGroup group = new SettingGroup(def, "Range");
    group.add(
        Setting.optional(START_TIME, ConfigDef.Type.STRING, StartTime.EARLIEST, Importance.HIGH)
            .display("Start", Width.MEDIUM)
            .validator(
                StringValidator.of(
                    "earliest, ISO-8601 date-time with offset, or ISO-8601 duration back from now",
                    StartTime::parse))
            .doc(
                "Where to begin: <code>earliest</code> (everything that the API still keeps), a"
                    + " date-time with an offset, such as <code>2026-11-01T00:00:00+08:00</code>,"
                    + " or a duration back from the first start of the connector, such as"
                    + " <code>P7D</code>. A date-time that was too old already when this connector"
                    + " first came out is refused; what else of the range the API no longer keeps is"
                    + " left out, and the log names it at the start."));
    group.add(
        Setting.optional(END_TIME, ConfigDef.Type.STRING, null, Importance.MEDIUM)
            .display("End", Width.MEDIUM)
            .validator(StringValidator.of("ISO-8601 date-time with offset", StartTime::instant))
            .doc(
                "Where to stop (exclusive): a date-time with an offset. If not set, the connector"
                    + " follows new calls forever."));
    group.add(
        Setting.choice(
                QUERY_TIME_FIELD,
                QueryTimeField.CALL_START_TIME,
                QueryTimeField.values(),
                QueryTimeField::configValue,
                Importance.LOW)
            .display("Query time field", Width.SHORT)
            .doc("The time of a record that the API compares with the time range of a request."));
    group.add(
        Setting.optional(POLL_INTERVAL_MS, ConfigDef.Type.LONG, 30_000L, Importance.MEDIUM)
            .display("Poll interval (ms)", Width.SHORT)
            .validator(NumberValidator.between(100L, 86_400_000L))
            .doc("How often to request new calls."));
    group.add(
        Setting.optional(LATE_ARRIVAL_MS, ConfigDef.Type.LONG, 86_400_000L, Importance.MEDIUM)
            .display("Late arrival (ms)", Width.SHORT)
            .validator(NumberValidator.between(0L, 2_678_400_000L))
            .doc(
                "How long after its time (<code>query.time.field</code>) a record may still appear."
                    + " The API adds a call when it ends, so set this to more than the longest call"
                    + " takes. A record that appears later is not found. Must not exceed"
                    + " <code>api.retention.days</code>."));
    group.add(
        Setting.optional(EMIT_UPDATES, ConfigDef.Type.BOOLEAN, false, Importance.MEDIUM)
            .display("Emit updates", Width.SHORT)
            .doc(
                "Whether to emit a record again, with the same key, when its content has changed"
                    + " (labels, remark, recording or any other field), until it is"
                    + " <code>late.arrival.ms</code> old. This costs further requests: records that"
                    + " may still change are rechecked each time their age has doubled, about ten"
                    + " times a day."));
  }
}
