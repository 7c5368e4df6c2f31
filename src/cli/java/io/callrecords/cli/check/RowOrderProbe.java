package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** In which order rows come. */
final class RowOrderProbe implements FactProbe {
  private static final FactName NAME = new FactName("rows.order", "Order of the rows");

  /** An order by another time of the calls is nearly the same; in none, it is about a half. */
  private static final double CLEARLY = 0.75;

  /** Over more than some minutes, an order by any time of the calls shows. */
  private static final int PAGES = 3;

  /** So many are read where the first ones are all of one second. */
  private static final int MAX_PAGES = 12;

  private static final int MIN_PAIRS = 30;

  /** So many pairs are hardly in an order by chance. */
  private static final int ENOUGH_PAIRS = 300;

  private static final List<Function<SeenRow, @Nullable Long>> TIMES =
      List.of(SeenRow::start, SeenRow::end);

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    List<ApiAnswer> pages = pages(survey);
    long rows = pages.stream().mapToLong(page -> page.rows().size()).sum();
    double newest = 0.5;
    for (Function<SeenRow, @Nullable Long> time : TIMES) {
      OrderedPairs pairs = OrderedPairs.of(pages, time);
      if (pairs.all() < MIN_PAIRS) {
        return NAME.unknown(
            rows <= MIN_PAIRS
                ? "There are too few calls in a range that is over."
                : "The first " + rows + " rows of a month have hardly any different times.",
            Fact.evidence(pages));
      }
      double share = pairs.shareOfLaterFirst();
      newest = Math.abs(share - 0.5) > Math.abs(newest - 0.5) ? share : newest;
    }
    if (newest >= CLEARLY) {
      return NAME.is("newest-first", "The newest come first.", Fact.evidence(pages));
    }
    return newest <= 1 - CLEARLY
        ? NAME.is("oldest-first", "The oldest come first.", Fact.evidence(pages))
        : NAME.is("none", "They are in no order of their times.", Fact.evidence(pages));
  }

  private static List<ApiAnswer> pages(Survey survey) throws InterruptedException {
    Instant to = survey.window().to();
    List<ApiAnswer> pages = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int page = 1; page <= MAX_PAGES && (page <= PAGES || !isEnough(pages)); page++) {
      ApiAnswer answer = survey.ask(to.minus(survey.month()), to, page, 100);
      if (!ids.addAll(answer.ids())) {
        break;
      }
      pages.add(answer);
    }
    return pages;
  }

  private static boolean isEnough(List<ApiAnswer> pages) {
    return TIMES.stream().allMatch(time -> OrderedPairs.of(pages, time).all() >= ENOUGH_PAIRS);
  }

  /**
   * Pairs of rows with different times. Rows of one time that follow one another count as one, so
   * that a second with many calls weighs no more than another.
   *
   * @param all how many there are
   * @param laterFirst of how many the later one comes first
   */
  private record OrderedPairs(long all, long laterFirst) {
    static OrderedPairs of(List<ApiAnswer> pages, Function<SeenRow, @Nullable Long> time) {
      List<Long> times = new ArrayList<>();
      for (ApiAnswer page : pages) {
        for (SeenRow row : page.rows()) {
          Long at = time.apply(row);
          if (at != null && (times.isEmpty() || !times.get(times.size() - 1).equals(at))) {
            times.add(at);
          }
        }
      }
      long all = 0;
      long laterFirst = 0;
      for (int i = 0; i < times.size(); i++) {
        for (int j = i + 1; j < times.size(); j++) {
          int order = Long.compare(times.get(i), times.get(j));
          all += order == 0 ? 0 : 1;
          laterFirst += order > 0 ? 1 : 0;
        }
      }
      return new OrderedPairs(all, laterFirst);
    }

    double shareOfLaterFirst() {
      return (double) laterFirst / all;
    }
  }
}
