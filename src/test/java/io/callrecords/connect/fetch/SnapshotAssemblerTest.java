package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.REQUESTED_AT;
import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static io.callrecords.connect.fetch.TestRows.page;
import static io.callrecords.connect.fetch.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The rows of a window: its own, in order, each counted. */
class SnapshotAssemblerTest {
  @Test
  void leavesOutWhatBelongsToTheNeighbours() {
    List<Row> rows = List.of(row("a", -1), row("b", 0), row("c", 3_599), row("d", 3_600));
    WindowPass last = TestRows.pass(List.of(page(4, rows)));

    WindowSnapshot window = SnapshotAssembler.assemble(WINDOW, rows, REQUESTED_AT, last, 3, true);

    assertThat(window.records()).extracting(Row::id).containsExactly("b", "c");
    assertThat(window.requestedAt()).isEqualTo(REQUESTED_AT);
    assertThat(window.reconciliation()).isEqualTo(new WindowAudit.Reconciliation(4, 2, 0, 3, true));
  }

  @Test
  void countsRowsThatRepeatARecord() {
    WindowPass last = TestRows.pass(5, "ab", "ba", "c");

    WindowSnapshot window =
        SnapshotAssembler.assemble(WINDOW, last.rows().values(), REQUESTED_AT, last, 1, false);

    assertThat(window.reconciliation().duplicates()).isEqualTo(2);
    assertThat(window.verified()).isFalse();
  }

  @Test
  void countsRowsOfTheWindowThatContradictEachOther() {
    List<Row> rows =
        List.of(row("a", -1), row("a", -2), row("b", 5), row("b", 6), row("c", 7), row("c", 7));
    WindowPass last = TestRows.pass(List.of(page(6, rows)));

    WindowSnapshot window =
        SnapshotAssembler.assemble(WINDOW, last.rows().values(), REQUESTED_AT, last, 1, true);

    assertThat(window.reconciliation().duplicates()).isEqualTo(3);
    assertThat(window.reconciliation().conflicts()).isOne();
  }

  /** Earlier passes may have had more rows than the last: those are no negative repetitions. */
  @Test
  void doesNotCountBelowZero() {
    WindowPass last = TestRows.pass(9, "a");

    WindowSnapshot window =
        SnapshotAssembler.assemble(WINDOW, TestRows.rows("abcd"), REQUESTED_AT, last, 4, false);

    assertThat(window.reconciliation().duplicates()).isZero();
  }

  @Test
  void sortsByTimeAndIdWhateverTheOrderOfTheApi() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Row> rows = new ArrayList<>();
      for (int i = random.nextInt(50); i > 0; i--) {
        rows.add(row("r" + random.nextInt(100) + "-" + i, random.nextInt(20)));
      }
      if (seed % 3 > 0) {
        rows.sort(seed % 3 == 1 ? Row.ORDER : Row.ORDER.reversed());
      }
      WindowPass last = TestRows.pass(List.of(page(rows.size(), rows)));

      WindowSnapshot window = SnapshotAssembler.assemble(WINDOW, rows, REQUESTED_AT, last, 1, true);

      assertThat(window.records())
          .as("seed %s", seed)
          .isEqualTo(rows.stream().sorted(Row.ORDER).toList());
    }
  }
}
