package io.callrecords.connect.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
  private final Map<String, Long> threads = new HashMap<>();

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

  /** Reads a recording: the stacks of all threads, each below the kind of its thread. */
  static Profile read(Path recording) throws IOException {
    Profile profile = new Profile();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        if (event.getEventType().getName().equals("jdk.ExecutionSample")
            || event.getEventType().getName().equals("jdk.NativeMethodSample")) {
          profile.add(event);
        }
      }
    }
    return profile;
  }

  private void add(RecordedEvent event) {
    RecordedThread thread = event.getThread("sampledThread");
    if (event.getStackTrace() == null || thread == null || thread.getJavaName() == null) {
      return;
    }
    List<RecordedFrame> stack = new ArrayList<>(event.getStackTrace().getFrames());
    if (event.getEventType().getName().equals("jdk.NativeMethodSample") && waits(stack)) {
      return;
    }
    Collections.reverse(stack);
    String kind = thread.getJavaName().replaceAll("[0-9]+", "N");
    threads.merge(kind, 1L, Long::sum);
    root.samples++;
    Frame at = root.call("", kind);
    at.samples++;
    for (RecordedFrame frame : stack) {
      at = at.call(frame.getMethod().getType().getName(), method(frame));
      at.samples++;
    }
  }

  /** A native method that sleeps in the system looks like one that works. */
  private static boolean waits(List<RecordedFrame> stack) {
    String method = stack.get(0).getMethod().getName();
    return !method.equals("write") && !method.equals("write0") && !method.equals("writev0");
  }

  private static String method(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    // What the compiler makes of a lambda has another number in each run.
    String shown = type.substring(type.lastIndexOf('.') + 1).replaceAll("^[0-9]+$", "lambda");
    return shown.replaceAll("\\$\\$Lambda.*", "") + '.' + frame.getMethod().getName();
  }

  /** All that was sampled. */
  Frame root() {
    return root;
  }

  /** The samples of each kind of thread. */
  Map<String, Long> threads() {
    return Map.copyOf(threads);
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
