package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** A busy day in the middle of which the connector's range begins, or begins no more. */
class MovedStartTest {
  private static final JournalLimits LIMITS = new JournalLimits(1_500, 700);
  private static final Duration SHORT = Duration.ofHours(3);
  private static final Duration LONG = Duration.ofHours(30);

  private static final Instant SETTLED_BEFORE = Instant.parse("2026-11-05T00:00:00Z");

  private final OffsetFixture offsets = new OffsetFixture();
  private final OffsetCodec codec = offsets.codec;
  private final Map<Map<String, String>, Map<String, Object>> stored = offsets.byPartition;
  private final Map<String, Integer> topic = new HashMap<>();
  private SplitFixture fixture = new SplitFixture();
  private OffsetJournal journal = OffsetJournal.disabled();
  private SettledDays settledDays = SettledDays.NONE;
  private boolean audits;

  /** Starts a task whose connector's range begins at a moment of the day. */
  private SplitState start(Instant start, Duration lateArrival) {
    fixture = new SplitFixture().lateArrival(lateArrival).start(start);
    if (audits) {
      fixture.emitsAudits();
    }
    journal = new OffsetJournal(true, LIMITS, start, () -> settledDays, day -> false);
    ResumeState resumed = offsets.resume(SETTLED_BEFORE);
    journal.restore(resumed.segments(), Split.of(Instant.EPOCH));
    return state(fixture.scope(), resumed.offsets().get(DAY));
  }

  private SplitState state(SplitScope scope, SplitOffset offset) {
    return new SplitState(
        scope,
        offset,
        fixture.policy(),
        fixture.emittedIds,
        fixture.readCounts,
        () -> settledDays,
        journal,
        new VersionClock(),
        Invariants.strict());
  }

  private static TimeRange hour(int hour) {
    Instant from = WHOLE_DAY.from().plus(Duration.ofHours(hour));
    return new TimeRange(from, from.plusSeconds(3_600));
  }

  /** Reads an hour, in which there are ten calls. */
  private void read(SplitState state, int hour, Instant now) {
    List<Row> rows = new ArrayList<>();
    for (char letter = 'a'; letter <= 'j'; letter++) {
      rows.add(SplitFixture.record(letter + "-" + hour, hour(hour).from().plusSeconds(letter)));
    }
    Batch batch =
        state.apply(
            SplitFixture.snapshot(hour(hour), now, rows.toArray(Row[]::new)), fixture.counts);
    if (batch == null) {
      return;
    }
    batch.rows().forEach(row -> topic.merge(row.id(), 1, Integer::sum));
    for (int i = 0; i < batch.size(); i++) {
      offsets.put(batch.offsets().apply(i));
    }
    journal.delivery().acknowledged(batch.number());
  }

  /** A task whose range begins at ten, and which has read on until eight. */
  private SplitState settledFromTenToTwo() {
    SplitState state = start(at("10:00"), SHORT);
    for (int hour = 10; hour < 19; hour++) {
      read(state, hour, hour(hour).to());
    }
    for (int hour = 10; hour < 14; hour++) {
      read(state, hour, at("19:00"));
    }
    read(state, 19, hour(19).to());
    return state;
  }

  @Test
  void whatLiesBeforeAStartThatIsMovedBackIsReadWhateverIsSettledBehindIt() {
    SplitState state = settledFromTenToTwo();
    read(state, 20, hour(20).to());

    state = start(at("00:00"), SHORT);
    assertThat(state.gaps(at("20:00"))).containsExactly(range("00:00", "10:00"));
    read(state, 0, at("21:00"));
    read(state, 1, at("21:00"));

    assertThat(start(at("00:00"), SHORT).gaps(at("20:00")))
        .containsExactly(range("02:00", "10:00"));
  }

  /** It is written with the new start, and the segments of the journal are not. */
  @Test
  void anAuditOfADayDoesNotSayThatWhatLiesBeforeTheOldStartIsRead() {
    settledFromTenToTwo();
    audits = true;
    SplitState state = start(at("00:00"), SHORT);
    read(state, 14, at("20:00"));

    assertThat(start(at("00:00"), SHORT).gaps(at("20:00")))
        .containsExactly(range("00:00", "10:00"));
  }

  @Test
  void aStartThatIsMovedForwardAndBackLosesNothing() {
    SplitState state = start(at("00:00"), LONG);
    for (int hour = 1; hour < 9; hour++) {
      read(state, hour, hour(hour).to());
    }
    state = start(at("10:00"), LONG);
    for (int hour = 12; hour < 20; hour++) {
      read(state, hour, hour(hour).to());
    }

    assertThat(start(at("00:00"), LONG).gaps(at("20:00")))
        .anySatisfy(gap -> assertThat(gap.contains(range("00:00", "01:00"))).isTrue());
  }

  /** However often it is moved, each call comes once. */
  @RepeatedTest(60)
  void eachCallComesOnceWhereverTheRangeBegins(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    // With some of it, what is read of the morning is settled at once.
    Duration lateArrival = Duration.ofHours(random.nextInt(6, 30));
    for (int move = 0; move < 6; move++) {
      int first = move == 5 ? 0 : random.nextInt(20);
      SplitState state = start(hour(first).from(), lateArrival);
      for (int hour = first; hour < 24; hour++) {
        if (move == 5 || random.nextInt(3) > 0) {
          read(state, hour, WHOLE_DAY.to());
        }
      }
      if (move == 5) {
        assertThat(state.gaps(WHOLE_DAY.to())).as("seed %d", seed).isEmpty();
      }
    }

    assertThat(topic.values()).as("seed %d", seed).hasSize(240).containsOnly(1);
  }

  @Test
  void segmentsOfADayThatOthersReportAsSettledAreUsedAgainAfterARestart() {
    SplitState state = start(at("00:00"), SHORT);
    for (int hour = 0; hour < 24; hour++) {
      read(state, hour, hour(hour).to());
    }
    fixture.emitsAudits();
    for (int hour = 0; hour < 24; hour++) {
      read(state, hour, WHOLE_DAY.to().plus(SHORT).plusSeconds(60));
    }
    String digest = OffsetCodec.digest(codec.decode(DAY, stored.get(codec.partition(DAY))));
    settledDays = new SettledDays(new TreeMap<>(Map.of(DAY, digest)));
    Split nextDay = DAY.next();
    SplitOffset report =
        new SplitOffset(WHOLE_DAY.from(), nextDay.range().from(), List.of(), settledDays, null);
    offsets.put(new RecordOffset.OfDay(nextDay, () -> report));
    assertThat(start(at("00:00"), SHORT).isDone()).isTrue();
    SplitScope scope = new SplitScope(nextDay, nextDay.range(), fixture.options(), Instant.EPOCH);
    SplitState next = state(scope, null);
    Set<Map<String, String>> before = new HashSet<>(stored.keySet());

    for (int hour = 24; hour < 44; hour++) {
      read(next, hour, hour(hour).to());
    }

    assertThat(before).hasSizeGreaterThan(4);
    assertThat(stored.keySet()).isEqualTo(before);
  }
}
