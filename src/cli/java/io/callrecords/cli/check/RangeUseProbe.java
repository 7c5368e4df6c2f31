package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.Map;

/** Whether a range is honoured. */
final class RangeUseProbe implements FactProbe {
  private static final FactName NAME = new FactName("range.use", "What becomes of a range");

  private static final Map<String, String> TEXTS =
      Map.of(
          RangeUseResult.HONOURED,
          "Only calls of the range come.",
          "ignored",
          "Calls before and after the range come: it is ignored.",
          "start-ignored",
          "Calls before the range come: its start is ignored.",
          "end-ignored",
          "Calls after the range come: its end is ignored.",
          "whole-days",
          "Calls of the whole day come: the range is widened to whole days.",
          "whole-minutes",
          "Calls of the whole minute come: the range is widened to whole minutes.");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    // To the second, a range is looked at where a call is located.
    survey.location();
    RangeUseResult result = survey.rangeUse();
    String value = result.value();
    return value == null
        ? NAME.unknown(survey.whyNoSample(), Fact.evidence(result.answers()))
        : NAME.is(value, TEXTS.getOrDefault(value, value), Fact.evidence(result.answers()));
  }
}
