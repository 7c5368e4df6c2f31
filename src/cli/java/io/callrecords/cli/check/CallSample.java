package io.callrecords.cli.check;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Some calls of the account, of a range that is over, of which all that matters is known.
 *
 * @param from the start of the range
 * @param to its end
 * @param pages the pages of the whole range, in their order
 * @param calls its calls by id, read in ranges so small that nothing is missing
 * @param isComplete whether that could be done
 */
record CallSample(
    Instant from,
    Instant to,
    List<ApiAnswer> pages,
    Map<String, SampledCall> calls,
    boolean isComplete) {
  /** How many rows a join with the labels gives. */
  long joined() {
    return calls.values().stream().mapToLong(SampledCall::joined).sum();
  }

  /** How many rows came, of some calls several. */
  long rows() {
    return calls.values().stream().mapToLong(SampledCall::rows).sum();
  }
}
