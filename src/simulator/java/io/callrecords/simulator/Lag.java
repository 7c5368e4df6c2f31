package io.callrecords.simulator;

import java.time.Duration;

/** How long after its end a call appears: an even spread of whole seconds. */
record Lag(Duration min, Duration max) {

  Lag {
    if (min.isNegative() || max.compareTo(min) < 0) {
      throw new IllegalArgumentException("Not a lag: " + min + " to " + max);
    }
  }

  /** The seconds that belong to a random number. */
  long seconds(long draw) {
    long spread = max.toSeconds() - min.toSeconds() + 1;
    return min.toSeconds() + Math.floorMod(Mixing.of(draw), spread);
  }
}
