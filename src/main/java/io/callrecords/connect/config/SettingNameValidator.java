package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_EXCLUDE;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_PSEUDONYMIZE;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;

/**
 * Finds misspelt names of settings, which Connect ignores: calls and fields that somebody meant to
 * leave out would pass. What is no near miss may be another plugin's, or a note, and passes.
 */
final class SettingNameValidator {
  /** With which the names of all settings begin that hide fields, in whatever spelling. */
  private static final String FIELD = "field";

  private static final String PSEUDONYM = "pseudonym";

  /** What other products call what hides something of a record. */
  private static final Pattern HIDING =
      Pattern.compile(
          PSEUDONYM
              + "|exclu|anonym|mask|redact|blacklist|denylist|hide|hidden|privacy|dropfield"
              + "|fieldsdrop|suppress");

  /** With which only names of this connector's settings begin. */
  private static final List<String> OWN =
      List.of(
          "api.",
          "audit.",
          "connect.",
          "emit.",
          "end.",
          "filter.",
          "late.",
          "malformed.",
          "page.",
          "poll.",
          "proxy.",
          "query.",
          "record.",
          "request.",
          "requests.",
          "retry.",
          "start.",
          "topic.");

  /** With which those of Connect and of other plugins begin. */
  private static final List<String> OTHERS =
      List.of(
          "name",
          "connector.",
          "tasks.",
          "task.",
          "key.converter",
          "value.converter",
          "header.converter",
          "config.",
          "transforms",
          "predicates",
          "errors.",
          "topic.creation.",
          "exactly.once.",
          "transaction.boundary",
          "offsets.storage.",
          "producer.override.",
          "consumer.override.",
          "admin.override.");

  /** What people call a setting whose name has other letters. */
  private static final Map<String, String> SYNONYMS =
      Map.of(
          "api.password", CallRecordSourceConfig.API_SECRET,
          "api.token", CallRecordSourceConfig.API_SECRET,
          "api.user", CallRecordSourceConfig.API_KEY,
          "api.username", CallRecordSourceConfig.API_KEY);

  private final Set<String> settings;

  /**
   * Creates a validator.
   *
   * @param settings the names of the settings that there are
   */
  SettingNameValidator(Set<String> settings) {
    this.settings = Set.copyOf(settings);
  }

  /** The names that are most likely meant for a setting, sorted. */
  List<UnknownSetting> find(Collection<String> names) {
    return names.stream()
        .filter(name -> !settings.contains(name))
        .filter(name -> OTHERS.stream().noneMatch(name::startsWith))
        .sorted()
        .flatMap(this::unknown)
        .toList();
  }

  /**
   * The names that are neither Connect's nor meant for a setting, so that nobody reads them;
   * without what may be a value that stands in one.
   */
  List<String> unused(Collection<String> names) {
    return names.stream()
        .filter(name -> !settings.contains(name))
        .filter(name -> OTHERS.stream().noneMatch(name::startsWith))
        .filter(name -> unknown(name).findFirst().isEmpty())
        .map(UnknownSetting::shown)
        .sorted()
        .toList();
  }

  /** An error for each of them, at the name itself: workers show it although nothing defines it. */
  List<ConfigValue> errors(Collection<String> names) {
    return find(names).stream()
        .map(
            unknown ->
                new ConfigValue(unknown.shownName(), null, List.of(), List.of(unknown.message())))
        .toList();
  }

  /**
   * Rejects a name that is likely meant to hide fields, also where nobody validates.
   *
   * @throws ConfigException if there is one
   */
  void ensureNothingPasses(Collection<String> names) {
    for (UnknownSetting unknown : find(names)) {
      if (unknown.hides()) {
        throw new ConfigException(unknown.message());
      }
    }
  }

  private Stream<UnknownSetting> unknown(String name) {
    if (letters(name).startsWith(FIELD)) {
      // The words of another setting, in another order, are that one.
      Stream<UnknownSetting> reordered =
          nearest(name, "").filter(setting -> distance(name, setting.nearest()) == 0);
      return Stream.concat(reordered, nearest(name, FIELD)).limit(1);
    }
    String words = words(name);
    Stream<UnknownSetting> synonym =
        Stream.ofNullable(SYNONYMS.get(words))
            .map(setting -> new UnknownSetting(name, setting, false));
    Stream<UnknownSetting> own =
        OWN.stream()
            .filter(words::startsWith)
            .flatMap(prefix -> nearest(name, prefix.substring(0, prefix.length() - 1)));
    Stream<UnknownSetting> near =
        nearest(name, "")
            .filter(setting -> distance(name, setting.nearest()) <= tolerance(setting.nearest()));
    return Stream.of(near, synonym, own, hiding(name)).flatMap(Function.identity()).limit(1);
  }

  private static Stream<UnknownSetting> hiding(String name) {
    String letters = letters(name);
    String meant = letters.contains(PSEUDONYM) ? FIELDS_PSEUDONYMIZE : FIELDS_EXCLUDE;
    return HIDING.matcher(letters).find()
        ? Stream.of(new UnknownSetting(name, meant, false))
        : Stream.empty();
  }

  private Stream<UnknownSetting> nearest(String name, String prefix) {
    return settings.stream()
        .filter(setting -> setting.startsWith(prefix))
        .min(distanceFrom(name).thenComparing(Comparator.naturalOrder()))
        .map(near -> new UnknownSetting(name, near, near.startsWith(FIELD)))
        .stream();
  }

  private static Comparator<String> distanceFrom(String name) {
    return Comparator.comparingInt(setting -> distance(name, setting));
  }

  /** How many slips of the keyboard a name may be away from that of a setting. */
  private static int tolerance(String setting) {
    int length = letters(setting).length();
    return length < 8 ? 1 : length < 16 ? 2 : 3;
  }

  /** How many slips two names are apart, with their words as they are written, or sorted. */
  private static int distance(String name, String setting) {
    return Math.min(
        EditDistance.between(letters(name), letters(setting)),
        EditDistance.between(sorted(name), sorted(setting)));
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]", "");
  }

  private static String words(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]+", ".");
  }

  private static String sorted(String name) {
    return Stream.of(words(name).split("\\.", -1)).sorted().collect(Collectors.joining());
  }
}
