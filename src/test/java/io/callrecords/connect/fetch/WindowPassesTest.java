package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static io.callrecords.connect.fetch.TestRows.page;
import static io.callrecords.connect.fetch.TestRows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Which pages are requested, in which order, how often and after which delay. */
class WindowPassesTest {
  private static final WindowLimits SIZE = new WindowLimits(4);
  private static final long NO_LIMIT = Long.MAX_VALUE;

  /** Keeps what is requested; responses come when the test says so. */
  private static final class ScriptedPages implements WindowPasses.Source {
    private final List<String> requests = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();
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
    public CompletableFuture<Void> delay(Duration delay) {
      delays.add(delay);
      return CompletableFuture.completedFuture(null);
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
        WINDOW, priority, page, CompletableFuture.completedFuture(page));
  }

  private static WindowPasses passes(
      Page firstPage, WindowPasses.Source source, long maxTotal, int maxPasses) {
    return new WindowPasses(first(firstPage, Priority.BACKLOG), source, SIZE, maxTotal, maxPasses);
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
    String all = "abcdefghijklmnop";

    CompletableFuture<WindowSnapshot> window =
        passes(cut(all, 1, 4).join(), source, NO_LIMIT, 5).read();
    assertThat(source.requests).containsExactly("2/4", "3/4");
    pending.get(1).complete(cut(all, 3, 4).join());
    assertThat(source.requests).hasSize(2);
    pending.get(0).complete(cut(all, 2, 4).join());
    assertThat(source.requests).containsExactly("2/4", "3/4", "4/4");
    assertThat(window).isNotDone();
    pending.get(2).complete(cut(all, 4, 4).join());

    assertThat(window.join().records()).hasSize(16);
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
        new ScriptedPages((number, size) -> CompletableFuture.completedFuture(page(9, "ab")));

    passes(page(9, "ab"), source, NO_LIMIT, 4).read().join();

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

  @Test
  void anApiThatGoesOnContradictingItselfGetsMoreAndMoreTime() {
    ScriptedPages source =
        new ScriptedPages(
            (number, size) -> CompletableFuture.completedFuture(page(3, number == 1 ? "ab" : "")));

    passes(page(3, "ab"), source, NO_LIMIT, 25).read().join();

    assertThat(source.delays).hasSize(24);
    assertThat(source.delays.subList(0, 14)).containsOnly(Duration.ZERO);
    assertThat(source.delays.subList(14, 24).stream().map(Duration::toSeconds))
        .containsExactly(1L, 2L, 4L, 8L, 10L, 10L, 10L, 10L, 10L, 10L);
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
                first(TestRows.pageWithoutData(), Priority.LIVE), source, SIZE, NO_LIMIT, 5)
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
