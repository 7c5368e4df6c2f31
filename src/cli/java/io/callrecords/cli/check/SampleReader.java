package io.callrecords.cli.check;

import io.callrecords.cli.CliException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks for a range with some dozens of calls that are no longer added to, and reads it. */
final class SampleReader {
  private static final int SIZE = 100;

  /** What a sample should have at least. */
  private static final int ENOUGH = 60;

  /** A page with no more rows than this cannot have been cut off by a join. */
  private static final int SMALL = 24;

  /** No page is cut off sooner, so that a total that says more is not to be believed. */
  private static final int FEW = 10;

  private static final int MAX_PAGES = 8;
  private static final int MAX_REQUESTS = 160;
  private static final Duration SETTLED = Duration.ofHours(3);
  private static final Duration SHORTEST = Duration.ofSeconds(60);
  private static final Duration UNCUT = Duration.ofSeconds(4);

  private static final List<Duration> WIDTHS =
      List.of(
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(4),
          Duration.ofDays(15),
          Duration.ofDays(30));

  private final Survey survey;
  private int requests;
  private int mostRows;

  SampleReader(Survey survey) {
    this.survey = survey;
  }

  /** A range with calls, and its pages; without any if there is none in a month. */
  CallSample window() throws InterruptedException {
    Instant from = survey.now();
    Instant to = survey.now();
    ApiAnswer page = null;
    for (Duration back : List.of(SETTLED, Duration.ZERO)) {
      to = survey.now().minus(back);
      for (Duration width : WIDTHS) {
        from = to.minus(width);
        page = requirePage(survey.ask(from, to, 1, SIZE));
        if (page.ids().size() >= ENOUGH || (!page.rows().isEmpty() && hasMore(page))) {
          return shrunk(page);
        }
      }
      if (page != null && !page.rows().isEmpty()) {
        return shrunk(page);
      }
    }
    return new CallSample(from, to, List.of(), Map.of(), false);
  }

  private static ApiAnswer requirePage(ApiAnswer answer) {
    if (!answer.isPage()) {
      throw CliException.unseen(
          "The API refuses a range of "
              + length(answer).toHours()
              + " h with "
              + answer.text()
              + ". Compare the settings of the account with what the API's documentation says of"
              + " this status");
    }
    return answer;
  }

  private CallSample shrunk(ApiAnswer found) throws InterruptedException {
    ApiAnswer page = found;
    while (length(page).compareTo(SHORTEST) > 0 && hasMore(page)) {
      Instant from = page.question().from();
      Instant to = page.question().to();
      Instant mid = from.plusSeconds(length(page).toSeconds() / 2);
      ApiAnswer newer = survey.ask(mid, to, 1, SIZE);
      page = newer.rows().isEmpty() ? survey.ask(from, mid.plusSeconds(1), 1, SIZE) : newer;
    }
    return new CallSample(
        page.question().from(), page.question().to(), pages(page), Map.of(), false);
  }

  private static Duration length(ApiAnswer page) {
    return Duration.between(page.question().from(), page.question().to());
  }

  private boolean hasMore(ApiAnswer page) throws InterruptedException {
    return !page.ids().containsAll(next(page).ids());
  }

  private ApiAnswer next(ApiAnswer page) throws InterruptedException {
    ApiQuestion question = page.question();
    return survey.ask(question.from(), question.to(), question.page() + 1, question.size());
  }

  /** A page and those after it, as long as they have something new. */
  List<ApiAnswer> pages(ApiAnswer first) throws InterruptedException {
    List<ApiAnswer> pages = new ArrayList<>(List.of(first));
    Set<String> ids = new HashSet<>(first.ids());
    ApiAnswer page = first;
    while (pages.size() < MAX_PAGES) {
      page = next(page);
      if (!ids.addAll(page.ids())) {
        break;
      }
      pages.add(page);
    }
    return pages;
  }

  /** The same range with all of its calls, which is possible only where ranges are honoured. */
  CallSample complete(CallSample window) throws InterruptedException {
    Map<String, SampledCall> calls = new LinkedHashMap<>();
    requests = 0;
    mostRows = window.pages().stream().mapToInt(page -> page.rows().size()).max().orElse(0);
    boolean isComplete = collect(window.from(), window.to(), calls);
    return new CallSample(window.from(), window.to(), window.pages(), calls, isComplete);
  }

  private boolean collect(Instant from, Instant to, Map<String, SampledCall> calls)
      throws InterruptedException {
    if (++requests > MAX_REQUESTS) {
      return false;
    }
    ApiAnswer page = survey.ask(from, to, 1, SIZE);
    Duration length = Duration.between(from, to);
    if (length.compareTo(UNCUT) <= 0) {
      pages(page).forEach(part -> add(part, calls));
      return true;
    }
    if (isSmall(page) && !hasMore(page)) {
      add(page, calls);
      return true;
    }
    // The halves overlap, so that nothing is missing whichever bounds belong to a range.
    Instant mid = from.plusSeconds(length.toSeconds() / 2);
    return collect(from, mid.plusSeconds(1), calls) && collect(mid.minusSeconds(1), to, calls);
  }

  private boolean isSmall(ApiAnswer page) {
    Long total = page.total();
    int rows = page.rows().size();
    int joined = page.rows().stream().mapToInt(SeenRow::joined).sum();
    mostRows = Math.max(mostRows, rows);
    return rows == 0
        || (joined <= SMALL && rows < mostRows && (rows < FEW || total == null || total <= joined));
  }

  private static void add(ApiAnswer page, Map<String, SampledCall> calls) {
    Map<String, Integer> counts = new HashMap<>();
    page.rows().forEach(row -> counts.merge(row.id(), 1, Integer::sum));
    page.rows()
        .forEach(
            row ->
                calls.merge(
                    row.id(),
                    SampledCall.of(row, counts.getOrDefault(row.id(), 1)),
                    SampledCall::with));
  }
}
