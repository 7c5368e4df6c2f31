package io.callrecords.connect.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of the machine that a package of Debian brings. */
final class Programs {
  private Programs() {}

  /**
   * Expects what the commands of a page need: bash, curl and jq.
   *
   * @param others what they need besides
   */
  static void findForCommands(String... others) {
    Stream.concat(Stream.of("bash", "curl", "jq"), Stream.of(others))
        .forEach(name -> find(name, packageOf(name), Path.of("/usr/bin"), Path.of("/bin")));
  }

  private static String packageOf(String name) {
    return switch (name) {
      case "cmp" -> "diffutils";
      case "sha256sum" -> "coreutils";
      default -> name;
    };
  }

  /**
   * Finds a program.
   *
   * @param name its name
   * @param debianPackage the package that has it
   * @param folders where it may be
   * @throws AssertionError when it is missing; its message says what to install
   */
  static Path find(String name, String debianPackage, Path... folders) {
    return Stream.of(folders)
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "No program "
                        + name
                        + ", without which nothing here can be tested. Install the package "
                        + debianPackage
                        + " of Debian or Ubuntu (apt-get install "
                        + debianPackage
                        + ")."));
  }
}
