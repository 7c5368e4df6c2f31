package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;

/** The {@link ReadyConnector} as a plugin that a worker can load, and the records for it. */
final class ReadyPlugin {
  private ReadyPlugin() {}

  /** Packs the connector into a folder for {@code plugin.path}. */
  static void packInto(Path folder) throws IOException {
    Path jar = Files.createDirectories(folder.resolve("ready")).resolve("ready.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> type : List.of(ReadyConnector.class, ReadyTask.class)) {
        String path = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(path));
        try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
          if (in == null) {
            throw new IllegalStateException("No " + path);
          }
          in.transferTo(out);
        }
      }
      out.putNextEntry(new JarEntry("META-INF/services/" + SourceConnector.class.getName()));
      out.write(ReadyConnector.class.getName().getBytes(UTF_8));
    }
  }

  /**
   * The settings of a connector of it.
   *
   * @param file the values, as {@link #write} leaves them
   * @param count how many records it hands over
   * @param batch how many at once
   */
  static Map<String, String> settings(Path file, int count, int batch) {
    return Map.of(
        "connector.class",
        ReadyConnector.class.getName(),
        "tasks.max",
        "1",
        ReadyConnector.FILE,
        file.toString(),
        ReadyConnector.COUNT,
        Integer.toString(count),
        ReadyConnector.BATCH,
        Integer.toString(batch));
  }

  /** Writes the values of records into a file, with their schema. */
  static void write(List<SourceRecord> records, Path file) throws IOException {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "true"), false);
      List<String> lines =
          records.stream()
              .map(
                  record ->
                      new String(
                          converter.fromConnectData(
                              record.topic(), record.valueSchema(), record.value()),
                          UTF_8))
              .toList();
      Files.write(file, lines, UTF_8);
    }
  }
}
