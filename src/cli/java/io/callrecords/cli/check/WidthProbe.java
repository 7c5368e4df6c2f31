package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How wide a range may be. */
final class WidthProbe implements FactProbe {
  private static final FactName NAME = new FactName("range.widest", "Widest range");
  private static final Duration DOCUMENTED = Duration.ofDays(31);
  private static final Duration WIDE = Duration.ofDays(45);

  private final List<ApiAnswer> answers = new ArrayList<>();

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    answers.clear();
    ApiAnswer month = ask(survey, DOCUMENTED.minusDays(1));
    if (!month.isPage()) {
      return NAME.unknown("Not even 30 days are answered.", Fact.evidence(month));
    }
    if (month.rows().isEmpty()) {
      return NAME.unknown("There is no call in a month.", Fact.evidence(month));
    }
    boolean isExact = isAnswered(ask(survey, DOCUMENTED));
    ApiAnswer longer = ask(survey, DOCUMENTED.plusSeconds(1));
    if (isExact && isAnswered(longer)) {
      ApiAnswer wide = ask(survey, WIDE);
      return isAnswered(wide)
          ? NAME.is("over 45 days", "45 days are answered, too.", Fact.evidence(answers))
          : NAME.is(
              "over 31 days, " + form(wide),
              "More than 31 days are answered, 45 are not: " + wide.text() + ".",
              Fact.evidence(answers));
    }
    return NAME.is(
        (isExact ? "31 days, " : "under 31 days, ") + form(longer),
        (isExact ? "Exactly 31 days are answered" : "30 days are answered, 31 are not")
            + "; a longer range gives "
            + (longer.isPage() ? "an answer without rows" : longer.text())
            + ".",
        Fact.evidence(answers));
  }

  /** Asks, and again where there are no rows: one such answer may be a fault that passes. */
  private ApiAnswer ask(Survey survey, Duration width) throws InterruptedException {
    ApiAnswer answer = askOnce(survey, width);
    return isAnswered(answer) ? answer : askOnce(survey, width);
  }

  private ApiAnswer askOnce(Survey survey, Duration width) throws InterruptedException {
    Instant to = survey.now();
    ApiAnswer answer = survey.ask(to.minus(width), to, 1, 1);
    answers.add(answer);
    return answer;
  }

  private static boolean isAnswered(ApiAnswer answer) {
    return answer.isPage() && !answer.rows().isEmpty();
  }

  private static String form(ApiAnswer refused) {
    return refused.isPage() ? "empty" : refused.text();
  }
}
