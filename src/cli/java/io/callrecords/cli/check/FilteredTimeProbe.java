package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;

/** Which time of a call the range is compared with. */
final class FilteredTimeProbe implements FactProbe {
  private static final FactName NAME = new FactName("time.filtered", "Time that is filtered");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    TimeLocation location = survey.location();
    String field = location.field();
    if (field == null) {
      return NAME.unknown(survey.whyNoLocation(), Fact.evidence(location.answers()));
    }
    String text =
        switch (field) {
          case TimeLocation.START -> "The start of the call (query.time.field=callStartTime).";
          case TimeLocation.END -> "The end of the call (query.time.field=callEndTime).";
          default ->
              "Neither start nor end: most likely the time at which the row was made. Set"
                  + " query.time.field=callEndTime, and late.arrival.ms above the longest delay.";
        };
    return NAME.is(field, text, Fact.evidence(location.answers()));
  }
}
