package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static io.callrecords.connect.fetch.TestRows.page;
import static io.callrecords.connect.fetch.TestRows.pass;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.PagingFacts.Totals;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is learned of an API's pages and totals, after how many windows, and forgotten again. */
class PagingFactsTest {
  private static final int SIZE = 10;

  private final PagingFacts facts = new PagingFacts(SIZE);

  private void overruled(WindowPass pass) {
    facts.verified(WINDOW, pass, true);
  }

  private void verified(WindowPass pass) {
    facts.verified(WINDOW, pass, false);
  }

  /** Records with two labels each. */
  private static WindowPass labelled(long total, int records) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      rows.add(ModelApi.row("r" + i, i, List.of("a", "b"), null));
    }
    return new WindowPass(WINDOW, List.of(page(total, rows)), SIZE);
  }

  @Test
  void nothingIsKnownAtFirst() {
    assertThat(facts.totals()).isEqualTo(Totals.ROWS);
    assertThat(facts.totalsCountRows()).isTrue();
    assertThat(facts.pageSize()).isEqualTo(SIZE);
    assertThat(facts.hasJoinedPages()).isFalse();
    assertThat(facts.isInOrder()).isFalse();
    assertThat(facts.maxRows()).isEqualTo(20L * SIZE);
    assertThat(facts.expectedRows(TestRows.page(37, "ab"), 2)).isEqualTo(37);
  }

  @Test
  void aContradictionThatComesAgainIsLearnedAndSaidOnce() {
    try (LogCapture log = new LogCapture(PagingFacts.class)) {
      overruled(pass(0, "abc"));
      assertThat(facts.totals()).isEqualTo(Totals.ROWS);

      overruled(pass(0, "abcd"));
      overruled(pass(0, "ab"));

      assertThat(facts.totals()).isEqualTo(Totals.UNKNOWN);
      assertThat(facts.totalsCountRows()).isFalse();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN ")
          .contains("it reports 0 and returns 4");
    }
  }

  @Test
  void totalsThatCountLabelsAreToldFromOthers() {
    overruled(labelled(6, 3));
    overruled(labelled(8, 4));

    assertThat(facts.totals()).isEqualTo(Totals.JOINED_ROWS);
    assertThat(facts.totalsCountRows()).isFalse();
  }

  @Test
  void rightTotalsFiftyTimesInARowAreBelievedAgain() {
    overruled(pass(0, "abc"));
    overruled(pass(0, "abc"));
    for (int i = 0; i < 49; i++) {
      verified(labelled(3, 3));
    }
    assertThat(facts.totals()).isEqualTo(Totals.UNKNOWN);

    verified(labelled(3, 3));

    assertThat(facts.totals()).isEqualTo(Totals.ROWS);
  }

  @Test
  void aWrongTotalAmongRightOnesBeginsTheCountAnew() {
    overruled(pass(0, "abc"));
    overruled(pass(0, "abc"));
    for (int i = 0; i < 49; i++) {
      verified(labelled(3, 3));
    }
    overruled(pass(0, "abc"));
    verified(labelled(3, 3));

    assertThat(facts.totals()).isEqualTo(Totals.UNKNOWN);
  }

  /** Where no record has several labels, totals of labels are right, too. */
  @Test
  void windowsThatTellNothingForgetNothing() {
    overruled(labelled(6, 3));
    overruled(labelled(8, 4));
    for (int i = 0; i < 100; i++) {
      verified(pass(3, "abc"));
      verified(pass(0, ""));
    }

    assertThat(facts.totals()).isEqualTo(Totals.JOINED_ROWS);
  }

  @Test
  void aCapThatIsSuggestedTwiceIsThePageSize() {
    facts.suggestCap(4);
    facts.suggestCap(6);
    assertThat(facts.pageSize()).isEqualTo(SIZE);

    facts.suggestCap(6);

    assertThat(facts.pageSize()).isEqualTo(6);
    assertThat(facts.limits().pageSize()).isEqualTo(6);
  }

  @Test
  void pagesThatWereTooLargeAreTriedAgainAfterFiftyWindowsUpToTheCap() {
    facts.suggestCap(8);
    facts.suggestCap(8);
    assertThat(facts.tooLarge(8)).isEqualTo(4);
    assertThat(facts.tooLarge(4)).isEqualTo(2);
    assertThat(facts.tooLarge(1)).isEqualTo(1);
    int[] sizes = {1, 2, 4, 8, 8};
    for (int size : sizes) {
      assertThat(facts.pageSize()).isEqualTo(size);
      for (int i = 0; i < 50; i++) {
        verified(pass(2, "ab"));
      }
    }
  }

  @Test
  void orderIsKnownAfterThreePassesAndOneWithoutItCostsAHundred() {
    WindowPass inOrder = pass(6, "abcdef");
    facts.observeOrder(inOrder);
    facts.observeOrder(pass(2, "ab"));
    facts.observeOrder(inOrder);
    assertThat(facts.isInOrder()).isFalse();
    facts.observeOrder(inOrder);
    assertThat(facts.isInOrder()).isTrue();

    facts.observeOrder(pass(3, "aba"));
    for (int i = 0; i < 102; i++) {
      facts.observeOrder(inOrder);
      assertThat(facts.isInOrder()).isFalse();
    }
    facts.observeOrder(inOrder);
    assertThat(facts.isInOrder()).isTrue();
  }

  private void learnJoinedPages() {
    PassHistory history = new PassHistory(WINDOW);
    WindowPass first = labelled(30, 5);
    history.add(first, false);
    facts.notVerified(WINDOW, first, history);
    assertThat(facts.hasJoinedPages()).isFalse();
    WindowPass second =
        new WindowPass(
            WINDOW, List.of(page(30, List.copyOf(first.rows().values()).subList(0, 4))), 8);
    history.add(second, false);
    facts.notVerified(WINDOW, second, history);
  }

  /** Two sizes whose first pages are full of joined rows, and fewer records than the total. */
  @Test
  void pagesOfJoinedRowsAreLearnedFromTwoSizes() {
    learnJoinedPages();

    assertThat(facts.hasJoinedPages()).isTrue();
    assertThat(facts.maxRows()).isEqualTo(SIZE / 2);
  }

  /** A page of joined rows has no more of them than was requested: one that has is of records. */
  @Test
  void joinedPagesAreForgottenWherePagesHoldMoreLabels() {
    learnJoinedPages();
    try (LogCapture log = new LogCapture(PagingFacts.class)) {
      for (int i = 0; i < 3; i++) {
        assertThat(facts.hasJoinedPages()).isTrue();
        verified(labelled(5, 5));
        verified(labelled(6, 6));
      }

      assertThat(facts.hasJoinedPages()).isFalse();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("INFO The API's pages hold whole records again");
    }
  }
}
