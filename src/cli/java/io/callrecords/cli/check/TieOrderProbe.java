package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether the rows of one second have the same order on pages of every size. */
final class TieOrderProbe implements FactProbe {
  private static final FactName NAME = new FactName("rows.ties", "Order within a second");
  private static final List<Integer> SIZES = List.of(100, 83, 61, 47);

  /** So many comparisons hardly agree by chance. */
  private static final int MIN_COMPARED = 10;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    String field = survey.location().field();
    if (field == null || field.equals(TimeLocation.OTHER)) {
      return NAME.unknown(
          "No field of a call has the filtered time, so that nothing tells which calls have the same"
              + " one.");
    }
    Function<SeenRow, @Nullable Long> time =
        field.equals(TimeLocation.START) ? SeenRow::start : SeenRow::end;
    List<ApiAnswer> answers = new ArrayList<>();
    Instant to = survey.window().to();
    Instant from = to.minus(survey.month());
    for (int size : SIZES) {
      answers.add(survey.ask(from, to, 1, size));
    }
    int compared = 0;
    for (ApiAnswer answer : answers.subList(1, answers.size())) {
      List<String> first = ids(answers.get(0));
      List<SeenRow> rows = answer.rows();
      for (int i = 0; i + 1 < rows.size(); i++) {
        int one = first.indexOf(rows.get(i).id());
        int other = first.indexOf(rows.get(i + 1).id());
        if (one < 0
            || other < 0
            || one == other
            || !Objects.equals(time.apply(rows.get(i)), time.apply(rows.get(i + 1)))) {
          continue;
        }
        compared++;
        if (one > other) {
          return NAME.is(
              "by-page",
              "It differs from page to page: a second on the edge of two pages may lose calls.",
              Fact.evidence(answers));
        }
      }
    }
    return compared < MIN_COMPARED
        ? NAME.unknown(
            "Too few calls of one second were seen (" + compared + " pairs).",
            Fact.evidence(answers))
        : NAME.is("stable", "It is the same on each page.", Fact.evidence(answers));
  }

  private static List<String> ids(ApiAnswer answer) {
    return List.copyOf(answer.ids());
  }
}
