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

  private static final int MOST_SEARCHES = 3;

  private final List<ApiAnswer> answers = new ArrayList<>();

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    answers.clear();
    ApiAnswer oldest = ask(survey, LONGEST);
    int kept = 0;
    for (int search = 0; search < MOST_SEARCHES && oldest.refusesRange(); search++) {
      kept = search(survey, kept, LONGEST);
      // One refusal may be a fault that passes.
      ApiAnswer refusal = ask(survey, kept + 1);
      if (refusal.refusesRange()) {
        return refused(survey, kept, refusal);
      }
      if (!refusal.isPage()) {
        return noRefusal(refusal);
      }
      kept++;
      oldest = kept < LONGEST ? oldest : refusal;
    }
    if (oldest.isPage()) {
      return notRefused(survey);
    }
    return oldest.refusesRange()
        ? NAME.unknown(
            "The same range is refused at one time and answered at another.",
            Fact.evidence(answers))
        : noRefusal(oldest);
  }

  private Fact noRefusal(ApiAnswer answer) {
    return NAME.unknown(
        "An old range has " + answer.text() + ", which is no refusal of a range.",
        Fact.evidence(answers));
  }

  /** The most days that are answered where those at the end are refused. */
  private int search(Survey survey, int answered, int refused) throws InterruptedException {
    int kept = answered;
    int gone = refused;
    boolean isFirst = kept == 0 && survey.retention().toDays() < gone;
    while (gone - kept > 1) {
      int days = isFirst ? (int) survey.retention().toDays() : (kept + gone) / 2;
      isFirst = false;
      if (ask(survey, days).isPage()) {
        kept = days;
      } else {
        gone = days;
      }
    }
    return kept;
  }

  private Fact refused(Survey survey, int days, ApiAnswer refusal) throws InterruptedException {
    int kept = isAnsweredByDate(survey, days + 1) ? days + 1 : days;
    return NAME.is(
        kept + " days, " + refusal.text(),
        kept
            + " days back are answered, "
            + (kept + 1)
            + " are not: "
            + refusal.text()
            + " (api.retention.days is "
            + survey.retention().toDays()
            + ").",
        Fact.evidence(answers));
  }

  /**
   * Whether a day more is answered by the clock of the Date header: if that is the API's own, this
   * machine's is too early or too late. Of two clocks, the wrong one never has more days answered.
   */
  private boolean isAnsweredByDate(Survey survey, int days) throws InterruptedException {
    Instant now = survey.caller().now();
    Instant date = survey.caller().dateNow();
    return date != null
        && Duration.between(now, date).abs().compareTo(MARGIN.dividedBy(2)) > 0
        && ask(survey, date, days).isPage();
  }

  /** Asks, and again where what came is neither a page nor a refusal. */
  private ApiAnswer ask(Survey survey, int days) throws InterruptedException {
    ApiAnswer answer = ask(survey, survey.caller().now(), days);
    return answer.isPage() || answer.refusesRange()
        ? answer
        : ask(survey, survey.caller().now(), days);
  }

  private ApiAnswer ask(Survey survey, Instant now, int days) throws InterruptedException {
    Instant from = now.truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(days)).plus(MARGIN);
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
