package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
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
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Proves that audits of a busy day count what has reached Kafka, also where one source partition's
 * records did not while those of others did, and the task was killed then.
 */
class JournaledCountsTest {
  private static final Duration LATE_ARRIVAL = Duration.ofHours(30);
  private static final Instant SETTLING = WHOLE_DAY.to().plus(LATE_ARRIVAL).plusSeconds(3_600);
  private static final int CALLS = 300;

  private final OffsetFixture offsets = new OffsetFixture();
  private final Map<String, Integer> topic = new HashMap<>();
  private final Map<String, Instant> times = new HashMap<>();
  private final Map<String, Integer> versions = new HashMap<>();
  private final List<WindowAudit> audits = new ArrayList<>();
  private SplitFixture fixture = fixture();
  private OffsetJournal journal = journal(JournalLimits.DEFAULT);
  private @Nullable Map<String, String> stalled;
  private boolean isStalling;

  private static SplitFixture fixture() {
    return new SplitFixture().lateArrival(LATE_ARRIVAL).emitsUpdates().emitsAudits();
  }

  private static OffsetJournal journal(JournalLimits limits) {
    return new OffsetJournal(true, limits, WHOLE_DAY.from(), () -> SettledDays.NONE, day -> false);
  }

  private SplitState restart(JournalLimits limits) {
    stalled = null;
    isStalling = false;
    fixture = fixture();
    journal = journal(limits);
    ResumeState resumed = offsets.resume(Instant.EPOCH);
    journal.restore(resumed.segments(), Split.of(Instant.EPOCH));
    SplitOffset offset = resumed.offsets().get(DAY);
    return new SplitState(
        fixture.scope(),
        offset,
        fixture.policy(),
        fixture.emittedIds,
        fixture.readCounts,
        () -> SettledDays.NONE,
        journal,
        new VersionClock(),
        Invariants.strict());
  }

  @RepeatedTest(60)
  void countWhatHasReachedKafka(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    JournalLimits limits = new JournalLimits(random.nextInt(300, 2_500), random.nextInt(200, 900));
    SplitState state = restart(limits);
    Instant now = WHOLE_DAY.from();
    while (times.size() < CALLS) {
      now = now.plusSeconds(random.nextLong(200));
      for (int i = random.nextInt(6); i > 0; i--) {
        Instant time = now.minusSeconds(random.nextLong(900));
        times.put("id" + times.size(), time.isBefore(WHOLE_DAY.from()) ? now : time);
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        versions.merge("id" + random.nextInt(times.size() + 1), 1, Integer::sum);
      }
      read(state, range(random, now), now);
      if (random.nextInt(12) == 0) {
        isStalling = true;
      }
      if (random.nextInt(24) == 0) {
        state = restart(limits);
      }
    }
    state = restart(limits);
    for (int i = 0; i < 5; i++) {
      read(state, WHOLE_DAY, SETTLING);
    }

    assertThat(state.isDone()).as("seed %d", seed).isTrue();
    assertThat(topic.keySet()).as("seed %d", seed).containsAll(times.keySet());
    long repeats = topic.values().stream().mapToLong(count -> count - 1).sum();
    assertThat(audits.stream().mapToLong(WindowAudit::emitted).sum())
        .as("seed %d", seed)
        .isEqualTo(topic.size());
    assertThat(audits.stream().mapToLong(audit -> audit.lateCounts().updated()).sum())
        .as("seed %d: %s", seed, limits)
        .isEqualTo(repeats);
  }

  private static TimeRange range(RandomGenerator random, Instant now) {
    long elapsed = Duration.between(WHOLE_DAY.from(), now).toSeconds() + 1;
    long from = Math.max(0, elapsed - 1 - random.nextLong(2_000));
    return new TimeRange(WHOLE_DAY.from().plusSeconds(from), now.plusSeconds(1));
  }

  private void read(SplitState state, TimeRange range, Instant now) {
    List<Row> rows = new ArrayList<>();
    times.forEach(
        (id, time) -> {
          if (range.contains(time.getEpochSecond())) {
            rows.add(SplitFixture.record(id, time, "v" + versions.getOrDefault(id, 0)));
          }
        });
    Batch batch =
        state.apply(SplitFixture.snapshot(range, now, rows.toArray(Row[]::new)), fixture.counts);
    if (batch != null) {
      send(batch);
      if (stalled == null) {
        journal.delivery().acknowledged(batch.number());
      }
    }
  }

  private void send(Batch batch) {
    List<Runnable> items = new ArrayList<>();
    batch.forEach(
        row -> items.add(() -> topic.merge(row.id(), 1, Integer::sum)),
        audit -> items.add(() -> audits.add(audit)));
    for (int i = 0; i < items.size(); i++) {
      RecordOffset offset = batch.offsets().apply(i);
      Map<String, String> partition = offsets.codec.partition(offset);
      if (isStalling && stalled == null) {
        stalled = partition;
      }
      if (!partition.equals(stalled)) {
        items.get(i).run();
        offsets.put(offset);
      }
    }
  }
}
