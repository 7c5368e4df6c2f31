package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;

/** Fields that come and are not in the schema. */
final class OtherFieldsProbe implements FactProbe {
  private static final FactName NAME = new FactName("field.other", "Fields beyond the schema");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    SeenFields fields = SeenFields.of(survey);
    if (fields.calls() == 0) {
      return NAME.unknown(survey.whyNoSample());
    }
    String names = String.join(", ", fields.others());
    return names.isEmpty()
        ? NAME.is("none", "There are none.", fields.evidence())
        : NAME.is(
            names, "There are: " + names + ". They go to the field extra.", fields.evidence());
  }
}
