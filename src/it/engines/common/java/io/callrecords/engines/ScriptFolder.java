package io.callrecords.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The scripts of a folder, {@code NAME.sql}. What the last statement of each returned is written
 * into {@code NAME.rows}: a line for each row, with tabs between the values, or what it failed
 * with.
 */
final class ScriptFolder {
  private ScriptFolder() {}

  /** Runs the statements of a script in a session of its own. */
  interface Engine {
    /** Returns the lines of what the last of them returned. */
    List<String> run(List<String> statements) throws Exception;
  }

  /** Runs all scripts, in the order of their names. */
  static void run(Path folder, Engine engine) throws IOException {
    for (Path script : scripts(folder)) {
      List<String> lines;
      try {
        lines = engine.run(statements(Files.readString(script)));
      } catch (Exception e) {
        lines = List.of("failed\t" + causes(e));
      }
      Files.write(Path.of(script.toString().replaceFirst("sql$", "rows")), lines);
      System.out.println(script.getFileName() + ": " + lines.size() + " lines");
    }
  }

  private static List<Path> scripts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    }
  }

  private static List<String> statements(String script) {
    return Stream.of(script.split(";\\s*(?:\n|$)", -1))
        .filter(statement -> !statement.isBlank())
        .toList();
  }

  /** The line of a row. */
  static String line(int size, IntFunction<Object> values) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      texts.add(value(values.apply(i)));
    }
    return String.join("\t", texts);
  }

  private static String value(Object value) {
    return value == null
        ? "\\N"
        : value.toString().replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
  }

  /** The messages of an exception and of what caused it, in one line. */
  private static String causes(Throwable failure) {
    List<String> messages = new ArrayList<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.add(value(String.valueOf(cause.getMessage())));
    }
    return String.join("\t", messages);
  }
}
