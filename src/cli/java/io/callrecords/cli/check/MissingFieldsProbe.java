package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;

/** Fields of the schema that never come. */
final class MissingFieldsProbe implements FactProbe {
  private static final FactName NAME = new FactName("field.missing", "Fields that never come");
  private static final int ENOUGH = 10;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    SeenFields fields = SeenFields.of(survey);
    if (fields.calls() < ENOUGH) {
      return NAME.unknown("Too few calls were seen: " + fields.calls() + ".");
    }
    String names =
        fields.schema().stream()
            .map(Field::name)
            .filter(name -> !fields.came(name))
            .collect(Collectors.joining(", "));
    return names.isEmpty()
        ? NAME.is("none", "There are none.", fields.evidence())
        : NAME.is(
            names, "Of " + fields.calls() + " calls, none has: " + names + ".", fields.evidence());
  }
}
