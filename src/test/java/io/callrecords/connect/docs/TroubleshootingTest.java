package io.callrecords.connect.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.TransientFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that the page on troubleshooting lists every message that the code can say. */
class TroubleshootingTest {
  private static final Path SOURCES = Path.of("src/main/java/io/callrecords/connect");

  /** What says something to a person; other exceptions are bugs, which have one message. */
  private static final Pattern SAYS =
      Pattern.compile(
          "(?:LOG\\.(?:info|warn|error)|new (?:Connect|Config|Data|TransientApi|Setting)Exception"
              + "|new ApiResult\\.Fault|(?<![\\w.])error)\\(");

  private static final Pattern CHECKS = Pattern.compile("new IllegalArgumentException\\(");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern SENTENCE =
      Pattern.compile(LITERAL.pattern() + "(?:\\s*\\+\\s*" + LITERAL.pattern() + ")*");

  /** Shorter pieces of a message are found anywhere. */
  private static final int TELLING = 10;

  private final String page =
      read(Path.of("docs/TROUBLESHOOTING.md"))
          .replace("&lt;", "<")
          .replace("&gt;", ">")
          .replace("\\|", "|");

  static Stream<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void listsWhatASourceSays(Path source) {
    String code = read(source);
    List<String> messages = new ArrayList<>(messages(code, SAYS));
    String stage = source.getParent().getFileName().toString();
    if (stage.equals("config") || stage.equals("offset")) {
      messages.addAll(messages(code, CHECKS));
    }

    assertThat(messages).allSatisfy(message -> assertThat(page).contains(message));
  }

  @Test
  void findsTheMessagesOfTheSources() throws IOException {
    long count =
        sources()
            .map(TroubleshootingTest::read)
            .mapToLong(code -> messages(code, SAYS).size() + messages(code, CHECKS).size())
            .sum();

    assertThat(count).isGreaterThan(90);
  }

  @ParameterizedTest
  @EnumSource(TransientFault.class)
  void listsEachTroubleWithTheSettingThatItIsTiedTo(TransientFault trouble) {
    String row = row("| " + trouble.advice() + " |");

    assertThat(row).contains(trouble.setting() == null ? "| logged |" : trouble.setting());
  }

  @ParameterizedTest
  @EnumSource(ApiStatus.class)
  void listsEachStatus(ApiStatus status) {
    assertThat(page).contains(status.advice());
  }

  private String row(String part) {
    return page.lines().filter(line -> line.contains(part)).findFirst().orElse("not listed");
  }

  /** The most telling piece of each message, between what differs from case to case. */
  private static List<String> messages(String code, Pattern says) {
    List<String> messages = new ArrayList<>();
    Matcher call = says.matcher(code);
    while (call.find()) {
      Matcher sentence = SENTENCE.matcher(arguments(code, call.end()));
      sentence
          .results()
          .map(found -> found.group().replaceAll("\"\\s*\\+\\s*\"", ""))
          .map(text -> text.substring(1, text.length() - 1).replace("\\\"", "\""))
          .flatMap(text -> Stream.of(text.split("\\{}", -1)))
          .map(piece -> piece.replaceAll("^[ .;:,()]+|[ .;:,()]+$", ""))
          .max(Comparator.comparingInt(String::length))
          .filter(piece -> piece.length() >= TELLING)
          .ifPresent(messages::add);
    }
    return messages;
  }

  /** What stands between a call's parentheses. */
  private static String arguments(String code, int from) {
    int depth = 1;
    int at = from;
    while (depth > 0) {
      Matcher literal = LITERAL.matcher(code).region(at, code.length());
      if (literal.lookingAt()) {
        at = literal.end();
        continue;
      }
      depth += code.charAt(at) == '(' ? 1 : code.charAt(at) == ')' ? -1 : 0;
      at++;
    }
    return code.substring(from, at - 1);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
