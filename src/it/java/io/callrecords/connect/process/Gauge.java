package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Measures a JVM from outside, on Linux: what it holds, and what it still needs of it. */
public final class Gauge {
  private static final Pattern USED =
      Pattern.compile("(generation|garbage-first heap|Metaspace) .*?used (\\d+)K");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final int SECONDS = 30;

  private Gauge() {}

  /**
   * What a JVM holds at a moment.
   *
   * @param heap what is left in its heap after a full collection, in KiB
   * @param metaspace what its classes take, in KiB
   * @param threads how many threads it has
   * @param sockets how many sockets are open
   */
  public record ProcessReading(long heap, long metaspace, int threads, int sockets) {}

  /**
   * Lets a JVM with the serial or the G1 collector collect its garbage, and measures it.
   *
   * @param process its number
   */
  public static ProcessReading read(long process) {
    command(process, "GC.run");
    long heap = 0;
    long metaspace = 0;
    Matcher used = USED.matcher(command(process, "GC.heap_info"));
    while (used.find()) {
      long size = Long.parseLong(used.group(2));
      if (used.group(1).equals("Metaspace")) {
        metaspace += size;
      } else {
        heap += size;
      }
    }
    if (heap == 0 || metaspace == 0) {
      throw new AssertionError("Process " + process + " does not tell what its heap holds");
    }
    return new ProcessReading(heap, metaspace, threads(process), sockets(process));
  }

  /**
   * What of a JVM's heap is in use, in bytes, whichever its collector is: it is made to collect.
   */
  public static long liveBytes(long process) {
    Matcher total = TOTAL.matcher(command(process, "GC.class_histogram"));
    if (!total.find()) {
      throw new AssertionError("Process " + process + " does not tell what its heap holds");
    }
    return Long.parseLong(total.group(1));
  }

  /** Lets a JVM do what {@code jcmd} can ask of it, and returns what it says. */
  public static String command(long process, String... command) {
    try {
      File answer = File.createTempFile("gauge", ".txt");
      try {
        Process jcmd =
            new ProcessBuilder(
                    Stream.concat(
                            Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(process)),
                            Stream.of(command))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(answer)
                .start();
        if (!jcmd.waitFor(SECONDS, TimeUnit.SECONDS)) {
          jcmd.destroyForcibly();
        }
        return Files.readString(answer.toPath(), UTF_8);
      } finally {
        Files.delete(answer.toPath());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run jcmd", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while measuring", e);
    }
  }

  private static int threads(long process) {
    try {
      Matcher threads = THREADS.matcher(Files.readString(proc(process).resolve("status"), UTF_8));
      return threads.find() ? Integer.parseInt(threads.group(1)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the threads of " + process, e);
    }
  }

  private static int sockets(long process) {
    try (Stream<Path> files = Files.list(proc(process).resolve("fd"))) {
      List<Path> open = files.toList();
      return (int) open.stream().filter(Gauge::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the sockets of " + process, e);
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException e) {
      // It was closed meanwhile.
      return false;
    }
  }

  private static Path proc(long process) {
    return Path.of("/proc", Long.toString(process));
  }
}
