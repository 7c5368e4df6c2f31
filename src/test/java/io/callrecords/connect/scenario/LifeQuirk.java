package io.callrecords.connect.scenario;

import io.callrecords.simulator.Insertion;
import io.callrecords.simulator.NumberForm;
import io.callrecords.simulator.PageRows;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.PastEnd;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.RangeUse;
import io.callrecords.simulator.RateLimit;
import io.callrecords.simulator.Ties;
import io.callrecords.simulator.TimeForm;
import io.callrecords.simulator.TotalCount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A quirk of the API's counts, pages, moments or forms that a life may have, alone or in a pair.
 */
enum LifeQuirk {
  TOTAL_OF_JOINED_ROWS(Area.COUNT),
  TOTAL_TOO_LOW(Area.COUNT),
  TOTAL_TOO_HIGH(Area.COUNT),
  TOTAL_ZERO(Area.COUNT),
  TOTAL_DRIFTING(Area.COUNT),
  JOINED_PAGES(Area.PAGES),
  JOINED_PAGES_APART(Area.PAGES),
  CAPPED_PAGES(Area.PAGES),
  CAPPED_PAGES_UNTOLD(Area.PAGES),
  NOTHING_PAST_THE_END(Area.END),
  FIRST_PAGE_PAST_THE_END(Area.END),
  TIES_BY_PAGE(Area.TIES),
  TWO_MOMENTS(Area.MOMENTS),
  OFFSET_DROPPED(Area.OFFSET),
  DATE_OFF(Area.DATE),
  STRICT_LIMIT(Area.LIMIT),
  NUMBERS_WITH_FRACTION(Area.NUMBERS),
  TIMES_IN_OTHER_FORMS(Area.TIMES),
  OUTAGE_OF_SUCCESS(Area.OUTAGE),
  OUTAGE_OF_EMPTY_PAGES(Area.OUTAGE);

  /** What a quirk is about; a life has one of each at most. */
  private enum Area {
    COUNT,
    PAGES,
    END,
    TIES,
    MOMENTS,
    OFFSET,
    DATE,
    LIMIT,
    NUMBERS,
    TIMES,
    OUTAGE
  }

  private final Area area;

  LifeQuirk(Area area) {
    this.area = area;
  }

  /** The quirks of a life: of three lives in a row, one has none, one has one, one has a pair. */
  static Set<LifeQuirk> draw(long seed, RandomGenerator random) {
    String named = System.getProperty("life.quirks");
    if (named != null) {
      return named(named);
    }
    List<LifeQuirk> drawn = List.of(values());
    EnumSet<LifeQuirk> chosen = EnumSet.noneOf(LifeQuirk.class);
    if (seed % 3 != 0) {
      chosen.add(drawn.get((int) (seed / 3 % drawn.size())));
    }
    if (seed % 3 == 2) {
      LifeQuirk other = drawn.get(random.nextInt(drawn.size()));
      if (chosen.stream().allMatch(quirk -> quirk.goesWith(other) && other.goesWith(quirk))) {
        chosen.add(other);
      }
    }
    return chosen;
  }

  /**
   * Whether a reader can tell of both at once. Where totals say nothing, only full pages and what
   * comes past them tell where the end is: not pages that are short for another reason, nor a pager
   * that returns nothing it has not counted; and nothing tells how many calls of a dense second two
   * pages have swapped. Rows of a call that a page has cut off look whole where each has one label,
   * unless the next page can be had.
   */
  private boolean goesWith(LifeQuirk other) {
    boolean isBlind =
        area == Area.COUNT
            && this != TOTAL_OF_JOINED_ROWS
            && EnumSet.of(Area.PAGES, Area.END, Area.TIES).contains(other.area);
    boolean isHidden = this == JOINED_PAGES_APART && other == NOTHING_PAST_THE_END;
    return area != other.area && !isBlind && !isHidden;
  }

  private static Set<LifeQuirk> named(String names) {
    EnumSet<LifeQuirk> chosen = EnumSet.noneOf(LifeQuirk.class);
    Arrays.stream(names.split(",", -1))
        .filter(name -> !name.isBlank())
        .map(name -> valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_')))
        .forEach(chosen::add);
    return chosen;
  }

  /** Whether some of these let totals or pages say something else than the rows. */
  static boolean blurCounts(Set<LifeQuirk> quirks) {
    return quirks.stream()
        .anyMatch(
            quirk ->
                switch (quirk.area) {
                  case COUNT, PAGES, END, TIES, MOMENTS -> true;
                  default -> false;
                });
  }

  /** Whether some of these let totals say something else than the number of calls or rows. */
  static boolean falsifyTotals(Set<LifeQuirk> quirks) {
    return quirks.stream().anyMatch(quirk -> quirk.area == Area.COUNT);
  }

  /** Whether no total tells of what an answer lacks, be it calls or some of a call's labels. */
  static boolean hideCalls(Set<LifeQuirk> quirks) {
    return falsifyTotals(quirks) || splitLabels(quirks);
  }

  /** Whether a call's labels may lie on two pages. */
  static boolean splitLabels(Set<LifeQuirk> quirks) {
    return quirks.contains(JOINED_PAGES) || quirks.contains(JOINED_PAGES_APART);
  }

  /** Gives an API its quirks of counts and pages. */
  static Pagination pagination(Set<LifeQuirk> quirks, RandomGenerator random) {
    Pagination pagination = Pagination.HONEST;
    for (LifeQuirk quirk : quirks) {
      pagination = quirk.pagination(pagination, random);
    }
    return pagination;
  }

  private Pagination pagination(Pagination pagination, RandomGenerator random) {
    return switch (this) {
      case TOTAL_OF_JOINED_ROWS -> pagination.total(TotalCount.JOINED_ROWS);
      case TOTAL_TOO_LOW -> pagination.percent(random.nextInt(50, 100));
      case TOTAL_TOO_HIGH -> pagination.percent(random.nextInt(101, 250));
      case TOTAL_ZERO -> pagination.total(TotalCount.ZERO);
      case TOTAL_DRIFTING -> pagination.total(TotalCount.DRIFTING);
      case JOINED_PAGES -> pagination.rows(PageRows.JOINED);
      case JOINED_PAGES_APART -> pagination.rows(PageRows.JOINED_APART);
      case CAPPED_PAGES -> pagination.cap(random.nextInt(5, 60), true);
      case CAPPED_PAGES_UNTOLD -> pagination.cap(random.nextInt(5, 60), false);
      case NOTHING_PAST_THE_END -> pagination.pastEnd(PastEnd.NOT_QUERIED);
      case FIRST_PAGE_PAST_THE_END -> pagination.pastEnd(PastEnd.FIRST_PAGE);
      case TIES_BY_PAGE -> pagination.ties(Ties.BY_PAGE);
      case TWO_MOMENTS -> pagination.twoMoments(true);
      default -> pagination;
    };
  }

  /** Gives an API the rest of its quirks. */
  void apply(Quirks.QuirksBuilder builder, RandomGenerator random) {
    switch (this) {
      case TWO_MOMENTS -> builder.insertion(insertion(random));
      case OFFSET_DROPPED -> builder.rangeUse(RangeUse.OFFSET_DROPPED);
      // The worker's clock is right then: no request could be signed by any other.
      case DATE_OFF ->
          builder
              .dateOffset(Duration.ofMinutes(random.nextInt(-720, 720)))
              .clockOffset(Duration.ZERO);
      case STRICT_LIMIT -> builder.rateLimit(strict(random));
      case NUMBERS_WITH_FRACTION -> builder.numberForm(NumberForm.FRACTION);
      case TIMES_IN_OTHER_FORMS -> builder.timeForm(otherForm(random));
      default -> {}
    }
  }

  private static TimeForm otherForm(RandomGenerator random) {
    List<TimeForm> forms = new ArrayList<>(EnumSet.complementOf(EnumSet.of(TimeForm.PLAIN)));
    return forms.get(random.nextInt(forms.size()));
  }

  private static Insertion insertion(RandomGenerator random) {
    Insertion.InsertionPoint[] points = Insertion.InsertionPoint.values();
    return new Insertion(
        random.nextInt(1, 6), random.nextInt(1, 4), points[random.nextInt(points.length)], 60);
  }

  private static RateLimit strict(RandomGenerator random) {
    return RateLimit.strict(random.nextInt(20, 40), RateLimit.Refusal.HTTP_503);
  }
}
