package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.ADD_FIELDS;
import static io.callrecords.connect.config.CallRecordSourceConfig.COST_FORMAT;
import static io.callrecords.connect.config.CallRecordSourceConfig.EXTRA_FORMAT;
import static io.callrecords.connect.config.CallRecordSourceConfig.LABELS_FORMAT;
import static io.callrecords.connect.config.CallRecordSourceConfig.TEXTS_KEEP_NUL;
import static io.callrecords.connect.config.CallRecordSourceConfig.TIMES_FORMAT;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of the form of records: what converters, transforms and sinks have to take. */
final class FormatSettings {
  private static final String TABLES =
      " Another value changes the type of the column: a table that a sink has made keeps the old"
          + " one, so have a new table made, or alter it. Records that are in the topic stay as they"
          + " are.";

  private FormatSettings() {}

  static void define(ConfigDef def) {
    SettingGroup group = new SettingGroup(def, "Record form");
    group.add(
        Setting.choice(
                LABELS_FORMAT,
                LabelsFormat.ARRAY,
                LabelsFormat.values(),
                LabelsFormat::configValue,
                Importance.LOW)
            .display("Labels", Width.SHORT)
            .doc(
                "How <code>labels</code> are written: <code>array</code> (an array of strings),"
                    + " <code>json</code> (the text of a JSON array), or <code>csv</code> (one line of"
                    + " comma-separated values, quoted where needed), for sinks that take no arrays."
                    + TABLES));
    group.add(
        Setting.choice(
                EXTRA_FORMAT,
                ExtraFormat.MAP,
                ExtraFormat.values(),
                ExtraFormat::configValue,
                Importance.LOW)
            .display("Unknown fields", Width.SHORT)
            .doc(
                "How the unknown fields in <code>extra</code> are written: <code>map</code> (from name"
                    + " to JSON text), <code>json</code> (the text of one JSON object), or"
                    + " <code>none</code> (there is no field <code>extra</code>), for sinks that take"
                    + " no maps. Which of them pass is up to <code>fields.extra</code>; with"
                    + " <code>emit.updates</code>, a change of one that passes sends its call again in"
                    + " any form."
                    + TABLES));
    group.add(
        Setting.choice(
                TIMES_FORMAT,
                TimesFormat.TIMESTAMP,
                TimesFormat.values(),
                TimesFormat::configValue,
                Importance.LOW)
            .display("Times", Width.SHORT)
            .doc(
                "How times are written, in calls, malformed and audit records:"
                    + " <code>timestamp</code> (Connect's Timestamp), <code>iso</code> (text in UTC"
                    + " such as <code>2026-11-01T08:00:00.000Z</code>), or <code>epoch.millis</code>"
                    + " (a number of milliseconds since 1970)."
                    + TABLES));
    group.add(
        Setting.choice(
                COST_FORMAT,
                CostFormat.TEXT,
                CostFormat.values(),
                CostFormat::configValue,
                Importance.LOW)
            .display("Costs", Width.SHORT)
            .doc(
                "How <code>baseCost</code> and <code>cost</code> are written: <code>text</code> (as the"
                    + " API writes them), or <code>decimal</code> (Connect's Decimal with a scale of 8"
                    + " and at most 38 digits; a cost that is no such number makes its row"
                    + " malformed, also where the call was sent before: set"
                    + " <code>malformed.records=topic</code> with it). An empty cost is null in both."
                    + TABLES));
    group.add(
        Setting.optional(TEXTS_KEEP_NUL, ConfigDef.Type.BOOLEAN, false, Importance.LOW)
            .display("Keep U+0000", Width.SHORT)
            .doc(
                "Whether the character U+0000 stays in texts. If not, it is dropped and counted:"
                    + " PostgreSQL, among others, refuses a text that has one."));
    group.add(
        Setting.optional(ADD_FIELDS, ConfigDef.Type.LIST, List.of(), Importance.LOW)
            .display("Added fields", Width.MEDIUM)
            .offering(Arrays.stream(AddedField.values()).map(AddedField::configValue).toList())
            .doc(
                "Fields that a call has in addition: <code>readAt</code>, when this version of it was"
                    + " read, by the API's clock, later than any earlier version of the same call as"
                    + " long as that clock is not set back, so that a table that is only appended to can"
                    + " tell the newest; and"
                    + " <code>version</code>, which is <code>first</code>, <code>late</code>,"
                    + " <code>updated</code> or <code>replayed</code>, and also the header"
                    + " <code>callrecords.version</code>."));
  }
}
