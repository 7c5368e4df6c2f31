package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How an answer without rows looks. */
final class EmptyAnswerProbe implements FactProbe {
  private static final FactName NAME = new FactName("answer.empty", "An answer without rows");

  private static final String PROPER = "records empty";
  private static final int TRIES = 3;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    CallSample sample = survey.sample();
    if (sample.isComplete()) {
      askBetweenCalls(survey, sample);
    }
    List<ApiAnswer> empty =
        survey.caller().answers().stream().filter(EmptyAnswerProbe::isEmpty).toList();
    Map<String, ApiAnswer> forms = new TreeMap<>();
    empty.forEach(answer -> forms.putIfAbsent(form(answer), answer));
    if (forms.isEmpty()) {
      return NAME.unknown("Each range that was asked for had calls.");
    }
    if (forms.size() > 1) {
      return NAME.unknown(
          "There were both " + String.join(" and ", forms.keySet()) + ".",
          forms.values().stream().map(EmptyAnswerProbe::evidence).toList());
    }
    String form = form(empty.get(0));
    if (!form.equals(PROPER) && ranges(empty) < 2) {
      return NAME.unknown(
          "There was " + form + " for one range only, which an outage may look like, too.",
          List.of(evidence(empty.get(0))));
    }
    return NAME.is(form, text(form), List.of(evidence(empty.get(0))));
  }

  private static boolean isEmpty(ApiAnswer answer) {
    return answer.isPage() && answer.rows().isEmpty() && answer.question().page() == 1;
  }

  private static long ranges(List<ApiAnswer> answers) {
    return answers.stream()
        .map(answer -> answer.question().fromText() + answer.question().toText())
        .distinct()
        .count();
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
    int empty = 0;
    for (int i : longest) {
      Instant mid = survey.moment(starts.get(i) + pauses.get(i) / 2);
      ApiAnswer answer = survey.ask(mid, mid.plusSeconds(1), 1, 100);
      if (isEmpty(answer) && (++empty > 1 || form(answer).equals(PROPER))) {
        return;
      }
    }
  }

  private static String form(ApiAnswer answer) {
    String data = answer.envelope().data();
    if (!data.equals("object")) {
      return "data " + data;
    }
    String records = answer.envelope().records();
    return records.equals("list") ? PROPER : "records " + records;
  }

  private static String text(String form) {
    return switch (form) {
      case PROPER -> "An empty list of records.";
      case "data null" -> "No data (null), which an outage may look like, too.";
      default -> "The answer has " + form + ".";
    };
  }

  private static Fact.FactEvidence evidence(ApiAnswer answer) {
    return Fact.FactEvidence.of(answer, form(answer) + ", " + answer.text());
  }
}
