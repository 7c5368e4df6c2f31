package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A JVM with a small heap, in which a program measures and says what it has found. */
final class MeasuringJvm {
  private static final String RESULT = "measured ";

  private MeasuringJvm() {}

  /**
   * Runs a program to its end; what else it prints is printed.
   *
   * @param megabytes how large its heap is at most
   * @return what it has measured, by name
   * @throws IllegalStateException when it ends with an error
   */
  static Map<String, Double> run(Class<?> program, int megabytes, Object... args)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + megabytes + "m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    Arrays.stream(args).map(Object::toString).forEach(command::add);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, Double> results = new HashMap<>();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(RESULT)) {
          String[] result = line.substring(RESULT.length()).split(" ", 2);
          results.put(result[0], Double.parseDouble(result[1]));
        } else {
          System.out.println(line);
        }
      }
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + " ended with an error");
    }
    return results;
  }

  /** Says what was measured, in the program. */
  static void result(String name, double value) {
    System.out.println(RESULT + name + " " + value);
  }

  /** What of the heap is in use after a full collection, in MiB. */
  static double heap() {
    ManagementFactory.getMemoryMXBean().gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024. / 1024;
  }
}
