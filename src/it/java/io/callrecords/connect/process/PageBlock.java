package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of a page that a test uses as people would: a comment before it, {@code <!-- block: name
 * -->}, names it.
 *
 * @param text what stands between the fences
 */
public record PageBlock(String text) {
  private static final Pattern COMMAND = Pattern.compile("(?m)^(?=# |[a-z-]+\\.sh )");

  /**
   * A command.
   *
   * @param comment the line before it, or an empty text
   * @param tool the program
   * @param arguments what it gets
   */
  public record Command(String comment, String tool, List<String> arguments) {}

  /** The block of a page. */
  public static PageBlock of(Path page, String name) {
    Matcher block =
        Pattern.compile(
                "<!-- block: " + Pattern.quote(name) + " -->\n```\\w+\n(.*?)```", Pattern.DOTALL)
            .matcher(MonitoringFiles.text(page));
    if (!block.find()) {
      throw new AssertionError(page + " has no block " + name);
    }
    return new PageBlock(block.group(1));
  }

  /** The block with another text for each of some. */
  public PageBlock with(Map<String, String> replacements) {
    String replaced = text;
    for (Map.Entry<String, String> each : replacements.entrySet()) {
      if (!replaced.contains(each.getKey())) {
        throw new AssertionError(each.getKey() + " does not stand in " + text);
      }
      replaced = replaced.replace(each.getKey(), each.getValue());
    }
    return new PageBlock(replaced);
  }

  /** The members of a JSON object whose braces the page leaves out. */
  public Map<String, String> settings() {
    try {
      Map<String, String> settings = new LinkedHashMap<>();
      new ObjectMapper()
          .readTree("{" + text + "}")
          .properties()
          .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException("Not JSON: " + text, e);
    }
  }

  /** The lines of a file of properties. */
  Map<String, String> properties() {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> all = new LinkedHashMap<>();
    properties.stringPropertyNames().forEach(key -> all.put(key, properties.getProperty(key)));
    return all;
  }

  /** The commands of a script. */
  List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    String comment = "";
    for (String part : COMMAND.split(text.replace("\\\n", " "), -1)) {
      if (part.startsWith("# ")) {
        comment = part.substring(2).strip();
      } else {
        List<String> words = List.of(part.strip().split("\\s+", -1));
        commands.add(new Command(comment, words.get(0), words.subList(1, words.size())));
        comment = "";
      }
    }
    return commands;
  }
}
