package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.CodedFilter;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.CodePartition.FoundRows;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.PageRows;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.PastEnd;
import io.callrecords.simulator.TotalCount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A second that time does not cut is cut by codes, and believed where the parts are the whole. */
class CodePartitionTest {
  private static final CodedFilter CODES = new CodedFilter("callType", List.of(0, 1, 2));
  private static final int SIZE = 12;

  private static FoundRows read(ModelApi api, List<CodedFilter> filters, long total) {
    return new CodePartition(WINDOW, api, filters, new PagingFacts(SIZE)).read(total).join();
  }

  private static ModelApi api(List<Row> rows, Pagination pagination) {
    return new ModelApi(rows, pagination, Order.OLDEST_FIRST, List.of(CODES), 3);
  }

  private static List<Row> rows(int count, int codes) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(ModelApi.row("r" + i, 7, List.of(), String.valueOf(i % codes)));
    }
    return rows;
  }

  @Test
  void thePartsThatAreTheWholeHaveAllRows() {
    List<Row> rows = rows(30, 3);

    FoundRows read = read(api(rows, Pagination.HONEST), List.of(CODES), 30);

    assertThat(read.isWhole()).isTrue();
    assertThat(read.rows()).hasSize(30).containsKeys("r0", "r29");
  }

  /** The API repeats records, so that its total is more than their number. */
  @Test
  void recordsThatComeTwiceAreOneEach() {
    List<Row> rows = rows(9, 3);
    rows.addAll(rows.subList(0, 3));

    FoundRows read = read(api(rows, Pagination.HONEST), List.of(CODES), 12);

    assertThat(read.isWhole()).isTrue();
    assertThat(read.rows()).hasSize(9);
  }

  /** A code that nobody documents: what has it would be lost. */
  @Test
  void partsThatAreLessThanTheWholeProveNothing() {
    assertThat(read(api(rows(40, 4), Pagination.HONEST), List.of(CODES), 40).isWhole()).isFalse();
  }

  @Test
  void withoutFiltersThereAreNoParts() {
    ModelApi api = api(rows(30, 3), Pagination.HONEST);

    assertThat(read(api, List.of(), 30).isWhole()).isFalse();
    assertThat(api.requests()).isEmpty();
  }

  /** A filter that the API ignores: each part is all of it. */
  @Test
  void partsThatAreMoreThanTheWholeProveNothing() {
    ModelApi api = api(rows(10, 1), Pagination.HONEST);
    CodedFilter same = new CodedFilter("callType", List.of(0, 0));

    assertThat(read(api, List.of(same), 10).isWhole()).isFalse();
  }

  /** Pages hold the rows of a join, and the API announces as many as there are records. */
  @Test
  void whatIsReadIsAllThereIsHoweverPagesCutIt() {
    int found = 0;
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(new SplittableRandom(seed).nextLong());
      List<Row> rows = new ArrayList<>();
      Set<String> expected = new HashSet<>();
      for (int i = random.nextInt(40); i > 0; i--) {
        List<String> labels = List.of("a", "b", "c").subList(0, random.nextInt(4));
        rows.add(ModelApi.row("r" + i, 7, labels, String.valueOf(random.nextInt(3))));
        expected.add("r" + i);
      }
      Pagination joined =
          Pagination.HONEST
              .total(TotalCount.ROWS)
              .rows(PageRows.JOINED)
              .pastEnd(PastEnd.NOT_QUERIED);

      FoundRows read = read(api(rows, joined), List.of(CODES), rows.size());

      if (read.isWhole()) {
        found++;
        assertThat(read.rows().keySet()).as("seed %s", seed).isEqualTo(expected);
      }
    }
    assertThat(found).isGreaterThan(100);
  }
}
