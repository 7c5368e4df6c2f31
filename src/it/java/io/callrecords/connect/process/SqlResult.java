package io.callrecords.connect.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a query has returned.
 *
 * @param rows the rows, each value as text or null
 * @param failure the messages of what it failed with, the cause last
 */
record SqlResult(List<List<@Nullable String>> rows, Optional<List<String>> failure) {

  /** Reads what the programs of the engines write. */
  static SqlResult read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (!lines.isEmpty() && lines.get(0).startsWith("failed\t")) {
      List<@Nullable String> messages = values(lines.get(0));
      return new SqlResult(List.of(), Optional.of(messages.subList(1, messages.size())));
    }
    return new SqlResult(lines.stream().map(SqlResult::values).toList(), Optional.empty());
  }

  private static List<@Nullable String> values(String line) {
    List<@Nullable String> values = new ArrayList<>();
    Arrays.stream(line.split("\t", -1)).map(SqlResult::value).forEach(values::add);
    return Collections.unmodifiableList(values);
  }

  private static @Nullable String value(String text) {
    if (text.equals("\\N")) {
      return null;
    }
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
        char escaped = text.charAt(i);
        value.append(escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped);
      } else {
        value.append(c);
      }
    }
    return value.toString();
  }
}
