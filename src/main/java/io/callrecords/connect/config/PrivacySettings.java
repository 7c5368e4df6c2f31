package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_EXCLUDE;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_EXTRA;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_PSEUDONYMIZE;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_PSEUDONYMIZE_KEY;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;

/** The settings of what is left of a record's fields: which are left out, or become tokens. */
final class PrivacySettings {
  /** The value of {@code fields.extra} with which all unknown fields pass. */
  static final String ALLOW = "allow";

  /** The value of {@code fields.extra} with which none does. */
  static final String DENY = "deny";

  /** A shorter key might be found by trying. */
  static final int MIN_KEY_LENGTH = 32;

  /** The fields that hold texts, each of which a token can replace. */
  static final List<String> TEXT_FIELDS =
      List.of(
          "callId",
          "called",
          "calledInfo",
          "caller",
          "ccode",
          "ccodeName",
          "agentName",
          "agentGroupName",
          "agentAccount",
          "hangupCode",
          "labels",
          "remark",
          "baseCost",
          "cost",
          "voiceUrl");

  /** Those of them that hold decimal numbers. */
  static final Set<String> COST_FIELDS = Set.of("baseCost", "cost");

  /** The fields that hold numbers or times, and can only be left out. */
  static final List<String> OTHER_FIELDS =
      List.of("callDuration", "callType", "hangupReason", "hangingDirection", "answerTime");

  /** The times by which the connector finds calls, and proves the time settings. */
  static final List<String> TIME_FIELDS = List.of("callStartTime", "callEndTime");

  private static final List<String> LISTS =
      List.of(FIELDS_EXCLUDE, FIELDS_PSEUDONYMIZE, FIELDS_EXTRA);

  /** Shorter than a key has to be. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,23}");

  /** What people put around and between the elements of a list. */
  private static final Pattern SEPARATORS = Pattern.compile("[;|\\[\\]{}'\"\\s]");

  private static final String ID_FIELD = "callSessionId";
  private static final String EXTRA_FIELD = "extra";

  private PrivacySettings() {}

  static void define(ConfigDef def) {
    SettingGroup group = new SettingGroup(def, "Privacy");
    group.add(
        Setting.optional(FIELDS_EXCLUDE, ConfigDef.Type.LIST, List.of(), Importance.MEDIUM)
            .display("Excluded fields", Width.LONG)
            .validator(
                StringValidator.each(
                    StringValidator.of(
                            "names of fields, such as remark", PrivacySettings::rejectNotExcludable)
                        .showing(PrivacySettings::isLikeAName)))
            .doc(
                "Fields that are left out when a record is read: they are null in the topic, and"
                    + " nothing of them reaches <code>malformed.topic</code>, offsets or logs. All"
                    + " but <code>callSessionId</code>, <code>callStartTime</code> and"
                    + " <code>callEndTime</code> can be. A phone number may also stand in"
                    + " <code>callId</code>, <code>voiceUrl</code> and free texts."));
    group.add(
        Setting.optional(FIELDS_PSEUDONYMIZE, ConfigDef.Type.LIST, List.of(), Importance.MEDIUM)
            .display("Pseudonymized fields", Width.LONG)
            .validator(
                StringValidator.each(
                    StringValidator.of(
                            "names of fields that hold texts, such as called",
                            PrivacySettings::rejectNotText)
                        .showing(PrivacySettings::isLikeAName)))
            .doc(
                "Fields whose text is replaced when a record is read, by a token: the HMAC-SHA-256"
                    + " of the text with <code>fields.pseudonymize.key</code>, in 64 hexadecimal"
                    + " digits. The same text has the same token in every field, task and connector"
                    + " with that key. In <code>called</code> and <code>caller</code>, so has the"
                    + " same phone number, however its digits are set apart, with <code>+</code>,"
                    + " <code>00</code> or neither before its country code; a national number"
                    + " without that code has another. Needs"
                    + " <code>fields.pseudonymize.key</code>."));
    group.add(
        Setting.optional(FIELDS_PSEUDONYMIZE_KEY, ConfigDef.Type.PASSWORD, null, Importance.MEDIUM)
            .display("Key of the tokens", Width.MEDIUM)
            .validator(SecretValidator.key(MIN_KEY_LENGTH))
            .doc(
                "The key of the tokens: at least 32 characters, drawn at random, such as by"
                    + " <code>openssl rand -base64 48</code>. Whoever has it can find out the"
                    + " number behind each token, so take it from a config provider. With another"
                    + " key, the same number has another token."));
    group.add(
        Setting.optional(
                FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE,
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.LOW)
            .display("Keep the country code", Width.SHORT)
            .doc(
                "Whether the token of a phone number in <code>called</code> or <code>caller</code>"
                    + " begins with its country code and a dash, such as <code>49-</code>. The"
                    + " country code is taken from the number itself, which has to begin with it:"
                    + " of a national number without a leading zero, it may show up to three"
                    + " digits of its own."));
    group.add(
        Setting.optional(FIELDS_EXTRA, ConfigDef.Type.LIST, null, Importance.MEDIUM)
            .display("Unknown fields", Width.LONG)
            .validator(
                StringValidator.each(
                    StringValidator.of(
                            "allow, deny, or names of unknown fields",
                            PrivacySettings::rejectNotUnknown)
                        .showing(PrivacySettings::isLikeAName)))
            .doc(
                "Which unknown fields arrive in <code>extra</code>: <code>allow</code> (all),"
                    + " <code>deny</code> (none), or a list of their names. If not set, it is"
                    + " <code>allow</code>, but <code>deny</code> once"
                    + " <code>fields.exclude</code> or <code>fields.pseudonymize</code> is set: what"
                    + " the API adds then passes only if it is named here. It passes as it is: no token"
                    + " can replace it."));
  }

  private static void rejectNotExcludable(String name) {
    rejectSpecial(name);
    if (TIME_FIELDS.contains(name)) {
      throw new IllegalArgumentException(
          "is a time by which the connector finds calls, so it is read; if it must not reach the"
              + " topic, drop it with Kafka's transform ReplaceField and a predicate on the topic");
    }
    if (!TEXT_FIELDS.contains(name) && !OTHER_FIELDS.contains(name)) {
      throw new IllegalArgumentException(
          "is no field of a record; name one of "
              + String.join(", ", all())
              + ", or keep unknown fields out with fields.extra=deny"
              + StringValidator.nearest(name, all()));
    }
  }

  private static void rejectNotText(String name) {
    rejectSpecial(name);
    if (TIME_FIELDS.contains(name) || OTHER_FIELDS.contains(name)) {
      throw new IllegalArgumentException(
          "holds a number or a time, which no token can replace; leave it out with fields.exclude,"
              + " or drop it with Kafka's transform ReplaceField and a predicate on the topic");
    }
    if (!TEXT_FIELDS.contains(name)) {
      throw new IllegalArgumentException(
          "is no field of a record that holds text; name one of "
              + String.join(", ", TEXT_FIELDS)
              + ", or keep unknown fields out with fields.extra=deny"
              + StringValidator.nearest(name, TEXT_FIELDS));
    }
  }

  private static void rejectSpecial(String name) {
    if (SEPARATORS.matcher(name).find()) {
      throw new IllegalArgumentException(
          "has names that are not set apart by commas alone; write them as in called,caller, without"
              + " quotes and brackets");
    }
    if (name.equals(ID_FIELD)) {
      throw new IllegalArgumentException(
          "identifies the call: it is the record's key, and offsets consist of it; remove it from"
              + " the list");
    }
    if (name.equals(EXTRA_FIELD)) {
      throw new IllegalArgumentException(
          "is the map of unknown fields; remove it from the list, and set fields.extra to deny");
    }
  }

  private static void rejectNotUnknown(String name) {
    StringValidator.rejectBlank(name);
    for (String word : List.of(ALLOW, DENY)) {
      if (word.equalsIgnoreCase(name) && !word.equals(name)) {
        throw new IllegalArgumentException("must be written in small letters: allow or deny");
      }
    }
    if (name.equalsIgnoreCase(EXTRA_FIELD)) {
      throw new IllegalArgumentException(
          "is the map that unknown fields arrive in; name these fields, or set allow or deny");
    }
    Stream<String> known =
        Stream.concat(Stream.of(ID_FIELD), Stream.concat(TIME_FIELDS.stream(), all().stream()));
    if (known.anyMatch(name::equalsIgnoreCase)) {
      throw new IllegalArgumentException(
          "is a field of its own and never in extra; remove it from the list: it passes unless"
              + " fields.exclude names it");
    }
    if (name.contains(".")) {
      throw new IllegalArgumentException(
          "must be a whole field, not a part of one: a field passes with all that it holds, or not"
              + " at all");
    }
  }

  /** Adds an error for each list that is set, but names nothing. */
  static void rejectEmptyLists(List<ConfigValue> values, Map<String, String> settings) {
    for (SettingException problem : emptyLists(settings)) {
      values.stream()
          .filter(value -> value.name().equals(problem.key()))
          .forEach(value -> value.addErrorMessage(problem.getMessage()));
    }
  }

  /**
   * Rejects a list that is set, but names nothing: a template that was filled with nothing would
   * let everything pass.
   *
   * @throws SettingException if there is one
   */
  static void ensureNoListIsEmpty(Map<String, String> settings) {
    for (SettingException problem : emptyLists(settings)) {
      throw problem;
    }
  }

  private static List<SettingException> emptyLists(Map<String, String> settings) {
    return Stream.of(FIELDS_EXCLUDE, FIELDS_PSEUDONYMIZE)
        .filter(settings::containsKey)
        .filter(name -> Objects.requireNonNullElse(settings.get(name), "").isBlank())
        .map(
            name ->
                new SettingException(
                    name, "it is empty, so nothing would be hidden; name fields, or remove it"))
        .toList();
  }

  /** Whether a text is most likely a field's name: a key of tokens, or a number, is not. */
  private static boolean isLikeAName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Takes what may be a key or a number out of the lists that are wrong, which Connect shows. */
  static void hideSecrets(List<ConfigValue> values) {
    for (ConfigValue value : values) {
      if (LISTS.contains(value.name())
          && !value.errorMessages().isEmpty()
          && value.value() instanceof List<?> names) {
        value.value(
            names.stream()
                .map(String::valueOf)
                .map(name -> isLikeAName(name) ? name : Password.HIDDEN)
                .toList());
      }
    }
  }

  private static List<String> all() {
    return Stream.concat(TEXT_FIELDS.stream(), OTHER_FIELDS.stream()).toList();
  }
}
