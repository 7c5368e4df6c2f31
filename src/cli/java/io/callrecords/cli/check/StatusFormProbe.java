package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.List;

/** Whether the status is a text or a number. */
final class StatusFormProbe implements FactProbe {
  private static final FactName NAME = new FactName("status.form", "Form of the status");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    survey.window();
    List<ApiAnswer> pages = survey.caller().answers();
    boolean isText = pages.get(0).envelope().isStatusText();
    boolean isAlways = pages.stream().allMatch(page -> page.envelope().isStatusText() == isText);
    String form = isText ? "text" : "number";
    List<Fact.FactEvidence> evidence =
        List.of(Fact.FactEvidence.of(pages.get(0), "the status as a " + form));
    return isAlways
        ? NAME.is(form, "It comes as a " + form + ".", evidence)
        : NAME.is("both", "It comes as a text and as a number.", evidence);
  }
}
