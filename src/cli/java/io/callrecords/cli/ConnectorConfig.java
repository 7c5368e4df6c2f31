package io.callrecords.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.connect.config.CallRecordSourceConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a connector, as somebody has written it: JSON as Connect takes it, with or
 * without its name around it, or properties. Its secrets stand in it as {@code ${provider:…}}.
 *
 * @param name the connector's name
 * @param settings all settings, with what config providers hold in place of their references
 */
public record ConnectorConfig(String name, Map<String, String> settings) {
  /** How facts get into a configuration; takes the name of their file. */
  public static final String JQ_FACTS =
      "jq --rawfile facts %s '.config[\"api.facts\"] = $facts' connector.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DEFAULT_NAME = "call-records";
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*?):[^}]*}");

  private static final Map<String, Supplier<ConfigProvider>> PROVIDERS =
      Map.of(
          "file", FileConfigProvider::new,
          "directory", DirectoryConfigProvider::new,
          "env", EnvVarConfigProvider::new);

  /** Without the values, which hold secrets. */
  @Override
  public String toString() {
    return "ConnectorConfig[" + name + "]";
  }

  /**
   * Reads a file.
   *
   * @throws CliException when it cannot be used
   */
  public static ConnectorConfig read(Path file) {
    return of(raw(file));
  }

  /**
   * Reads a file, but for one setting, whose references need not have a value.
   *
   * @throws CliException when it cannot be used
   */
  public static ConnectorConfig readWithout(String setting, Path file) {
    Map<String, String> raw = raw(file);
    raw.remove(setting);
    return of(raw);
  }

  /**
   * A setting of a file with its references resolved; null if it has none, or they have no value
   * here.
   */
  public static @Nullable String settingIfResolved(String setting, Path file) {
    String value = raw(file).get(setting);
    try {
      return value == null ? null : resolve(Map.of(setting, value)).get(setting);
    } catch (CliException e) {
      return null;
    }
  }

  private static Map<String, String> raw(Path file) {
    if (Files.isDirectory(file)) {
      throw CliException.usage(file + " is a folder. Name the connector's configuration in it");
    }
    String text;
    try {
      text = Files.readString(file, UTF_8);
    } catch (NoSuchFileException e) {
      throw CliException.usage(
          "There is no file " + file + ". Name the connector's configuration", e);
    } catch (IOException e) {
      throw CliException.usage(
          file + " cannot be read as a text in UTF-8. Check its rights and its form", e);
    }
    if (text.stripLeading().startsWith("[")) {
      throw CliException.usage(
          file
              + " holds a list of JSON. A configuration is an object, such as"
              + " {\"topic\": \"calls\"}");
    }
    return text.stripLeading().startsWith("{") ? json(file, text) : properties(file, text);
  }

  /**
   * Resolves settings that a worker has returned, which holds references and no secrets.
   *
   * @throws CliException when a reference cannot be resolved here
   */
  public static ConnectorConfig of(Map<String, String> raw) {
    Map<String, String> settings = resolve(raw);
    String name = settings.getOrDefault("name", DEFAULT_NAME);
    settings.putIfAbsent("name", name);
    return new ConnectorConfig(name, settings);
  }

  private static Map<String, String> json(Path file, String text) {
    JsonNode document;
    try {
      document = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw CliException.usage(
          file
              + " begins like JSON, but is none: "
              + e.getOriginalMessage()
              + (e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr()),
          e);
    }
    boolean isWrapped = document.path("config").isObject();
    JsonNode settings = isWrapped ? document.path("config") : document;
    Map<String, String> raw = new LinkedHashMap<>();
    if (isWrapped && document.path("name").isTextual()) {
      raw.put("name", document.path("name").asText());
    }
    for (Map.Entry<String, JsonNode> setting : ((ObjectNode) settings).properties()) {
      JsonNode value = setting.getValue();
      if (value.isContainerNode()) {
        throw CliException.usage(file + ": " + noText(setting.getKey()));
      }
      if (!value.isNull()) {
        raw.put(setting.getKey(), value.asText());
      }
    }
    return raw;
  }

  private static String noText(String setting) {
    return "the value of "
        + setting
        + " is no text. Connect takes texts only: "
        + (setting.equals(CallRecordSourceConfig.API_FACTS)
            ? "have it written by " + JQ_FACTS.formatted("facts.json")
            : "write it between double quotes");
  }

  private static Map<String, String> properties(Path file, String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      throw CliException.usage(file + " holds neither JSON nor properties: " + e.getMessage(), e);
    }
    Map<String, String> raw = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> raw.put(key, properties.getProperty(key)));
    if (raw.isEmpty()) {
      throw CliException.usage(file + " holds no settings");
    }
    return raw;
  }

  private static Map<String, String> resolve(Map<String, String> raw) {
    Map<String, ConfigProvider> providers = new TreeMap<>();
    PROVIDERS.forEach(
        (name, made) -> {
          ConfigProvider provider = made.get();
          provider.configure(Map.of());
          providers.put(name, provider);
        });
    ConfigTransformer transformer = new ConfigTransformer(providers);
    Map<String, String> resolved = new LinkedHashMap<>();
    raw.forEach((key, value) -> resolved.put(key, resolve(transformer, key, value)));
    return resolved;
  }

  private static String resolve(ConfigTransformer transformer, String key, String value) {
    String resolved;
    try {
      resolved = String.valueOf(transformer.transform(Map.of(key, value)).data().get(key));
    } catch (ConfigException e) {
      throw CliException.usage(
          key + " refers to " + references(value) + ", which has no value here", e);
    }
    Matcher left = REFERENCE.matcher(value);
    // A reference that is left as it stands is one that nobody could resolve.
    while (left.find()) {
      if (resolved.contains(left.group())) {
        throw CliException.usage(unresolved(key, left.group(), left.group(1)));
      }
    }
    return resolved;
  }

  /** The references alone: what stands beside them may be part of a secret. */
  private static String references(String value) {
    return REFERENCE
        .matcher(value)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.joining(", "));
  }

  private static String unresolved(String key, String reference, String provider) {
    return key
        + " refers to "
        + reference
        + (PROVIDERS.containsKey(provider)
            ? ", which has no value here: set it for this process as it is set for the worker"
            : ", but this command resolves only "
                + String.join(", ", PROVIDERS.keySet().stream().sorted().toList())
                + ": write the setting in a copy of the configuration with one of these");
  }
}
