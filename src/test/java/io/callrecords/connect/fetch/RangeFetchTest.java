package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.FetchFixture.DAY;
import static io.callrecords.connect.fetch.FetchFixture.NOW;
import static io.callrecords.connect.fetch.FetchFixture.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.fetch.FetchResult.ChangedRange;
import io.callrecords.connect.fetch.FetchResult.ExpiredRange;
import io.callrecords.connect.fetch.FetchResult.FetchedWindow;
import io.callrecords.connect.fetch.FetchResult.UnchangedRange;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of one range to its result, without a queue. */
class RangeFetchTest {
  private static final TimeRange HOUR = range(Duration.ofHours(5), 3_600);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final FetchFixture fixture = FetchFixture.create();
  private final RecordedListener queue = new RecordedListener();
  private final FetchEnvironment environment = queue.environment(fixture, Priority.BACKLOG);

  private void addCalls(int count, TimeRange range) {
    fixture.store.addAll(fixture.calls.uniform(count, range.from(), range.to()));
  }

  private RangeFetch opened(RangeFetch fetch) {
    fixture.run(fetch::open);
    fixture.loop.runFor(SOON);
    return fetch;
  }

  /** Opens a range, and reads it where that is what comes next. */
  private RangeFetch fetched(RangeFetch fetch) {
    opened(fetch);
    if (fetch.phase() == FetchPhase.OPENED) {
      fixture.run(fetch::fetchRemaining);
      fixture.loop.runFor(SOON);
    }
    return fetch;
  }

  private FetchResult result(RangeFetch fetch) {
    return fixture.onLoop(fetch::takeResult);
  }

  @Test
  void aRangeIsOpenedThenRead() {
    addCalls(250, HOUR);
    RangeFetch fetch = new RangeFetch(FetchOrder.reading(HOUR), environment);
    assertThat(fetch.phase()).isEqualTo(FetchPhase.WAITING);

    fixture.run(fetch::open);
    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENING);
    assertThat(fetch.bufferedRecords()).isEqualTo(100);
    fixture.loop.runFor(SOON);
    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENED);
    assertThat(fetch.bufferedRecords()).isEqualTo(250);
    assertThat(queue.progress).isEqualTo(1);
    assertThat(queue.ready).isZero();
    assertThat(queue.expectsRecords).isTrue();
    fixture.run(fetch::fetchRemaining);
    assertThat(fetch.phase()).isEqualTo(FetchPhase.READING);
    fixture.loop.runFor(SOON);

    assertThat(fetch.phase()).isEqualTo(FetchPhase.DONE);
    assertThat(queue.ready).isEqualTo(1);
    FetchedWindow window = (FetchedWindow) result(fetch);
    assertThat(FetchFixture.ids(window.window())).isEqualTo(fixture.ids(HOUR));
    assertThat(window.expired().isEmpty()).isTrue();
    assertThat(queue.failures).isEmpty();
  }

  @Test
  void aRangeWithTheExpectedTotalIsNotRead() {
    addCalls(250, range(Duration.ofHours(5).minusSeconds(1), 3_598));
    RangeFetch fetch = fetched(new RangeFetch(FetchOrder.readingUnless(HOUR, 250), environment));

    UnchangedRange unchanged = (UnchangedRange) result(fetch);
    assertThat(unchanged.range()).isEqualTo(HOUR);
    assertThat(unchanged.requestedAt()).isBetween(NOW.minusSeconds(1), NOW.plusSeconds(1));
    // One page, and the proof of the settings.
    assertThat(fixture.journal.entries()).hasSize(2);
  }

  @Test
  void aRangeWithAnotherTotalIsRead() {
    addCalls(250, HOUR);

    assertThat(result(fetched(new RangeFetch(FetchOrder.readingUnless(HOUR, 249), environment))))
        .isInstanceOf(FetchedWindow.class);
  }

  @Test
  void aComparedRangeIsNeverRead() {
    addCalls(30, HOUR);

    assertThat(result(fetched(new RangeFetch(FetchOrder.comparing(HOUR, 29), environment))))
        .isInstanceOf(ChangedRange.class);
    assertThat(result(fetched(new RangeFetch(FetchOrder.comparing(HOUR, 30), environment))))
        .isInstanceOf(UnchangedRange.class);
  }

  @Test
  void aRangeOfMoreThanAWindowIsCut() {
    addCalls(2_500, HOUR);
    RangeFetch fetch = opened(new RangeFetch(FetchOrder.reading(HOUR), environment));

    assertThat(fetch.phase()).isEqualTo(FetchPhase.CUT);
    assertThat(queue.replacements).containsExactly(HOUR.cut(2));
    assertThat(queue.expectsRecords).isFalse();
  }

  @Test
  void theStartOfTheBacklogIsCutOff() {
    addCalls(500, HOUR);
    queue.isStart = true;
    opened(new RangeFetch(FetchOrder.reading(HOUR), environment));

    assertThat(queue.replacements).hasSize(1);
    assertThat(queue.replacements.get(0).get(0).seconds()).isLessThan(200);
    assertThat(queue.expectsRecords).isTrue();
  }

  @Test
  void aWindowThatCannotBeVerifiedIsCut() {
    addCalls(250, HOUR);
    fixture.faults.when(
        request -> request.current() == 2,
        Fault.rewritten("another total", body -> body.replace("\"total\":250", "\"total\":251")));
    RangeFetch fetch = fetched(new RangeFetch(FetchOrder.reading(HOUR), environment));

    assertThat(fetch.phase()).isEqualTo(FetchPhase.CUT);
    assertThat(queue.replacements).hasSize(1);
    assertThat(queue.replacements.get(0)).hasSizeGreaterThan(4);
  }

  @Test
  void nothingIsRequestedOfARangeThatHasExpired() {
    TimeRange range = range(DAY.multipliedBy(70), 86_400);
    RangeFetch fetch = opened(new RangeFetch(FetchOrder.reading(range), environment));

    assertThat(result(fetch)).isEqualTo(new ExpiredRange(range));
    assertThat(fixture.journal.entries()).isEmpty();
  }

  /** Its total is that of another range, so it is no sign that nothing has changed. */
  @Test
  void aRangeThatHasExpiredInPartIsReadWhateverItsTotal() {
    TimeRange range = range(DAY.multipliedBy(59).plusHours(2), 86_400);
    addCalls(40, range);
    RangeFetch fetch =
        fetched(
            new RangeFetch(
                FetchOrder.readingUnless(range, fixture.ids(fixture.retention.clip(range)).size()),
                environment));

    FetchedWindow window = (FetchedWindow) result(fetch);
    assertThat(window.expired().from()).isEqualTo(range.from());
    assertThat(window.expired().to()).isEqualTo(window.window().range().from());
    assertThat(window.window().range().to()).isEqualTo(range.to());
    assertThat(FetchFixture.ids(window.window())).isEqualTo(fixture.ids(window.window().range()));
  }

  /** The first piece reports what has expired. */
  @Test
  void theFirstPieceBeginsWhereTheRangeDid() {
    TimeRange range = range(DAY.multipliedBy(59).plusHours(2), 86_400);
    addCalls(2_900, range);
    opened(new RangeFetch(FetchOrder.reading(range), environment));

    List<TimeRange> pieces = queue.replacements.get(0);
    assertThat(pieces.get(0).from()).isEqualTo(range.from());
    assertThat(pieces.get(pieces.size() - 1).to()).isEqualTo(range.to());
  }

  @Test
  void isLateAfterAMinute() {
    fixture.faults.when(request -> true, Fault.http(500));
    RangeFetch fetch = new RangeFetch(FetchOrder.reading(HOUR), environment);
    fixture.run(fetch::open);

    fixture.loop.runFor(Duration.ofSeconds(59));
    assertThat(fetch.isLate()).isFalse();
    fixture.loop.runFor(Duration.ofSeconds(1));
    assertThat(fetch.isLate()).isTrue();
    assertThat(queue.ready).isEqualTo(1);
  }

  @Test
  void isNotLateOnceItIsDoneOrCut() {
    RangeFetch done = fetched(new RangeFetch(FetchOrder.reading(HOUR), environment));
    addCalls(2_500, range(Duration.ofHours(9), 3_600));
    RangeFetch cut =
        opened(new RangeFetch(FetchOrder.reading(range(Duration.ofHours(9), 3_600)), environment));
    int ready = queue.ready;
    fixture.loop.runFor(Duration.ofMinutes(3));

    assertThat(done.isLate()).isFalse();
    assertThat(cut.isLate()).isFalse();
    assertThat(queue.ready).isEqualTo(ready);
  }

  // ---- failures

  /** Seconds are returned, so that it is no outage. */
  private void failPages(int from) {
    fixture.faults.when(
        request ->
            request.current() >= from
                && Duration.between(request.from(), request.to()).toSeconds() > 2,
        Fault.http(500));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatTheApiGoesOnFailingToReturnIsCut(int page) {
    addCalls(250, HOUR);
    failPages(page);
    RangeFetch fetch = new RangeFetch(FetchOrder.reading(HOUR), environment);
    fixture.run(fetch::open);
    fixture.loop.runUntil(() -> fetch.phase() == FetchPhase.OPENED, SOON);
    if (page > 1) {
      fixture.run(fetch::fetchRemaining);
    }
    fixture.loop.runFor(Duration.ofMinutes(5));

    assertThat(fetch.phase()).isEqualTo(FetchPhase.CUT);
    assertThat(queue.replacements).containsExactly(HOUR.cut(4));
    assertThat(queue.failures).isEmpty();
  }

  @Test
  void whatIsNotCutIsRequestedUntilItIsReturned() {
    addCalls(20, HOUR);
    queue.isolates = false;
    failPages(1);
    RangeFetch fetch = opened(new RangeFetch(FetchOrder.reading(HOUR), environment));
    fixture.loop.runFor(Duration.ofMinutes(10));
    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENING);

    fixture.faults.clear();
    fixture.loop.runFor(Duration.ofMinutes(5));

    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENED);
    assertThat(queue.failures).isEmpty();
  }

  /** As in an outage: whatever is requested fails. */
  @Test
  void aRangeOfWhichNoPartIsReturnedIsNotCut() {
    fixture.faults.when(request -> true, Fault.http(500));
    RangeFetch fetch = opened(new RangeFetch(FetchOrder.reading(HOUR), environment));
    fixture.loop.runFor(Duration.ofHours(3));

    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENING);
    assertThat(queue.replacements).isEmpty();
  }

  // ---- refusals

  @Test
  void aYoungRangeThatIsRefusedIsReadOnceItsLastSecondIsReturned() {
    addCalls(20, HOUR);
    fixture.faults.next(3, Fault.status(-25));
    RangeFetch fetch = new RangeFetch(FetchOrder.reading(HOUR), environment);
    fixture.run(fetch::open);
    fixture.loop.runUntil(() -> fetch.phase() == FetchPhase.REFUSED_RETRYING, SOON);
    assertThat(fetch.phase()).isEqualTo(FetchPhase.REFUSED_RETRYING);
    fixture.loop.runFor(Duration.ofMinutes(2));

    assertThat(fetch.phase()).isEqualTo(FetchPhase.CUT);
    assertThat(queue.replacements).containsExactly(HOUR.cut(2));
  }

  @Test
  void aSecondThatIsRefusedIsReadWhenItIsReturned() {
    TimeRange second = range(Duration.ofHours(5), 1);
    addCalls(3, second);
    fixture.faults.next(3, Fault.status(-25));
    RangeFetch fetch = new RangeFetch(FetchOrder.reading(second), environment);
    fixture.run(fetch::open);
    fixture.loop.runFor(Duration.ofMinutes(2));
    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENED);
    fixture.run(fetch::fetchRemaining);
    fixture.loop.runFor(SOON);

    assertThat(((FetchedWindow) result(fetch)).window().records()).hasSize(3);
  }

  @Test
  void aComparedRangeThatIsRefusedCountsAsChanged() {
    fixture.faults.next(1, Fault.status(-25));

    assertThat(result(opened(new RangeFetch(FetchOrder.comparing(HOUR, 0), environment))))
        .isInstanceOf(ChangedRange.class);
  }

  @Test
  void anOldRangeThatIsRefusedToItsLastSecondExpires() {
    FetchFixture short14 =
        FetchFixture.newBuilder().quirks(Quirks.newBuilder().retentionDays(14).build()).build();
    TimeRange range = range(DAY.multipliedBy(40), 86_400);
    RangeFetch fetch =
        new RangeFetch(FetchOrder.reading(range), queue.environment(short14, Priority.BACKLOG));
    short14.run(fetch::open);
    short14.loop.runFor(Duration.ofMinutes(2));

    assertThat(short14.onLoop(fetch::takeResult)).isEqualTo(new ExpiredRange(range));
  }

  /** A range grows too old while it waits for its turn. */
  @Test
  void aRangeThatGrewTooOldIsClippedAnew() {
    FetchFixture kept59 =
        FetchFixture.newBuilder().quirks(Quirks.newBuilder().retentionDays(59).build()).build();
    TimeRange range = range(DAY.multipliedBy(59).minusSeconds(150), 3_600);
    // Until it is older than the setting says.
    kept59.faults.when(
        request -> kept59.loop.wallClock().isBefore(NOW.plusSeconds(200)), Fault.http(500));
    RangeFetch fetch =
        new RangeFetch(FetchOrder.reading(range), queue.environment(kept59, Priority.BACKLOG));
    kept59.run(fetch::open);
    kept59.loop.runFor(Duration.ofMinutes(10));
    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENED);
    kept59.run(fetch::fetchRemaining);
    kept59.loop.runFor(SOON);

    FetchedWindow window = (FetchedWindow) kept59.onLoop(fetch::takeResult);
    assertThat(window.expired().isEmpty()).isFalse();
    assertThat(window.expired().from()).isEqualTo(range.from());
  }

  /** Its first page was returned, so a later page that is refused is probably a fault. */
  @Test
  void aRangeThatIsRefusedWhileItIsReadIsOpenedAnew() {
    addCalls(250, HOUR);
    fixture.faults.when(request -> request.current() > 1, 1, Fault.status(-25));
    RangeFetch fetch = fetched(new RangeFetch(FetchOrder.reading(HOUR), environment));
    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENED);
    fixture.run(fetch::fetchRemaining);
    fixture.loop.runFor(SOON);

    assertThat(result(fetch)).isInstanceOf(FetchedWindow.class);
  }

  @Test
  void whatIsRefusedForGoodIsAFailure() {
    fixture.faults.when(request -> true, Fault.status(-1));
    RangeFetch fetch = opened(new RangeFetch(FetchOrder.reading(HOUR), environment));

    assertThat(queue.failures).singleElement().isInstanceOf(RefusedException.class);
    assertThat(fetch.phase()).isEqualTo(FetchPhase.OPENING);
  }

  /** Of a young range, it says nothing of its age: the filters are wrong, or the page size. */
  @Test
  void aParameterThatIsRefusedOfAYoungRangeIsAFailure() {
    fixture.faults.when(request -> true, Fault.status(-22));
    opened(new RangeFetch(FetchOrder.reading(HOUR), environment));

    assertThat(queue.failures).singleElement().isInstanceOf(RefusedException.class);
  }

  // ---- invariants

  @Test
  void aResultIsTakenOnce() {
    RangeFetch fetch = fetched(new RangeFetch(FetchOrder.reading(HOUR), environment));
    assertThat(result(fetch)).isNotNull();

    assertThatThrownBy(() -> fetch.takeResult())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a second time");
  }

  @Test
  void aRangeIsOpenedOnceAndReadOnlyWhenItIsOpened() {
    RangeFetch fetch = new RangeFetch(FetchOrder.reading(HOUR), environment);
    assertThatThrownBy(fetch::fetchRemaining).hasMessageContaining("phase");
    fixture.run(fetch::open);

    assertThatThrownBy(fetch::open).hasMessageContaining("phase");
    assertThatThrownBy(fetch::fetchRemaining).hasMessageContaining("phase");
  }
}
