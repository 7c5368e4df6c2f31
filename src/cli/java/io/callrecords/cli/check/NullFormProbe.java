package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How a time that a call does not have is written. */
final class NullFormProbe implements FactProbe {
  private static final FactName NAME = new FactName("field.nulls", "A time that there is not");
  private static final String FIELD = "answerTime";

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    Map<String, Integer> forms = new TreeMap<>(SeenFields.of(survey).forms(FIELD));
    List<Fact.FactEvidence> evidence =
        List.of(new Fact.FactEvidence("all ranges of this check", FIELD + ": " + forms));
    forms.remove("text");
    forms.remove("number");
    if (forms.isEmpty()) {
      return NAME.unknown("Each call that was seen was answered.", evidence);
    }
    String value = String.join(", ", forms.keySet());
    return NAME.is(
        value, "Where a call was not answered, " + FIELD + " is: " + value + ".", evidence);
  }
}
