package io.callrecords.connect.client;

import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs what belongs to a loop as one of its steps, as the connector does. */
final class OnLoop {
  private OnLoop() {}

  /** Runs a step now, and all others that are due. */
  static void run(VirtualLoop loop, Runnable step) {
    loop.execute(step);
    loop.runFor(Duration.ZERO);
  }

  /** Runs a step now, and all others that are due; returns its value. */
  static <T> T call(VirtualLoop loop, Supplier<T> step) {
    List<T> value = new ArrayList<>();
    run(loop, () -> value.add(step.get()));
    return value.get(0);
  }
}
