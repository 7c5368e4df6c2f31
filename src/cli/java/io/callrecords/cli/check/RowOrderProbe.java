package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** In which order rows come. */
final class RowOrderProbe implements FactProbe {
  private static final FactName NAME = new FactName("rows.order", "Order of the rows");

  /** An order by another time of the calls is nearly the same; in none, it is about a half. */
  private static final double CLEARLY = 0.75;

  /** Over more than some minutes, an order by any time of the calls shows. */
  private static final int PAGES = 3;

  private static final int MIN_PAIRS = 30;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    Instant to = survey.window().to();
    List<ApiAnswer> pages = new ArrayList<>();
    for (int page = 1; page <= PAGES; page++) {
      pages.add(survey.ask(to.minus(survey.month()), to, page, 100));
    }
    double newest = 0.5;
    for (Function<SeenRow, @Nullable Long> time :
        List.<Function<SeenRow, @Nullable Long>>of(SeenRow::start, SeenRow::end)) {
      double share = descending(pages, time);
      if (Double.isNaN(share)) {
        return NAME.unknown("There are too few calls in a range that is over.");
      }
      newest = Math.abs(share - 0.5) > Math.abs(newest - 0.5) ? share : newest;
    }
    if (newest >= CLEARLY) {
      return NAME.is("newest-first", "The newest come first.", Fact.evidence(pages));
    }
    return newest <= 1 - CLEARLY
        ? NAME.is("oldest-first", "The oldest come first.", Fact.evidence(pages))
        : NAME.is("none", "They are in no order of their times.", Fact.evidence(pages));
  }

  /** Of all pairs of rows with different times, the share whose first is the later one. */
  private static double descending(List<ApiAnswer> pages, Function<SeenRow, @Nullable Long> time) {
    List<Long> times =
        pages.stream()
            .flatMap(page -> page.rows().stream())
            .map(time)
            .filter(t -> t != null)
            .toList();
    long pairs = 0;
    long later = 0;
    for (int i = 0; i < times.size(); i++) {
      for (int j = i + 1; j < times.size(); j++) {
        int order = Long.compare(times.get(i), times.get(j));
        pairs += order == 0 ? 0 : 1;
        later += order > 0 ? 1 : 0;
      }
    }
    return pairs < MIN_PAIRS ? Double.NaN : (double) later / pairs;
  }
}
