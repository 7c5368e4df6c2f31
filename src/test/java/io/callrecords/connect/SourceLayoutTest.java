package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the core's packages to a size that one can read, and each of their types to its test. */
class SourceLayoutTest {
  private static final int MAX_LINES = 300;
  private static final Pattern INTERFACE = Pattern.compile("(?m)^(public )?interface ");

  @ParameterizedTest
  @ValueSource(strings = {"state", "fetch", "schedule"})
  void noTypeOfTheCoreIsLong(String name) throws IOException {
    List<Path> types = types(name);

    assertThat(types).hasSizeGreaterThan(10);
    for (Path type : types) {
      assertThat(Files.readAllLines(type)).as(type.toString()).hasSizeLessThanOrEqualTo(MAX_LINES);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "fetch", "schedule"})
  void eachTypeOfTheCoreHasATestOfItsName(String name) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path type : types(name)) {
      Path test =
          Path.of(
              type.toString()
                  .replaceFirst("^src.main", "src/test")
                  .replaceFirst("\\.java$", "Test.java"));
      // An open interface does nothing by itself.
      boolean isInterface = INTERFACE.matcher(Files.readString(type)).find();
      if (!isInterface && !Files.exists(test)) {
        missing.add(type);
      }
    }

    assertThat(missing).isEmpty();
  }

  private static List<Path> types(String name) throws IOException {
    Path folder = Path.of("src", "main", "java", "io", "callrecords", "connect", name);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .sorted()
          .toList();
    }
  }
}
