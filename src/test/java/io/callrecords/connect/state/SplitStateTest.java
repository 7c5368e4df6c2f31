package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a split makes of offsets that contradict themselves, as people write them. */
class SplitStateTest {
  private static final Split DAY = Split.of(Instant.parse("2026-11-01T00:00:00Z"));
  private static final Instant SETTLED = Instant.parse("2026-11-01T08:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ReadOptions OPTIONS =
      new ReadOptions(
          DAY.range().from(),
          null,
          Duration.ofDays(59),
          HOUR,
          Duration.ofDays(1),
          false,
          true,
          MalformedPolicy.FAIL);

  private final AtomicInteger offsets = new AtomicInteger();
  private final SplitState state =
      new SplitState(
          new SplitScope(DAY, DAY.range(), OPTIONS, Instant.EPOCH),
          null,
          new RecheckPolicy(HOUR, Duration.ofDays(1)),
          new EmittedIdIndex(),
          () -> {
            offsets.incrementAndGet();
            return SettledDays.NONE;
          },
          Invariants.strict());

  private static TimeRange hour(int hour) {
    Instant from = DAY.range().from().plus(HOUR.multipliedBy(hour));
    return new TimeRange(from, from.plus(HOUR));
  }

  private static WindowSnapshot snapshot(TimeRange range, String... ids) {
    List<Row> rows =
        Stream.of(ids)
            .<Row>map(
                id ->
                    new FeedRecord(
                        id,
                        range.from().getEpochSecond(),
                        new Struct(CallCenterFeed.create().schema())))
            .toList();
    return new WindowSnapshot(
        range, rows, range.to(), new WindowAudit.Reconciliation(rows.size(), 0, 0, 1, true));
  }

  @Test
  void buildsNoOffsetWhileNothingHasEnded() {
    IntStream.range(0, 20)
        .forEach(i -> state.apply(snapshot(hour(i), "id" + i), new RecordCounts()));
    offsets.set(0);

    IntStream.range(0, 1_000).forEach(poll -> assertThat(state.auditBatch()).isNull());

    assertThat(offsets).hasValue(0);
    state.expire(hour(0), DAY.range().to());
    assertThat(state.auditBatch()).isNotNull();
    assertThat(offsets).hasPositiveValue();
  }

  @Test
  void anAuditAheadOfAWindowsRecordsDoesNotForgetWhatWasEmittedOfIt() {
    state.apply(snapshot(hour(0), "a"), new RecordCounts());
    state.apply(snapshot(hour(1), "b"), new RecordCounts());
    state.expire(hour(0), DAY.range().to());

    Batch batch = state.apply(snapshot(hour(1), "b", "c"), new RecordCounts());

    assertThat(batch).isNotNull();
    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.offsets().apply(0).windows())
        .singleElement()
        .satisfies(window -> assertThat(window.ids().ids()).containsExactly("b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-01T00:00:00Z", "2026-11-01T03:00:00Z"})
  void aWindowBeforeWhatIsSettledIsNeitherReadNorLookedAtAgain(Instant from) {
    WindowOffset hidden =
        new WindowOffset(
            new TimeRange(from, from.plusSeconds(3_600)),
            WindowOffset.State.READ,
            1,
            LateCounts.NONE,
            IdSet.of(List.of("1")));

    SplitState restored =
        new SplitState(
            new SplitScope(DAY, DAY.range(), OPTIONS, Instant.EPOCH),
            new SplitOffset(DAY.range().from(), SETTLED, List.of(hidden)),
            new RecheckPolicy(HOUR, HOUR),
            new EmittedIdIndex(),
            () -> SettledDays.NONE,
            Invariants.strict());

    assertThat(restored.settledTo()).isEqualTo(SETTLED);
    assertThat(restored.unsettled()).isEmpty();
    assertThat(restored.gaps(DAY.range().to()))
        .containsExactly(new TimeRange(SETTLED, DAY.range().to()));
  }
}
