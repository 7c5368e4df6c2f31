package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static io.callrecords.connect.fetch.TestRows.page;
import static io.callrecords.connect.fetch.TestRows.pass;
import static io.callrecords.connect.fetch.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.PassJudge.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a pass over a window is worth, after the passes before it. */
class PassJudgeTest {
  private final PassHistory history = new PassHistory(WINDOW);

  private Verdict judge(WindowPass pass) {
    return PassJudge.judge(pass, history, false);
  }

  private Verdict judgeNext(WindowPass pass) {
    Verdict verdict = judge(pass);
    history.add(pass);
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
    assertThat(judge(new WindowPass(WINDOW, List.of(page(4, "ab"), page(5, "cd")))))
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
  void aResponseWithoutDataHasToComeTwiceInARow() {
    WindowPass without = new WindowPass(WINDOW, List.of(TestRows.pageWithoutData()));

    assertThat(judgeNext(without)).isEqualTo(Verdict.SUSPICIOUS);
    assertThat(judge(without)).isEqualTo(Verdict.COMPLETE);

    judgeNext(pass(9, "ab", "cd"));
    assertThat(judge(without)).isEqualTo(Verdict.SUSPICIOUS);
  }

  /** An empty page with data is not suspicious, so it does not confirm one without. */
  @Test
  void aResponseWithoutDataIsNotConfirmedByAnEmptyPage() {
    judgeNext(pass(0, ""));

    assertThat(judge(new WindowPass(WINDOW, List.of(TestRows.pageWithoutData()))))
        .isEqualTo(Verdict.SUSPICIOUS);
  }

  @Test
  void aSuspiciousPassIsBelievedWhereTheWindowIsRecheckedSoon() {
    WindowPass without = new WindowPass(WINDOW, List.of(TestRows.pageWithoutData()));

    assertThat(PassJudge.judge(without, history, true)).isEqualTo(Verdict.COMPLETE);
  }

  @Test
  void rowsOfAnotherTimeHaveToComeTwiceInARow() {
    WindowPass another =
        new WindowPass(WINDOW, List.of(page(2, List.of(row("a", 5), row("z", -86_400)))));

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
        WindowPass next = new WindowPass(WINDOW, pages(visible, random));
        Verdict verdict = PassJudge.judge(next, seen, false);
        seen.add(next);
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
