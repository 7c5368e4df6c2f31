package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** How far back the API answers. */
final class RetentionProbe implements FactProbe {
  private static final FactName NAME = new FactName("range.oldest", "How far back");
  private static final int LONGEST = 400;

  /** Moments pass while it is asked. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  private static final Duration WIDTH = Duration.ofHours(1);

  private final List<ApiAnswer> answers = new ArrayList<>();

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    answers.clear();
    ApiAnswer oldest = ask(survey, LONGEST);
    if (oldest.isPage()) {
      return notRefused(survey);
    }
    int kept = 0;
    int gone = LONGEST;
    ApiAnswer refusal = oldest;
    while (gone - kept > 1) {
      boolean isFirst = answers.size() == 1 && survey.retention().toDays() < LONGEST;
      int days = isFirst ? (int) survey.retention().toDays() : (kept + gone) / 2;
      ApiAnswer answer = ask(survey, days);
      if (answer.isPage()) {
        kept = days;
      } else {
        gone = days;
        refusal = answer;
      }
    }
    return NAME.is(
        kept + " days, status " + refusal.status(),
        kept
            + " days back are answered, "
            + gone
            + " are not: "
            + refusal.text()
            + " (api.retention.days is "
            + survey.retention().toDays()
            + ").",
        Fact.evidence(answers));
  }

  private ApiAnswer ask(Survey survey, int days) throws InterruptedException {
    Instant from =
        survey
            .caller()
            .now()
            .truncatedTo(ChronoUnit.SECONDS)
            .minus(Duration.ofDays(days))
            .plus(MARGIN);
    ApiAnswer answer = survey.ask(from, from.plus(WIDTH), 1, 1);
    answers.add(answer);
    return answer;
  }

  /** Older ranges are answered, without anything in them: then only calls tell how far back. */
  private Fact notRefused(Survey survey) throws InterruptedException {
    int step = 30;
    int days = LONGEST;
    while (days > step && !hasCalls(survey, days, days - step)) {
      days -= step;
    }
    int older = days;
    int newer = Math.max(0, days - step);
    while (older - newer > 1) {
      int mid = (older + newer) / 2;
      if (hasCalls(survey, older, mid)) {
        newer = mid;
      } else {
        older = mid;
      }
    }
    return NAME.is(
        "no refusal, oldest call " + older + " days",
        "Nothing is refused for being too old. The oldest call is of "
            + newer
            + " to "
            + older
            + " days ago; whether the API keeps no older ones or the account had none, calls cannot"
            + " tell.",
        Fact.evidence(answers));
  }

  private boolean hasCalls(Survey survey, int older, int newer) throws InterruptedException {
    Instant now = survey.now();
    ApiAnswer answer =
        survey.ask(now.minus(Duration.ofDays(older)), now.minus(Duration.ofDays(newer)), 1, 1);
    answers.add(answer);
    return answer.isPage() && !answer.rows().isEmpty();
  }
}
