package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.Row;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.PastEnd;
import io.callrecords.simulator.TotalCount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which pages a pass requests: those that are announced, and more while rows may follow. */
class PassReaderTest {
  private static final int SIZE = 5;

  private static ModelApi api(int rows, Pagination pagination) {
    return api(rows, pagination, Order.OLDEST_FIRST);
  }

  private static ModelApi api(int rows, Pagination pagination, Order order) {
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(ModelApi.row("r" + i, i, List.of(), null));
    }
    return new ModelApi(all, pagination, order, List.of(), 1);
  }

  private static WindowPass read(ModelApi api, long maxRows) {
    return read(api, SIZE, maxRows);
  }

  private static WindowPass read(ModelApi api, int size, long maxRows) {
    return read(api, size, new PagingFacts(size), maxRows);
  }

  private static WindowPass read(ModelApi api, int size, PagingFacts facts, long maxRows) {
    return read(api, size, facts, maxRows, false);
  }

  private static WindowPass read(
      ModelApi api, int size, PagingFacts facts, long maxRows, boolean isRepeated) {
    Page first = api.fetch(1, size).join();
    return new PassReader(WINDOW, api, facts, maxRows, isRepeated, false)
        .read(size, first, CompletableFuture.completedFuture(first))
        .join();
  }

  /** Facts of an API whose totals say nothing. */
  private static PagingFacts blindFacts() {
    PagingFacts facts = new PagingFacts(SIZE);
    for (int i = 0; i < 3; i++) {
      facts.verified(WINDOW, TestRows.pass(9, "abcdef"), true);
    }
    assertThat(facts.totals()).isEqualTo(PagingFacts.Totals.UNKNOWN);
    return facts;
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "3, 1", "6, 2", "12, 3", "15, 4"})
  void anHonestApiIsReadToItsTotalAndOnePageFurtherBehindAFullOne(int rows, int requests) {
    ModelApi api = api(rows, Pagination.HONEST);

    WindowPass pass = read(api, Long.MAX_VALUE);

    assertThat(pass.rows()).hasSize(rows);
    assertThat(api.requests()).hasSize(requests).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"QUERIED", "FIRST_PAGE"})
  void withoutATotalItIsReadToTheEnd(PastEnd pastEnd) {
    ModelApi api = api(12, Pagination.HONEST.total(TotalCount.ZERO).pastEnd(pastEnd));

    WindowPass pass = read(api, Long.MAX_VALUE);

    assertThat(pass.rows()).hasSize(12);
    assertThat(pass.hasSeenEnd()).isTrue();
    assertThat(api.requests()).containsExactly("1/5", "2/5", "3/5", "4/5");
  }

  @Test
  void aTotalThatIsTooLowEndsNothing() {
    WindowPass pass = read(api(14, Pagination.HONEST.percent(60)), Long.MAX_VALUE);

    assertThat(pass.total()).isEqualTo(9);
    assertThat(pass.rows()).hasSize(14);
  }

  /** What the total announces ends with a page, whatever the size and the order; rows follow. */
  @ParameterizedTest
  @CsvSource({"1, 3, 5", "2, 6, 10", "3, 6, 10", "5, 10, 16", "7, 42, 70"})
  void aTotalThatIsTooLowEndsNothingBehindAFullPage(int size, int total, int rows) {
    for (Order order : Order.values()) {
      ModelApi api = api(rows, Pagination.HONEST.percent(60), order);

      WindowPass pass = read(api, size, Long.MAX_VALUE);

      assertThat(pass.total()).isEqualTo(total);
      assertThat(pass.rowCount()).as("%s", order).isEqualTo(rows);
    }
  }

  /** What the total announces is just as much as a window may have; or more. */
  @ParameterizedTest
  @CsvSource({"5", "6"})
  void aTotalThatIsTooLowEndsNothingWhereAWindowIsFull(int maxRows) {
    WindowPass pass = read(api(10, Pagination.HONEST.percent(60)), 6, maxRows);

    assertThat(pass.total()).isEqualTo(6);
    assertThat(pass.rowCount()).isEqualTo(10);
  }

  /** The total cannot be told from that of the rows of a join, as where some are malformed. */
  @ParameterizedTest
  @CsvSource({"7, 4", "12, 4", "12, 3", "9, 8"})
  void pagesThatAreCappedUnderATotalThatSaysNothingAreReadOn(int rows, int cap) {
    ModelApi api = api(rows, Pagination.HONEST.percent(150).cap(cap, false));

    WindowPass pass = read(api, 10, blindFacts(), Long.MAX_VALUE);

    assertThat(pass.rows()).hasSize(rows);
    assertThat(pass.hasSeenEnd()).isTrue();
  }

  /** Two passes with one short page each agree, whatever the sizes that were requested. */
  @Test
  void aSecondPassLooksBehindAShortPage() {
    ModelApi api = api(11, Pagination.HONEST.cap(4, false));

    WindowPass pass = read(api, 20, new PagingFacts(20), Long.MAX_VALUE, true);

    assertThat(pass.rows()).hasSize(11);
    assertThat(pass.hasRightTotal()).isTrue();
  }

  /** An honest API costs one page more behind a full one, whatever it returns past the end. */
  @ParameterizedTest
  @EnumSource(PastEnd.class)
  void aRightTotalIsBelievedBehindAFullPage(PastEnd pastEnd) {
    for (int size : new int[] {1, 2, 3, 7}) {
      ModelApi api = api(6 * size, Pagination.HONEST.pastEnd(pastEnd), Order.OLDEST_FIRST);

      WindowPass pass = read(api, size, Long.MAX_VALUE);

      assertThat(pass.rowCount()).isEqualTo(6 * size);
      assertThat(pass.isEndRefuted()).isFalse();
      assertThat(api.requests()).hasSize(7);
      // The last one is announced, and has room for a row more.
      String[] last = api.requests().get(6).split("/", -1);
      int first = (Integer.parseInt(last[0]) - 1) * Integer.parseInt(last[1]);
      assertThat(first).isLessThan(6 * size);
      assertThat(first + Integer.parseInt(last[1])).isGreaterThan(6 * size);
    }
  }

  /** The first page again is no row more. */
  @Test
  void thePageThatAPagerShowsPastTheEndIsNotCounted() {
    WindowPass pass =
        read(api(14, Pagination.HONEST.percent(60).pastEnd(PastEnd.FIRST_PAGE)), Long.MAX_VALUE);

    assertThat(pass.rowCount()).isEqualTo(10);
    assertThat(pass.repeats()).isZero();
    assertThat(pass.pageCount()).isEqualTo(2);
  }

  @Test
  void aPassEndsBeyondTheMostRows() {
    ModelApi api = api(40, Pagination.HONEST);

    assertThat(read(api, 20).rows()).hasSize(5);
    assertThat(api.requests()).containsExactly("1/5");

    ModelApi endless = api(40, Pagination.HONEST.total(TotalCount.ZERO));
    assertThat(read(endless, 20).rowCount()).isGreaterThan(20).isLessThan(40);
  }

  /** Behind a short page, another page size tells more than further pages. */
  @Test
  void behindAShortFirstPageOnePageMoreIsRequested() {
    ModelApi api = api(12, Pagination.HONEST.cap(3, false).pastEnd(PastEnd.NOT_QUERIED));

    WindowPass pass = read(api, Long.MAX_VALUE);

    assertThat(pass.beginsShort()).isTrue();
    assertThat(api.requests()).containsExactly("1/5", "2/5", "3/5", "4/5");
  }

  /** Where totals say nothing, an outage that looks like an empty page is no end. */
  @ParameterizedTest
  @CsvSource({"12, 130", "15, 130", "15, 70", "24, 100", "30, 250"})
  void anOutageOfEmptyPagesInMidPassIsNoEnd(int rows, int percent) {
    for (int from = 2; from <= 12; from++) {
      for (int length = 1; length <= 12; length++) {
        ModelApi api = api(rows, Pagination.HONEST.percent(percent));
        api.emptyFor(length, from);

        WindowPass pass = read(api, SIZE, blindFacts(), Long.MAX_VALUE);

        boolean isComplete = pass.hasSeenEnd() && pass.isSteady() && !pass.pages().hasShortPage();
        assertThat(isComplete && pass.rows().size() < rows)
            .as("%s empty pages from request %s on hide rows: %s", length, from, api.requests())
            .isFalse();
      }
    }
  }
}
