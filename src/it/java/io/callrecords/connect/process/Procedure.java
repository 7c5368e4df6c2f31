package io.callrecords.connect.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The commands under a heading of a page, in order.
 *
 * @param heading the heading
 * @param commands the blocks of commands
 */
record Procedure(String heading, List<PageCommand> commands) {
  private static final Pattern HEADING = Pattern.compile("(?m)^## (.*)$");

  /** A block of commands, and behind it what they print, if the page says so. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "(?ms)^(?<indent> *)```sh\\n(?<command>.*?)^\\k<indent>```$"
              + "(?:\\s*?^\\k<indent>```(?:json|text)?\\n(?<output>.*?)^\\k<indent>```$)?");

  /**
   * A block of commands.
   *
   * @param text what a shell is given
   * @param output what it has to print, or null where the page leaves that open
   * @param verification whether it only looks whether something has come about
   */
  record PageCommand(String text, @Nullable String output, boolean verification) {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Z]+)=(\\S*)(?:\\s+#.*)?");

    /** Whether it does nothing but set names. */
    boolean isOfNames() {
      return text.lines().allMatch(line -> ASSIGNMENT.matcher(line).matches());
    }

    private Map<String, String> assignments() {
      return text.lines()
          .map(ASSIGNMENT::matcher)
          .filter(Matcher::matches)
          .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }
  }

  /**
   * Reads the commands under a heading.
   *
   * @param heading the heading, without its marks
   */
  static Procedure read(Path page, String heading) {
    return new Procedure(heading, commands(section(text(page), heading)));
  }

  private static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException("Run from the project's folder", e);
    }
  }

  private static String section(String text, String heading) {
    int from = 0;
    String current = "";
    for (Matcher next = HEADING.matcher(text); next.find(from); from = next.end()) {
      if (current.equals(heading)) {
        return text.substring(from, next.start());
      }
      current = next.group(1).strip();
    }
    if (!current.equals(heading)) {
      throw new IllegalArgumentException("There is no heading " + heading);
    }
    return text.substring(from);
  }

  private static List<PageCommand> commands(String section) {
    List<PageCommand> commands = new ArrayList<>();
    int end = 0;
    for (Matcher block = BLOCK.matcher(section); block.find(); end = block.end()) {
      Pattern indent = Pattern.compile("(?m)^" + block.group("indent"));
      String output = block.group("output");
      commands.add(
          new PageCommand(
              indent.matcher(block.group("command")).replaceAll(""),
              output == null ? null : indent.matcher(output).replaceAll("").strip(),
              section.substring(end, block.start()).contains("*Verify*")));
    }
    return commands;
  }

  /** The names that a page sets before it uses them, with their values. */
  static Map<String, String> names(Path page) {
    return commands(text(page)).stream()
        .filter(PageCommand::isOfNames)
        .findFirst()
        .orElseThrow()
        .assignments();
  }

  @Override
  public String toString() {
    return heading;
  }
}
