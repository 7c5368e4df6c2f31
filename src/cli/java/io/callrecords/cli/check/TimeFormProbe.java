package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;

/** How times are written. */
final class TimeFormProbe implements FactProbe {
  private static final FactName NAME = new FactName("field.times", "Form of the times");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    SeenFields fields = SeenFields.of(survey);
    String shapes = String.join(" or ", fields.shapes(survey.feed().startField()));
    return shapes.isEmpty()
        ? NAME.unknown(survey.whyNoSample())
        : NAME.is(
            shapes,
            "They are written " + shapes + ", d for a digit and a for a letter.",
            fields.evidence());
  }
}
