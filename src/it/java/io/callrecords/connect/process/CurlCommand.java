package io.callrecords.connect.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to a worker as a page of the documentation shows it: {@code curl -X PUT http://… -d …}.
 *
 * @param method the HTTP method
 * @param path what follows the worker's address
 * @param body what is sent, or null
 */
record CurlCommand(String method, String path, @Nullable String body) {
  private static final String WORKER = "http://localhost:8083";
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern INDENT = Pattern.compile("^ {3}", Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  /** The requests that a page shows, in order. */
  static List<CurlCommand> of(Path page) {
    List<CurlCommand> commands = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(read(page));
    while (blocks.find()) {
      // The blocks of a list are indented.
      String block = INDENT.matcher(blocks.group(1)).replaceAll("");
      String[] parts = block.replace("\\\n", " ").split("(?m)^(?=curl )", -1);
      for (String part : parts) {
        if (part.startsWith("curl ")) {
          commands.add(parse(part));
        }
      }
    }
    return commands;
  }

  private static CurlCommand parse(String command) {
    String method = "GET";
    String path = null;
    String body = null;
    List<String> words = words(command);
    // A remark, or what makes the answer readable, follows.
    for (int i = 1; i < words.size() && !words.get(i).matches("#.*|\\|"); i++) {
      switch (words.get(i)) {
        case "-X" -> method = words.get(++i);
        case "-H" -> i++;
        case "-d" -> body = words.get(++i);
        case "-s" -> {}
        default -> {
          if (path != null || !words.get(i).startsWith(WORKER)) {
            throw new IllegalArgumentException("Not known: " + words.get(i) + " in " + command);
          }
          path = words.get(i).substring(WORKER.length());
        }
      }
    }
    if (path == null) {
      throw new IllegalArgumentException("No address in " + command);
    }
    return new CurlCommand(method, path, body);
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher found = WORD.matcher(command);
    while (found.find()) {
      words.add(
          found.group(1) != null
              ? found.group(1)
              : found.group(2) != null ? found.group(2) : found.group(3));
    }
    return words;
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException("Run from the project's folder", e);
    }
  }
}
