package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.List;

/** How long an answer takes. */
final class LatencyProbe implements FactProbe {
  private static final FactName NAME = new FactName("latency", "Time of an answer");

  @Override
  public Fact examine(Survey survey) {
    long[] millis =
        survey.caller().answers().stream()
            .mapToLong(answer -> answer.took().toMillis())
            .sorted()
            .toArray();
    String median = millis[millis.length / 2] + " ms";
    return NAME.is(
        median,
        "Half of the answers took less than "
            + median
            + ", the slowest "
            + millis[millis.length - 1]
            + " ms.",
        List.of(
            new Fact.FactEvidence(
                millis.length + " requests",
                millis[0] + " to " + millis[millis.length - 1] + " ms")));
  }
}
