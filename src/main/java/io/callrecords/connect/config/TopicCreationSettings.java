package io.callrecords.connect.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is wrong with the settings by which Connect creates topics. Connect itself says it
 * only once the connector exists, and has failed, or not at all.
 */
final class TopicCreationSettings {
  private static final String PREFIX = "topic.creation.";
  private static final String GROUPS = PREFIX + "groups";
  private static final String DEFAULT = PREFIX + "default.";

  /** What Connect reads of a group; all else is a setting of the topic. */
  private static final List<String> KNOWN =
      List.of("replication.factor", "partitions", "include", "exclude");

  /** What it requires of the default group once there is any of these settings. */
  private static final List<String> REQUIRED = List.of("replication.factor", "partitions");

  /** How many slips of the keyboard a name may be away from that of a setting. */
  private static final int TOLERANCE = 2;

  private final Map<String, String> settings = new TreeMap<>();
  private final List<String> groups;

  /**
   * Takes the settings for the creation of topics from all that are set.
   *
   * @param all names and values
   */
  TopicCreationSettings(Map<String, ?> all) {
    all.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            settings.put(name, Objects.toString(value, ""));
          }
        });
    groups =
        Stream.of(settings.getOrDefault(GROUPS, "").split(",", -1))
            .map(String::strip)
            .filter(group -> !group.isEmpty())
            .distinct()
            .toList();
  }

  /** What Connect or the brokers would refuse, by the name of the setting that is to change. */
  Map<String, String> problems() {
    Map<String, String> problems = new LinkedHashMap<>();
    for (String name : settings.keySet()) {
      String meant = meant(name);
      if (meant != null) {
        problems.put(
            UnknownSetting.shown(name),
            "Unknown setting "
                + LogText.of(UnknownSetting.shown(name))
                + ": Connect would take it for a setting of the topic, which brokers refuse. If "
                + LogText.of(meant)
                + " is meant, correct the name; otherwise remove it.");
      }
    }
    for (String suffix : settings.isEmpty() ? List.<String>of() : REQUIRED) {
      if (!settings.containsKey(DEFAULT + suffix)) {
        problems.put(
            DEFAULT + suffix,
            "Invalid value for configuration "
                + DEFAULT
                + suffix
                + ": it is missing, and Connect requires it once any setting begins with"
                + " topic.creation; set it (-1 stands for the brokers' default), or remove the"
                + " others.");
      }
    }
    int asDefault = groups.indexOf("default");
    if (asDefault >= 0 && asDefault < groups.size() - 1) {
      problems.put(
          GROUPS,
          "Invalid value for configuration "
              + GROUPS
              + ": default takes all topics, so that the groups behind it have none; remove it: it"
              + " applies by itself to what no group takes.");
    }
    for (String group : groups) {
      if (group.equals("default")) {
        continue;
      }
      String include = PREFIX + group + ".include";
      if (settings.getOrDefault(include, "").isBlank()) {
        problems.put(
            UnknownSetting.shown(include),
            "Invalid value for configuration "
                + UnknownSetting.shown(include)
                + ": it is missing, and without it the group has no topics; set it to a list of"
                + " regular expressions for the names of topics, or remove the group from "
                + GROUPS
                + ".");
      }
    }
    return problems;
  }

  /**
   * An error for each of the problems, at that name: workers show it although nothing defines it.
   */
  Collection<ConfigValue> errors() {
    List<ConfigValue> errors = new ArrayList<>();
    problems()
        .forEach(
            (name, message) ->
                errors.add(new ConfigValue(name, null, List.of(), List.of(message))));
    return errors;
  }

  /** What has no effect: the names of groups that are not listed. */
  List<String> unused() {
    List<String> unused = new ArrayList<>();
    for (String name : settings.keySet()) {
      if (!name.equals(GROUPS) && suffix(name) == null) {
        unused.add(UnknownSetting.shown(name) + " (not in " + GROUPS + ")");
      }
    }
    return unused;
  }

  /** What follows the group in a name; null where there is no such group. */
  private @Nullable String suffix(String name) {
    return Stream.concat(Stream.of(DEFAULT), groups.stream().map(group -> PREFIX + group + "."))
        .filter(name::startsWith)
        .map(group -> name.substring(group.length()))
        .findFirst()
        .orElse(null);
  }

  /** The name of the setting that one is nearly, but not quite. */
  private @Nullable String meant(String name) {
    String suffix = suffix(name);
    if (suffix == null || KNOWN.contains(suffix)) {
      return null;
    }
    String letters = letters(suffix);
    return KNOWN.stream()
        .filter(known -> EditDistance.between(letters, letters(known)) <= TOLERANCE)
        .findFirst()
        .map(known -> name.substring(0, name.length() - suffix.length()) + known)
        .orElse(null);
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]", "");
  }
}
