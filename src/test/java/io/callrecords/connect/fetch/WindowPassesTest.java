package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static io.callrecords.connect.fetch.TestRows.page;
import static io.callrecords.connect.fetch.TestRows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.CodedFilter;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.state.WindowSnapshot;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.Ties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pages are requested, in which order, how often and after which delay. */
class WindowPassesTest {
  private static final int SIZE = 4;
  private static final long NO_LIMIT = Long.MAX_VALUE;

  /** Keeps what is requested; responses come when the test says so. */
  private static final class ScriptedPages implements PageSource {
    private final List<String> requests = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();
    private Duration uptime = Duration.ZERO;
    private final BiFunction<Integer, Integer, CompletableFuture<Page>> script;

    ScriptedPages(BiFunction<Integer, Integer, CompletableFuture<Page>> script) {
      this.script = script;
    }

    @Override
    public CompletableFuture<Page> fetch(int number, int pageSize) {
      requests.add(number + "/" + pageSize);
      return script.apply(number, pageSize);
    }

    @Override
    public PageSource only(String parameter, int code) {
      return this;
    }

    @Override
    public List<CodedFilter> codedFilters() {
      return List.of();
    }

    @Override
    public CompletableFuture<Void> delay(Duration delay) {
      delays.add(delay);
      uptime = uptime.plus(delay);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Duration uptime() {
      return uptime;
    }
  }

  /** An API whose rows stay as they are, cut into pages of any size. */
  private static CompletableFuture<Page> cut(String letters, int number, int pageSize) {
    List<Row> all = rows(letters);
    int from = Math.min((number - 1) * pageSize, all.size());
    int to = Math.min(from + pageSize, all.size());
    return CompletableFuture.completedFuture(page(all.size(), all.subList(from, to)));
  }

  private static WindowReader.FirstPage first(Page page, Priority priority) {
    return new WindowReader.FirstPage(
        WINDOW, priority, page, SIZE, CompletableFuture.completedFuture(page));
  }

  private static WindowPasses passes(
      Page firstPage, PageSource source, long maxTotal, int maxPasses) {
    return new WindowPasses(
        first(firstPage, Priority.BACKLOG),
        source,
        new PagingFacts(SIZE),
        new WindowReader.ReadLimits(maxTotal, maxPasses, false));
  }

  @Test
  void readsAllPagesOnce() {
    String all = "abcdefghij";
    ScriptedPages source = new ScriptedPages((number, size) -> cut(all, number, size));

    WindowSnapshot window = passes(cut(all, 1, 4).join(), source, NO_LIMIT, 5).read().join();

    assertThat(source.requests).containsExactly("2/4", "3/4");
    assertThat(window.verified()).isTrue();
    assertThat(window.records()).hasSize(10);
    assertThat(window.reconciliation().passes()).isEqualTo(1);
  }

  /** Its total speaks for the whole time that the pass took. */
  @Test
  void requestsTheLastPageWhenTheOthersAreThere() {
    List<CompletableFuture<Page>> pending = new ArrayList<>();
    ScriptedPages source =
        new ScriptedPages(
            (number, size) -> {
              pending.add(new CompletableFuture<>());
              return pending.get(pending.size() - 1);
            });
    String all = "abcdefghijklmno";

    CompletableFuture<WindowSnapshot> window =
        passes(cut(all, 1, 4).join(), source, NO_LIMIT, 5).read();
    assertThat(source.requests).containsExactly("2/4", "3/4");
    pending.get(1).complete(cut(all, 3, 4).join());
    assertThat(source.requests).hasSize(2);
    pending.get(0).complete(cut(all, 2, 4).join());
    assertThat(source.requests).containsExactly("2/4", "3/4", "4/4");
    assertThat(window).isNotDone();
    pending.get(2).complete(cut(all, 4, 4).join());

    assertThat(window.join().records()).hasSize(15);
  }

  /** The total and the rows of a response may be of two moments. */
  @Test
  void requestsAnotherPageBehindOneThatIsFull() {
    String all = "abcdefgh";
    ScriptedPages source = new ScriptedPages((number, size) -> cut(all, number, size));

    WindowSnapshot window = passes(cut(all, 1, 4).join(), source, NO_LIMIT, 5).read().join();

    assertThat(source.requests).containsExactly("2/4", "3/3");
    assertThat(window.verified()).isTrue();
    assertThat(window.reconciliation().passes()).isEqualTo(1);
  }

  /** A last page could not make up for totals that differ already. */
  @Test
  void sparesTheLastPageWhereTotalsDiffer() {
    String all = "abcdefghijkl";
    ScriptedPages source =
        new ScriptedPages(
            (number, size) ->
                size == 4
                    ? CompletableFuture.completedFuture(page(13, "efgh"))
                    : cut(all, number, size));

    WindowSnapshot window = passes(cut(all, 1, 4).join(), source, NO_LIMIT, 5).read().join();

    assertThat(source.requests).startsWith("2/4", "1/3").doesNotContain("3/4");
    assertThat(window.verified()).isTrue();
    assertThat(window.reconciliation().passes()).isEqualTo(2);
  }

  /** Where the order within a second is random, the same rows fall between the same pages. */
  @Test
  void eachPassUsesAnotherPageSize() {
    ScriptedPages source =
        new ScriptedPages((number, size) -> CompletableFuture.completedFuture(page(9, "abcd")));

    passes(page(9, "abcd"), source, NO_LIMIT, 4).read().join();

    assertThat(source.requests).contains("2/4", "1/3", "1/4").doesNotContain("1/2");
  }

  @Test
  void endsUnverifiedAfterTheMostPassesWithAllThatWasReturned() {
    String[] responses = {"ab", "bc", "cd"};
    int[] next = {0};
    ScriptedPages source =
        new ScriptedPages(
            (number, size) -> {
              next[0] += number == 1 ? 1 : 0;
              return CompletableFuture.completedFuture(
                  page(7, number == 1 ? responses[next[0]] : ""));
            });

    WindowSnapshot window = passes(page(7, "ab"), source, NO_LIMIT, 3).read().join();

    assertThat(window.verified()).isFalse();
    assertThat(window.records()).extracting(Row::id).containsExactly("a", "b", "c", "d");
    assertThat(window.reconciliation().passes()).isEqualTo(3);
    assertThat(window.total()).isEqualTo(7);
  }

  @Test
  void givesUpAtOnceBeyondTheMostTotal() {
    ScriptedPages source = new ScriptedPages((number, size) -> cut("", number, size));

    WindowSnapshot window = passes(page(1_000, "abcd"), source, 80, 5).read().join();

    assertThat(source.requests).isEmpty();
    assertThat(window.verified()).isFalse();
    assertThat(window.total()).isEqualTo(1_000);
  }

  /** An agreement that has not come in ten seconds will not come. */
  @Test
  void anApiThatGoesOnContradictingItselfIsReadForTenSeconds() {
    int[] pass = {0};
    ScriptedPages source =
        new ScriptedPages(
            (number, size) -> {
              pass[0] += number == 1 ? 1 : 0;
              return CompletableFuture.completedFuture(
                  page(3, number > 1 ? "" : pass[0] % 2 == 0 ? "ab" : "bc"));
            });

    WindowSnapshot window = passes(page(3, "ad"), source, NO_LIMIT, 40).read().join();

    assertThat(window.verified()).isFalse();
    assertThat(window.records()).extracting(Row::id).containsExactly("a", "b", "c", "d");
    assertThat(source.delays.subList(0, 14)).containsOnly(Duration.ZERO);
    assertThat(source.delays.subList(14, source.delays.size()))
        .hasSize(10)
        .containsOnly(Duration.ofSeconds(1));
  }

  /** For the same page size, the same records of a second fall between two pages each time. */
  @Test
  void aSecondThatIsTooDenseForItsPagesIsCutByCodes() {
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      all.add(ModelApi.row("r" + i, 7, List.of(), String.valueOf(i % 20)));
    }
    CodedFilter codes = new CodedFilter("callType", IntStream.range(0, 20).boxed().toList());
    ModelApi api =
        new ModelApi(
            all, Pagination.HONEST.ties(Ties.BY_PAGE), Order.OLDEST_FIRST, List.of(codes), 1);

    WindowSnapshot window = passes(api.fetch(1, SIZE).join(), api, NO_LIMIT, 40).read().join();

    assertThat(window.verified()).isTrue();
    assertThat(window.records()).hasSameSizeAs(all);
  }

  /** Rows outrank totals: two passes that were cut differently agree, and one has seen the end. */
  @ParameterizedTest
  @CsvSource({"0, 3", "2, 3", "6, 3", "1, 12"})
  void aTotalThatIsNotTheNumberOfRowsIsOverruled(int total, int rows) {
    String all = "abcdefghijklmnop".substring(0, rows);
    ScriptedPages source =
        new ScriptedPages(
            (number, size) ->
                CompletableFuture.completedFuture(
                    page(total, cut(all, number, size).join().rows())));

    WindowSnapshot window =
        passes(page(total, cut(all, 1, SIZE).join().rows()), source, NO_LIMIT, 40).read().join();

    assertThat(window.verified()).isTrue();
    assertThat(window.records()).hasSize(rows);
    assertThat(window.reconciliation().passes()).isEqualTo(2);
    assertThat(window.reconciliation().counted()).isFalse();
  }

  /** Pages hold two rows at most, whatever size is requested, and the total is right. */
  @Test
  void aCapOfThePageSizeIsLearned() {
    String all = "abcdefghijk";
    PagingFacts facts = new PagingFacts(SIZE);
    ScriptedPages source = new ScriptedPages((number, size) -> cut(all, number, Math.min(size, 2)));

    WindowSnapshot window =
        new WindowPasses(
                first(cut(all, 1, 2).join(), Priority.BACKLOG),
                source,
                facts,
                new WindowReader.ReadLimits(NO_LIMIT, 40, false))
            .read()
            .join();

    assertThat(window.verified()).isTrue();
    assertThat(window.records()).hasSize(11);
    assertThat(facts.pageSize()).isEqualTo(4);
  }

  /** No single pass has all rows, but each has as many as the total says. */
  @Test
  void aCapOfThePageSizeIsLearnedWhereRowsComeInRandomOrder() {
    PagingFacts facts = new PagingFacts(12);
    for (int window = 0; window < 3; window++) {
      List<Row> all = new ArrayList<>();
      for (int i = 0; i < 30 + window; i++) {
        all.add(ModelApi.row("r" + i, i, List.of(), null));
      }
      ModelApi api =
          new ModelApi(all, Pagination.HONEST.cap(5, true), Order.RANDOM, List.of(), window);
      Page page = api.fetch(1, 12).join();

      new WindowPasses(
              new WindowReader.FirstPage(
                  WINDOW, Priority.BACKLOG, page, 12, CompletableFuture.completedFuture(page)),
              api,
              facts,
              new WindowReader.ReadLimits(NO_LIMIT, 4, true))
          .read()
          .join();
    }

    assertThat(facts.pageSize()).isEqualTo(5);
  }

  @Test
  void aResponseWithoutDataGetsTimeToPass() {
    ScriptedPages source = new ScriptedPages((number, size) -> cut("abc", number, size));

    WindowSnapshot window = passes(TestRows.pageWithoutData(), source, NO_LIMIT, 5).read().join();

    assertThat(source.delays).containsExactly(Duration.ofSeconds(10));
    assertThat(window.records()).hasSize(3);
    assertThat(window.verified()).isTrue();
  }

  @Test
  void theLiveEdgeDoesNotWaitForTheSecondResponseWithoutData() {
    ScriptedPages source = new ScriptedPages((number, size) -> cut("abc", number, size));

    WindowSnapshot window =
        new WindowPasses(
                first(TestRows.pageWithoutData(), Priority.LIVE),
                source,
                new PagingFacts(SIZE),
                new WindowReader.ReadLimits(NO_LIMIT, 5, false))
            .read()
            .join();

    assertThat(source.requests).isEmpty();
    assertThat(window.verified()).isTrue();
    assertThat(window.records()).isEmpty();
  }

  @Test
  void failsWithThePageThatFails() {
    ScriptedPages source =
        new ScriptedPages(
            (number, size) -> CompletableFuture.failedFuture(new IllegalArgumentException("no")));

    assertThat(passes(page(9, "abcd"), source, NO_LIMIT, 5).read())
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(IllegalArgumentException.class);
  }
}
