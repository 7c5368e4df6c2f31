package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.FetchFixture.DAY;
import static io.callrecords.connect.fetch.FetchFixture.isFor;
import static io.callrecords.connect.fetch.FetchFixture.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.Breadth;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.FetchResult.ChangedRange;
import io.callrecords.connect.fetch.FetchResult.UnchangedRange;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.scenario.Network;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.ZoneTransitions;
import io.callrecords.connect.state.WindowSnapshot;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Order, overtaking and limits of prefetching. */
class RangeQueueTest {
  private static final int SEEDS = Breadth.of(10, 20);

  private int unverified;
  private static final Duration STEP = Duration.ofMillis(500);

  private final List<Throwable> failures = new ArrayList<>();
  private final List<FetchResult> results = new ArrayList<>();
  private FetchFixture fixture = FetchFixture.create();
  private PrefetchLimits limits = new PrefetchLimits(fixture.limits, 4, Long.MAX_VALUE);
  private RangeQueue queue = queue(Priority.BACKLOG);
  private int ready;

  private RangeQueue queue(Priority priority) {
    return new RangeQueue(
        fixture.loop,
        fixture.reader,
        priority,
        limits,
        fixture.retention,
        ZoneTransitions.of(fixture.times.zone()),
        () -> ready++,
        failures::add);
  }

  private void use(FetchFixture other, int concurrentRequests, Priority priority) {
    fixture = other;
    limits = new PrefetchLimits(fixture.limits, concurrentRequests, Long.MAX_VALUE);
    queue = queue(priority);
    results.clear();
  }

  private void addCalls(int count, TimeRange range) {
    fixture.store.addAll(fixture.calls.uniform(count, range.from(), range.to()));
  }

  private void read(List<TimeRange> ranges) {
    fixture.run(() -> ranges.forEach(queue::read));
  }

  private void takeAll() {
    fixture.run(
        () -> {
          for (FetchResult next = queue.take(); next != null; next = queue.take()) {
            results.add(next);
          }
        });
  }

  /** Takes what is ready twice a second until all is taken, or the time is over. */
  private void takeUntilIdle(Duration limit) {
    Duration end = fixture.loop.uptime().plus(limit);
    while (fixture.loop.uptime().compareTo(end) < 0 && !fixture.onLoop(queue::isIdle)) {
      fixture.loop.runFor(STEP);
      takeAll();
    }
    assertThat(failures).isEmpty();
  }

  private List<TimeRange> taken() {
    return results.stream()
        .flatMap(result -> result.snapshot().stream())
        .map(WindowSnapshot::range)
        .toList();
  }

  private static List<TimeRange> hours(int count) {
    return range(DAY.multipliedBy(2), 3_600L * count).cut(count);
  }

  @Test
  void yieldsRangesInOrder() {
    List<TimeRange> hours = hours(7);
    for (int i = 0; i < hours.size(); i++) {
      addCalls(20 * (7 - i), hours.get(i));
    }

    read(hours);
    assertThat(fixture.onLoop(queue::ranges)).isEqualTo(hours);
    takeUntilIdle(Duration.ofMinutes(5));

    assertThat(taken()).isEqualTo(hours);
    assertThat(ready).isPositive();
    assertThat(fixture.onLoop(queue::isIdle)).isTrue();
  }

  /** A fixture whose clocks are set back at that moment. */
  private Instant useBerlin() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    use(
        FetchFixture.newBuilder()
            .quirks(Quirks.newBuilder().zone(berlin).build())
            .zone(berlin)
            .build(),
        4,
        Priority.BACKLOG);
    return Instant.parse("2026-10-25T01:00:00Z");
  }

  @Test
  void readsARangeInPiecesInWhichClocksAreSetBack() {
    Instant winter = useBerlin();
    TimeRange night = new TimeRange(winter.minusSeconds(9_000), winter.plusSeconds(9_000));
    addCalls(90, night);

    read(List.of(night));
    fixture.run(() -> queue.readUnless(night, 90));
    takeUntilIdle(Duration.ofMinutes(5));

    assertThat(taken()).hasSize(8).contains(new TimeRange(winter.minusSeconds(1_800), winter));
    assertThat(results.stream().flatMap(result -> result.snapshot().stream()))
        .flatExtracting(window -> FetchFixture.ids(window))
        .hasSize(180)
        .doesNotContainNull();
  }

  @Test
  void aRangeThatEndsAmongRepeatedTimesCountsAsChangedWithoutARequest() {
    Instant winter = useBerlin();
    TimeRange run = new TimeRange(winter.minusSeconds(600), winter.plusSeconds(600));
    TimeRange night = new TimeRange(winter.minusSeconds(9_000), winter.plusSeconds(9_000));

    fixture.run(() -> queue.compare(run, 0));
    fixture.run(() -> queue.compare(night, 0));
    takeUntilIdle(Duration.ofMinutes(5));

    assertThat(results.get(0)).isInstanceOf(FetchResult.ChangedRange.class);
    assertThat(results.get(1)).isInstanceOf(FetchResult.UnchangedRange.class);
    assertThat(fixture.journal.count()).isEqualTo(1);
  }

  @Test
  void yieldsNothingUntilSomethingIsRead() {
    assertThat(fixture.onLoop(queue::isIdle)).isTrue();
    assertThat(fixture.<FetchResult>onLoop(queue::take)).isNull();
    read(hours(1));

    assertThat(fixture.<FetchResult>onLoop(queue::take)).isNull();
    assertThat(fixture.onLoop(queue::isIdle)).isFalse();
  }

  @Test
  void comparesAndReadsOnlyWhatHasChanged() {
    List<TimeRange> hours = hours(4);
    hours.forEach(hour -> addCalls(30, new TimeRange(hour.from().plusSeconds(2), hour.to())));
    long total = 30;

    fixture.run(
        () -> {
          queue.readUnless(hours.get(0), total);
          queue.readUnless(hours.get(1), total - 1);
          queue.compare(hours.get(2), total);
          queue.compare(hours.get(3), total - 1);
        });
    takeUntilIdle(Duration.ofMinutes(5));

    assertThat(results).hasSize(4);
    assertThat(results.get(0)).isInstanceOf(UnchangedRange.class);
    assertThat(results.get(1).snapshot()).isPresent();
    assertThat(results.get(2)).isInstanceOf(UnchangedRange.class);
    assertThat(results.get(3)).isInstanceOf(ChangedRange.class);
  }

  // ---- overtaking

  /** What the API goes on failing for holds up others for a minute, and no longer. */
  @Test
  void aLateRangeIsOvertaken() {
    List<TimeRange> hours = hours(3);
    fixture.faults.when(request -> isFor(request, hours.get(0)), Fault.http(500));

    read(hours);
    fixture.loop.runFor(Duration.ofSeconds(59));
    takeAll();
    assertThat(results).isEmpty();
    fixture.loop.runFor(Duration.ofSeconds(2));
    takeAll();
    assertThat(taken()).containsExactly(hours.get(1), hours.get(2));
    fixture.faults.clear();
    takeUntilIdle(Duration.ofMinutes(5));
    assertThat(taken()).containsExactly(hours.get(1), hours.get(2), hours.get(0));
  }

  @Test
  void aRangeIsOvertakenWhereManyOthersAreDone() {
    List<TimeRange> hours = hours(30);
    fixture.faults.when(request -> isFor(request, hours.get(0)), Fault.http(500));

    read(hours);
    fixture.loop.runFor(Duration.ofSeconds(20));
    takeAll();

    // As many as may be open stay, since the first one may come soon.
    assertThat(taken()).isEqualTo(hours.subList(1, 30 - limits.maxOpenRanges() + 1));
  }

  @Test
  void aRangeIsOvertakenWhereThereIsNoRoomForMore() {
    List<TimeRange> hours = hours(8);
    hours.subList(1, 8).forEach(hour -> addCalls(1_900, hour));
    fixture.faults.when(request -> isFor(request, hours.get(0)), Fault.http(500));

    read(hours);
    fixture.loop.runFor(Duration.ofSeconds(20));
    takeAll();

    assertThat(taken()).isNotEmpty().isSortedAccordingTo(Comparator.comparing(TimeRange::from));
  }

  /** It may be refused for days. */
  @Test
  void aYoungRangeThatIsRefusedHoldsUpNobody() {
    List<TimeRange> hours = hours(5);
    TimeRange lastSecond = ExpiryProbe.lastSecond(hours.get(1));
    fixture.faults.when(
        request -> isFor(request, hours.get(1)) || isFor(request, lastSecond), Fault.status(-25));

    read(hours);
    fixture.loop.runFor(Duration.ofSeconds(20));
    takeAll();
    assertThat(taken()).containsExactly(hours.get(0), hours.get(2), hours.get(3), hours.get(4));
    assertThat(fixture.onLoop(queue::ranges)).containsExactly(hours.get(1));
    fixture.faults.clear();
    takeUntilIdle(Duration.ofMinutes(5));
    assertThat(taken()).endsWith(hours.get(1).cut(2).toArray(TimeRange[]::new));
  }

  // ---- limits

  @Test
  void readsNoFurtherThanItsLimitsWhileNothingIsTaken() {
    List<TimeRange> hours = hours(40);
    hours.forEach(hour -> addCalls(1_000, hour));

    read(hours);
    fixture.loop.runFor(Duration.ofMinutes(10));

    // The start is cut off; each window repeats the seconds at its bounds.
    long most = limits.maxBufferedRecords() + limits.maxOpenRanges() * 100L;
    assertThat(fixture.journal.rows()).isBetween(limits.maxBufferedRecords() - 1_000, most + 100);
    takeUntilIdle(Duration.ofMinutes(10));
    assertThat(results.stream().mapToLong(r -> r.snapshot().orElseThrow().records().size()).sum())
        .isEqualTo(40_000);
  }

  @Test
  void opensNoMoreRangesThanMayBeOpen() {
    List<TimeRange> hours = hours(40);
    hours.forEach(hour -> addCalls(1_000, hour));
    fixture.faults.when(request -> request.current() > 1, Fault.hang());

    read(hours);
    fixture.loop.runFor(Duration.ofSeconds(20));

    Set<Instant> opened = new HashSet<>();
    fixture.journal.entries().stream()
        .filter(entry -> entry.request().current() == 1)
        .filter(entry -> hours.stream().anyMatch(hour -> isFor(entry.request(), hour)))
        .forEach(entry -> opened.add(entry.request().from()));
    // Those that are being read are no longer open; the start was cut.
    long read = limits.maxBufferedRecords() / 1_000;
    assertThat(opened.size()).isLessThanOrEqualTo((int) (limits.maxOpenRanges() + read + 1));
  }

  /** A window larger than all that may be held is read all the same when others wait for it. */
  @Test
  void theFirstRangeIsReadWhateverItsSize() {
    TimeRange second = range(DAY, 1);
    fixture.store.addAll(fixture.calls.inSecond(7_000, second.from()));
    List<TimeRange> ranges = List.of(second, range(DAY.minusHours(1), 60));

    read(ranges);
    takeUntilIdle(Duration.ofMinutes(10));

    assertThat(taken()).isEqualTo(ranges);
    assertThat(results.get(0).snapshot().orElseThrow().records()).hasSize(7_000);
  }

  /** The first records of a backlog wait for nothing else. */
  @Test
  void theFirstRecordsOfABacklogAreASinglePage() {
    TimeRange day = range(DAY.multipliedBy(2), 86_400);
    addCalls(10_000, day);

    read(List.of(day));
    fixture.loop.runUntil(() -> ready > 0, Duration.ofMinutes(1));
    takeAll();

    WindowSnapshot first = results.get(0).snapshot().orElseThrow();
    assertThat(first.range().from()).isEqualTo(day.from());
    assertThat(first.records()).isNotEmpty().hasSizeLessThanOrEqualTo(100);
    takeUntilIdle(Duration.ofMinutes(30));
    assertThat(results.stream().filter(r -> r.snapshot().orElseThrow().records().size() < 50))
        .hasSizeLessThan(3);
  }

  // ---- failures and invariants

  @Test
  void reportsWhatIsRefusedForGood() {
    fixture.faults.when(request -> true, Fault.status(-1));

    read(hours(1));
    fixture.loop.runFor(Duration.ofSeconds(10));

    assertThat(failures).singleElement().isInstanceOf(RefusedException.class);
  }

  @Test
  void failsOutsideOfTheLoop() {
    TimeRange hour = hours(1).get(0);
    List<Runnable> calls =
        List.of(
            () -> queue.read(hour),
            () -> queue.readUnless(hour, 1),
            () -> queue.compare(hour, 1),
            () -> queue.take(),
            () -> queue.ranges(),
            () -> queue.isIdle());

    assertThat(calls)
        .allSatisfy(
            call ->
                assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("outside of it"));
  }

  // ---- seeded model

  /** An account, a network and a reader of records as a seed draws them. */
  private final class QueueModel {
    final SplittableRandom random;
    final List<TimeRange> wanted = new ArrayList<>();
    final List<TimeRange> added = new ArrayList<>();

    QueueModel(long seed, Priority priority) {
      random = new SplittableRandom(seed);
      int concurrent = 1 + random.nextInt(6);
      int least = random.nextInt(200);
      use(
          FetchFixture.newBuilder()
              .seed(seed)
              .pageSize(1 + random.nextInt(random.nextBoolean() ? 100 : 12))
              .network(new Network(concurrent, least, least + 2 + random.nextInt(2_000)))
              .quirks(
                  Quirks.newBuilder()
                      .order(FetchFixture.anyOf(random, Order.values()))
                      .duplicateEvery(random.nextInt(4) == 0 ? 9 : 0)
                      .build())
              .build(),
          concurrent,
          priority);
      Instant from = FetchFixture.NOW.minus(DAY.multipliedBy(3));
      for (int i = 1 + random.nextInt(30); i > 0; i--) {
        long seconds = 1L + random.nextInt(random.nextInt(4) == 0 ? 4 : 7_000);
        wanted.add(new TimeRange(from, from.plusSeconds(seconds)));
        from = from.plusSeconds(seconds + (random.nextBoolean() ? 0 : random.nextInt(60)));
      }
      for (TimeRange range : wanted) {
        int count = random.nextInt(random.nextInt(3) == 0 ? 60 * fixture.limits.pageSize() : 40);
        addCalls(Math.min(count, 1_500), range);
      }
    }

    /** Adds ranges and takes results, each now and then, until all is taken. */
    void live() {
      Duration end = fixture.loop.uptime().plus(DAY);
      while (fixture.loop.uptime().compareTo(end) < 0) {
        int more = random.nextInt(4);
        while (more-- > 0 && added.size() < wanted.size()) {
          TimeRange next = wanted.get(added.size());
          added.add(next);
          read(List.of(next));
        }
        fixture.loop.runFor(Duration.ofMillis(random.nextInt(8_000)));
        for (int take = random.nextInt(5); take > 0; take--) {
          FetchResult result = fixture.onLoop(queue::take);
          if (result != null) {
            results.add(result);
          }
        }
        if (added.size() == wanted.size() && fixture.onLoop(queue::isIdle)) {
          return;
        }
      }
      throw new AssertionError("Not all was taken within a day: " + fixture.onLoop(queue::ranges));
    }

    /** Each second of each range came out once, with the records that it has if it is verified. */
    void check(long seed) {
      assertThat(failures).as("seed %s", seed).isEmpty();
      List<TimeRange> pieces = new ArrayList<>(taken());
      pieces.sort(Comparator.comparing(TimeRange::from));
      for (int i = 1; i < pieces.size(); i++) {
        assertThat(pieces.get(i - 1).overlaps(pieces.get(i))).as("seed %s", seed).isFalse();
      }
      for (TimeRange range : wanted) {
        assertThat(range.minus(pieces)).as("seed %s", seed).isEmpty();
      }
      assertThat(pieces.stream().mapToLong(TimeRange::seconds).sum())
          .as("seed %s", seed)
          .isEqualTo(wanted.stream().mapToLong(TimeRange::seconds).sum());
      for (FetchResult result : results) {
        WindowSnapshot window = result.snapshot().orElseThrow();
        Set<String> all = fixture.ids(window.range());
        if (window.verified()) {
          assertThat(FetchFixture.ids(window))
              .as("seed %s, %s", seed, window.range())
              .isEqualTo(all);
        } else {
          // It is read again later.
          assertThat(all)
              .as("seed %s, %s", seed, window.range())
              .containsAll(FetchFixture.ids(window));
          unverified++;
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Priority.class)
  void eachSecondComesOutOnceWithAllItsRecords(Priority priority) {
    int windows = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      QueueModel model = new QueueModel(seed, priority);
      if (model.random.nextBoolean()) {
        fixture.faults.share(model.random.nextInt(20) / 100.0);
      }
      int wrong = model.random.nextInt(6);
      if (wrong > 0) {
        fixture.faults.next(wrong, Fault.status(-25));
      }
      model.live();
      model.check(seed);
      windows += results.size();
    }
    assertThat(unverified).isLessThan(windows / (priority == Priority.LIVE ? 4 : 25));
  }

  /** Where nothing is late and all has room, nothing is overtaken. */
  @Test
  void resultsComeInOrderWhereNothingIsHeldUp() {
    int inOrder = 0;
    for (long seed = 0; seed < 40; seed++) {
      QueueModel model = new QueueModel(seed, Priority.BACKLOG);
      long records = model.wanted.stream().mapToLong(range -> fixture.ids(range).size()).sum();
      boolean hasRoom =
          records + model.wanted.size() * 2L < limits.maxBufferedRecords()
              && model.wanted.size() < limits.maxOpenRanges();
      if (!hasRoom || fixture.quirks.order() == Order.RANDOM) {
        continue;
      }
      inOrder++;
      model.live();
      model.check(seed);
      assertThat(taken())
          .as("seed %s", seed)
          .isSortedAccordingTo(Comparator.comparing(TimeRange::from));
    }
    assertThat(inOrder).isGreaterThan(2);
  }

  /** Windows of heavy records are smaller, and fewer are read ahead. */
  @Test
  void holdsNoMoreHeavyRecordsThanTheirWeightAllows() {
    long maxWeight = 4_000_000;
    fixture = FetchFixture.newBuilder().maxWindowWeight(maxWeight / 2).build();
    limits = new PrefetchLimits(fixture.limits, 4, maxWeight);
    queue = queue(Priority.BACKLOG);
    TimeRange day = range(DAY.multipliedBy(2), DAY.toSeconds());
    String remark = "x".repeat(8_000);
    fixture.store.addAll(
        fixture.calls.uniform(1_500, day.from(), day.to()).stream()
            .map(call -> call.with(to -> to.remark(remark)))
            .toList());

    read(List.of(day));
    fixture.loop.runFor(Duration.ofHours(1));
    long ahead = 0;
    List<FetchResult> first = new ArrayList<>();
    for (FetchResult next = take(); next != null; next = take()) {
      first.add(next);
    }
    for (FetchResult result : first) {
      ahead += weight(result);
      assertThat(weight(result)).isLessThan(maxWeight / 2);
    }
    assertThat(ahead).isBetween(maxWeight / 4, maxWeight);
    results.addAll(first);
    takeUntilIdle(Duration.ofHours(1));

    assertThat(results.stream().flatMap(result -> result.snapshot().stream()))
        .flatExtracting(FetchFixture::ids)
        .containsExactlyInAnyOrderElementsOf(fixture.ids(day));
  }

  /**
   * The first page of a window, with the newest records, does not show how heavy the others are.
   */
  @Test
  void cutsAWindowWhoseLaterPagesAreHeavy() {
    long maxWindowWeight = 2_000_000;
    fixture = FetchFixture.newBuilder().maxWindowWeight(maxWindowWeight).build();
    limits = new PrefetchLimits(fixture.limits, 4, Long.MAX_VALUE);
    queue = queue(Priority.RECHECK);
    TimeRange day = range(DAY.multipliedBy(2), DAY.toSeconds());
    Instant noon = day.from().plus(DAY.dividedBy(2));
    String remark = "x".repeat(8_000);
    fixture.store.addAll(
        fixture.calls.uniform(600, day.from(), day.to()).stream()
            .map(call -> call.start().isBefore(noon) ? call.with(to -> to.remark(remark)) : call)
            .toList());

    read(List.of(day));
    takeUntilIdle(Duration.ofHours(1));

    assertThat(results)
        .isNotEmpty()
        .allSatisfy(result -> assertThat(weight(result)).isLessThan(2 * maxWindowWeight));
    assertThat(results.stream().flatMap(result -> result.snapshot().stream()))
        .flatExtracting(FetchFixture::ids)
        .containsExactlyInAnyOrderElementsOf(fixture.ids(day));
  }

  /** One second cannot be cut: it may take as much as all of a task, and no more. */
  @ParameterizedTest
  @EnumSource(Priority.class)
  void stopsAtASecondThatIsTooHeavyForTheHeap(Priority priority) {
    fixture = FetchFixture.newBuilder().maxWindowWeight(200_000).build();
    limits = new PrefetchLimits(fixture.limits, 4, Long.MAX_VALUE);
    queue = queue(priority);
    TimeRange second = range(DAY.multipliedBy(2), 1);
    String remark = "x".repeat(4_000);
    fixture.store.addAll(
        fixture.calls.inSecond(600, second.from()).stream()
            .map(call -> call.with(to -> to.remark(remark)))
            .toList());

    read(List.of(second));
    fixture.loop.runFor(Duration.ofHours(1));

    assertThat(failures).hasSize(1);
    assertThat(StageErrors.unwrap(failures.get(0))).isInstanceOf(SecondTooHeavyException.class);
    assertThat(fixture.journal.count()).isLessThan(8);
    failures.clear();
  }

  private @Nullable FetchResult take() {
    FetchResult[] taken = new FetchResult[1];
    fixture.run(() -> taken[0] = queue.take());
    return taken[0];
  }

  private static long weight(FetchResult result) {
    return result.snapshot().stream()
        .flatMap(window -> window.records().stream())
        .mapToLong(Row::weight)
        .sum();
  }
}
