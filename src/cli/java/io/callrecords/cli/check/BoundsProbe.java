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
    return NAME.is(bounds, inWords(bounds), Fact.evidence(location.answers()));
  }

  private static String inWords(String bounds) {
    boolean hasStart = bounds.startsWith("[");
    boolean hasEnd = bounds.endsWith("]");
    if (hasStart == hasEnd) {
      return hasStart ? "Both ends belong to the range." : "Neither end belongs to the range.";
    }
    return hasStart
        ? "The start belongs to the range, the end does not."
        : "The end belongs to the range, the start does not.";
  }
}
