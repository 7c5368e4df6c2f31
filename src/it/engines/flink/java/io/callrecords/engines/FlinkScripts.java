package io.callrecords.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ResultKind;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;

/**
 * Runs the scripts of a folder, {@code NAME.sql}, as Flink's SQL client does, each in a session of
 * its own, and writes what the last statement of each returned into {@code NAME.rows}: a line for
 * each row, with tabs between the values, or what it failed with.
 */
public final class FlinkScripts {
  private static final Pattern SET = Pattern.compile("SET\\s+'([^']+)'\\s*=\\s*'([^']*)'");

  private FlinkScripts() {}

  /** Takes the folder. */
  public static void main(String[] args) throws IOException {
    for (Path script : scripts(Path.of(args[0]))) {
      List<String> lines;
      try {
        lines = run(Files.readString(script));
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

  private static List<String> run(String script) throws Exception {
    Configuration session = new Configuration();
    // More than one, so that nothing is in order by chance.
    session.setString("parallelism.default", "2");
    List<String> statements = new ArrayList<>();
    for (String statement : script.split(";\\s*(?:\n|$)", -1)) {
      Matcher setting = SET.matcher(statement.strip());
      if (setting.matches()) {
        session.setString(setting.group(1), setting.group(2));
      } else if (!statement.isBlank()) {
        statements.add(statement);
      }
    }
    TableEnvironment environment =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().withConfiguration(session).build());
    List<String> lines = List.of();
    for (String statement : statements) {
      TableResult result = environment.executeSql(statement);
      if (result.getResultKind() == ResultKind.SUCCESS_WITH_CONTENT) {
        lines = lines(result);
      }
    }
    return lines;
  }

  /** The rows that are left once all changes have been applied. */
  private static List<String> lines(TableResult result) throws Exception {
    List<String> lines = new ArrayList<>();
    CloseableIterator<Row> rows = result.collect();
    try {
      while (rows.hasNext()) {
        Row row = rows.next();
        if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
          lines.add(line(row));
        } else {
          lines.remove(line(row));
        }
      }
    } finally {
      rows.close();
    }
    return lines;
  }

  private static String line(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      values.add(value(row.getField(i)));
    }
    return String.join("\t", values);
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
