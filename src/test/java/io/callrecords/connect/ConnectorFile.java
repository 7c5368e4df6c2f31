package io.callrecords.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A connector's configuration as the project ships it, a JSON file in {@code config}.
 *
 * @param name the connector's name
 * @param settings its settings, in the order of the file
 */
public record ConnectorFile(String name, Map<String, String> settings) {
  private static final Path FOLDER = Path.of(System.getProperty("basedir", ""), "config");
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a file.
   *
   * @param path its place in {@code config}
   */
  public static ConnectorFile read(String path) {
    JsonNode file;
    try {
      file = JSON.readTree(FOLDER.resolve(path).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + path, e);
    }
    Map<String, String> settings = new LinkedHashMap<>();
    file.path("config")
        .properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    return new ConnectorFile(file.path("name").asText(), settings);
  }

  /** The places in {@code config} of all files of connectors that are in a folder of it. */
  public static List<String> in(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not look into " + folder, e);
    }
  }

  /** Its settings with some that a test has to change: addresses, names, how often it asks. */
  public Map<String, String> with(Map<String, String> others) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(others);
    return all;
  }

  /** Those of its settings that begin with a text. */
  public Map<String, String> startingWith(String prefix) {
    Map<String, String> some = new LinkedHashMap<>(settings);
    some.keySet().removeIf(key -> !key.startsWith(prefix));
    return some;
  }
}
