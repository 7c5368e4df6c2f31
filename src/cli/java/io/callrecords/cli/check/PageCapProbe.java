package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Instant;
import java.util.List;

/** The most rows that a page has. */
final class PageCapProbe implements FactProbe {
  private static final FactName NAME = new FactName("paging.cap", "Most rows of a page");
  private static final int SIZE = 100;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    Instant to = survey.window().to();
    ApiAnswer first = survey.ask(to.minus(survey.month()), to, 1, SIZE);
    ApiAnswer second = survey.ask(to.minus(survey.month()), to, 2, SIZE);
    List<Fact.FactEvidence> evidence = Fact.evidence(first, second);
    boolean isJoined = PageRowsProbe.JOINED.equals(survey.pageRows());
    int rows = rows(first, isJoined);
    if (rows >= SIZE) {
      return NAME.is("none", "A page of size 100 is full.", evidence);
    }
    if (first.ids().containsAll(second.ids())) {
      return NAME.unknown("There is no range with more calls than fit on a page.", evidence);
    }
    if (survey.pageRows() == null && rows(first, true) != first.rows().size()) {
      return NAME.unknown("Nothing tells whether pages hold calls or rows of a join.", evidence);
    }
    Integer said = first.size();
    return NAME.is(
        rows + (said != null && said == rows ? ", said" : ", not said"),
        "A page has "
            + rows
            + " rows at most, whatever its size; the answer says size "
            + said
            + ".",
        evidence);
  }

  private static int rows(ApiAnswer page, boolean isJoined) {
    return isJoined ? page.rows().stream().mapToInt(SeenRow::joined).sum() : page.rows().size();
  }
}
