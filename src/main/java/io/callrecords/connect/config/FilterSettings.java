package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.FILTER_AGENTS;
import static io.callrecords.connect.config.CallRecordSourceConfig.FILTER_AGENT_GROUP;
import static io.callrecords.connect.config.CallRecordSourceConfig.FILTER_CALL_TYPES;
import static io.callrecords.connect.config.CallRecordSourceConfig.FILTER_COUNTRY_CODES;
import static io.callrecords.connect.config.CallRecordSourceConfig.FILTER_HANGING_DIRECTIONS;
import static io.callrecords.connect.config.CallRecordSourceConfig.FILTER_HANGUP_REASONS;
import static io.callrecords.connect.config.CallRecordSourceConfig.FILTER_LABELS;
import static io.callrecords.connect.config.CallRecordSourceConfig.FILTER_NUMBER;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of the filters that the API applies. */
final class FilterSettings {
  /** What the names of all filters start with. */
  static final String PREFIX = "filter.";

  private FilterSettings() {}

  static void define(ConfigDef def) {
    SettingGroup group = new SettingGroup(def, "Filters");
    group.add(
        Setting.optional(FILTER_AGENT_GROUP, ConfigDef.Type.STRING, null, Importance.LOW)
            .display("Agent group", Width.MEDIUM)
            .validator(StringValidator.notBlank("name of an agent group").hidingValue())
            .doc("Reads only calls of this agent group."));
    group.add(
        list(FILTER_AGENTS, "Agents")
            .validator(StringValidator.each(StringValidator.notBlank("agent names").hidingValue()))
            .doc("Reads only calls of these agents, given by name."));
    group.add(
        list(FILTER_CALL_TYPES, "Call types")
            .anyOf(List.of(CallType.values()))
            .doc("Reads only calls of these types, given by name or code."));
    group.add(
        list(FILTER_HANGUP_REASONS, "Hangup reasons")
            .anyOf(List.of(HangupReason.values()))
            .doc("Reads only calls that ended for these reasons, given by name or code."));
    group.add(
        Setting.optional(FILTER_NUMBER, ConfigDef.Type.STRING, null, Importance.LOW)
            .display("Phone number", Width.MEDIUM)
            .validator(
                StringValidator.matching(
                        "phone number: digits, with or without a leading +",
                        "\\+?[0-9*#]{1,32}",
                        "must be a phone number: digits, with or without a leading +")
                    .hidingValue())
            .doc("Reads only calls from or to this number."));
    group.add(
        list(FILTER_COUNTRY_CODES, "Country codes")
            .validator(
                StringValidator.each(
                    StringValidator.matching(
                        "country codes, digits only, such as 86",
                        "[0-9]{1,6}",
                        "must be a country code such as 86, digits only")))
            .doc("Reads only calls of these country codes."));
    group.add(
        list(FILTER_HANGING_DIRECTIONS, "Hanging directions")
            .anyOf(List.of(HangingDirection.values()))
            .doc("Reads only calls that this side ended, given by name or code."));
    group.add(
        list(FILTER_LABELS, "Labels")
            .validator(StringValidator.each(StringValidator.notBlank("labels")))
            .doc("Reads only calls that have these labels."));
  }

  private static Setting list(String name, String displayName) {
    return Setting.optional(name, ConfigDef.Type.LIST, List.of(), Importance.LOW)
        .display(displayName, Width.MEDIUM);
  }

  /** Whether a setting names a person, and not a kind of call. */
  static boolean isOfPerson(String name) {
    return name.equals(FILTER_NUMBER) || name.equals(FILTER_AGENTS);
  }
}
