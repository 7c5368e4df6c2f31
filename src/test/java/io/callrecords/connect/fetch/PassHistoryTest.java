package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static io.callrecords.connect.fetch.TestRows.page;
import static io.callrecords.connect.fetch.TestRows.pass;
import static io.callrecords.connect.fetch.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is remembered of earlier passes over a window. */
class PassHistoryTest {
  private final PassHistory history = new PassHistory(WINDOW);

  @Test
  void collectsTheRowsOfAllPasses() {
    history.add(pass(4, "ab", "bc"), false);
    history.add(pass(4, "cd", "da"), false);

    assertThat(history.passes()).isEqualTo(2);
    assertThat(history.rows()).containsOnlyKeys("a", "b", "c", "d");
    assertThat(history.distinctWith(pass(4, "de", "fa"))).isEqualTo(6);
    assertThat(history.rows()).hasSize(4);
  }

  @Test
  void knowsRowsThatCameOtherwise() {
    history.add(pass(4, "ab", "bc"), false);
    history.addRows(Map.of("d", row("d", 3)));

    assertThat(history.passes()).isEqualTo(1);
    assertThat(history.rows()).containsOnlyKeys("a", "b", "c", "d");
    assertThat(history.distinctWith(pass(4, "de"))).isEqualTo(5);
  }

  @Test
  void keepsTheLatestFormOfARowUnlessItsTimeWasNotRequested() {
    Row first = row("a", 1);
    Row later = row("a", 2);
    Row wrong = row("a", -500);
    history.add(TestRows.pass(List.of(page(1, List.of(first)))), false);
    history.add(TestRows.pass(List.of(page(1, List.of(later)))), false);
    history.add(TestRows.pass(List.of(page(1, List.of(wrong)))), false);

    assertThat(history.rows()).containsEntry("a", later);
    assertThat(history.wasSuspicious()).isTrue();
  }

  @Test
  void countsRepetitionsOfTheVerySameRows() {
    assertThat(history.repetitionsWith(pass(3, "ab", "b"))).isZero();
    history.add(pass(3, "ab", "b"), false);
    // Other pages, the same rows.
    assertThat(history.repetitionsWith(pass(3, "bb", "a"))).isEqualTo(1);
    history.add(pass(3, "bb", "a"), false);
    assertThat(history.repetitionsWith(pass(3, "ab", "b"))).isEqualTo(2);

    // The same ids, but another one twice.
    assertThat(history.repetitionsWith(pass(3, "aa", "b"))).isZero();
    history.add(pass(3, "aa", "b"), false);
    assertThat(history.repetitionsWith(pass(3, "ab", "b"))).isZero();
  }

  @Test
  void takesNoPassForARepetitionThatDoesNotAddUp() {
    history.add(pass(9, "ab", "b"), false);

    assertThat(history.isRepeatedBy(pass(9, "ab", "b"))).isTrue();
    assertThat(history.repetitionsWith(pass(9, "ab", "b"))).isZero();
    assertThat(history.hasSameTotal(pass(9, "c"))).isTrue();
    assertThat(history.hasSameTotal(pass(8, "ab", "b"))).isFalse();
  }
}
