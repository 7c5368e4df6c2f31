package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callrecords.cli.CliException;
import java.io.IOException;
import java.io.Reader;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which converter has written the values of the topics. */
final class ConverterOptions {
  private static final String SETTING = "value.converter";
  private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";

  /** What has converters of registries add no schema there: a comparison leaves nothing. */
  private static final List<String> REGISTERING =
      List.of("apicurio.registry.auto-register", "auto.register.schemas");

  @Option(
      names = "--value-converter",
      paramLabel = "CLASS",
      description =
          "The converter of the topic's values. Without it, it is the one that the connector's"
              + " configuration names, else Kafka's JSON converter, with or without schemas.")
  private @Nullable String className;

  @Option(
      names = "--value-converter-config",
      paramLabel = "FILE",
      description =
          "Properties of that converter, without a prefix, such as schema.registry.url. Without it,"
              + " those that the connector's configuration has as value.converter.*, without the right to"
              + " register schemas.")
  private @Nullable Path configFile;

  @Option(
      names = "--plugin-path",
      paramLabel = "FOLDER",
      description = "A folder with the jars of a converter that is not Kafka's own.")
  private @Nullable Path pluginPath;

  /**
   * Makes what reads the values.
   *
   * @param settings the connector's configuration
   * @throws CliException when there is no such converter
   */
  Function<CallLayout, RecordDecoder> decoder(Map<String, String> settings, String topic) {
    String name = className == null ? settings.getOrDefault(SETTING, JSON) : className;
    if (name.equals(JSON)) {
      return JsonDecoder::new;
    }
    Converter converter = load(name);
    try {
      converter.configure(converterSettings(settings), false);
    } catch (RuntimeException e) {
      throw CliException.usage(
          "The converter "
              + name
              + " does not take its settings: "
              + String.valueOf(e.getMessage()).replaceFirst("\\.$", "")
              + ". --value-converter-config names a file with them",
          e);
    }
    return layout -> new ConverterDecoder(layout, converter, topic);
  }

  private Converter load(String name) {
    ClassLoader jars = loader();
    try {
      Converter converter =
          Class.forName(name, true, jars)
              .asSubclass(Converter.class)
              .getDeclaredConstructor()
              .newInstance();
      return new PluginConverter(converter, jars);
    } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
      throw CliException.usage(
          "There is no converter "
              + name
              + " here ("
              + e
              + "). --plugin-path names the folder with its jars",
          e);
    }
  }

  private ClassLoader loader() {
    ClassLoader own = ConverterOptions.class.getClassLoader();
    Path folder = pluginPath;
    if (folder == null) {
      return own;
    }
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".jar")).sorted().toList()) {
        jars.add(url(file));
      }
    } catch (IOException e) {
      throw CliException.usage("--plugin-path " + folder + " cannot be read: " + e, e);
    }
    return new URLClassLoader(jars.toArray(URL[]::new), own);
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, Object> converterSettings(Map<String, String> settings) {
    Map<String, Object> own = new HashMap<>();
    Path file = configFile;
    if (file == null) {
      String prefix = SETTING + ".";
      settings.forEach(
          (key, value) -> {
            if (key.startsWith(prefix)) {
              own.put(key.substring(prefix.length()), value);
            }
          });
      REGISTERING.forEach(setting -> own.put(setting, "false"));
      return own;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw CliException.usage(
          "--value-converter-config "
              + file
              + " cannot be read: "
              + e
              + ". Name a file of"
              + " properties",
          e);
    }
    properties.stringPropertyNames().forEach(key -> own.put(key, properties.getProperty(key)));
    return own;
  }
}
