package io.callrecords.cli.check;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.NonEmptyStringWithoutControlChars;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The settings of any source connector that Connect itself validates. The classes of converters,
 * transforms and predicates, and what these are configured with, are known to a worker alone.
 */
final class ConnectSettings {
  private static final ConfigDef DEFINITION = definition();

  private ConnectSettings() {}

  private static ConfigDef definition() {
    ConfigDef all = new ConfigDef();
    define(
        all,
        "name",
        ConfigDef.Type.STRING,
        "call-records",
        new NonEmptyStringWithoutControlChars());
    define(all, "tasks.max", ConfigDef.Type.INT, 1, Range.atLeast(1));
    define(all, "tasks.max.enforce", ConfigDef.Type.BOOLEAN, true, null);
    define(
        all,
        "config.action.reload",
        ConfigDef.Type.STRING,
        "restart",
        ValidString.in("none", "restart"));
    define(all, "errors.retry.timeout", ConfigDef.Type.LONG, 0, null);
    define(all, "errors.retry.delay.max.ms", ConfigDef.Type.LONG, 60_000, null);
    define(all, "errors.tolerance", ConfigDef.Type.STRING, "none", ValidString.in("none", "all"));
    define(all, "errors.log.enable", ConfigDef.Type.BOOLEAN, false, null);
    define(all, "errors.log.include.messages", ConfigDef.Type.BOOLEAN, false, null);
    define(
        all,
        "exactly.once.support",
        ConfigDef.Type.STRING,
        "requested",
        word("requested", "required"));
    define(
        all,
        "transaction.boundary",
        ConfigDef.Type.STRING,
        "poll",
        word("poll", "interval", "connector"));
    define(
        all,
        "transaction.boundary.interval.ms",
        ConfigDef.Type.LONG,
        null,
        (name, value) -> {
          if (value != null) {
            Range.atLeast(0).ensureValid(name, value);
          }
        });
    define(all, "offsets.storage.topic", ConfigDef.Type.STRING, null, new NonEmptyString());
    return all;
  }

  private static void define(
      ConfigDef all,
      String name,
      ConfigDef.Type type,
      @Nullable Object byDefault,
      @Nullable Validator validator) {
    all.define(name, type, byDefault, validator, Importance.LOW, "");
  }

  /** One of some words, in letters of either case, as Connect takes them. */
  private static Validator word(String... words) {
    return (name, value) -> {
      String text = String.valueOf(value).toLowerCase(Locale.ROOT);
      if (!Arrays.asList(words).contains(text)) {
        throw new ConfigException(name, value, "must be one of " + String.join(", ", words));
      }
    };
  }

  /** What Connect would refuse, a message for each setting: of a value without form, it has two. */
  static List<String> errors(Map<String, String> settings) {
    return DEFINITION.validate(settings).stream()
        .flatMap(value -> value.errorMessages().stream().limit(1))
        .toList();
  }
}
