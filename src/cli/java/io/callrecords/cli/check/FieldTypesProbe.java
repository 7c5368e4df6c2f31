package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.List;

/** In which forms each field comes. */
final class FieldTypesProbe implements FactProbe {
  private static final FactName NAME = new FactName("field.types", "Types and nulls by field");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    SeenFields fields = SeenFields.of(survey);
    if (fields.calls() == 0) {
      return NAME.unknown(survey.whyNoSample());
    }
    List<String> each = fields.formsByField();
    return NAME.is(
        String.join("; ", each),
        "Of " + fields.calls() + " calls: " + String.join("; ", each) + ".",
        fields.evidence());
  }
}
