package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows of one id become one; which one does not depend on which comes first. */
class PassRowsTest {
  private static Row row(String id, long second, String remark, String... labels) {
    return ModelApi.row(id, second, List.of(labels), remark);
  }

  private static PassRows of(Row... rows) {
    PassRows all = new PassRows(WINDOW, rows.length);
    List.of(rows).forEach(all::add);
    return all;
  }

  @Test
  void partsThatAJoinHasSplitOffAreNoRepetitions() {
    PassRows rows = of(row("a", 1, "x", "l1"), row("b", 2, "x"), row("a", 1, "x", "l2", "l3"));

    assertThat(rows.unions()).isOne();
    assertThat(rows.repeats()).isZero();
    assertThat(rows.size()).isEqualTo(2);
    assertThat(rows.joinedRows()).isEqualTo(4);
    assertThat(rows.byId().get("a")).isEqualTo(row("a", 1, "x", "l1", "l2", "l3"));
    assertThat(rows.byId().keySet()).containsExactly("a", "b");
  }

  @Test
  void aRowThatComesAgainIsCountedAndNoContradiction() {
    PassRows rows = of(row("a", 1, "x"), row("a", 1, "x"), row("n", -1, "x"), row("n", -1, "x"));

    assertThat(rows.repeats()).isEqualTo(2);
    assertThat(rows.repeatsWithin()).isOne();
    assertThat(rows.conflicts()).isZero();
    assertThat(rows.unions()).isZero();
  }

  @Test
  void contradictionsAreCountedInTheWindowOnly() {
    PassRows rows =
        of(
            row("a", 1, "x"),
            row("a", 1, "y"),
            row("n", 3_600, "x"),
            row("n", 3_600, "y"),
            row("m", -1, "x"),
            row("m", 0, "x"));

    assertThat(rows.repeats()).isEqualTo(3);
    assertThat(rows.conflicts()).isEqualTo(2);
  }

  @Test
  void theVersionWhoseTimeWasRequestedIsPreferred() {
    Row requested = row("a", 1, "x");
    Row wrong = row("a", -500, "x");

    assertThat(of(requested, wrong).byId()).containsEntry("a", requested);
    assertThat(of(wrong, requested).byId()).containsEntry("a", requested);
  }

  @Test
  void knowsWhatARowAdds() {
    PassRows rows = of(row("a", 1, "x", "l1", "l2"));

    assertThat(rows.adds(row("a", 1, "x", "l1", "l2"))).isFalse();
    assertThat(rows.adds(row("a", 1, "x", "l2"))).isFalse();
    assertThat(rows.adds(row("a", 1, "x", "l3"))).isTrue();
    assertThat(rows.adds(row("a", 1, "y", "l1", "l2"))).isTrue();
    assertThat(rows.adds(row("b", 1, "x"))).isTrue();
  }

  @Test
  void ownIdsAreThoseWithinTheWindow() {
    assertThat(of(row("b", -1, "x"), row("c", 0, "x"), row("d", 3_600, "x")).ownIds())
        .isEqualTo(Set.of("c"));
  }

  /** A recheck that gets the same rows in another order finds no edit. */
  @Test
  void theChoiceIsTheSameInAnyOrder() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<Row> rows = new ArrayList<>();
      for (int i = 2 + random.nextInt(8); i > 0; i--) {
        rows.add(row("r" + random.nextInt(3), random.nextInt(3) - 1, "v" + random.nextInt(4)));
      }
      Map<String, Row> first = of(rows.toArray(Row[]::new)).byId();
      for (int i = 0; i < 5; i++) {
        Collections.shuffle(rows, random);

        assertThat(of(rows.toArray(Row[]::new)).byId()).as("seed %s", seed).isEqualTo(first);
      }
    }
  }
}
