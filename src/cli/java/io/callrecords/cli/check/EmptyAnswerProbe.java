package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How an answer without rows looks. */
final class EmptyAnswerProbe implements FactProbe {
  private static final FactName NAME = new FactName("answer.empty", "An answer without rows");

  private static final int TRIES = 3;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    CallSample sample = survey.sample();
    if (sample.isComplete()) {
      askBetweenCalls(survey, sample);
    }
    return survey.caller().answers().stream()
        .filter(ApiAnswer::isPage)
        .filter(answer -> answer.rows().isEmpty() && answer.question().page() == 1)
        .findFirst()
        .map(EmptyAnswerProbe::fact)
        .orElseGet(() -> NAME.unknown("Each range that was asked for had calls."));
  }

  /** Asks for single seconds in the longest pauses between calls. */
  private static void askBetweenCalls(Survey survey, CallSample sample)
      throws InterruptedException {
    List<Long> starts =
        sample.calls().values().stream()
            .flatMap(call -> Stream.ofNullable(call.start()))
            .sorted()
            .toList();
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i + 1 < starts.size(); i++) {
      pauses.add(starts.get(i + 1) - starts.get(i));
    }
    List<Integer> longest =
        IntStream.range(0, pauses.size())
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> pauses.get(i)).reversed())
            .limit(TRIES)
            .toList();
    for (int i : longest) {
      Instant mid = survey.moment(starts.get(i) + pauses.get(i) / 2);
      if (survey.ask(mid, mid.plusSeconds(1), 1, 100).rows().isEmpty()) {
        return;
      }
    }
  }

  private static Fact fact(ApiAnswer answer) {
    String data = answer.envelope().data();
    String value =
        data.equals("object") ? "records " + answer.envelope().records() : "data " + data;
    return NAME.is(
        value.equals("records list") ? "records empty" : value,
        switch (value) {
          case "records list" -> "An empty list of records.";
          case "data null" -> "No data (null), which an outage may look like, too.";
          default -> "The answer has " + value + ".";
        },
        List.of(Fact.FactEvidence.of(answer, value + ", " + answer.text())));
  }
}
