package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/** Which fields of numbers come as texts. */
final class TextNumbersProbe implements FactProbe {
  private static final FactName NAME = new FactName("field.texts", "Numbers written as texts");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    SeenFields fields = SeenFields.of(survey);
    if (fields.calls() == 0) {
      return NAME.unknown(survey.whyNoSample());
    }
    String names =
        fields.schema().stream()
            .filter(field -> field.schema().type() == Schema.Type.INT32)
            .map(Field::name)
            .filter(name -> fields.forms(name).containsKey("text"))
            .collect(Collectors.joining(", "));
    return names.isEmpty()
        ? NAME.is("none", "Numbers come as numbers.", fields.evidence())
        : NAME.is(names, "These come as texts: " + names + ".", fields.evidence());
  }
}
