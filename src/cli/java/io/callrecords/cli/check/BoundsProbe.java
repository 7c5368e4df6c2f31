package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;

/** Whether the ends of a range belong to it. */
final class BoundsProbe implements FactProbe {
  private static final FactName NAME = new FactName("range.bounds", "Bounds of a range");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    TimeLocation location = survey.location();
    String bounds = location.bounds();
    if (bounds == null) {
      return NAME.unknown(
          location.field() == null
              ? survey.whyNoLocation()
              : "One end belongs to it; which, the calls cannot tell, since no field of theirs has"
                  + " the filtered time.",
          Fact.evidence(location.answers()));
    }
    return NAME.is(
        bounds,
        "The start "
            + (bounds.startsWith("[") ? "belongs" : "does not belong")
            + " to the range, the end "
            + (bounds.endsWith("]") ? "does." : "does not."),
        Fact.evidence(location.answers()));
  }
}
