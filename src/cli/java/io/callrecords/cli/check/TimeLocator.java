package io.callrecords.cli.check;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds out to the second which time of a call is filtered: where the settings say, or else by
 * halving the range until the call is no longer in it.
 */
final class TimeLocator {
  private static final int MARGIN = 2;
  private static final int QUARTER_HOUR = 900;
  private static final int FIRST_OFFSET = -12 * 3600;
  private static final int LAST_OFFSET = 14 * 3600;

  /** Start and end of a call must not be taken for one another. */
  private static final int LONG_CALL = 20;

  private final Survey survey;
  private final List<ApiAnswer> answers = new ArrayList<>();

  /**
   * Between which seconds a call lies.
   *
   * @param from the latest start of a range that has it
   * @param to the earliest end of a range that has it
   */
  private record Located(SampledCall call, long from, long to) {
    /** The moments that it may have: two where only one of the bounds belongs to a range. */
    List<Long> moments() {
      return switch ((int) (to - from)) {
        case 0 -> List.of(from);
        case 1 -> List.of(from, to);
        case 2 -> List.of(from + 1);
        default -> List.of();
      };
    }

    String bounds(long moment) {
      return (from == moment ? "[" : "(") + (to == moment ? "]" : ")");
    }
  }

  TimeLocator(Survey survey) {
    this.survey = survey;
  }

  TimeLocation locate() throws InterruptedException {
    List<SampledCall> calls = candidates();
    if (calls.isEmpty()) {
      return TimeLocation.unknown(answers);
    }
    for (String field : List.of(TimeLocation.START, TimeLocation.END)) {
      boolean isThere = true;
      for (SampledCall call : calls) {
        isThere = isThere && isNear(call, time(call, field));
      }
      if (isThere) {
        return direct(calls.get(0), field);
      }
    }
    return searched(calls);
  }

  /** Two calls whose start and end differ, each by another time. */
  private List<SampledCall> candidates() throws InterruptedException {
    List<SampledCall> longest =
        survey.sample().calls().values().stream()
            .filter(call -> call.length() >= LONG_CALL)
            .sorted(Comparator.comparingLong(SampledCall::length))
            .toList();
    if (longest.isEmpty()) {
      return List.of();
    }
    SampledCall one = longest.get(longest.size() / 2);
    return longest.stream()
        .filter(call -> call.length() % QUARTER_HOUR != one.length() % QUARTER_HOUR)
        .findFirst()
        .map(other -> List.of(one, other))
        .orElse(List.of(one));
  }

  private static long time(SampledCall call, String field) {
    Long time = field.equals(TimeLocation.START) ? call.start() : call.end();
    if (time == null) {
      throw new IllegalStateException("Candidates have both times");
    }
    return time;
  }

  private boolean isNear(SampledCall call, long local) throws InterruptedException {
    Instant moment = survey.moment(local);
    return isIn(call, moment.minusSeconds(MARGIN), moment.plusSeconds(MARGIN));
  }

  private boolean isIn(SampledCall call, Instant from, Instant to) throws InterruptedException {
    ApiAnswer page = survey.ask(from, to, 1, 100);
    answers.add(page);
    if (page.has(call.id())) {
      return true;
    }
    return !page.rows().isEmpty()
        && new SampleReader(survey).pages(page).stream().anyMatch(part -> part.has(call.id()));
  }

  private TimeLocation direct(SampledCall call, String field) throws InterruptedException {
    Instant moment = survey.moment(time(call, field));
    boolean fromBelongs = isIn(call, moment, moment.plusSeconds(MARGIN));
    boolean toBelongs = isIn(call, moment.minusSeconds(MARGIN), moment);
    String bounds = (fromBelongs ? "[" : "(") + (toBelongs ? "]" : ")");
    return new TimeLocation(
        field, survey.offset(moment), bounds, call.id(), moment, true, List.copyOf(answers));
  }

  private TimeLocation searched(List<SampledCall> calls) throws InterruptedException {
    List<Located> located = new ArrayList<>();
    for (SampledCall call : calls) {
      Located found = halve(call);
      if (found == null || found.moments().isEmpty()) {
        if (found != null && found.to() < found.from()) {
          survey.rangeIsWidened(answers);
        }
        return TimeLocation.unknown(answers);
      }
      located.add(found);
    }
    TimeLocation start = inferred(located, TimeLocation.START);
    TimeLocation end = inferred(located, TimeLocation.END);
    if (start != null && end != null) {
      return TimeLocation.unknown(answers);
    }
    return start != null ? start : end != null ? end : other(located);
  }

  private @Nullable Located halve(SampledCall call) throws InterruptedException {
    long first = survey.sample().from().getEpochSecond();
    long last = survey.sample().to().getEpochSecond();
    long from = first;
    long without = last + 1;
    while (without - from > 1) {
      long mid = from + (without - from) / 2;
      if (isIn(call, Instant.ofEpochSecond(mid), Instant.ofEpochSecond(Math.max(mid, last)))) {
        from = mid;
      } else {
        without = mid;
      }
    }
    long to = last;
    without = first - 1;
    while (to - without > 1) {
      long mid = without + (to - without) / 2;
      if (isIn(call, Instant.ofEpochSecond(first), Instant.ofEpochSecond(mid))) {
        to = mid;
      } else {
        without = mid;
      }
    }
    return from > first && to < last ? new Located(call, from, to) : null;
  }

  /** What follows if a field is the filtered one; null if it is not. */
  private @Nullable TimeLocation inferred(List<Located> located, String field) {
    Set<Integer> offsets = new TreeSet<>();
    Set<String> bounds = new TreeSet<>();
    Long moment = null;
    for (Located one : located) {
      Long fitting = null;
      for (long each : one.moments()) {
        long offset = time(one.call(), field) - each;
        if (isOffset(offset)) {
          offsets.add((int) offset);
          bounds.add(one.bounds(each));
          fitting = each;
        }
      }
      if (fitting == null) {
        return null;
      }
      moment = moment == null ? fitting : moment;
    }
    if (offsets.size() != 1 || moment == null) {
      return null;
    }
    return new TimeLocation(
        field,
        ZoneOffset.ofTotalSeconds(offsets.iterator().next()),
        bounds.size() == 1 ? bounds.iterator().next() : null,
        located.get(0).call().id(),
        Instant.ofEpochSecond(moment),
        false,
        List.copyOf(answers));
  }

  private static boolean isOffset(long seconds) {
    return seconds % QUARTER_HOUR == 0 && seconds >= FIRST_OFFSET && seconds <= LAST_OFFSET;
  }

  /** Another time than start and end, a little after the end: that of the row's creation. */
  private TimeLocation other(List<Located> located) {
    Set<Long> offsets = new TreeSet<>();
    for (Located one : located) {
      long behind = time(one.call(), TimeLocation.END) - one.to();
      offsets.add(-Math.floorDiv(-behind, (long) QUARTER_HOUR) * QUARTER_HOUR);
    }
    long offset = offsets.iterator().next();
    Located first = located.get(0);
    List<Long> moments = first.moments();
    return new TimeLocation(
        TimeLocation.OTHER,
        offsets.size() == 1 && isOffset(offset) ? ZoneOffset.ofTotalSeconds((int) offset) : null,
        moments.size() == 1 ? first.bounds(moments.get(0)) : null,
        first.call().id(),
        Instant.ofEpochSecond(moments.get(0)),
        false,
        List.copyOf(answers));
  }
}
