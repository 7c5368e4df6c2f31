package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.fetch.WindowCutter.Cut;
import io.callrecords.connect.fetch.WindowCutter.Reason;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When a range is cut, and into which pieces. */
class WindowCutterTest {
  private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
  private static final TimeRange DAY = seconds(86_400);
  private static final TimeRange SECOND = seconds(1);
  private static final PagingFacts FACTS = new PagingFacts(100);

  private final WindowCutter backlog = new WindowCutter(FACTS, Priority.BACKLOG);
  private final WindowCutter live = new WindowCutter(FACTS, Priority.LIVE);

  private static TimeRange seconds(long seconds) {
    return new TimeRange(FROM, FROM.plusSeconds(seconds));
  }

  private static WindowSnapshot window(TimeRange range, long total, boolean verified) {
    return new WindowSnapshot(
        range, List.of(), FROM, new WindowAudit.Reconciliation(total, 0, 0, 1, verified));
  }

  @Test
  void aRangeOfAWindowIsReadWhole() {
    assertThat(backlog.afterFirstPage(DAY, 0, false)).isEmpty();
    assertThat(backlog.afterFirstPage(DAY, 2_000, false)).isEmpty();
    assertThat(backlog.afterFirstPage(DAY, 100, true)).isEmpty();
  }

  @Test
  void aRangeOfMoreThanAWindowIsCut() {
    Cut cut = backlog.afterFirstPage(DAY, 2_001, false).orElseThrow();

    assertThat(cut.reason()).isEqualTo(Reason.TOO_MANY_RECORDS);
    assertThat(cut.pieces()).hasSize(2);
    assertThat(backlog.afterFirstPage(DAY, 1_000_000, false).orElseThrow().pieces()).hasSize(16);
  }

  /** The first records of a backlog wait for nothing else. */
  @Test
  void theStartIsCutOffSoThatItIsASinglePage() {
    Cut cut = backlog.afterFirstPage(DAY, 1_000, true).orElseThrow();

    assertThat(cut.reason()).isEqualTo(Reason.FIRST_RECORDS);
    assertThat(cut.pieces()).hasSize(2);
    assertThat(cut.pieces().get(0).seconds()).isEqualTo(86_400 * 100 / 8 / 1_000);
  }

  @Test
  void onlyTheLiveEdgeIsCutIntoPagesAtOnce() {
    assertThat(backlog.afterFirstPage(seconds(60), 300, false)).isEmpty();
    Cut cut = live.afterFirstPage(seconds(60), 300, false).orElseThrow();
    assertThat(cut.reason()).isEqualTo(Reason.NEW_RECORDS);
    assertThat(cut.pieces()).hasSize(7);
    assertThat(live.afterFirstPage(seconds(60), 100, false)).isEmpty();
  }

  /** Most of such short pieces would be the seconds before and after them. */
  @Test
  void theLiveEdgeIsNotCutIntoPiecesOfASecond() {
    assertThat(live.afterFirstPage(seconds(20), 300, false)).isEmpty();
    assertThat(live.afterFirstPage(seconds(21), 300, false)).isPresent();
  }

  @Test
  void aWindowThatIsNotVerifiedIsCut() {
    Cut cut = backlog.afterRead(DAY, 500, window(DAY, 500, false)).orElseThrow();

    assertThat(cut.reason()).isEqualTo(Reason.UNVERIFIED);
    assertThat(cut.pieces()).hasSize(11);
    assertThat(backlog.afterRead(DAY, 500, window(DAY, 500, true))).isEmpty();
  }

  /** Nothing can shift a single page: smaller pieces would not help. */
  @Test
  void aSinglePageIsNotCutUnlessTheFirstResponseHidHowMuchThereIs() {
    assertThat(backlog.afterRead(DAY, 100, window(DAY, 100, false))).isEmpty();
    assertThat(backlog.afterRead(DAY, 0, window(DAY, 2_001, false))).isPresent();
  }

  @Test
  void aWindowThatCanBeCutIsReadLessOften() {
    assertThat(backlog.limits(DAY, 101)).isEqualTo(new WindowReader.ReadLimits(2_000, 2, true));
    assertThat(backlog.limits(DAY, 100)).isEqualTo(new WindowReader.ReadLimits(2_000, 40, true));
    assertThat(backlog.limits(SECOND, 5_000))
        .isEqualTo(new WindowReader.ReadLimits(Long.MAX_VALUE, 40, false));
  }

  /** Rechecks find what two passes have missed. */
  @Test
  void theLiveEdgeIsReadTwiceAtMost() {
    assertThat(live.limits(DAY, 50).maxPasses()).isEqualTo(2);
    assertThat(live.limits(SECOND, 5_000).maxPasses()).isEqualTo(2);
  }

  @Test
  void aRefusedRangeIsHalved() {
    Cut cut = backlog.afterRefusal(seconds(5));

    assertThat(cut.reason()).isEqualTo(Reason.REFUSED);
    assertThat(cut.pieces()).containsExactly(seconds(5).cut(2).toArray(TimeRange[]::new));
  }

  /** Whatever is cut: the pieces follow each other without gap, and each holds a second. */
  @Test
  void noPieceIsEmptyAndNoSecondIsLost() {
    SplittableRandom random = new SplittableRandom(1);
    int cuts = 0;
    for (int i = 0; i < 20_000; i++) {
      WindowCutter cutter =
          new WindowCutter(
              new PagingFacts(1 + random.nextInt(100)),
              random.nextBoolean() ? Priority.LIVE : Priority.BACKLOG);
      TimeRange range = seconds(1 + random.nextInt(random.nextBoolean() ? 5 : 90_000));
      long total = random.nextInt(random.nextBoolean() ? 300 : 100_000);
      Optional<Cut> cut =
          random.nextBoolean()
              ? cutter.afterFirstPage(range, total, random.nextBoolean())
              : cutter.afterRead(range, random.nextInt(3_000), window(range, total, false));
      if (cut.isPresent()) {
        cuts++;
        assertCovers(cut.get().pieces(), range);
      }
    }
    assertThat(cuts).isGreaterThan(5_000);
  }

  private static void assertCovers(List<TimeRange> pieces, TimeRange range) {
    assertThat(pieces).hasSizeGreaterThan(1).noneMatch(TimeRange::isEmpty);
    assertThat(pieces.get(0).from()).isEqualTo(range.from());
    for (int i = 1; i < pieces.size(); i++) {
      assertThat(pieces.get(i).from()).isEqualTo(pieces.get(i - 1).to());
    }
    assertThat(pieces.get(pieces.size() - 1).to()).isEqualTo(range.to());
  }
}
