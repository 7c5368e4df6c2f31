package io.callrecords.cli.check;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks for a few seconds around a call, and looks at how far apart the calls are that come. */
final class RangeUseTrial {
  private static final int MARGIN = 2;
  private static final int MINUTE = 60;
  private static final int DAY = 86_400;

  /** No honest range of a few seconds has calls whose starts and whose ends are so far apart. */
  private static final int FAR = 3_600;

  private final Survey survey;

  RangeUseTrial(Survey survey) {
    this.survey = survey;
  }

  RangeUseResult result() throws InterruptedException {
    Map<String, SeenRow> known = new LinkedHashMap<>();
    survey.window().pages().forEach(page -> page.rows().forEach(row -> known.put(row.id(), row)));
    List<ApiAnswer> all = new ArrayList<>();
    String found = null;
    for (Function<SeenRow, @Nullable Long> time :
        List.<Function<SeenRow, @Nullable Long>>of(SeenRow::start, SeenRow::end)) {
      Long pivot = pivot(known.values(), time);
      if (pivot == null) {
        continue;
      }
      Instant moment = survey.moment(pivot);
      List<ApiAnswer> answers =
          new SampleReader(survey)
              .pages(survey.ask(moment.minusSeconds(MARGIN), moment.plusSeconds(MARGIN), 1, 100));
      all.addAll(answers);
      String use = use(answers, pivot);
      found = found == null || found.equals(RangeUseResult.HONOURED) ? use : found;
    }
    return new RangeUseResult(found, all);
  }

  /** A time beside which, within its minute, is another one; or any. */
  private static @Nullable Long pivot(
      Collection<SeenRow> rows, Function<SeenRow, @Nullable Long> time) {
    List<Long> times =
        rows.stream().map(time).filter(t -> t != null).sorted(Comparator.naturalOrder()).toList();
    for (int i = 0; i + 1 < times.size(); i++) {
      long one = times.get(i);
      for (int j = i + 1; j < times.size() && times.get(j) / MINUTE == one / MINUTE; j++) {
        if (times.get(j) - one > 3 * MARGIN) {
          return one;
        }
      }
    }
    return times.isEmpty() ? null : times.get(times.size() / 2);
  }

  private static String use(List<ApiAnswer> answers, long pivot) {
    List<Long> starts = times(answers, SeenRow::start);
    List<Long> ends = times(answers, SeenRow::end);
    List<Long> closest = spread(starts) <= spread(ends) || ends.isEmpty() ? starts : ends;
    if (spread(closest) > FAR) {
      return far(closest, pivot);
    }
    boolean isClose = spread(closest) <= 2 * MARGIN;
    return !isClose && (isWithinMinute(starts, pivot) || isWithinMinute(ends, pivot))
        ? "whole-minutes"
        : RangeUseResult.HONOURED;
  }

  private static String far(List<Long> times, long pivot) {
    long first = times.get(0);
    long last = times.get(times.size() - 1);
    if (first / DAY == pivot / DAY && last / DAY == pivot / DAY) {
      return "whole-days";
    }
    boolean isEarlier = first < pivot - FAR;
    boolean isLater = last > pivot + FAR;
    return isEarlier && isLater ? "ignored" : isEarlier ? "start-ignored" : "end-ignored";
  }

  /** Whether there are calls beyond the range, but all within the minute that it lies in. */
  private static boolean isWithinMinute(List<Long> times, long pivot) {
    return spread(times) > 2 * MARGIN
        && times.stream().allMatch(time -> time / MINUTE == pivot / MINUTE);
  }

  private static List<Long> times(List<ApiAnswer> answers, Function<SeenRow, @Nullable Long> time) {
    return answers.stream()
        .flatMap(answer -> answer.rows().stream())
        .map(time)
        .filter(t -> t != null)
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static long spread(List<Long> times) {
    return times.isEmpty() ? 0 : times.get(times.size() - 1) - times.get(0);
  }
}
