package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How old, and how far ahead, a timestamp may be: tried in steps until one is refused, which
 * happens once for each, so that no account is locked.
 */
final class TimestampProbe implements FactProbe {
  private static final FactName NAME =
      new FactName("timestamp.validity", "Validity of a timestamp");
  private static final int[] STEPS = {
    30, 55, 65, 115, 125, 170, 190, 290, 310, 590, 610, 890, 910, 1_790, 1_810, 3_590, 3_610, 86_500
  };

  private final List<ApiAnswer> answers = new ArrayList<>();

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    answers.clear();
    String old = limit(survey, -1);
    String ahead = limit(survey, 1);
    return NAME.is(
        old + " s ago, " + ahead + " s ahead",
        "It is taken when signed " + old + " s ago, or " + ahead + " s ahead.",
        Fact.evidence(answers));
  }

  private String limit(Survey survey, int sign) throws InterruptedException {
    int taken = 0;
    for (int step : STEPS) {
      ApiQuestion plain = survey.question(survey.now().minusSeconds(60), survey.now(), 1, 1);
      ApiAnswer answer =
          survey
              .caller()
              .ask(
                  new ApiQuestion(
                      plain.from(),
                      plain.to(),
                      plain.offset(),
                      1,
                      1,
                      Duration.ofSeconds((long) sign * step)));
      answers.add(answer);
      if (!answer.isPage()) {
        return taken + " to " + step;
      }
      taken = step;
    }
    return "over " + taken;
  }
}
