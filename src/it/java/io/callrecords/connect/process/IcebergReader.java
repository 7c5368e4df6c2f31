package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.ConnectorFile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads tables with Iceberg's own API, in JVMs of their own: their class path is that of the sink's
 * plugin, and nothing of a worker takes part.
 */
final class IcebergReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String CATALOG = "iceberg.catalog.";
  private static final Path PROGRAM =
      Path.of(
          System.getProperty("basedir", ""), "src", "it", "sinks", "iceberg", "IcebergTable.java");

  private final ProcessHome home;
  private final Path catalog;
  private final String classPath;

  /**
   * Prepares the reading.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   * @param plugin the folder of the sink's jars
   * @param settings those of the sink, with the secrets themselves
   */
  IcebergReader(String name, Path plugin, Map<String, String> settings) {
    home = new ProcessHome(name, Platform.ofTests());
    Map<String, String> properties = new HashMap<>();
    properties.put("catalog", settings.get("iceberg.catalog"));
    new ConnectorFile(name, settings)
        .startingWith(CATALOG)
        .forEach((key, value) -> properties.put(key.substring(CATALOG.length()), value));
    catalog = home.write("catalog.properties", properties);
    // Loggers are the worker's, which the plugin has none of.
    classPath =
        Stream.concat(
                Stream.of(plugin.toAbsolutePath() + File.separator + "*"),
                KafkaJars.ofTests().list().stream()
                    .filter(jar -> jar.contains("slf4j") || jar.contains("log4j")))
            .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * All of a table: its columns, partitions, snapshots and rows; without any of them where there is
   * no such table yet.
   */
  JsonNode table(String table) {
    return run(table, List.of());
  }

  /**
   * Makes a view of a table, or replaces it, and reads it back.
   *
   * @param dialects its SQL by dialect
   */
  JsonNode view(String table, String view, Map<String, String> dialects) {
    List<String> arguments = new ArrayList<>(List.of(view));
    dialects.forEach(
        (dialect, sql) -> {
          try {
            Path file = Files.writeString(home.folder().resolve(dialect + ".sql"), sql);
            arguments.add(dialect + "=" + file);
          } catch (IOException e) {
            throw new UncheckedIOException("Could not write a view", e);
          }
        });
    return run(table, arguments).path("view");
  }

  private JsonNode run(String table, List<String> others) {
    Path answer = home.folder().resolve("answer.json");
    List<String> command =
        new ArrayList<>(
            List.of(
                Jdk.running().launcher().toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + home.folder(),
                "-cp",
                classPath,
                PROGRAM.toString(),
                catalog.toString(),
                table,
                answer.toString()));
    command.addAll(others);
    home.start(command).awaitSuccess(PATIENCE);
    try {
      return new ObjectMapper().readTree(answer.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read what was found in " + table, e);
    }
  }

  @Override
  public void close() {
    home.close();
  }
}
