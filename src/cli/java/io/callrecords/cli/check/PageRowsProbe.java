package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.ArrayList;
import java.util.List;

/** What a page has as many of as its size says. */
final class PageRowsProbe implements FactProbe {
  static final String CALLS = "calls";
  static final String JOINED = "joined";
  static final String APART = "joined-apart";
  private static final FactName NAME = new FactName("paging.rows", "What a page holds");
  private static final int SIZE = 7;
  private static final int PAGES = 9;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    CallSample sample = survey.sample();
    if (!sample.isComplete() || sample.calls().isEmpty()) {
      return NAME.unknown(survey.whyNoSample());
    }
    if (sample.calls().values().stream().noneMatch(call -> call.labels().size() > 1)) {
      return NAME.unknown("No call of the sample has two labels, which alone would tell.");
    }
    List<ApiAnswer> answers = new ArrayList<>(sample.pages());
    for (int page = 1; page <= PAGES; page++) {
      answers.add(survey.ask(sample.from(), sample.to(), page, SIZE));
    }
    long partial =
        answers.stream()
            .filter(answer -> answer.question().size() == SIZE)
            .filter(answer -> !answer.rows().isEmpty() && answer.rows().size() < SIZE)
            .count();
    String value = value(answers, sample, partial > 1);
    String text =
        switch (value) {
          case APART -> "Rows of a join with the labels, each a record with one label.";
          case JOINED ->
              "Rows of a join with the labels: fewer records than its size says, and a call at its"
                  + " edge has only some of its labels.";
          default -> "Calls, each with all of its labels.";
        };
    return NAME.is(value, text, Fact.evidence(answers));
  }

  private static String value(List<ApiAnswer> answers, CallSample sample, boolean isNeverFull) {
    boolean isCut = isNeverFull;
    for (ApiAnswer answer : answers) {
      for (SeenRow row : answer.rows()) {
        SampledCall call = sample.calls().get(row.id());
        boolean lacksLabels = call != null && row.labels().size() < call.labels().size();
        isCut |= lacksLabels;
        if (lacksLabels
            && answer.rows().stream()
                .anyMatch(
                    other -> other.id().equals(row.id()) && !other.labels().equals(row.labels()))) {
          return APART;
        }
      }
    }
    return isCut ? JOINED : CALLS;
  }
}
