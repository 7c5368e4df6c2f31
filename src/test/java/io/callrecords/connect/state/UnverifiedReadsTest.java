package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a window whose responses contradict each other is settled all the same. */
class UnverifiedReadsTest {
  private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");

  private final UnverifiedReads reads = new UnverifiedReads();
  private final TaskCounts counts = new TaskCounts();

  private static WindowSnapshot window(long second, boolean verified) {
    TimeRange range = new TimeRange(FROM.plusSeconds(second), FROM.plusSeconds(second + 60));
    return new WindowSnapshot(
        range, List.of(), range.to(), new WindowAudit.Reconciliation(7, 0, 0, 5, verified));
  }

  @Test
  void aVerifiedWindowMaySettleAtOnce() {
    assertThat(reads.maySettle(window(0, true), false, counts)).isTrue();
    assertThat(counts.unverified()).isZero();
  }

  @Test
  void anUnverifiedOneIsReadThreeTimesThenCountedAndLogged() {
    try (LogCapture log = new LogCapture(UnverifiedReads.class)) {
      assertThat(reads.maySettle(window(0, false), false, counts)).isFalse();
      assertThat(reads.maySettle(window(60, false), false, counts)).isFalse();
      assertThat(reads.maySettle(window(0, false), false, counts)).isFalse();
      assertThat(counts.unverified()).isZero();
      assertThat(reads.isLast(window(0, false))).isTrue();
      assertThat(reads.isLast(window(60, false))).isFalse();
      assertThat(reads.isLast(window(60, true))).isTrue();

      assertThat(reads.maySettle(window(0, false), false, counts)).isTrue();

      assertThat(counts.unverified()).isOne();
      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("WARN "))
          .singleElement()
          .asString()
          .contains("it reports 7 records and returns 0");
    }
  }

  @Test
  void whatHasVanishedAsAWholeIsReadAgainTenMinutesLater() {
    WindowSnapshot empty = window(0, true);

    assertThat(reads.maySettle(empty, true, counts)).isFalse();
    assertThat(reads.maySettle(later(empty, Duration.ofMinutes(9)), true, counts)).isFalse();
    assertThat(reads.maySettle(later(empty, Duration.ofMinutes(10)), true, counts)).isTrue();
    assertThat(counts.unverified()).isZero();

    assertThat(reads.maySettle(later(empty, Duration.ofHours(1)), true, counts)).isFalse();
  }

  private static WindowSnapshot later(WindowSnapshot window, Duration time) {
    return new WindowSnapshot(
        window.range(), window.records(), window.requestedAt().plus(time), window.reconciliation());
  }

  @Test
  void whatIsVerifiedInTheEndIsNotCounted() {
    reads.maySettle(window(0, false), false, counts);

    assertThat(reads.maySettle(window(0, true), false, counts)).isTrue();
    assertThat(reads.maySettle(window(0, false), false, counts)).isFalse();
    assertThat(reads.maySettle(window(0, false), false, counts)).isFalse();
    assertThat(counts.unverified()).isZero();
  }
}
