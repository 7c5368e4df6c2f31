package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import org.jspecify.annotations.Nullable;

/** What comes past the last page. */
final class PastEndProbe implements FactProbe {
  private static final FactName NAME = new FactName("paging.past-end", "Past the last page");
  private static final int SIZE = 10;
  private static final int BEYOND = 3;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    CallSample sample = survey.sample();
    if (!sample.isComplete() || sample.calls().isEmpty()) {
      return NAME.unknown(survey.whyNoSample());
    }
    ApiAnswer first = survey.ask(sample.from(), sample.to(), 1, SIZE);
    Integer told = first.pages();
    int announced = told == null ? 0 : told;
    long rows = Math.max(sample.rows(), sample.joined());
    int last = (int) ((rows + SIZE - 1) / SIZE);
    int far = Math.max(announced, last) + BEYOND;
    ApiAnswer past = survey.ask(sample.from(), sample.to(), far, SIZE);
    if (!past.isPage()) {
      return NAME.is("refused", "It is refused: " + past.text() + ".", Fact.evidence(first, past));
    }
    if (!past.rows().isEmpty()) {
      return NAME.is("first-page", "Page 1 comes again.", Fact.evidence(first, past));
    }
    long surely = surely(survey.pageRows(), sample);
    if (announced > 0 && (long) announced * SIZE < surely) {
      ApiAnswer next = survey.ask(sample.from(), sample.to(), announced + 1, SIZE);
      boolean isQueried = !next.rows().isEmpty();
      return NAME.is(
          isQueried ? "rows-past-announced" : "nothing-past-announced",
          isQueried
              ? "Nothing; but past the pages that it announces there are rows, and they come."
              : "Nothing, although there are more rows than fit on the pages that it announces.",
          Fact.evidence(first, next, past));
    }
    return NAME.is("empty", "Nothing: a page without rows.", Fact.evidence(first, past));
  }

  /** How many rows there are to page through at least. */
  private static long surely(@Nullable String pageRows, CallSample sample) {
    if (pageRows == null) {
      return sample.calls().size();
    }
    return pageRows.equals(PageRowsProbe.CALLS) ? sample.rows() : sample.joined();
  }
}
