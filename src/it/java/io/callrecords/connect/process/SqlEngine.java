package io.callrecords.connect.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An engine that runs scripts of SQL, in a process of its own, by a program in {@code src/it}. */
enum SqlEngine {
  FLINK("flink", "io.callrecords.engines.FlinkScripts"),
  SPARK("spark", "io.callrecords.engines.SparkScripts");

  private static final Path FOLDER =
      Path.of(System.getProperty("engines.folder", "target/engines"));
  private static final Duration PATIENCE = Duration.ofMinutes(9);

  /** What both want open in the JDK. */
  private static final List<String> PACKAGES =
      List.of(
          "java.io",
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.net",
          "java.nio",
          "java.text",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final String folder;
  private final String program;

  SqlEngine(String folder, String program) {
    this.folder = folder;
    this.program = program;
  }

  /** As files and pages name it. */
  String word() {
    return folder;
  }

  /** The version that the build has fetched. */
  String version() {
    return System.getProperty(folder + ".version");
  }

  /**
   * Runs scripts, each in a session of its own, and returns what the last statement of each has
   * returned.
   *
   * @param scripts the scripts, by name
   */
  Map<String, SqlResult> run(Map<String, String> scripts) {
    try (ProcessHome home = new ProcessHome("engines-" + folder, Platform.ofTests())) {
      Path files = Files.createDirectory(home.folder().resolve("scripts"));
      for (Map.Entry<String, String> script : scripts.entrySet()) {
        Files.writeString(files.resolve(script.getKey() + ".sql"), script.getValue());
      }
      home.start(command(home.folder(), files)).awaitSuccess(PATIENCE);
      Map<String, SqlResult> results = new LinkedHashMap<>();
      for (String name : scripts.keySet()) {
        results.put(name, SqlResult.read(files.resolve(name + ".rows")));
      }
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(Path temporary, Path scripts) {
    Path own = FOLDER.resolve(folder);
    Path classes = own.resolve("build").resolve("classes");
    if (!Files.isDirectory(classes)) {
      throw new IllegalStateException("There is no " + classes + ": run mvn -Pengines verify");
    }
    List<String> command = new ArrayList<>();
    command.add(Platform.ofTests().jdk().launcher().toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    PACKAGES.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    // Neither the API's zone nor UTC: a time that depends on it is wrong.
    command.add("-Duser.timezone=America/New_York");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-cp");
    command.add(classes + File.pathSeparator + own.resolve("libs") + File.separator + "*");
    command.add(program);
    command.add(scripts.toString());
    return command;
  }
}
