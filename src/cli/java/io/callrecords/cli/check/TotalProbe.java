package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the total counts. */
final class TotalProbe implements FactProbe {
  private static final FactName NAME = new FactName("total.counts", "What the total counts");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    CallSample sample = survey.sample();
    if (!sample.isComplete() || sample.calls().isEmpty()) {
      return NAME.unknown(survey.whyNoSample());
    }
    List<ApiAnswer> answers = new ArrayList<>();
    for (int size : List.of(100, 10, 100, 10, 1)) {
      answers.add(survey.ask(sample.from(), sample.to(), 1, size));
    }
    Set<Long> totals = new TreeSet<>();
    for (ApiAnswer answer : answers) {
      Long total = answer.total();
      if (total == null) {
        return NAME.is("absent", "There is none.", Fact.evidence(answer));
      }
      totals.add(total);
    }
    long total = totals.iterator().next();
    String seen =
        " Read in small ranges, there are "
            + sample.calls().size()
            + " calls, or "
            + sample.joined()
            + " with a row for each label; the total says "
            + String.join(" or ", totals.stream().map(String::valueOf).toList())
            + ".";
    String value = totals.size() > 1 ? "other-each-time" : value(total, sample);
    return NAME.is(value, text(value) + seen, Fact.evidence(answers));
  }

  private static String value(long total, CallSample sample) {
    long calls = sample.calls().size();
    if (total == calls) {
      return "calls";
    }
    if (total == 0) {
      return "zero";
    }
    if (total == sample.joined()) {
      return "joined-rows";
    }
    return total == sample.rows() ? "rows" : total < calls ? "fewer" : "more";
  }

  private static String text(String value) {
    return switch (value) {
      case "calls" -> "The calls, each once.";
      case "zero" -> "Nothing: it is 0 although there are calls.";
      case "joined-rows" -> "A row for each label of a call.";
      case "rows" -> "The rows, calls that come twice included.";
      case "fewer" -> "Fewer than the calls.";
      case "more" -> "More than the calls.";
      default -> "It is another one in each answer.";
    };
  }
}
