package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a call comes twice in an answer. */
final class DuplicateRowsProbe implements FactProbe {
  private static final FactName NAME = new FactName("rows.twice", "Calls that come twice");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    survey.sample();
    List<ApiAnswer> pages =
        survey.caller().answers().stream().filter(answer -> answer.rows().size() > 1).toList();
    if (pages.isEmpty()) {
      return NAME.unknown(survey.whyNoSample());
    }
    for (ApiAnswer page : pages) {
      Set<SeenRow> seen = new HashSet<>();
      for (SeenRow row : page.rows()) {
        if (!seen.add(row)) {
          return NAME.is(
              "some",
              "A call came twice in one answer, with the same contents.",
              List.of(Fact.FactEvidence.of(page, page.text() + ", one of them twice")));
        }
      }
    }
    return NAME.is("none", "None in " + pages.size() + " pages.", Fact.evidence(pages));
  }
}
