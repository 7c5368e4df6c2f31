package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which calls people and machines touch after they appeared, when, and how.
 *
 * @param share the share of the calls that change
 * @param within how long after its appearance a call changes at the latest
 * @param seed decides the rest
 */
record EditPlan(double share, Duration within, long seed) {

  /** When the call at a position changes, or null when it never does. */
  @Nullable Instant moment(int position, long appearsAt) {
    long draw = Mixing.of(seed + position);
    if ((draw >>> 11) * 0x1p-53 >= share) {
      return null;
    }
    return Instant.ofEpochSecond(appearsAt)
        .plusMillis(Math.floorMod(Mixing.of(draw), within.toMillis() + 1));
  }

  /** What happens to the call at a position. */
  UnaryOperator<Call.CallBuilder> change(int position) {
    return switch ((int) Math.floorMod(Mixing.of(seed - position), 3L)) {
      case 0 -> call -> call.remark("called again – 已回访 " + position);
      case 1 -> call -> call.labels(List.of("High level", "edited " + position));
      default -> call -> call.voiceUrl("recording-" + position);
    };
  }
}
