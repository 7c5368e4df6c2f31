package io.callrecords.cli.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Runs all probes against an account. */
final class AccountCheck {
  private final Survey survey;
  private final List<FactProbe> probes;

  /**
   * Creates a check; nothing is asked yet.
   *
   * @param perSecond how many requests a second the survey's caller sends at most
   */
  AccountCheck(Survey survey, double perSecond) {
    this.survey = survey;
    this.probes =
        List.of(
            new RangeUseProbe(),
            new FilteredTimeProbe(),
            new TimeZoneProbe(),
            new OffsetUseProbe(),
            new BoundsProbe(),
            new RowOrderProbe(),
            new TieOrderProbe(),
            new TotalProbe(),
            new PageRowsProbe(),
            new PageCapProbe(),
            new PastEndProbe(),
            new DuplicateRowsProbe(),
            new MalformedRowsProbe(),
            new EmptyAnswerProbe(),
            new WidthProbe(),
            new RetentionProbe(),
            new StatusFormProbe(),
            new PageKeysProbe(),
            new OtherFieldsProbe(),
            new MissingFieldsProbe(),
            new NullFormProbe(),
            new TimeFormProbe(),
            new NumberFormProbe(),
            new TextNumbersProbe(),
            new FieldTypesProbe(),
            new LatencyProbe(),
            new ClockProbe(),
            // What it asks for may be refused, so it comes late.
            new TimestampProbe(),
            new RateLimitProbe(perSecond));
  }

  /** How many facts there are to find. */
  int size() {
    return probes.size();
  }

  /**
   * Finds them out.
   *
   * @param progress is told how many are known
   */
  List<Fact> facts(IntConsumer progress) throws InterruptedException {
    List<Fact> facts = new ArrayList<>();
    for (FactProbe probe : probes) {
      facts.add(probe.examine(survey));
      progress.accept(facts.size());
    }
    return facts;
  }
}
