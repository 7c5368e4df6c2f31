package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static io.callrecords.connect.fetch.TestRows.page;
import static io.callrecords.connect.fetch.TestRows.pass;
import static io.callrecords.connect.fetch.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Breadth;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.CodedFilter;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.PassJudge.Verdict;
import io.callrecords.connect.state.WindowSnapshot;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.PageRows;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.PastEnd;
import io.callrecords.simulator.Ties;
import io.callrecords.simulator.TotalCount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a pass over a window is worth, after the passes before it. */
class PassJudgeTest {
  /**
   * How many APIs of a kind are drawn, however rare the kind is: what holds of most windows is not
   * to depend on a few of them.
   */
  private static final int APIS = Breadth.of(250, 400);

  private final PassHistory history = new PassHistory(WINDOW);

  private Verdict judge(WindowPass pass) {
    return PassJudge.judge(pass, history, new PagingFacts(100), false);
  }

  private Verdict judgeNext(WindowPass pass) {
    Verdict verdict = judge(pass);
    history.add(pass, false);
    return verdict;
  }

  @Test
  void aPassWithAsManyIdsAsItsTotalIsComplete() {
    assertThat(judge(pass(5, "ab", "cd", "e"))).isEqualTo(Verdict.COMPLETE);
    assertThat(judge(pass(0, ""))).isEqualTo(Verdict.COMPLETE);
  }

  @Test
  void aPassThatDoesNotAddUpIsIncomplete() {
    assertThat(judge(pass(5, "ab", "cd"))).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judge(pass(3, "ab", "cd"))).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judge(TestRows.pass(List.of(page(4, "ab"), page(5, "cd")))))
        .isEqualTo(Verdict.INCOMPLETE);
  }

  /** A single page is a response of one moment: nothing can have slipped between two pages. */
  @Test
  void aSinglePageIsCompleteAlthoughItRepeatsARow() {
    assertThat(judge(pass(3, "abb"))).isEqualTo(Verdict.COMPLETE);
    assertThat(judge(pass(3, "ab", "b"))).isEqualTo(Verdict.INCOMPLETE);
  }

  /** Pages in random order: no pass has all, but together they have as many as the total. */
  @Test
  void passesAreCompleteTogetherWhenTheyHaveAsManyIdsAsTheTotal() {
    assertThat(judgeNext(pass(4, "ab", "bc"))).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judgeNext(pass(4, "ab", "ac"))).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judge(pass(4, "cd", "da"))).isEqualTo(Verdict.COMPLETE_TOGETHER);
  }

  @Test
  void passesOfAnotherTotalAreNotPutTogether() {
    judgeNext(pass(5, "ab", "ccb"));

    assertThat(judge(pass(4, "cd", "da"))).isEqualTo(Verdict.INCOMPLETE);
  }

  /** The API repeats a record in each response: as many ids as the total never come. */
  @Test
  void theVerySameRowsAreBelievedAfterTwelveRepetitions() {
    for (int i = 0; i < 12; i++) {
      assertThat(judgeNext(pass(4, "ab", "bc"))).isEqualTo(Verdict.INCOMPLETE);
    }
    assertThat(judge(pass(4, "ab", "cb"))).isEqualTo(Verdict.COMPLETE_TOGETHER);
    assertThat(judge(pass(4, "ab", "ca"))).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void aResponseWithoutDataIsRepeatedAndProvesNothing() {
    WindowPass without = TestRows.pass(List.of(TestRows.pageWithoutData()));

    assertThat(judgeNext(without)).isEqualTo(Verdict.SUSPICIOUS);
    assertThat(judge(without)).isEqualTo(Verdict.INCOMPLETE);

    judgeNext(pass(9, "ab", "cd"));
    assertThat(judge(without)).isEqualTo(Verdict.SUSPICIOUS);
  }

  /** An empty page with data is not suspicious, so it does not confirm one without. */
  @Test
  void aResponseWithoutDataIsNotConfirmedByAnEmptyPage() {
    judgeNext(pass(0, ""));

    assertThat(judge(TestRows.pass(List.of(TestRows.pageWithoutData()))))
        .isEqualTo(Verdict.SUSPICIOUS);
  }

  @Test
  void aSuspiciousPassIsBelievedWhereTheWindowIsRecheckedSoon() {
    WindowPass without = TestRows.pass(List.of(TestRows.pageWithoutData()));

    assertThat(PassJudge.judge(without, history, new PagingFacts(100), true))
        .isEqualTo(Verdict.COMPLETE);
  }

  @Test
  void rowsOfAnotherTimeHaveToComeTwiceInARow() {
    WindowPass another = TestRows.pass(List.of(page(2, List.of(row("a", 5), row("z", -86_400)))));

    assertThat(judgeNext(another)).isEqualTo(Verdict.SUSPICIOUS);
    assertThat(judgeNext(another)).isEqualTo(Verdict.COMPLETE);
  }

  @Test
  void onlyCompleteOnesAreVerified() {
    assertThat(Set.of(Verdict.values()))
        .filteredOn(Verdict::isVerified)
        .containsExactlyInAnyOrder(Verdict.COMPLETE, Verdict.COMPLETE_TOGETHER);
  }

  /** Rows appear while pages are requested: a complete pass has all that were there before it. */
  @Test
  void noCompletePassLacksARowThatWasThereWhenItBegan() {
    int complete = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Row> visible = new ArrayList<>();
      for (int i = random.nextInt(40); i > 0; i--) {
        insert(visible, random);
      }
      PassHistory seen = new PassHistory(WINDOW);
      for (int pass = 0; pass < 15; pass++) {
        Set<String> before = ids(visible);
        WindowPass next = TestRows.pass(pages(visible, random));
        Verdict verdict = PassJudge.judge(next, seen, new PagingFacts(100), false);
        seen.add(next, false);
        if (verdict.isVerified()) {
          complete++;
          Set<String> found =
              verdict == Verdict.COMPLETE ? next.rows().keySet() : seen.rows().keySet();
          assertThat(found).as("seed %s, pass %s", seed, pass).containsAll(before);
          break;
        }
      }
    }
    assertThat(complete).isGreaterThan(1_000);
  }

  /** What came of reading windows of APIs of one kind. */
  private static final class Reckoning {
    private int windows;
    private int verified;
    private final List<String> wrongs = new ArrayList<>();

    void add(String name, ModelApi api, List<Row> rows, WindowSnapshot read) {
      windows++;
      if (!read.verified()) {
        return;
      }
      verified++;
      Map<String, Set<String>> expected = labels(rows);
      Map<String, Set<String>> found = labels(read.records());
      if (!found.equals(expected)) {
        wrongs.add(
            "%s: %d of %d by %s from %s"
                .formatted(name, found.size(), expected.size(), api.requests(), api));
      }
    }
  }

  /** Pages that hold whole records, and totals that are not lower than their number. */
  @Test
  void whatIsVerifiedIsCompleteWherePagesHoldRecords() {
    Reckoning reckoning =
        reckoning(
            (pagination, order) ->
                pagination.rows() == PageRows.CALLS
                    && pagination.percent() >= 100
                    && isCounting(pagination),
            pagination -> pagination);

    assertThat(reckoning.wrongs).isEmpty();
    assertThat(reckoning.verified).isGreaterThan(reckoning.windows / 2);
  }

  /** Its labels, counted as the rows of a join, fill the page: more of them may follow. */
  @Test
  void aRecordWithAsManyLabelsAsAPageHasRowsIsReadWithAnotherSizeToo() {
    Struct value = new Struct(CallCenterFeed.create().schema()).put("labels", List.of("x", "y"));
    Row row = new FeedRecord("a", WINDOW.from().getEpochSecond(), value);
    List<Page> pages = List.of(page(1, List.of(row)));

    assertThat(judgeNext(new WindowPass(WINDOW, pages, 2))).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judge(new WindowPass(WINDOW, pages, 3)).isVerified()).isTrue();
    assertThat(judge(new WindowPass(WINDOW, pages, 1)).isVerified()).isTrue();
  }

  /** Full pages of whole records in a settled order, and a page behind the last that is there. */
  @Test
  void whatIsVerifiedIsCompleteWherePagesAreFullWhateverTotalsSay() {
    Reckoning reckoning =
        reckoning(
            (pagination, order) ->
                pagination.rows() == PageRows.CALLS
                    && pagination.cap() == 0
                    && pagination.pastEnd() == PastEnd.QUERIED
                    && pagination.ties() == Ties.STABLE
                    && order != Order.RANDOM,
            pagination -> pagination);

    assertThat(reckoning.wrongs).isEmpty();
    assertThat(reckoning.verified).isGreaterThan(reckoning.windows / 2);
  }

  /** Pages that hold joined rows, as many of them as the total says. */
  @Test
  void whatIsVerifiedIsCompleteWhereJoinedRowsAreCountedAndPaged() {
    Reckoning reckoning =
        reckoning(
            (pagination, order) ->
                pagination.rows() == PageRows.JOINED
                    && pagination.total() == TotalCount.JOINED_ROWS
                    && pagination.percent() == 100
                    && pagination.ties() == Ties.STABLE
                    && order != Order.RANDOM,
            pagination -> pagination);

    assertThat(reckoning.wrongs).isEmpty();
    assertThat(reckoning.verified).isGreaterThan(reckoning.windows / 2);
  }

  /** Pages that hold joined rows, of which the total counts the records. */
  @ParameterizedTest
  @EnumSource(
      value = PageRows.class,
      names = {"JOINED", "JOINED_APART"})
  void whatIsVerifiedIsCompleteWherePagesHoldJoinedRowsThatAreNotCounted(PageRows pageRows) {
    Reckoning reckoning =
        reckoning(
            (pagination, order) ->
                pagination.cap() == 0
                    && pagination.pastEnd() == PastEnd.QUERIED
                    && order != Order.RANDOM,
            pagination ->
                pagination.rows(pageRows).total(TotalCount.ROWS).percent(100).ties(Ties.STABLE));

    assertThat(reckoning.wrongs).isEmpty();
    assertThat(reckoning.verified).isGreaterThan(reckoning.windows / 2);
  }

  /** Totals that are wrong, and pages that a join fills, may add up by accident: seldom. */
  @Test
  void whatIsVerifiedIsSeldomIncompleteWhereWrongTotalsAddUpByAccident() {
    Reckoning reckoning =
        reckoning((pagination, order) -> isCounting(pagination), pagination -> pagination);

    assertThat(reckoning.wrongs).hasSizeLessThan(reckoning.verified / 50);
    assertThat(reckoning.verified).isGreaterThan(reckoning.windows / 2);
  }

  private static boolean isCounting(Pagination pagination) {
    return pagination.total() == TotalCount.ROWS || pagination.total() == TotalCount.JOINED_ROWS;
  }

  /** The order is the same for each page; the end is where nothing follows. */
  @Test
  void whatIsVerifiedIsCompleteWhereTotalsSayNothing() {
    Reckoning reckoning =
        reckoning(
            (pagination, order) ->
                pagination.total() == TotalCount.ZERO
                    && pagination.ties() == Ties.STABLE
                    && order != Order.RANDOM,
            pagination -> pagination);

    assertThat(reckoning.wrongs).isEmpty();
    assertThat(reckoning.verified).isGreaterThan(reckoning.windows / 2);
  }

  /**
   * A total that is another one each time may happen to be the number of rows of full pages, which
   * nothing distinguishes from a right one; that has to be rare.
   */
  @Test
  void totalsThatDriftAreSeldomTakenForRightOnes() {
    Reckoning reckoning =
        reckoning(
            (pagination, order) ->
                pagination.total() == TotalCount.DRIFTING
                    && pagination.pastEnd() == PastEnd.QUERIED
                    && pagination.ties() == Ties.STABLE,
            pagination -> pagination.percent(100));

    assertThat(reckoning.wrongs).hasSizeLessThan(reckoning.verified / 12);
    assertThat(reckoning.verified).isGreaterThan(reckoning.windows / 4);
  }

  /** Reads six windows each of many APIs of a kind, each time with what was learned before. */
  private static Reckoning reckoning(
      BiPredicate<Pagination, Order> kind, UnaryOperator<Pagination> change) {
    Reckoning reckoning = new Reckoning();
    int apis = 0;
    for (int seed = 0; apis < APIS; seed++) {
      Random random = new Random(new SplittableRandom(seed).nextLong());
      Pagination pagination = change.apply(ModelApi.anyPagination(random));
      Order order = ModelApi.any(random, Order.values());
      if (kind.test(pagination, order)) {
        apis++;
        PagingFacts facts = new PagingFacts(3 + random.nextInt(12));
        for (int window = 0; window < 6; window++) {
          List<Row> rows = anyRows(random);
          List<CodedFilter> filters =
              random.nextBoolean()
                  ? List.of(new CodedFilter("callType", List.of(0, 1, 2)))
                  : List.of();
          ModelApi api = new ModelApi(rows, pagination, order, filters, random.nextLong());
          WindowSnapshot read = read(api, facts, random);
          reckoning.add("seed " + seed + ", window " + window, api, rows, read);
        }
      }
    }
    return reckoning;
  }

  private static WindowSnapshot read(ModelApi api, PagingFacts facts, Random random) {
    int pageSize = facts.pageSize();
    Page page = api.fetch(1, pageSize).join();
    WindowReader.FirstPage first =
        new WindowReader.FirstPage(
            WINDOW, Priority.BACKLOG, page, pageSize, CompletableFuture.completedFuture(page));
    boolean isDivisible = random.nextBoolean();
    int passes = isDivisible && page.total() > pageSize ? 2 : 40;
    WindowReader.ReadLimits limits =
        new WindowReader.ReadLimits(
            isDivisible ? facts.maxRows() : Long.MAX_VALUE, passes, isDivisible);
    return new WindowPasses(first, api, facts, limits).read().join();
  }

  /** Some rows, most of them in the window, in few or in many different seconds. */
  private static List<Row> anyRows(Random random) {
    int seconds = 1 + random.nextInt(random.nextBoolean() ? 4 : 3_000);
    int labelled = random.nextInt(4);
    List<Row> rows = new ArrayList<>();
    for (int i = random.nextInt(random.nextBoolean() ? 8 : 60); i > 0; i--) {
      List<String> labels =
          random.nextInt(4) < labelled
              ? List.of("a", "b", "c", "d").subList(0, 1 + random.nextInt(4))
              : List.of();
      long second = random.nextInt(8) == 0 ? -1 : random.nextInt(seconds);
      rows.add(ModelApi.row("r" + i, second, labels, String.valueOf(random.nextInt(3))));
    }
    return rows;
  }

  private static Map<String, Set<String>> labels(List<Row> rows) {
    Map<String, Set<String>> labels = new HashMap<>();
    for (Row row : rows) {
      if (WINDOW.contains(row.time())) {
        labels.put(row.id(), Set.copyOf(ModelApi.labels(row)));
      }
    }
    return labels;
  }

  private static Set<String> ids(List<Row> rows) {
    Set<String> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.id()));
    return ids;
  }

  private static void insert(List<Row> visible, SplittableRandom random) {
    Row row = row("r" + visible.size() + "-" + random.nextInt(1_000_000), random.nextInt(3_600));
    visible.add(random.nextInt(visible.size() + 1), row);
  }

  /** The pages of one pass; between two of them rows may appear. */
  private static List<Page> pages(List<Row> visible, SplittableRandom random) {
    int size = 1 + random.nextInt(10);
    int last = Math.max(1, (visible.size() + size - 1) / size);
    List<Page> pages = new ArrayList<>();
    for (int number = 0; number < last; number++) {
      int from = Math.min(number * size, visible.size());
      int to = Math.min(from + size, visible.size());
      pages.add(page(visible.size(), List.copyOf(visible.subList(from, to))));
      if (random.nextInt(12) == 0) {
        insert(visible, random);
      }
    }
    return pages;
  }
}
