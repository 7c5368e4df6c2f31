package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;

/** Whether rows come that cannot be converted. */
final class MalformedRowsProbe implements FactProbe {
  private static final FactName NAME = new FactName("rows.malformed", "Rows that are malformed");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    SeenFields fields = SeenFields.of(survey);
    if (fields.calls() == 0) {
      return NAME.unknown(survey.whyNoSample());
    }
    long malformed = fields.malformed();
    return malformed == 0
        ? NAME.is("none", "None of " + fields.calls() + " calls.", fields.evidence())
        : NAME.is(
            "some",
            malformed
                + " of "
                + fields.calls()
                + " calls have no id, no start, or a text in a field of numbers that is none. Choose"
                + " what becomes of them with malformed.records.",
            fields.evidence());
  }
}
