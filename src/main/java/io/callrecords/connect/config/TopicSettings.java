package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.AUDIT_TOPIC;
import static io.callrecords.connect.config.CallRecordSourceConfig.MALFORMED_RECORDS;
import static io.callrecords.connect.config.CallRecordSourceConfig.MALFORMED_TOPIC;
import static io.callrecords.connect.config.CallRecordSourceConfig.RECORD_TIMESTAMP;
import static io.callrecords.connect.config.CallRecordSourceConfig.TOPIC;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of what is written to Kafka: topics, malformed records, timestamps. */
final class TopicSettings {
  private static final int MAX_TOPIC_LENGTH = 249;

  private static final StringValidator TOPIC_NAME =
      StringValidator.of("name of a Kafka topic", TopicSettings::validateTopic);

  private TopicSettings() {}

  static void define(ConfigDef def) {
    SettingGroup group = new SettingGroup(def, "Target");
    group.add(
        Setting.required(TOPIC, ConfigDef.Type.STRING, Importance.HIGH)
            .display("Topic", Width.MEDIUM)
            .validator(TOPIC_NAME)
            .doc("Topic for the call records. The record key is <code>callSessionId</code>."));
    group.add(
        Setting.optional(AUDIT_TOPIC, ConfigDef.Type.STRING, null, Importance.LOW)
            .display("Audit topic", Width.MEDIUM)
            .validator(TOPIC_NAME)
            .doc(
                "Topic for audit records: one for each window once it is settled, with what the API"
                    + " reported for it and what was emitted. Their sums reconcile the topic with"
                    + " the API. They also advance the offsets while there are no calls."));
    group.add(
        Setting.choice(
                MALFORMED_RECORDS,
                MalformedPolicy.FAIL,
                MalformedPolicy.values(),
                MalformedPolicy::configValue,
                Importance.MEDIUM)
            .display("Malformed records", Width.SHORT)
            .doc(
                "What to do with a record that cannot be converted: <code>fail</code> fails the"
                    + " task with a message that names the record's position and field,"
                    + " <code>skip</code> skips and counts the record, <code>topic</code> sends its"
                    + " JSON to <code>malformed.topic</code>, unchanged but for the fields that"
                    + " <code>fields.exclude</code>, <code>fields.pseudonymize</code> and"
                    + " <code>fields.extra</code> concern. Other records of the same page are not"
                    + " affected."));
    group.add(
        Setting.optional(MALFORMED_TOPIC, ConfigDef.Type.STRING, null, Importance.LOW)
            .display("Malformed topic", Width.MEDIUM)
            .validator(TOPIC_NAME)
            .doc(
                "Topic for records that cannot be converted. Requires"
                    + " <code>malformed.records=topic</code>. The value is a Struct with the field"
                    + " that is wrong, the problem and the record's own JSON; the key is its id if"
                    + " that can be read, and the headers <code>callrecords.malformed.*</code> give"
                    + " the reason as well. It contains the same personal data as the calls, so"
                    + " protect it as well; the settings of the group Privacy hold for it, too."));
    group.add(
        Setting.choice(
                RECORD_TIMESTAMP,
                RecordTimestamp.INGEST,
                RecordTimestamp.values(),
                RecordTimestamp::configValue,
                Importance.LOW)
            .display("Record timestamp", Width.SHORT)
            .doc(
                "Timestamp of the Kafka record: <code>ingest</code> (when the record is produced),"
                    + " <code>call.start</code>, or <code>call.end</code> (the start if the call"
                    + " has no end). A time more than a day away from the time in"
                    + " <code>query.time.field</code> is replaced by the latter."));
  }

  private static void validateTopic(String text) {
    boolean isTooLong = text.length() > MAX_TOPIC_LENGTH;
    if (isTooLong || !text.matches("(?!\\.{1,2}$)[a-zA-Z0-9._-]+")) {
      throw new IllegalArgumentException(
          "must be a topic name: at most 249 letters, digits, dots, dashes and underscores, and"
              + " more than one or two dots"
              + (isTooLong ? "; it has " + text.length() + " characters" : ""));
    }
  }
}
