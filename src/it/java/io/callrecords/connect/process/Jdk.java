package io.callrecords.connect.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A JDK of this machine.
 *
 * @param home its folder
 * @param version its version
 */
record Jdk(Path home, Runtime.Version version) {
  /** The first number of the oldest version that the connector is for. */
  static final int OLDEST = 17;

  /** The one that runs the tests. */
  static Jdk running() {
    return new Jdk(real(Path.of(System.getProperty("java.home"))), Runtime.version());
  }

  /**
   * Those that the connector is for, the oldest first: the running one, those in the folders beside
   * it, and those that the system property {@code jdks} names.
   */
  static List<Jdk> all() {
    Jdk running = running();
    Map<Path, Jdk> found = new HashMap<>();
    Stream.concat(besides(running), named())
        .flatMap(folder -> at(folder).stream())
        .forEach(jdk -> found.put(jdk.home, jdk));
    found.put(running.home, running);
    return found.values().stream()
        .filter(jdk -> jdk.feature() >= OLDEST)
        .sorted(Comparator.comparing(Jdk::version))
        .toList();
  }

  private static Stream<Path> besides(Jdk running) {
    try (Stream<Path> folders = Files.list(running.home.getParent())) {
      return folders.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not look beside " + running.home, e);
    }
  }

  private static Stream<Path> named() {
    return Stream.of(System.getProperty("jdks", "").split(File.pathSeparator))
        .filter(path -> !path.isBlank())
        .map(Path::of)
        .peek(
            path -> {
              if (at(path).isEmpty()) {
                throw new IllegalArgumentException("No JDK in " + path);
              }
            });
  }

  /** The JDK in a folder, which its file {@code release} describes. */
  private static Optional<Jdk> at(Path folder) {
    Path release = folder.resolve("release");
    if (!Files.isExecutable(launcher(folder)) || !Files.isReadable(release)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(release)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + release, e);
    }
    String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
    return version.matches("\\d+(\\.\\d+)*")
        ? Optional.of(new Jdk(real(folder), Runtime.Version.parse(version)))
        : Optional.empty();
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not follow " + folder, e);
    }
  }

  /** The first number of its version. */
  int feature() {
    return version.feature();
  }

  /** Its program {@code java}. */
  Path launcher() {
    return launcher(home);
  }

  private static Path launcher(Path folder) {
    return folder.resolve("bin").resolve("java");
  }
}
