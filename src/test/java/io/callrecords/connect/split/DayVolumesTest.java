package io.callrecords.connect.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How days of different volume are assigned, and what each task gets of the rate. */
class DayVolumesTest {
  private static final Split FIRST = Split.of(Instant.parse("2026-11-01T00:00:00Z"));
  private static final int PAGE = 100;

  private static DayVolumes volumes(long... records) {
    Map<Split, Long> all = new HashMap<>();
    Split day = FIRST;
    for (long count : records) {
      if (count >= 0) {
        all.put(day, count);
      }
      day = day.next();
    }
    return new DayVolumes(all, PAGE);
  }

  /** So many days, and an open end behind them. */
  private static SplitPlan plan(int days, Set<Split> done) {
    Instant start = FIRST.range().from();
    return SplitPlan.of(start, null, start.plus(Duration.ofDays(days)), done, Set.of());
  }

  @Test
  void giveADayToTheTaskThatHasTheLeastToRead() {
    DayVolumes volumes = volumes(9_000, 1_000, 1_000, 1_000, 5_000, 1_000, 0);

    List<Assignment> assignments = plan(6, Set.of()).assign(3, volumes);

    assertThat(assignments)
        .hasToString(
            "[2026-11-01, 2026-11-02,2026-11-04,2026-11-06,2026-11-07/.., 2026-11-03,2026-11-05]");
    assertThat(volumes.weights(assignments)).containsExactly(487, 181, 332);
  }

  @Test
  void leaveTheSharesEqualWhereNothingIsKnown() {
    List<Assignment> assignments = plan(6, Set.of()).assign(3, DayVolumes.UNKNOWN);

    assertThat(assignments).isEqualTo(plan(6, Set.of()).assign(3));
    assertThat(DayVolumes.UNKNOWN.weights(assignments)).isEmpty();
    assertThat(volumes(1, 2).weights(plan(6, Set.of()).assign(1))).isEmpty();
  }

  @Test
  void countADayOfWhichNothingIsKnownAsTheMeanOfTheOthers() {
    DayVolumes volumes = volumes(-1, 1_000, 5_000, 0);

    assertThat(volumes.requests(FIRST)).isEqualTo(1 + 1.05 * 20);
    assertThat(volumes.requests(FIRST.next())).isEqualTo(1 + 1.05 * 10);
  }

  /** What is added to a busy day later moves no task. */
  @Test
  void doNotChangeForAFewRecords() {
    List<Integer> weights = weights(123_456, 98_700, 55_000, 0);

    assertThat(weights(123_499, 98_749, 54_951, 0)).isEqualTo(weights);
    assertThat(weights(123_456, 58_700, 55_000, 0)).isNotEqualTo(weights);
  }

  private static List<Integer> weights(long... records) {
    DayVolumes volumes = volumes(records);
    return volumes.weights(plan(3, Set.of()).assign(2, volumes));
  }

  /** Whatever totals say, each task goes on, and the open end is followed. */
  @Test
  void leaveNoTaskWithoutAShare() {
    DayVolumes volumes = volumes(0, 1_000_000, 0, 0);

    List<Integer> weights = volumes.weights(plan(3, Set.of()).assign(3, volumes));

    assertThat(weights).allMatch(weight -> weight >= 30);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, true",
    "1000, 1000, true",
    "1000, 1015, true",
    "1015, 1000, true",
    "1000, 1100, false",
    "9000, 1000, false",
    "5, 0, true",
    "50, 0, false"
  })
  void areBelievedWhereTheyAddUp(long sum, long whole, boolean isBelieved) {
    assertThat(DayVolumes.addUp(sum, whole)).isEqualTo(isBelieved);
  }

  @Test
  void showNoVolume() {
    assertThat(volumes(4_711, 815)).hasToString("2 days of known volume");
  }

  /** Whatever the days hold: a model of tasks that read at the rate that they were given. */
  @RepeatedTest(100)
  void letAllTasksEndAtAboutTheSameTime(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int days = random.nextInt(4, 70);
    long[] records = new long[days + 1];
    for (int day = 0; day < days; day++) {
      records[day] = random.nextInt(4) == 0 ? 0 : (long) Math.exp(random.nextDouble(4, 13));
    }
    DayVolumes volumes = volumes(records);
    SplitPlan plan = plan(days, Set.of());
    int tasks = random.nextInt(2, 12);
    String what = "seed %d: %d days, %d tasks".formatted(seed, days, tasks);

    List<Assignment> assignments = plan.assign(tasks, volumes);
    List<Integer> weights = volumes.weights(assignments);

    List<Split> all = new ArrayList<>();
    assignments.forEach(assignment -> all.addAll(assignment.days()));
    assertThat(all).as(what).containsExactlyInAnyOrderElementsOf(plan.days());
    assertThat(assignments)
        .as(what)
        .hasSize(Math.min(tasks, days + 1))
        .allSatisfy(assignment -> assertThat(assignment.days()).isSorted())
        .filteredOn(assignment -> assignment.openFrom() != null)
        .hasSize(1);
    double[] requests = assignments.stream().mapToDouble(volumes::requests).toArray();
    double work = IntStream.range(0, requests.length).mapToDouble(task -> requests[task]).sum();
    double rate = weights.stream().mapToInt(Integer::intValue).sum();
    double last =
        IntStream.range(0, requests.length)
            .mapToDouble(task -> requests[task] / weights.get(task))
            .max()
            .orElseThrow();
    // What tasks of less than a tenth of an equal share leave unused is lost, one part in eleven at
    // most; and weights, of which none is below eight, are whole numbers.
    assertThat(work / rate / last).as(what).isGreaterThan(10 / 11. * 15 / 16);
    assertThat(plan.assign(tasks, volumes)).as(what).isEqualTo(assignments);
  }

  /** A restart in the middle moves no task, and what is unread then is with all of them. */
  @RepeatedTest(30)
  void doNotDependOnHowFarTheReadingIs(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    long[] records = random.longs(41, 1_000, 9_000).toArray();
    DayVolumes volumes = volumes(records);
    Set<Split> done = new HashSet<>();
    FIRST.to(Split.of(FIRST.range().from().plus(Duration.ofDays(20)))).forEach(done::add);
    List<Assignment> assignments = plan(40, Set.of()).assign(3, volumes);

    assertThat(plan(40, done).assign(3, volumes)).as("seed %d", seed).isEqualTo(assignments);
    assertThat(assignments)
        .as("seed %d", seed)
        .allSatisfy(
            assignment ->
                assertThat(assignment.days().stream().filter(day -> !done.contains(day)).count())
                    .isBetween(3L, 10L));
  }

  @Test
  void giveOneTaskASmallRemainder() {
    Set<Split> done = new HashSet<>();
    FIRST.to(Split.of(FIRST.range().from().plus(Duration.ofDays(17)))).forEach(done::add);

    assertThat(plan(20, done).assign(3, volumes(1, 2, 3)))
        .hasToString("[2026-11-19,2026-11-20,2026-11-21/..]");
  }
}
