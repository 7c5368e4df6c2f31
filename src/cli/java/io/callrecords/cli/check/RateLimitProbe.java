package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.List;

/** The first sign that requests come too often. */
final class RateLimitProbe implements FactProbe {
  private static final FactName NAME = new FactName("rate.limit", "Limit of requests");

  private final double perSecond;

  /**
   * Creates a probe.
   *
   * @param perSecond how often it was asked at most
   */
  RateLimitProbe(double perSecond) {
    this.perSecond = perSecond;
  }

  @Override
  public Fact examine(Survey survey) {
    List<ApiAnswer> limits = survey.caller().limits();
    int answers = survey.caller().answers().size();
    if (limits.isEmpty()) {
      return NAME.unknown(
          "No sign of a limit in "
              + answers
              + " requests at "
              + perSecond
              + " a second at most; nothing was asked faster.");
    }
    String form = limits.get(0).text();
    return NAME.is(
        form,
        limits.size()
            + " of "
            + (answers + limits.size())
            + " requests were too many at "
            + perSecond
            + " a second at most: "
            + form
            + ". Lower requests.per.second.",
        Fact.evidence(limits));
  }
}
