package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.ZoneOffset;

/** In which zone times without one are. */
final class TimeZoneProbe implements FactProbe {
  private static final FactName NAME = new FactName("time.zone", "Zone of the times");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    TimeLocation location = survey.location();
    ZoneOffset zone = location.zone();
    if (zone == null) {
      return NAME.unknown(survey.whyNoLocation(), Fact.evidence(location.answers()));
    }
    if (survey.isOffsetDropped()) {
      return NAME.unknown(
          "The offset of a request is dropped, so that its times are compared as they are written,"
              + " whatever their zone is. Compare a call that has just ended with a clock.",
          Fact.evidence(location.answers()));
    }
    String text =
        location.isDirect()
            ? "As configured, " + zone + "."
            : "It is " + zone + ", while api.time.zone is " + survey.zone() + ".";
    return NAME.is(
        zone.getId().equals("Z") ? "+00:00" : zone.getId(),
        text,
        Fact.evidence(location.answers()));
  }
}
