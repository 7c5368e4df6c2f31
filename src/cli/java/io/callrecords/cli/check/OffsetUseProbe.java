package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;

/** Whether the offset of a request's times is honoured. */
final class OffsetUseProbe implements FactProbe {
  private static final FactName NAME = new FactName("time.offset", "Offset of a request's times");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    OffsetUse use = survey.offsetUse();
    String value = use.value();
    if (value == null) {
      return NAME.unknown(
          use.answers().isEmpty()
              ? survey.whyNoLocation()
              : "A call came with neither of two offsets, or with both.",
          Fact.evidence(use.answers()));
    }
    return NAME.is(
        value,
        value.equals(OffsetUse.HONOURED)
            ? "It is honoured: a moment means the same with another offset."
            : "It is dropped: only the date and the time of day count, as the API's zone has them.",
        Fact.evidence(use.answers()));
  }
}
