package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.ReadCount;
import io.callrecords.connect.state.ReadCounts;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Totals find what an empty answer has hidden, and what has grown since. */
class TotalsComparisonTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant START = Split.of(NOW.minus(DAY.multipliedBy(20))).range().from();
  private static final Instant END = Split.of(NOW.minus(DAY)).range().from();

  private final ReadOptions options = ReadOptionsBuilder.startingAt(START).build();
  private final ScheduleFixture fixture =
      new ScheduleFixture(
              options,
              new Assignment(
                  Split.of(START).to(Split.of(END.minusSeconds(1))).toList(), Split.of(END)))
          .restored();
  private final BatchSource source = fixture.batches();
  private final TotalsComparison comparison = fixture.comparison;
  private final List<Batch> batches = new ArrayList<>();

  private ReadCounts counts() {
    return fixture.task.splits().settled().counts();
  }

  /** Reads the backlog as the API answers now. */
  private void readBacklog() {
    fixture.onLoop(() -> fixture.backlog.requestUntil(END));
    for (int i = 0; i < 100 && !fixture.onLoop(() -> fixture.queues.backlog().isIdle()); i++) {
      run();
      fixture.onLoop(fixture.backlog::refill);
    }
  }

  private void run() {
    fixture.loop.runFor(Duration.ofSeconds(2));
    batches.addAll(fixture.take(source));
  }

  private long compare() {
    long before = fixture.journal.count();
    fixture.onLoop(
        () ->
            comparison.begin(
                counts().stretches(new TimeRange(START, END)).stream()
                    .flatMap(
                        stretch ->
                            ComparedRun.of(stretch, DAY.multipliedBy(30).toSeconds()).stream())
                    .toList()));
    for (int i = 0; i < 200 && !fixture.onLoop(comparison::isIdle); i++) {
      run();
    }
    assertThat(fixture.onLoop(comparison::isIdle)).isTrue();
    return fixture.journal.count() - before;
  }

  private void addCall(int day, int second) {
    fixture.store.add(
        fixture.calls.starting(
            START.plus(DAY.multipliedBy(day)).plusSeconds(second), Duration.ofSeconds(20)));
  }

  private long rows() {
    return batches.stream().mapToLong(batch -> batch.rows().size()).sum();
  }

  @Test
  void anHonestApiCostsOneRequest() {
    addCall(3, 100);
    addCall(12, 100);
    readBacklog();

    // The first query of a week may have to prove its time settings.
    assertThat(compare()).isLessThanOrEqualTo(2);
    assertThat(compare()).isOne();
    assertThat(rows()).isEqualTo(2);
    assertThat(fixture.task.counts().rechecks()).isZero();
  }

  /** A call in the first second of a day is the neighbour's in a query for the day before. */
  @Test
  void callsAtTheBoundsAreNoDifference() {
    for (int day = 0; day < 19; day++) {
      addCall(day, 0);
      addCall(day, 86_399);
    }
    readBacklog();

    assertThat(compare()).isOne();
    fixture.onLoop(
        () ->
            comparison.begin(
                List.of(
                    new ComparedRun(counts().stretches(new TimeRange(START, END)).get(0), 5, 9))));
    run();
    assertThat(fixture.onLoop(comparison::isIdle)).isTrue();
  }

  @Test
  void daysThatSeemedEmptyAreFoundAndRead() {
    addCall(3, 100);
    addCall(12, 100);
    addCall(12, 80_000);
    fixture.faults.when(request -> true, Fault.emptyPage());
    readBacklog();
    assertThat(rows()).isZero();
    fixture.faults.clear();

    long requests = compare();

    assertThat(rows()).isEqualTo(3);
    assertThat(requests).isLessThan(30);
    assertThat(compare()).isOne();
    assertThat(fixture.task.counts().drifted()).isZero();
  }

  @Test
  void whatHasGrownIsReportedOnceAndNotEmitted() {
    addCall(3, 100);
    readBacklog();
    addCall(3, 5_000);

    compare();

    assertThat(rows()).isOne();
    assertThat(fixture.task.counts().drifted()).isOne();
    assertThat(compare()).isOne();
    assertThat(fixture.task.counts().drifted()).isOne();
  }

  /** A moment at which the API has nothing proves nothing. */
  @Test
  void nothingAtAllIsComparedAgain() {
    addCall(3, 100);
    addCall(9, 100);
    readBacklog();
    fixture.faults.when(request -> true, Fault.emptyPage());

    assertThat(compare()).isOne();
    assertThat(comparison.isInDoubt()).isTrue();

    fixture.faults.clear();
    assertThat(compare()).isLessThanOrEqualTo(2);
    assertThat(comparison.isInDoubt()).isFalse();
    assertThat(fixture.task.counts().drifted()).isZero();
  }

  /** It may be that nothing was returned when it was read, and that nothing is now. */
  @Test
  void nothingAtAllIsInDoubtEvenWhereNothingIsExpected() {
    addCall(3, 100);
    fixture.faults.when(request -> true, Fault.emptyPage());
    readBacklog();

    compare();
    assertThat(comparison.isInDoubt()).isTrue();

    fixture.faults.clear();
    compare();
    assertThat(comparison.isInDoubt()).isFalse();
    assertThat(rows()).isOne();
  }

  /** The total said that there is something, and a moment later there is nothing. */
  @Test
  void rowsThatATotalShowsAndAReadingDoesNotAreLookedForAgain() {
    addCall(3, 100);
    addCall(12, 100);
    fixture.faults.when(request -> true, Fault.emptyPage());
    readBacklog();
    fixture.faults.clear();
    Set<String> seen = new HashSet<>();
    fixture.faults.when(
        request -> !seen.add(request.from() + "/" + request.to()), Fault.emptyPage());

    compare();
    assertThat(rows()).isZero();
    assertThat(comparison.isInDoubt()).isTrue();

    fixture.faults.clear();
    compare();
    assertThat(rows()).isEqualTo(2);
  }

  /** A month of which the API keeps nothing any more must not hide the others. */
  @Test
  void aRunOfWhichNothingIsReportedDoesNotHoldUpTheOthers() {
    addCall(3, 100);
    addCall(15, 100);
    readBacklog();
    Instant middle = START.plus(DAY.multipliedBy(10));
    List<ComparedRun> runs =
        List.of(
            ComparedRun.of(counts().stretches(new TimeRange(START, middle)).get(0), 1L << 30)
                .get(0),
            ComparedRun.of(counts().stretches(new TimeRange(middle, END)).get(0), 1L << 30).get(0));
    fixture.faults.when(request -> request.from().isBefore(middle.minus(DAY)), Fault.emptyPage());
    long before = fixture.journal.count();

    fixture.onLoop(() -> comparison.begin(runs));
    run();
    long first = fixture.journal.count() - before;
    assertThat(comparison.isInDoubt()).isTrue();
    fixture.onLoop(() -> comparison.repeat(runs));
    run();

    // Only what is in doubt is compared again.
    assertThat(first).isGreaterThanOrEqualTo(2);
    assertThat(fixture.journal.count() - before - first).isOne();
    assertThat(comparison.isInDoubt()).isTrue();
  }

  /** What an earlier run has read cannot be looked into: a total alone has to last. */
  @Test
  void aMeasuredTotalHasToStayChangedForAnHour() {
    addCall(3, 100);
    fixture.onLoop(() -> counts().add(ReadCount.measured(new TimeRange(START, END), 1)));
    compare();
    assertThat(fixture.task.counts().drifted()).isZero();
    addCall(4, 100);

    compare();
    assertThat(comparison.isInDoubt()).isTrue();
    compare();
    assertThat(fixture.task.counts().drifted()).isZero();
    fixture.loop.runFor(Duration.ofHours(1));
    compare();

    assertThat(fixture.task.counts().drifted()).isOne();
    compare();
    assertThat(fixture.task.counts().drifted()).isOne();
    assertThat(comparison.isInDoubt()).isFalse();
  }
}
