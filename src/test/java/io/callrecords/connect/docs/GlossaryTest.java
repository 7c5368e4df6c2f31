package io.callrecords.connect.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the glossary to the code, and all types of the project to one name for each thing. */
class GlossaryTest {
  private static final Path SOURCES = Path.of("src");

  /** What has public classes that readers look for. */
  private static final List<Path> PUBLISHED =
      List.of(SOURCES.resolve("main"), SOURCES.resolve("cli"));

  private static final Path GLOSSARY = Path.of("docs", "GLOSSARY.md");

  /** A type between back quotes, or one of several between commas. */
  private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z]*)`");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|enum|record)\\s+([A-Z]\\w*)");

  private static final Pattern PUBLIC =
      Pattern.compile(
          "^public (?:(?:abstract|final|sealed|non-sealed) )*(?:class|interface|enum|record)"
              + " ([A-Z]\\w*)",
          Pattern.MULTILINE);

  /** What stands in a source beside code; a text block, a comment, or a string literal. */
  private static final Pattern NO_CODE =
      Pattern.compile(
          "\"\"\".*?\"\"\"|/\\*.*?\\*/|//[^\n]*|\"(?:\\\\.|[^\"\\\\\n])*\"", Pattern.DOTALL);

  /** Names that types once had, and that said less than those in the glossary. */
  private static final Set<String> RETIRED =
      Set.of(
          "Answers",
          "ApiReach",
          "Asked",
          "Asking",
          "Building",
          "Check",
          "Coded",
          "Exchange",
          "Lane",
          "Lateness",
          "LiveCheck",
          "Looks",
          "Opening",
          "Pace",
          "Patience",
          "PlanWatch",
          "ReadAhead",
          "ReadScheduler",
          "Reply",
          "RequestGate",
          "Secret",
          "Sending",
          "SentIds",
          "Settings",
          "Stock",
          "StoredOffsets",
          "StoredSplits",
          "StrayRecord",
          "Tally",
          "TimeProof",
          "Told",
          "Trouble",
          "TroubleException",
          "TroubleLog",
          "Unsent",
          "WrongTimesException");

  @Test
  void theClassesThatItNamesExist() {
    Set<String> types =
        published().stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());

    assertThat(named()).isNotEmpty();
    assertThat(without(named(), types)).isEmpty();
  }

  @Test
  void itNamesEachPublicClass() {
    Set<String> names = new TreeSet<>();
    for (Path file : published()) {
      matches(PUBLIC, code(file)).forEach(names::add);
    }

    assertThat(names).hasSizeGreaterThan(50);
    assertThat(without(names, named())).isEmpty();
  }

  private static Set<String> without(Set<String> names, Set<String> others) {
    Set<String> rest = new TreeSet<>(names);
    rest.removeAll(others);
    return rest;
  }

  /** Each row says what its term is, and names a class. */
  @Test
  void eachOfItsTermsHasASentenceAndAClass() {
    List<String> rows =
        read(GLOSSARY).lines().filter(line -> line.startsWith("| ")).filter(this::isTerm).toList();

    assertThat(rows).hasSizeGreaterThan(40);
    assertThat(rows)
        .allSatisfy(
            row -> {
              String[] cells = row.split("\\|", -1);
              assertThat(cells).hasSize(6);
              assertThat(cells[1]).isNotBlank();
              assertThat(cells[3]).matches(" [A-Z].*\\. ");
              assertThat(cells[4]).matches(" `[A-Z][A-Za-z]*`(?:, `[A-Z][A-Za-z]*`)* ");
            });
    assertThat(rows)
        .extracting(row -> row.split("\\|", -1)[1].strip())
        .doesNotHaveDuplicates()
        .isNotEmpty();
  }

  /** A reader who meets a name anywhere in the project knows which type is meant. */
  @Test
  void noTwoTypesShareAName() {
    Map<String, Set<String>> shared = declared();
    shared.values().removeIf(places -> places.size() == 1);

    assertThat(shared).isEmpty();
  }

  @Test
  void noTypeHasARetiredName() {
    Map<String, Set<String>> retired = declared();
    retired.keySet().retainAll(RETIRED);

    assertThat(retired).isEmpty();
  }

  private boolean isTerm(String row) {
    return !row.startsWith("| term |");
  }

  private static Set<String> named() {
    return read(GLOSSARY)
        .lines()
        .filter(line -> line.startsWith("| "))
        .map(line -> line.split("\\|", -1))
        .flatMap(cells -> matches(NAMED, cells[Math.min(4, cells.length - 1)]).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All types, nested ones too, each with where it is declared; once for each declaration. */
  private static Map<String, Set<String>> declared() {
    Map<String, Set<String>> declared = new TreeMap<>();
    for (Path file : sources(SOURCES)) {
      int number = 0;
      for (String name : matches(DECLARED, code(file))) {
        number++;
        declared.computeIfAbsent(name, key -> new TreeSet<>()).add(file + " (" + number + ".)");
      }
    }
    return declared;
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
  }

  private static String code(Path file) {
    return NO_CODE.matcher(read(file)).replaceAll("");
  }

  private static List<Path> published() {
    return PUBLISHED.stream().flatMap(folder -> sources(folder).stream()).toList();
  }

  private static List<Path> sources(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .sorted()
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException("Run from the project's folder", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
