package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/** How whole numbers are written. */
final class NumberFormProbe implements FactProbe {
  private static final FactName NAME = new FactName("field.numbers", "Form of whole numbers");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    SeenFields fields = SeenFields.of(survey);
    List<String> numbers =
        fields.schema().stream()
            .filter(field -> field.schema().type() == Schema.Type.INT32)
            .map(Field::name)
            .toList();
    if (numbers.stream().allMatch(name -> fields.shapes(name).isEmpty())) {
      return NAME.unknown(survey.whyNoSample());
    }
    boolean hasFraction = numbers.stream().anyMatch(fields::hasFraction);
    return NAME.is(
        hasFraction ? "fraction" : "whole",
        hasFraction ? "They have a fraction, such as 12.0." : "They are whole, such as 12.",
        fields.evidence());
  }
}
