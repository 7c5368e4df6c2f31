package io.callrecords.engines;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ResultKind;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;

/** Runs the scripts of a {@linkplain ScriptFolder folder} as Flink's SQL client does. */
public final class FlinkScripts {
  private static final Pattern SET = Pattern.compile("SET\\s+'([^']+)'\\s*=\\s*'([^']*)'");

  private FlinkScripts() {}

  /** Takes the folder. */
  public static void main(String[] args) throws IOException {
    ScriptFolder.run(Path.of(args[0]), FlinkScripts::run);
  }

  private static List<String> run(List<String> script) throws Exception {
    Configuration session = new Configuration();
    // More than one, so that nothing is in order by chance.
    session.setString("parallelism.default", "2");
    List<String> statements = new ArrayList<>();
    for (String statement : script) {
      Matcher setting = SET.matcher(statement.strip());
      if (setting.matches()) {
        session.setString(setting.group(1), setting.group(2));
      } else {
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
    return ScriptFolder.line(row.getArity(), row::getField);
  }
}
