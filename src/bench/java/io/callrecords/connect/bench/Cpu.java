package io.callrecords.connect.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a process has had of the processors by now, as Linux counts it. */
final class Cpu {
  /** Linux shows this time in hundredths of a second, whatever it counts in itself. */
  private static final double TICKS_PER_SECOND = 100;

  /** How the names begin that a JVM gives to threads of its own. */
  private static final List<String> OF_THE_JVM =
      List.of("C1 Comp", "C2 Comp", "G1 ", "GC Thread", "VM ", "Sweeper", "Service Thread");

  private static final int USER = 11;
  private static final int SYSTEM = 12;

  private Cpu() {}

  /** Seconds that a process has spent on processors. */
  static double seconds(long process) throws IOException {
    return seconds(Path.of("/proc", Long.toString(process)));
  }

  /** Seconds that those threads of a process have, which live and whose names begin so. */
  static double seconds(long process, String threads) throws IOException {
    double sum = 0;
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(process), "task"))) {
      for (Path thread : all) {
        if (name(thread).startsWith(threads)) {
          sum += seconds(thread);
        }
      }
    }
    return sum;
  }

  /**
   * Seconds that each thread of a JVM has, which lives: all but the JVM's own, whose compilers and
   * collector work when they see fit.
   */
  static Map<Path, Double> ofThreads(long process) throws IOException {
    Map<Path, Double> result = new HashMap<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(process), "task"))) {
      for (Path thread : all) {
        String name = name(thread);
        if (!name.isEmpty() && OF_THE_JVM.stream().noneMatch(name::startsWith)) {
          result.put(thread, seconds(thread));
        }
      }
    }
    return result;
  }

  /** Seconds that such threads have had since. */
  static double since(long process, Map<Path, Double> before) throws IOException {
    return ofThreads(process).entrySet().stream()
        .mapToDouble(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0.0))
        .sum();
  }

  private static String name(Path thread) {
    try {
      return Files.readString(thread.resolve("comm"));
    } catch (IOException e) {
      // It has ended meanwhile.
      return "";
    }
  }

  private static double seconds(Path of) throws IOException {
    String stat = Files.readString(of.resolve("stat"));
    // The name, which may hold blanks, stands in brackets.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
  }

  /** Seconds that this process has spent on processors. */
  static double own() throws IOException {
    return seconds(ProcessHandle.current().pid());
  }
}
