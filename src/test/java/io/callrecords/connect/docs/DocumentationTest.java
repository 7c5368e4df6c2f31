package io.callrecords.connect.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.CallRecordSourceConnector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every page to what it names: links, headings, files, tests, settings, commands. */
class DocumentationTest {
  private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern TEST = Pattern.compile("[A-Z][A-Za-z]+(?:Test|IT)");
  private static final Pattern FILE =
      Pattern.compile("(?:config|docs|src|assembly|assets|\\.ci)/[A-Za-z0-9_./-]+");

  /** What begins so is a setting of the connector. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?:api|fields|filter|malformed|late|poll|retry|requests|page|query|audit|emit|start|end"
              + "|proxy|record)\\.[a-z]+(?:\\.[a-z]+)*");

  private static final Set<String> SETTINGS =
      new CallRecordSourceConnector().config().configKeys().keySet();

  static Stream<Named<Path>> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> top = Files.list(Path.of(""))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(file -> Named.of(file.toString(), file))
          .toList()
          .stream();
    }
  }

  /** On dark pages, too; and a name that another run changes tells a reader nothing. */
  @Test
  void picturesAreReadable() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
      List<Path> pictures = docs.filter(file -> file.toString().endsWith(".svg")).toList();
      assertThat(pictures).hasSizeGreaterThan(5);
      for (Path picture : pictures) {
        assertThat(read(picture))
            .as(picture.toString())
            .contains(PictureStyle.FOLLOWS_COLOUR_SCHEME)
            .doesNotContainPattern("0x[0-9a-f]{6}");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatItLinksToExists(Path page) {
    for (String link : found(LINK, read(page))) {
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
      assertThat(target).as("%s links to it", page).exists();
      if (parts.length == 2) {
        assertThat(anchors(read(target))).as("%s links to %s", page, link).contains(parts[1]);
      }
    }
  }

  private static List<String> anchors(String text) {
    return text.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theTestsAndFilesThatItNamesExist(Path page) throws IOException {
    List<String> sources = sources();
    for (String code : found(CODE, read(page))) {
      if (TEST.matcher(code).matches()) {
        assertThat(sources).as("%s names %s", page, code).contains(code + ".java");
      } else if (FILE.matcher(code).matches()) {
        assertThat(Path.of(code)).as("%s names it", page).exists();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theSettingsThatItNamesExist(Path page) {
    for (String code : found(CODE, read(page))) {
      String name = code.split("[=:]", 2)[0];
      if (SETTING.matcher(name).matches()) {
        assertThat(SETTINGS).as("%s names %s", page, code).contains(name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theMavenCommandsThatItNamesExist(Path page) throws IOException {
    String pom = read(Path.of("pom.xml"));
    List<String> sources = sources();
    for (String command : mavenCommands(read(page))) {
      for (String word : command.split("\\s+", -1)) {
        if (word.startsWith("-P")) {
          assertThat(pom).as(command).contains("<id>" + word.substring(2) + "</id>");
        } else if (word.matches("-D(?:it\\.)?test=.*")) {
          String tests = word.split("=", 2)[1].replaceAll("['\"]", "");
          for (String test : tests.split(",", -1)) {
            assertThat(sources).as(command).contains(test.split("#", 2)[0] + ".java");
          }
        } else if (word.startsWith("-D")) {
          String property = word.substring(2).split("=", 2)[0];
          assertThat(isKnown(property, pom)).as("%s in %s", property, command).isTrue();
        }
      }
    }
  }

  private static boolean isKnown(String property, String pom) throws IOException {
    if (pom.contains("<" + property + ">")
        || pom.contains("<" + property + "/>")
        || pom.contains("${" + property + "}")) {
      return true;
    }
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .anyMatch(file -> read(file).contains('"' + property + '"'));
    }
  }

  /** What stands in a line of a block or between back quotes and begins with {@code mvn}. */
  private static List<String> mavenCommands(String text) {
    List<String> commands = new ArrayList<>();
    text.lines()
        .map(line -> line.strip().replaceFirst("\\s+#.*", ""))
        .filter(line -> line.startsWith("mvn "))
        .forEach(commands::add);
    found(CODE, text).stream().filter(code -> code.startsWith("mvn ")).forEach(commands::add);
    return commands;
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toList());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Run from the project's folder", e);
    }
  }
}
