package io.callrecords.connect.fetch;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a window whole, whatever the API does with its pages meanwhile.
 *
 * <p>Each further pass asks for pages of another size: where the API does not order records of one
 * second among themselves, the same ones would else fall between the same two pages each time.
 *
 * <p>Nobody states whether the bounds of a query belong to it, so each query asks for a second more
 * on both sides, and what lies there is left to the neighbouring windows. Pages are cut anew by
 * each request, so records that appear between two requests move others from one page to the next:
 * only a pass whose pages agree on the total, and whose distinct ids are as many, has seen them
 * all.
 */
public final class WindowReader {
  /**
   * So many passes in a row that showed the very same rows: pages in random order would by then
   * have shown others, even a page of one record of two.
   */
  private static final int SAME_PASSES = 12;

  /** Passes that follow each other at once; answers that still do not add up are given time. */
  private static final int PASSES_IN_A_ROW = 15;

  private static final Duration LONGEST_REST = Duration.ofSeconds(10);
  private static final int MOST_DOUBLINGS = 20;

  /** A fault that looks like an empty answer is given time to pass. */
  private static final Duration REST_BEFORE_BELIEF = Duration.ofSeconds(10);

  private final ApiClient client;
  private final WindowSize size;
  private final TimeSettingsVerifier proof;
  private @Nullable PrefetchedPage prefetched;

  public WindowReader(ApiClient client, WindowSize size, FeedTimes times) {
    this.client = client;
    this.size = size;
    this.proof = new TimeSettingsVerifier(times, page -> client.fetch(page, Priority.LIVE));
  }

  /**
   * The first page of a window, from which its size is known.
   *
   * @param first the page as it came
   * @param examined the page as it may be used: whoever only looks at its total need not wait
   */
  public record FirstPage(
      TimeRange range, Priority priority, Page first, CompletableFuture<Page> examined) {}

  /** Asks for the first page of a window. */
  public CompletableFuture<FirstPage> open(TimeRange range, Priority priority) {
    return open(range, priority, client::fetch);
  }

  /** Asks for the first page of a window also when the API calls that too old at first. */
  public CompletableFuture<FirstPage> openDespiteRefusal(TimeRange range, Priority priority) {
    return open(range, priority, client::fetchDespiteRefusal);
  }

  /** Completes after a while. */
  CompletableFuture<Void> delay(Duration duration) {
    return client.delay(duration);
  }

  private CompletableFuture<FirstPage> open(
      TimeRange range,
      Priority priority,
      BiFunction<PageRequest, Priority, CompletableFuture<Page>> api) {
    PageRequest request = firstPage(range);
    PrefetchedPage kept = prefetched;
    CompletableFuture<Page> answer;
    if (kept != null && kept.request.equals(request)) {
      // Once: who asks again does so because the answer was none.
      prefetched = null;
      answer = kept.answer;
    } else {
      answer = api.apply(request, priority);
    }
    return answer.thenApply(
        page -> new FirstPage(range, priority, page, proof.examine(page, request)));
  }

  /** What the first page of a window is asked for with. */
  public PageRequest firstPage(TimeRange range) {
    return request(range, 1, size.page());
  }

  /** Keeps an answer that was asked for before it was known what is to be read. */
  public void keep(PageRequest request, CompletableFuture<Page> answer) {
    prefetched = new PrefetchedPage(request, answer);
  }

  /** Forgets the answer that was kept: from now on the API may have another. */
  public void forget() {
    prefetched = null;
  }

  private record PrefetchedPage(PageRequest request, CompletableFuture<Page> answer) {}

  private CompletableFuture<Page> page(TimeRange range, int number, int size, Priority priority) {
    PageRequest request = request(range, number, size);
    return client.fetch(request, priority).thenCompose(page -> proof.examine(page, request));
  }

  private static PageRequest request(TimeRange range, int number, int size) {
    return new PageRequest(range.from().minusSeconds(1), range.to(), number, size);
  }

  /**
   * Reads the rest of a window.
   *
   * @param maxTotal a total beyond which reading is given up unverified
   * @param maxPasses how often to read it all at most until the answers add up
   */
  public CompletableFuture<WindowSnapshot> readRemaining(
      FirstPage opening, long maxTotal, int maxPasses) {
    return new WindowPasses(opening, maxTotal, maxPasses)
        .pass(opening.first().total(), opening.examined());
  }

  /** The passes over one window. */
  private final class WindowPasses {
    private final TimeRange range;
    private final Priority priority;
    private final Instant requestedAt;
    private final long maxTotal;
    private final int maxPasses;
    private final Map<String, Row> seen = new HashMap<>();
    private long previousTotal = -1;
    private int passes;
    private Map<String, Integer> previousRows = Map.of();
    private boolean previousOdd;
    private int same;

    WindowPasses(FirstPage opening, long maxTotal, int maxPasses) {
      this.range = opening.range();
      this.priority = opening.priority();
      this.requestedAt = opening.first().requestedAt();
      this.maxTotal = maxTotal;
      this.maxPasses = maxPasses;
    }

    /**
     * Reads the pages behind the first: those in the middle side by side, and the last one when
     * they are there, so that its total speaks for the whole time that the pass took.
     */
    CompletableFuture<WindowSnapshot> pass(long total, CompletableFuture<Page> first) {
      int pageSize = size.page(passes);
      int last = total <= maxTotal ? WindowSize.pages(total, pageSize) : 1;
      List<CompletableFuture<Page>> pages = new ArrayList<>();
      pages.add(first);
      for (int page = 2; page < last; page++) {
        pages.add(page(range, page, pageSize, priority));
      }
      return CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new))
          .thenCompose(
              done -> {
                List<Page> answers = new ArrayList<>();
                pages.forEach(page -> answers.add(page.join()));
                return last > 1 && agree(answers)
                    ? withLast(answers, page(range, last, pageSize, priority))
                    : judge(answers);
              });
    }

    private CompletableFuture<WindowSnapshot> withLast(
        List<Page> pages, CompletableFuture<Page> last) {
      return last.thenCompose(
          page -> {
            pages.add(page);
            return judge(pages);
          });
    }

    private static boolean agree(List<Page> pages) {
      return pages.stream().allMatch(page -> page.total() == pages.get(0).total());
    }

    private CompletableFuture<WindowSnapshot> judge(List<Page> pages) {
      long total = pages.get(0).total();
      int rows = 0;
      for (Page page : pages) {
        rows += page.rows().size();
      }
      // In the order of the pages, which is nearly that of time, so that little is left to sort.
      Map<String, Row> records = new LinkedHashMap<>(rows * 4 / 3 + 1);
      boolean farOff = false;
      for (Page page : pages) {
        for (Row row : page.rows()) {
          records.put(row.id(), row);
          farOff = farOff || isFarOff(row);
        }
      }
      boolean steady = agree(pages) && rows == total;
      boolean repeated = total == previousTotal && rowsOfIds(pages).equals(previousRows);
      same = steady && repeated ? same + 1 : 0;
      // Fewer ids than rows: the API repeats a record within its answer, or its order is not the
      // same for each page. A single page holds all the same; of several, only many passes that
      // repeated the very same rows can tell. And an answer without data, or with records of
      // another time than was asked for, may be a fault: where nothing of this window is looked at
      // again, it counts when it comes twice in a row.
      passes++;
      boolean odd =
          pages.get(0).withoutData()
              || (farOff && records.values().stream().anyMatch(this::isFarOff));
      boolean doubtful = odd && priority != Priority.LIVE && !(previousOdd && repeated);
      if (steady && !doubtful && (records.size() == total || pages.size() == 1)) {
        return done(records, total, rows, true);
      }
      records.forEach(this::see);
      boolean together = total == previousTotal && seen.size() == total;
      boolean verified = steady && !doubtful && (together || same >= SAME_PASSES);
      if (verified || passes >= maxPasses || total > maxTotal) {
        return done(seen, total, rows, verified);
      }
      previousTotal = total;
      previousRows = rowsOfIds(pages);
      previousOdd = odd;
      return client
          .delay(doubtful ? REST_BEFORE_BELIEF : restBefore(passes))
          .thenCompose(rested -> page(range, 1, size.page(passes), priority))
          .thenCompose(page -> pass(page.total(), CompletableFuture.completedFuture(page)));
    }

    private static Map<String, Integer> rowsOfIds(List<Page> pages) {
      Map<String, Integer> rowsOfIds = new HashMap<>();
      for (Page page : pages) {
        page.rows().forEach(row -> rowsOfIds.merge(row.id(), 1, Integer::sum));
      }
      return rowsOfIds;
    }

    /** The latest form of a row, but none of another time than was asked for. */
    private void see(String id, Row row) {
      if (isFarOff(row)) {
        seen.putIfAbsent(id, row);
      } else {
        seen.put(id, row);
      }
    }

    private boolean isFarOff(Row row) {
      long time = row.time();
      return time < range.from().getEpochSecond() - 1 || time > range.to().getEpochSecond();
    }

    /** An API that contradicts itself for long is asked less, not more. */
    private static Duration restBefore(int pass) {
      int late = pass - PASSES_IN_A_ROW;
      if (late < 0) {
        return Duration.ZERO;
      }
      Duration rest = Duration.ofSeconds(1L << Math.min(late, MOST_DOUBLINGS));
      return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
    }

    private CompletableFuture<WindowSnapshot> done(
        Map<String, Row> records, long total, int rows, boolean verified) {
      List<Row> own = new ArrayList<>(records.size());
      for (Row row : records.values()) {
        if (range.contains(row.time())) {
          own.add(row);
        }
      }
      if (own.size() > 1 && own.get(0).time() > own.get(own.size() - 1).time()) {
        Collections.reverse(own);
      }
      own.sort(Row.ORDER);
      int outside = records.size() - own.size();
      int repeated = Math.max(0, rows - records.size());
      return CompletableFuture.completedFuture(
          new WindowSnapshot(
              range,
              Collections.unmodifiableList(own),
              requestedAt,
              new WindowAudit.Reconciliation(total, outside, repeated, passes, verified)));
    }
  }
}
