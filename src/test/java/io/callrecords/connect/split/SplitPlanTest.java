package io.callrecords.connect.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that every day of a range goes to exactly one task, the same days for any number. */
class SplitPlanTest {
  // ---- a split

  @Test
  void splitsAtMidnightOfUtc() {
    Split day = Split.of(Instant.parse("2026-10-31T23:59:59Z"));

    assertThat(day).hasToString("2026-10-31");
    assertThat(day.range())
        .isEqualTo(
            new TimeRange(
                Instant.parse("2026-10-31T00:00:00Z"), Instant.parse("2026-11-01T00:00:00Z")));
    assertThat(Split.of(Instant.parse("2026-11-01T00:00:00Z"))).isEqualTo(day.next());
    assertThat(day).isLessThan(day.next());
  }

  @Test
  void goesOnFromDayToDay() {
    Split day = day("2026-10-31");

    assertThat(day.to(day("2026-11-02")))
        .containsExactly(day, day("2026-11-01"), day("2026-11-02"));
    assertThat(day.to(day)).containsExactly(day);
    assertThat(day.to(day("2026-10-30"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-10-31T23:59:59Z, 2026-11-01T00:00:00Z, 2026-10-31, 2026-10-31",
    "2026-10-31T23:59:59Z, 2026-11-01T00:00:01Z, 2026-10-31, 2026-11-01",
    "2026-10-31T00:00:00Z, 2026-11-03T00:00:00Z, 2026-10-31, 2026-11-02"
  })
  void holdAPartOfARange(Instant from, Instant to, String first, String last) {
    assertThat(Split.allOf(new TimeRange(from, to)))
        .containsExactlyElementsOf(day(first).to(day(last)).toList());
  }

  // ---- examples

  @Test
  void assignsTheDaysTheOldestFirstAndTheOpenEndLast() {
    List<Assignment> assignments =
        plan("2026-11-01T10:00:00Z", null, "2026-11-06T09:00:00Z").assign(3);

    assertThat(assignments)
        .hasToString("[2026-11-01,2026-11-04, 2026-11-02,2026-11-05, 2026-11-03,2026-11-06/..]");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 28})
  void givesNoTaskMoreThanItsShareOfTheSundays(int tasks) {
    List<Assignment> assignments =
        plan("2026-09-20T00:00:00Z", null, "2026-11-18T12:00:00Z").assign(tasks);

    assertThat(assignments).hasSize(tasks);
    int sundays = 9;
    assertThat(assignments)
        .extracting(
            assignment -> assignment.days().stream().filter(SplitPlanTest::isSunday).count())
        .allSatisfy(
            count -> assertThat(count).isBetween((long) sundays / tasks, 1L + sundays / tasks));
    assertThat(assignments)
        .extracting(assignment -> assignment.days().size())
        .allSatisfy(days -> assertThat(days).isBetween(60 / tasks - 1, 60 / tasks + 1));
  }

  private static boolean isSunday(Split day) {
    return LocalDate.parse(day.toString()).getDayOfWeek() == DayOfWeek.SUNDAY;
  }

  @Test
  void givesOneTaskEverything() {
    assertThat(plan("2026-11-01T10:00:00Z", null, "2026-11-03T00:00:00Z").assign(1))
        .hasToString("[2026-11-01,2026-11-02,2026-11-03/..]");
  }

  @Test
  void makesNoMoreTasksThanThereIsWorkFor() {
    assertThat(plan("2026-11-01T10:00:00Z", null, "2026-11-03T00:00:00Z").assign(50))
        .hasToString("[2026-11-01, 2026-11-02, 2026-11-03/..]");
  }

  @Test
  void needsOneTaskOnlyWhenAllOfTheRangeMayStillChange() {
    assertThat(plan("2026-11-01T10:00:00Z", null, "2026-10-31T10:00:00Z").assign(8))
        .hasToString("[2026-11-01/..]");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-03T00:00:00Z, '[2026-11-01, 2026-11-02]'",
    "2026-11-03T00:00:01Z, '[2026-11-01, 2026-11-02, 2026-11-03]'"
  })
  void endsWithTheDayThatHoldsTheLastSecond(String end, String expected) {
    assertThat(plan("2026-11-01T10:00:00Z", end, "2026-11-20T00:00:00Z").assign(8))
        .hasToString(expected);
  }

  @Test
  void keepsTheDayOfTheEndWithTheOpenEndWhileItMayStillChange() {
    assertThat(
            plan("2026-11-01T10:00:00Z", "2026-11-03T12:00:00Z", "2026-11-02T12:00:00Z").assign(8))
        .hasToString("[2026-11-01, 2026-11-02/..]");
  }

  @Test
  void needsNoTaskWhenEverythingIsDone() {
    SplitPlan plan =
        SplitPlan.of(
            Instant.parse("2026-11-01T10:00:00Z"),
            Instant.parse("2026-11-03T00:00:00Z"),
            Instant.parse("2026-11-20T00:00:00Z"),
            Set.of(day("2026-11-01"), day("2026-11-02")),
            Set.of());

    assertThat(plan.assign(8)).isEmpty();
  }

  @Test
  void assignsAllDaysUntilTheLastOfThemIsDoneSoThatNoTaskMovesMeanwhile() {
    Set<Split> someDone = Set.of(day("2026-11-01"), day("2026-11-03"), day("2020-01-01"));

    assertThat(withDone(someDone).assign(8))
        .hasToString("[2026-11-01, 2026-11-02, 2026-11-03, 2026-11-04/..]");
  }

  @Test
  void needsATaskForTheOpenEndOnlyOnceAllDaysBeforeItAreDone() {
    Set<Split> allDone = Set.of(day("2026-11-01"), day("2026-11-02"), day("2026-11-03"));

    assertThat(withDone(allDone).assign(8)).hasToString("[2026-11-04/..]");
  }

  @Test
  void givesOneTaskTheRemainderOnceEachTaskHasAboutADayLeft() {
    Set<Split> done = daysOfNovember(1, 15);

    assertThat(november(done, Set.of()).assign(3))
        .hasToString("[2026-11-16,2026-11-17,2026-11-18,2026-11-19,2026-11-20,2026-11-21/..]");
    assertThat(november(done, Set.of()).assign(2)).hasSize(2);
    assertThat(november(daysOfNovember(1, 14), Set.of()).assign(8)).hasSize(8);
  }

  /** A first day of which a part is wanted, and what two tasks leave at the end without calls. */
  @Test
  void daysThatMayBeReadToTheirEndKeepNoTask() {
    Set<Split> done = daysOfNovember(2, 17);

    assertThat(november(done, Set.of()).assign(2))
        .hasToString("[2026-11-01,2026-11-18,2026-11-19,2026-11-20,2026-11-21/..]");
  }

  @Test
  void daysWithoutCallsKeepNoTaskButAreReadAgain() {
    Set<Split> withoutCalls = daysOfNovember(3, 9);
    Set<Split> done = daysOfNovember(1, 20);
    done.removeAll(withoutCalls);

    assertThat(november(done, withoutCalls).assign(2))
        .hasToString(
            "[2026-11-03,2026-11-04,2026-11-05,2026-11-06,2026-11-07,2026-11-08,2026-11-09,"
                + "2026-11-21/..]");
    assertThat(november(done, Set.of()).assign(2)).hasSize(2);
  }

  private static Set<Split> daysOfNovember(int first, int last) {
    Set<Split> days = new TreeSet<>();
    for (int day = first; day <= last; day++) {
      days.add(new Split(LocalDate.of(2026, 11, day)));
    }
    return days;
  }

  /** From the first of November, with an open end from the 21st. */
  private static SplitPlan november(Set<Split> done, Set<Split> withoutCalls) {
    return SplitPlan.of(
        Instant.parse("2026-11-01T10:00:00Z"),
        null,
        Instant.parse("2026-11-21T00:00:00Z"),
        done,
        withoutCalls);
  }

  @Test
  void keepsTheOpenEndWhenItsFirstDayIsDone() {
    SplitPlan plan =
        SplitPlan.of(
            Instant.parse("2026-11-01T10:00:00Z"),
            null,
            Instant.parse("2026-11-02T23:59:59Z"),
            Set.of(day("2026-11-01"), day("2026-11-02")),
            Set.of());

    assertThat(plan.assign(8)).hasToString("[2026-11-02/..]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-01T10:00:00Z", "2026-10-01T00:00:00Z"})
  void hasNothingToReadWhenTheRangeIsEmpty(String end) {
    assertThat(plan("2026-11-02T00:00:00Z", end, "2026-11-20T00:00:00Z").assign(3)).isEmpty();
  }

  @Test
  void assignsTenYearsToAThousandTasks() {
    List<Assignment> assignments =
        plan("2016-11-18T00:00:00Z", null, "2026-11-16T12:00:00Z").assign(1_000);

    assertThat(assignments).hasSize(1_000);
    assertThat(assignments.stream().flatMap(assignment -> assignment.days().stream()))
        .hasSize(3_650)
        .doesNotHaveDuplicates();
  }

  @Test
  void saysInAFewWordsHowMuchThereIsToRead() {
    assertThat(plan("2026-11-01T10:00:00Z", null, "2026-11-06T09:00:00Z"))
        .hasToString(
            "5 days (2026-11-01 to 2026-11-05), 5 of them unread, open end from 2026-11-06");
    assertThat(withDone(Set.of(day("2026-11-01"))).toString()).contains("2 of them unread");
    assertThat(plan("2026-11-02T00:00:00Z", "2026-11-01T10:00:00Z", "2026-11-20T00:00:00Z"))
        .hasToString("0 days, 0 of them unread, no open end");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01, 2026-11-01",
    "2026-11-01/.., 2026-11-01/..",
    "'2026-11-01,2026-11-03/..', 2026-11-01 and 2026-11-03/..",
    "'2026-11-01,2026-11-03,2026-11-05', 3 days from 2026-11-01 to 2026-11-05",
  })
  void anAssignmentFitsIntoALineOfTheLog(String text, String summary) {
    assertThat(Assignment.parse(text).summary()).isEqualTo(summary);
  }

  // ---- whatever the range

  @RepeatedTest(100)
  void assignsEveryDayExactlyOnceAndTheSameDaysForAnyNumberOfTasks(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    Case range = new Case(new SplittableRandom(seed));

    for (int maxTasks = 1; maxTasks <= 70; maxTasks += maxTasks < 10 ? 1 : 12) {
      String what = "seed %d, %s, %d tasks".formatted(seed, range, maxTasks);
      List<Assignment> assignments = range.plan().assign(maxTasks);
      Set<Split> expected = range.days(maxTasks);

      List<Split> assigned = new ArrayList<>();
      List<Split> open = new ArrayList<>();
      for (Assignment assignment : assignments) {
        assertThat(assignment.days()).as("%s: order", what).isSorted();
        assertThat(assignment.days().isEmpty() && assignment.openFrom() == null)
            .as("%s: an empty task", what)
            .isFalse();
        assigned.addAll(assignment.days());
        if (assignment.openFrom() != null) {
          open.add(assignment.openFrom());
        }
      }
      assertThat(assignments).as(what).hasSizeLessThanOrEqualTo(maxTasks);
      assertThat(assigned).as("%s: days", what).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(open).as("%s: open end", what).isEqualTo(range.openFrom());
    }
  }

  @RepeatedTest(50)
  void givesEachTaskOneOfTheOldestDaysToBeginWithAndAFairShare(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    Case range = new Case(new SplittableRandom(seed));
    for (int maxTasks : new int[] {1, 2, 3, 8}) {
      List<Split> oldestFirst = new ArrayList<>(range.days(maxTasks));
      String what = "seed %d, %s, %d tasks".formatted(seed, range, maxTasks);
      List<Assignment> assignments = range.plan().assign(maxTasks);

      List<Split> first =
          assignments.stream()
              .filter(assignment -> !assignment.days().isEmpty())
              .map(assignment -> assignment.days().get(0))
              .toList();
      assertThat(assignments.size() <= 1 || !range.hasASmallRemainder(maxTasks)).as(what).isTrue();
      assertThat(first).as(what).isEqualTo(oldestFirst.subList(0, first.size()));
      List<Integer> sizes =
          assignments.stream()
              .map(a -> a.days().size() + (a.openFrom() == null ? 0 : 1))
              .sorted()
              .toList();
      if (!sizes.isEmpty()) {
        assertThat(sizes.get(sizes.size() - 1) - sizes.get(0)).as(what).isLessThanOrEqualTo(1);
      }
    }
  }

  /** A range at random, and what its splits have to be, worked out day by day. */
  private static final class Case {
    private final Instant start;
    private final @Nullable Instant end;
    private final Instant settledBefore;
    private final Set<Split> done = new HashSet<>();
    private final Set<Split> withoutCalls = new HashSet<>();

    Case(RandomGenerator random) {
      Instant now = Instant.ofEpochSecond(random.nextLong(1_600_000_000L, 1_900_000_000L));
      start = now.minusSeconds(random.nextLong(-100_000, 60 * 86_400));
      settledBefore = now.minus(Duration.ofHours(random.nextInt(0, 72)));
      end =
          switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> start.plusSeconds(random.nextLong(-10_000, 70 * 86_400));
            default -> Split.of(start.plusSeconds(random.nextLong(70 * 86_400))).range().from();
          };
      double share = random.nextInt(4) / 3.0 - random.nextInt(2) * .05;
      for (int day = 0; day < 170; day++) {
        Split split = Split.of(start.plus(Duration.ofDays(day)));
        if (random.nextDouble() < share) {
          (random.nextInt(4) == 0 ? withoutCalls : done).add(split);
        }
      }
    }

    SplitPlan plan() {
      return SplitPlan.of(start, end, settledBefore, done, withoutCalls);
    }

    private Split firstThatMayChange() {
      return Split.of(settledBefore.isAfter(start) ? settledBefore : start);
    }

    /** Days before the open end; once few are unread, those that are not done. */
    Set<Split> days(int maxTasks) {
      Set<Split> days = days();
      if (hasASmallRemainder(maxTasks)) {
        days.removeAll(done);
      }
      return days;
    }

    boolean hasASmallRemainder(int maxTasks) {
      Set<Split> unread = days();
      int all = unread.size();
      unread.removeAll(done);
      unread.removeAll(withoutCalls);
      return unread.size() < maxTasks + 3 && 4 * unread.size() <= all;
    }

    /** Days that hold a second of the range and cannot change any more. */
    private Set<Split> days() {
      Set<Split> days = new TreeSet<>();
      Split day = Split.of(start);
      for (; day.compareTo(firstThatMayChange()) < 0; day = day.next()) {
        boolean inRange = end == null || day.range().from().isBefore(end);
        if (inRange) {
          days.add(day);
        }
      }
      return days;
    }

    List<Split> openFrom() {
      Split open = firstThatMayChange();
      return end == null || open.range().from().isBefore(Objects.requireNonNull(end))
          ? List.of(open)
          : List.of();
    }

    @Override
    public String toString() {
      return start + "/" + end + ", settled before " + settledBefore;
    }
  }

  private static SplitPlan plan(String start, @Nullable String end, String settledBefore) {
    return SplitPlan.of(
        Instant.parse(start),
        end == null ? null : Instant.parse(end),
        Instant.parse(settledBefore),
        Set.of(),
        Set.of());
  }

  private static SplitPlan withDone(Set<Split> done) {
    return SplitPlan.of(
        Instant.parse("2026-11-01T10:00:00Z"),
        null,
        Instant.parse("2026-11-04T00:00:00Z"),
        done,
        Set.of());
  }

  private static Split day(String text) {
    return new Split(LocalDate.parse(text));
  }
}
