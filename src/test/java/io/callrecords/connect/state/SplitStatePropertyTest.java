package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Proves that a split is restored from its offset as it was, and emits each record once, whatever
 * happens to it in whatever order.
 */
class SplitStatePropertyTest {
  private static final Duration LATE_ARRIVAL = Duration.ofHours(2);
  private static final int CALLS = 60;
  private static final int STEPS = 120;

  private final OffsetCodec codec = new OffsetCodec("call-center");

  @RepeatedTest(60)
  void emitsEachRecordOnce(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    Life life = new Life(new SplittableRandom(seed), false);

    life.live("seed " + seed);

    assertThat(life.topic).as("seed %d", seed).hasSize(CALLS).doesNotHaveDuplicates();
  }

  @RepeatedTest(60)
  void emitsNoRecordTwiceThoughWindowsExpireAndAreSettledEarly(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    Life life = new Life(new SplittableRandom(seed), true);

    life.live("seed " + seed);

    assertThat(life.topic).as("seed %d", seed).doesNotHaveDuplicates();
  }

  /** A call, and when the API returns it for the first time. */
  private record LateCall(String id, Instant time, Instant visibleAt) {}

  /** A day that is read at random, by a task that may be killed after each record. */
  private final class Life {
    private final RandomGenerator random;
    private final boolean loses;
    private final List<LateCall> calls = new ArrayList<>();
    private final List<String> topic = new ArrayList<>();
    private final List<WindowAudit> audits = new ArrayList<>();
    private SplitFixture fixture = fixture();
    private SplitState state = fixture.open();
    private Instant now = WHOLE_DAY.from();
    private @Nullable Map<String, Object> committed;
    private boolean readsAgain;
    private boolean diedBetweenAudits;

    Life(RandomGenerator random, boolean loses) {
      this.random = random;
      this.loses = loses;
      for (int i = 0; i < CALLS; i++) {
        Instant time = WHOLE_DAY.from().plusSeconds(random.nextLong(WHOLE_DAY.seconds()));
        Duration lateness = Duration.ofSeconds(random.nextLong(LATE_ARRIVAL.toSeconds()));
        calls.add(new LateCall("id" + i, time, time.plus(lateness)));
      }
    }

    private static SplitFixture fixture() {
      return new SplitFixture().lateArrival(LATE_ARRIVAL).emitsAudits();
    }

    void live(String story) {
      for (int step = 0; step < STEPS; step++) {
        now = now.plusSeconds(random.nextLong(2 * WHOLE_DAY.seconds() / STEPS));
        act(story);
      }
      now = WHOLE_DAY.to().plus(LATE_ARRIVAL).plusSeconds(5);
      for (TimeRange gap : state.gaps(WHOLE_DAY.to())) {
        read(gap, story);
      }
      readAgain(story);
      // Where nothing is left of what was emitted, one moment's word does not settle it.
      now = now.plus(RecheckPolicy.BETWEEN_DOUBTFUL_READS);
      readAgain(story);
      emit(state.auditBatch(), story);
      assertThat(state.isDone()).as(story).isTrue();
      checkAudits(story);
    }

    private void readAgain(String story) {
      for (Window window : state.unsettled()) {
        read(window.range(), story);
      }
    }

    private void act(String story) {
      Instant present = now.isBefore(WHOLE_DAY.to()) ? now : WHOLE_DAY.to();
      List<TimeRange> gaps = state.gaps(present);
      List<Window> unsettled = state.unsettled();
      int kind = random.nextInt(loses ? 9 : 7);
      if (kind < 3 && !gaps.isEmpty()) {
        TimeRange gap = gaps.get(random.nextInt(gaps.size()));
        read(random.nextBoolean() ? gap : partOf(gap), story);
      } else if (kind == 3 && !unsettled.isEmpty()) {
        TimeRange window = unsettled.get(random.nextInt(unsettled.size())).range();
        read(random.nextBoolean() ? window : partOf(window), story);
      } else if (kind == 4 && !unsettled.isEmpty()) {
        Window window = unsettled.get(random.nextInt(unsettled.size()));
        if (visible(window.range()).size() == window.ids().size()) {
          state.unchanged(window.range(), now);
        }
      } else if (kind == 5) {
        state.mergeSmallWindows(now, new WindowLimits(100), List.of());
      } else if (kind == 6) {
        state.reopenAfter(now.minusSeconds(random.nextLong(4_000)));
      } else if (kind == 7) {
        state.expire(
            new TimeRange(
                WHOLE_DAY.from(),
                WHOLE_DAY.from().plusSeconds(1 + random.nextLong(WHOLE_DAY.seconds() / 4))),
            Instant.EPOCH,
            now);
      } else if (kind == 8) {
        state.settleBeyond(random.nextInt(2_000), now);
      }
      if (random.nextInt(3) == 0) {
        emit(state.auditBatch(), story);
      }
    }

    private TimeRange partOf(TimeRange range) {
      List<TimeRange> parts = range.cut(1 + random.nextInt(3));
      return parts.get(random.nextInt(parts.size()));
    }

    private List<Row> visible(TimeRange range) {
      return calls.stream()
          .filter(call -> range.contains(call.time.getEpochSecond()))
          .filter(call -> !call.visibleAt.isAfter(now))
          .<Row>map(call -> SplitFixture.record(call.id, call.time))
          .toList();
    }

    private void read(TimeRange range, String story) {
      Row[] rows = visible(range).toArray(Row[]::new);
      emit(state.apply(SplitFixture.snapshot(range, now, rows), fixture.counts), story);
    }

    private void emit(@Nullable Batch batch, String story) {
      if (batch == null) {
        return;
      }
      int last = batch.size() - 1;
      checkRestored(DayOffsets.at(batch, last), story);
      int emitted =
          now.isBefore(WHOLE_DAY.to()) && random.nextInt(4) == 0
              ? random.nextInt(last + 2)
              : last + 1;
      List<Runnable> items = new ArrayList<>();
      batch.forEach(
          row -> items.add(() -> topic.add(row.id())), audit -> items.add(() -> audits.add(audit)));
      items.subList(0, emitted).forEach(Runnable::run);
      if (emitted > 0) {
        committed = codec.encode(DayOffsets.at(batch, emitted - 1));
      }
      diedBetweenAudits |= emitted > 0 && emitted < batch.auditsBefore().size();
      if (emitted <= last) {
        restart();
      }
    }

    private void restart() {
      readsAgain |= !fixture.readCounts.unconfirmed().within(WHOLE_DAY).isEmpty();
      fixture = fixture();
      state = committed == null ? fixture.open() : fixture.open(codec.decode(DAY, committed));
      Set<String> claimed = new HashSet<>();
      state.unsettled().forEach(window -> claimed.addAll(window.ids().ids()));
      assertThat(topic).containsAll(claimed);
    }

    /** What seemed empty once is unread, too. */
    private List<TimeRange> unreadByTheNextRun() {
      List<TimeRange> unread = new ArrayList<>(state.gaps(WHOLE_DAY.to()));
      unread.addAll(fixture.readCounts.unconfirmed().within(WHOLE_DAY));
      return unread;
    }

    private @Nullable Instant settledFrom(List<TimeRange> unread) {
      return unread.stream()
          .map(TimeRange::from)
          .filter(from -> from.isBefore(state.settledTo()))
          .min(Instant::compareTo)
          .orElse(null);
    }

    /** What is read from an offset is what was written, but for what is not confirmed. */
    private void checkRestored(SplitOffset offset, String story) {
      SplitFixture other = fixture();
      SplitState restored = other.open(codec.decode(DAY, codec.encode(offset)));
      List<TimeRange> unread = unreadByTheNextRun();
      assertThat(restored.settledTo())
          .as(story)
          .isEqualTo(settledFrom(unread) == null ? state.settledTo() : settledFrom(unread));
      assertThat(WHOLE_DAY.minus(restored.gaps(WHOLE_DAY.to())))
          .as(story)
          .isEqualTo(WHOLE_DAY.minus(unread));
      assertThat(restored.unsettled())
          .as(story)
          .extracting(Window::offset)
          .isEqualTo(state.unsettled().stream().map(Window::offset).toList());
      for (LateCall call : calls) {
        assertThat(other.emittedIds.owner(call.id) == null)
            .as("%s, %s", story, call.id)
            .isEqualTo(fixture.emittedIds.owner(call.id) == null);
      }
    }

    /**
     * The audits account for each second and for each record; once, unless the task was killed
     * between two audits of one batch. What seemed empty once has another audit after a restart.
     */
    private void checkAudits(String story) {
      audits.sort(Comparator.comparing((WindowAudit audit) -> audit.window().from()));
      Instant covered = WHOLE_DAY.from();
      long emitted = 0;
      for (WindowAudit audit : audits) {
        assertThat(audit.window().from()).as(story).isBeforeOrEqualTo(covered);
        if (!diedBetweenAudits && !readsAgain) {
          assertThat(audit.window().from()).as(story).isEqualTo(covered);
        }
        covered = audit.window().to().isAfter(covered) ? audit.window().to() : covered;
        emitted += audit.emitted();
      }
      assertThat(covered).as(story).isEqualTo(WHOLE_DAY.to());
      if (!diedBetweenAudits) {
        assertThat(emitted).as(story).isEqualTo(topic.size());
      }
    }
  }
}
