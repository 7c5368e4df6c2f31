package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.page;
import static io.callrecords.connect.fetch.TestRows.pass;
import static io.callrecords.connect.fetch.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages of one pass come to. */
class WindowPassTest {
  @Test
  void putsPagesTogether() {
    WindowPass pass = pass(5, "ab", "cd", "e");

    assertThat(pass.rows().keySet()).containsExactly("a", "b", "c", "d", "e");
    assertThat(pass.total()).isEqualTo(5);
    assertThat(pass.pageCount()).isEqualTo(3);
    assertThat(pass.rowCount()).isEqualTo(5);
    assertThat(pass.addsUp()).isTrue();
    assertThat(pass.isSuspicious()).isFalse();
  }

  @Test
  void countsARepeatedRowAndKeepsItsLastForm() {
    Row moved = row("b", 30);
    WindowPass pass = TestRows.pass(List.of(page(4, "ab"), page(4, List.of(moved, row("c", 2)))));

    assertThat(pass.rowCount()).isEqualTo(4);
    assertThat(pass.rows()).hasSize(3).containsEntry("b", moved);
    assertThat(pass.pages().idCounts()).isEqualTo(Map.of("a", 1, "b", 2, "c", 1));
  }

  @Test
  void doesNotAddUpWherePagesDisagreeOrRowsAreMissing() {
    assertThat(TestRows.pass(List.of(page(3, "ab"), page(4, "cd"))).addsUp()).isFalse();
    assertThat(pass(5, "ab", "cd").addsUp()).isFalse();
    assertThat(pass(3, "ab", "cd").addsUp()).isFalse();
  }

  /** The second before and the second after the window are requested, too. */
  @ParameterizedTest
  @CsvSource({"-2, true", "-1, false", "0, false", "3599, false", "3600, false", "3601, true"})
  void suspectsRowsOfAnotherTimeThanWasRequested(long second, boolean suspicious) {
    WindowPass pass = TestRows.pass(List.of(page(2, List.of(row("a", 7), row("b", second)))));

    assertThat(pass.isSuspicious()).isEqualTo(suspicious);
  }

  @Test
  void doesNotSuspectARowWhoseLastFormIsRight() {
    WindowPass pass =
        TestRows.pass(List.of(page(2, List.of(row("a", -500))), page(2, List.of(row("a", 5)))));

    assertThat(pass.isSuspicious()).isFalse();
  }

  @Test
  void suspectsAResponseWithoutData() {
    WindowPass pass = TestRows.pass(List.of(TestRows.pageWithoutData()));

    assertThat(pass.isSuspicious()).isTrue();
    assertThat(pass.addsUp()).isTrue();
  }

  /** A call that appears meanwhile moves a page of one call into the next. */
  @Test
  void aPageThatComesAgainIsTheEndOnlyWhereItGoesOnComing() {
    WindowPass shifted = pass(0, "c", "b", "b");
    assertThat(shifted.hasSeenEnd()).isFalse();
    assertThat(shifted.rowCount()).isEqualTo(3);

    WindowPass ended = pass(0, "c", "b", "c", "c", "c");
    assertThat(ended.hasSeenEnd()).isTrue();
    assertThat(ended.pageCount()).isEqualTo(2);
    assertThat(ended.isSteady()).isTrue();
    assertThat(pass(0, "c", "b", "c", "b", "c").hasSeenEnd()).isFalse();
  }
}
