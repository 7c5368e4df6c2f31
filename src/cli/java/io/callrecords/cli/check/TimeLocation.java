package io.callrecords.cli.check;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a call lies on the axis that the API filters by, and what follows from that.
 *
 * @param field {@code call-start}, {@code call-end} or {@code other}; null where it is unknown
 * @param zone the offset of the API's times at that call; null where it is unknown
 * @param bounds {@code []}, {@code [)}, {@code (]} or {@code ()}; null where they are unknown
 * @param callId the call that was located, or null
 * @param moment where it lies, as the range of a request has to be written; null where it is
 *     unknown
 * @param isDirect whether it lies where the settings say
 * @param answers what shows it
 */
record TimeLocation(
    @Nullable String field,
    @Nullable ZoneOffset zone,
    @Nullable String bounds,
    @Nullable String callId,
    @Nullable Instant moment,
    boolean isDirect,
    List<ApiAnswer> answers) {
  static final String START = "call-start";
  static final String END = "call-end";
  static final String OTHER = "other";

  /** Without the call's id. */
  @Override
  public String toString() {
    return "TimeLocation[" + field + ", " + zone + ", " + bounds + "]";
  }

  static TimeLocation unknown(List<ApiAnswer> answers) {
    return new TimeLocation(null, null, null, null, null, false, List.copyOf(answers));
  }
}
