package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far the API's clock is ahead of this machine's. */
final class ClockProbe implements FactProbe {
  private static final FactName NAME = new FactName("clock.offset", "Its clock");
  private static final double EXACT = 2;

  @Override
  public Fact examine(Survey survey) {
    List<ApiAnswer> dated =
        survey.caller().answers().stream().filter(answer -> answer.date() != null).toList();
    if (dated.isEmpty()) {
      return NAME.unknown("No answer has a Date header.");
    }
    double[] offsets = offsets(dated);
    double median = offsets[offsets.length / 2];
    long seconds = Math.round(median);
    String value = Math.abs(median) < EXACT ? "0" : Long.toString(seconds);
    return NAME.is(
        value,
        value.equals("0")
            ? "Its Date header and this machine's clock agree to the second."
            : "Its Date header is "
                + Math.abs(seconds)
                + " s "
                + (seconds > 0 ? "ahead of" : "behind")
                + " this machine's clock.",
        List.of(
            new Fact.FactEvidence(
                dated.size() + " requests",
                "Date header ahead by "
                    + Math.round(offsets[0])
                    + " to "
                    + Math.round(offsets[offsets.length - 1])
                    + " s")));
  }

  /** By how many seconds the Date headers of answers are ahead; null where they have none. */
  static @Nullable Double ahead(List<ApiAnswer> answers) {
    double[] offsets = offsets(answers.stream().filter(answer -> answer.date() != null).toList());
    return offsets.length == 0 ? null : offsets[offsets.length / 2];
  }

  private static double[] offsets(List<ApiAnswer> dated) {
    return dated.stream().mapToDouble(ClockProbe::ahead).sorted().toArray();
  }

  /** By how many seconds: the header has whole ones, and was written in the midst of it. */
  private static double ahead(ApiAnswer answer) {
    Instant date = answer.date();
    if (date == null) {
      throw new IllegalStateException("Only answers with a date are measured");
    }
    double sent = answer.sentAt().toEpochMilli() + answer.took().toMillis() / 2.0;
    return (date.toEpochMilli() + 500 - sent) / 1_000;
  }
}
