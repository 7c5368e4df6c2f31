package io.callrecords.connect.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** Builds the definition of one setting; {@link SettingGroup} adds it to a {@link ConfigDef}. */
final class Setting {
  private final String name;
  private final ConfigDef.Type type;
  private final @Nullable Object defaultValue;
  private final Importance importance;
  private String displayName = "";
  private Width width = Width.NONE;
  private String doc = "";
  private ConfigDef.@Nullable Validator validator;
  private List<String> choices = List.of();

  private Setting(
      String name, ConfigDef.Type type, @Nullable Object defaultValue, Importance importance) {
    this.name = name;
    this.type = type;
    this.defaultValue = defaultValue;
    this.importance = importance;
  }

  /** A setting without a default. */
  static Setting required(String name, ConfigDef.Type type, Importance importance) {
    return new Setting(name, type, ConfigDef.NO_DEFAULT_VALUE, importance);
  }

  /** A setting that can be left out; a null default means that it is not set then. */
  static Setting optional(
      String name, ConfigDef.Type type, @Nullable Object defaultValue, Importance importance) {
    return new Setting(name, type, defaultValue, importance);
  }

  /**
   * A setting that can be left out and takes one of some values; a UI offers them.
   *
   * @param configValue the text that stands for a value
   */
  static <E> Setting choice(
      String name,
      E defaultValue,
      E[] values,
      Function<E, String> configValue,
      Importance importance) {
    List<String> texts = Arrays.stream(values).map(configValue).toList();
    return optional(name, ConfigDef.Type.STRING, configValue.apply(defaultValue), importance)
        .oneOf(texts);
  }

  /** A setting with the type, the default and the documentation that Kafka gives it. */
  static Setting ofKafka(ConfigKey key, Importance importance) {
    return new Setting(key.name, key.type, key.defaultValue, importance).doc(key.documentation);
  }

  /** How a UI labels the setting, and how wide its field is. */
  Setting display(String newDisplayName, Width newWidth) {
    displayName = newDisplayName;
    width = newWidth;
    return this;
  }

  Setting validator(ConfigDef.Validator newValidator) {
    validator = newValidator;
    return this;
  }

  /** Accepts the given values only; a UI offers them. */
  Setting oneOf(List<String> values) {
    choices = values;
    return validator(StringValidator.oneOf(values));
  }

  /** Accepts a list of names or codes of the given values; a UI offers the names. */
  Setting anyOf(List<? extends ApiCode> values) {
    choices = values.stream().map(ApiCode::configValue).toList();
    return validator(StringValidator.each(StringValidator.apiCode(values)));
  }

  /** Accepts a list of the given values; a UI offers them. */
  Setting offering(List<String> values) {
    choices = values;
    return validator(StringValidator.each(StringValidator.oneOf(values)));
  }

  Setting doc(String newDoc) {
    doc = newDoc;
    return this;
  }

  void addTo(ConfigDef def, String group, int orderInGroup) {
    def.define(
        name,
        type,
        defaultValue,
        validator,
        importance,
        doc,
        group,
        orderInGroup,
        width,
        displayName,
        List.of(),
        choices.isEmpty() ? null : new ChoiceRecommender(choices));
  }

  /** Recommends the values that an enumerated setting accepts. */
  private record ChoiceRecommender(List<String> choices) implements ConfigDef.Recommender {
    @Override
    public List<Object> validValues(String name, Map<String, Object> parsed) {
      return List.copyOf(choices);
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsed) {
      return true;
    }
  }
}
