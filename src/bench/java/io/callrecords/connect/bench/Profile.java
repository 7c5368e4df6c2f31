package io.callrecords.connect.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** Where a JVM spent its time, as a flight recording of it has sampled the stacks. */
final class Profile {
  private final Frame root = new Frame("", "all");

  /** A method, and those that it called. */
  static final class Frame {
    private final String type;
    private final String name;
    private final Map<String, Frame> called = new TreeMap<>();
    private long samples;

    private Frame(String type, String name) {
      this.type = type;
      this.name = name;
    }

    /** The class, with its package. */
    String type() {
      return type;
    }

    /** Class and method. */
    String name() {
      return name;
    }

    /** How many samples found it on a stack, here. */
    long samples() {
      return samples;
    }

    /** What it called, in the order of the alphabet. */
    List<Frame> called() {
      return List.copyOf(called.values());
    }

    private Frame call(String otherType, String otherName) {
      return called.computeIfAbsent(otherName, unused -> new Frame(otherType, otherName));
    }
  }

  /**
   * Writes async-profiler's library, which a JVM of this machine can load.
   *
   * @param file its place
   * @throws IOException when there is none for this kind of machine
   */
  static Path profiler(Path file) throws IOException {
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
    String library = "/linux-" + arch + "/libasyncProfiler.so";
    try (InputStream from = Profile.class.getResourceAsStream(library)) {
      if (from == null) {
        throw new IOException("There is no " + library);
      }
      Files.copy(from, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  /**
   * Reads a recording: the stacks of all threads, each below the kind of its thread.
   *
   * @throws IOException also when it has no samples
   */
  static Profile read(Path recording) throws IOException {
    Profile profile = new Profile();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        if (event.getEventType().getName().equals("jdk.ExecutionSample")) {
          profile.add(event);
        }
      }
    }
    if (profile.root.samples == 0) {
      throw new IOException("Nothing was sampled: " + recording);
    }
    return profile;
  }

  private void add(RecordedEvent event) {
    RecordedThread thread = event.getThread("sampledThread");
    if (event.getStackTrace() == null || thread == null) {
      return;
    }
    List<RecordedFrame> stack = new ArrayList<>(event.getStackTrace().getFrames());
    Collections.reverse(stack);
    // Those that collect garbage and compile are no threads of Java's.
    String name = thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
    String kind = name == null ? "?" : name.replaceAll("[0-9]+", "N");
    root.samples++;
    Frame at = root.call("", kind);
    at.samples++;
    for (RecordedFrame frame : stack) {
      at = at.call(frame.getMethod().getType().getName(), method(frame));
      at.samples++;
    }
  }

  private static String method(RecordedFrame frame) {
    // What the compiler makes of a lambda has another number in each run.
    String type = frame.getMethod().getType().getName().replaceAll("\\$\\$Lambda.*", "");
    return type.substring(type.lastIndexOf('.') + 1) + '.' + frame.getMethod().getName();
  }

  /** All that was sampled. */
  Frame root() {
    return root;
  }

  /**
   * The share of samples in which a method of a kind was running or had called what was running.
   */
  double share(Predicate<String> methods) {
    return count(root, methods) / (double) Math.max(1, root.samples);
  }

  private static long count(Frame frame, Predicate<String> methods) {
    if (methods.test(frame.name)) {
      return frame.samples;
    }
    return frame.called.values().stream().mapToLong(child -> count(child, methods)).sum();
  }
}
