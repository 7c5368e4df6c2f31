package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.ZoneTransitions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves how soon late and changed records are found, and with how few rechecks. */
class RecheckPolicyTest {
  private static final TimeRange WINDOW = range("08:00", "08:01");
  private static final Duration SLACK = Duration.ofSeconds(5);

  /** A record that appears right after a recheck waits longest: until the next one. */
  @ParameterizedTest
  @CsvSource({"PT30S, PT24H", "PT5S, PT24H", "PT10M, PT24H", "PT30S, PT30M", "PT1H, PT1H"})
  void aLateRecordIsFoundWithinHalfItsLatenessOrOnePollInterval(
      Duration pollInterval, Duration lateArrival) {
    RecheckPolicy policy = new RecheckPolicy(pollInterval, lateArrival, ZoneTransitions.NONE);

    List<Instant> rechecks = rechecks(policy, pollInterval);

    for (int i = 1; i < rechecks.size(); i++) {
      Duration lateness = Duration.between(WINDOW.to(), rechecks.get(i - 1));
      Duration wait = Duration.between(rechecks.get(i - 1), rechecks.get(i));
      Duration half = lateness.dividedBy(2);
      assertThat(wait)
          .as("after %s", lateness)
          .isLessThanOrEqualTo(half.compareTo(pollInterval) > 0 ? half : pollInterval);
    }
    // The last one sees all that may ever appear.
    assertThat(rechecks.get(rechecks.size() - 1))
        .isBetween(
            WINDOW.to().plus(lateArrival).plus(SLACK),
            WINDOW.to().plus(lateArrival).plus(SLACK).plus(pollInterval));
  }

  /** An API may show the calls of both occurrences of a time for the first. */
  @Test
  void aWindowOfTimesThatComeTwiceIsRecheckedUntilTheyHaveComeAgain() {
    Instant winter = Instant.parse("2026-10-25T01:00:00Z");
    Duration poll = Duration.ofSeconds(30);
    RecheckPolicy policy =
        new RecheckPolicy(
            poll, Duration.ofMinutes(10), ZoneTransitions.of(ZoneId.of("Europe/Berlin")));
    TimeRange first = new TimeRange(winter.minusSeconds(3_600), winter.minusSeconds(1_800));
    Instant over = first.to().plusSeconds(3_600);

    assertThat(policy.isDue(first, over.minus(poll), over)).isTrue();
    assertThat(policy.isSettled(first, over.plusSeconds(600))).isFalse();
    assertThat(policy.isSettled(first, over.plusSeconds(605))).isTrue();
  }

  @Test
  void windowsStayApartWhereRangesAreCut() {
    Instant winter = Instant.parse("2026-10-25T01:00:00Z");
    RecheckPolicy policy =
        new RecheckPolicy(
            Duration.ofSeconds(30),
            Duration.ofDays(1),
            ZoneTransitions.of(ZoneId.of("Europe/Berlin")));
    TimeRange before = new TimeRange(winter.minusSeconds(60), winter);
    TimeRange after = new TimeRange(winter, winter.plusSeconds(60));
    TimeRange next = new TimeRange(after.to(), after.to().plusSeconds(60));

    assertThat(policy.mayMerge(before, after)).isFalse();
    assertThat(policy.mayMerge(after, next)).isTrue();
    assertThat(policy.mayMerge(before, next)).isFalse();
  }

  @Test
  void aWindowIsRecheckedAboutTwentyTimesInADay() {
    Duration pollInterval = Duration.ofSeconds(30);

    assertThat(
            rechecks(
                new RecheckPolicy(pollInterval, Duration.ofDays(1), ZoneTransitions.NONE),
                pollInterval))
        .hasSizeBetween(17, 23);
  }

  @Test
  void aWindowIsReadForChangesEachTimeItsAgeHasDoubled() {
    Duration pollInterval = Duration.ofSeconds(30);
    RecheckPolicy policy =
        new RecheckPolicy(pollInterval, Duration.ofDays(1), ZoneTransitions.NONE);
    List<Duration> ages = new ArrayList<>();
    Instant readAt = WINDOW.to();
    for (Instant now = WINDOW.to(); now.isBefore(at("20:00")); now = now.plus(pollInterval)) {
      if (policy.isDueForChanges(WINDOW, readAt, now)) {
        readAt = now;
        ages.add(Duration.between(WINDOW.to(), now));
      }
    }

    assertThat(ages.get(0)).isLessThanOrEqualTo(pollInterval);
    for (int i = 1; i < ages.size(); i++) {
      Duration twice = ages.get(i - 1).multipliedBy(2);
      Duration oneLater = ages.get(i - 1).plus(pollInterval);
      assertThat(ages.get(i)).isLessThanOrEqualTo(twice.compareTo(oneLater) > 0 ? twice : oneLater);
    }
    assertThat(ages).hasSizeBetween(9, 14);
  }

  @Test
  void aServerClockThatWasSetBackMakesAWindowDueAtOnce() {
    RecheckPolicy policy =
        new RecheckPolicy(Duration.ofSeconds(30), Duration.ofDays(1), ZoneTransitions.NONE);
    Instant seenAt = at("12:00");

    assertThat(policy.isDue(WINDOW, seenAt, seenAt.minus(SLACK))).isFalse();
    assertThat(policy.isDue(WINDOW, seenAt, seenAt.minus(SLACK).minusSeconds(1))).isTrue();
    assertThat(policy.isDueForChanges(WINDOW, seenAt, seenAt.minus(SLACK))).isFalse();
    assertThat(policy.isDueForChanges(WINDOW, seenAt, seenAt.minus(SLACK).minusSeconds(1)))
        .isTrue();
  }

  @Test
  void aWindowIsSettledOnceNothingMayAppearInIt() {
    RecheckPolicy policy =
        new RecheckPolicy(Duration.ofSeconds(30), Duration.ofHours(1), ZoneTransitions.NONE);

    assertThat(policy.isSettled(WINDOW, at("09:01:04"))).isFalse();
    assertThat(policy.isSettled(WINDOW, at("09:01:05"))).isTrue();
  }

  /** When a window is rechecked that is read right after its end, and then whenever it is due. */
  private static List<Instant> rechecks(RecheckPolicy policy, Duration pollInterval) {
    List<Instant> rechecks = new ArrayList<>();
    Instant recheckedAt = WINDOW.to();
    rechecks.add(recheckedAt);
    for (Instant now = WINDOW.to();
        !policy.isSettled(WINDOW, recheckedAt);
        now = now.plus(pollInterval)) {
      if (policy.isSettled(WINDOW, now) || policy.isDue(WINDOW, recheckedAt, now)) {
        if (now.isAfter(recheckedAt)) {
          rechecks.add(now);
        }
        recheckedAt = now;
      }
    }
    return rechecks;
  }
}
