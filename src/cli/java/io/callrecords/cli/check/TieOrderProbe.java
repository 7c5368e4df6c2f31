package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rows of one second have the same order in each answer: on pages of several sizes, and
 * deep in a range as at the beginning of another, where a database may choose another way to them.
 */
final class TieOrderProbe implements FactProbe {
  private static final FactName NAME = new FactName("rows.ties", "Order within a second");
  private static final List<Integer> SIZES = List.of(83, 61, 47);
  private static final int SIZE = 100;

  /** No page further back is looked at. */
  private static final int DEEPEST = 64;

  private static final Duration MARGIN = Duration.ofSeconds(2);

  /** So many comparisons hardly agree by chance. */
  private static final int MIN_COMPARED = 10;

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    TimeLocation location = survey.location();
    String field = location.field();
    Instant moment = location.moment();
    SampledCall located = survey.sample().calls().get(String.valueOf(location.callId()));
    if (field == null || field.equals(TimeLocation.OTHER) || moment == null || located == null) {
      return NAME.unknown(
          "No field of a call has the filtered time, so that nothing tells which calls have the same"
              + " one.");
    }
    boolean isStart = field.equals(TimeLocation.START);
    Long time = isStart ? located.start() : located.end();
    if (time == null) {
      throw new IllegalStateException("A call is located by its times");
    }
    return new TieComparison(
            survey,
            isStart ? SeenRow::start : SeenRow::end,
            Duration.between(survey.moment(time), moment))
        .fact();
  }

  /** Compares answers until two of them contradict one another. */
  private static final class TieComparison {
    private final Survey survey;
    private final Function<SeenRow, @Nullable Long> time;
    private final Duration shift;
    private final Instant from;
    private final Instant to;
    private final List<ApiAnswer> answers = new ArrayList<>();
    private int compared;

    /**
     * Creates a comparison; nothing is asked yet.
     *
     * @param time the filtered time of a row
     * @param shift how far that lies from where the settings say
     */
    TieComparison(Survey survey, Function<SeenRow, @Nullable Long> time, Duration shift)
        throws InterruptedException {
      this.survey = survey;
      this.time = time;
      this.shift = shift;
      // All that there is: of a part of it, a database may read the index alone.
      to = survey.now();
      from = to.minus(survey.month());
    }

    Fact fact() throws InterruptedException {
      ApiAnswer first = ask(from, to, 1, SIZE);
      for (int size : SIZES) {
        ApiAnswer other = ask(from, to, 1, size);
        if (differs(first, other)) {
          return byPage(first, other);
        }
      }
      for (int page : depths(first)) {
        ApiAnswer deep = ask(from, to, page, SIZE);
        if (deep.rows().size() < 2 || first.ids().containsAll(deep.ids())) {
          break;
        }
        ApiAnswer beside = beside(first, deep);
        if (beside != null && differs(beside, deep)) {
          return byPage(beside, deep);
        }
      }
      return compared < MIN_COMPARED
          ? NAME.unknown(
              "Too few calls of one second were seen (" + compared + " pairs).",
              Fact.evidence(answers))
          : NAME.is(
              "stable",
              "It is the same in each answer, as far as " + compared + " pairs of rows tell.",
              Fact.evidence(answers));
    }

    /** Each twice as deep as the one before, and the last one that the API announces. */
    private static SortedSet<Integer> depths(ApiAnswer first) {
      SortedSet<Integer> depths = new TreeSet<>();
      for (int page = 2; page <= DEEPEST; page *= 2) {
        depths.add(page);
      }
      Integer announced = first.pages();
      if (announced != null && announced > 1 && announced < DEEPEST) {
        depths.add(announced);
      }
      return depths;
    }

    private static Fact byPage(ApiAnswer one, ApiAnswer other) {
      return NAME.is(
          "by-page",
          "It differs from page to page: a second on the edge of two pages may lose calls.",
          Fact.evidence(one, other));
    }

    private ApiAnswer ask(Instant start, Instant end, int page, int size)
        throws InterruptedException {
      ApiAnswer answer = survey.ask(start, end, page, size);
      answers.add(answer);
      return answer;
    }

    /** The first page of a range that begins with a second of a deep page; null if it has none. */
    private @Nullable ApiAnswer beside(ApiAnswer first, ApiAnswer deep)
        throws InterruptedException {
      Long second = fullest(deep.rows());
      Long newest = first.rows().isEmpty() ? null : time.apply(first.rows().get(0));
      if (second == null || newest == null || second.equals(newest)) {
        return null;
      }
      Instant moment = survey.moment(second).plus(shift);
      return second < newest
          ? ask(from, moment.plus(MARGIN), 1, SIZE)
          : ask(moment.minus(MARGIN), to, 1, SIZE);
    }

    /** The time that most rows of a page have, but not more than half of them if there is one. */
    private @Nullable Long fullest(List<SeenRow> rows) {
      Map<Long, Integer> counts = new LinkedHashMap<>();
      rows.forEach(
          row -> {
            Long at = time.apply(row);
            if (at != null) {
              counts.merge(at, 1, Integer::sum);
            }
          });
      return counts.entrySet().stream()
          .filter(each -> each.getValue() > 1)
          .max(Comparator.comparingInt(each -> each.getValue() > SIZE / 2 ? 1 : each.getValue()))
          .map(Map.Entry::getKey)
          .orElse(null);
    }

    /** Whether two rows of one time follow one another in the other answer the other way round. */
    private boolean differs(ApiAnswer one, ApiAnswer other) {
      List<String> ids = List.copyOf(one.ids());
      List<SeenRow> rows = other.rows();
      for (int i = 0; i + 1 < rows.size(); i++) {
        int before = ids.indexOf(rows.get(i).id());
        int after = ids.indexOf(rows.get(i + 1).id());
        if (before < 0
            || after < 0
            || before == after
            || !Objects.equals(time.apply(rows.get(i)), time.apply(rows.get(i + 1)))) {
          continue;
        }
        compared++;
        if (before > after) {
          return true;
        }
      }
      return false;
    }
  }
}
