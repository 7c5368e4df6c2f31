package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proves that no offset grows with the day, and that the ids of a busy day are found again, each
 * once, after a task has been killed after any record.
 */
class OffsetJournalTest {
  private static final Duration LATE_ARRIVAL = Duration.ofHours(30);
  private static final JournalLimits LIMITS = new JournalLimits(1_500, 700);
  private static final Instant SETTLING = WHOLE_DAY.to().plus(LATE_ARRIVAL).plusSeconds(3_600);
  private static final int CALLS = 600;
  private static final int BESIDE_IDS = 700;

  private final OffsetFixture offsets = new OffsetFixture();
  private final OffsetCodec codec = offsets.codec;
  private final Map<Map<String, String>, Map<String, Object>> stored = offsets.byPartition;
  private final Map<String, Integer> topic = new HashMap<>();
  private SettledDays settledDays = SettledDays.NONE;
  private Predicate<String> isDropped = id -> false;
  private SplitFixture fixture = fixture();
  private OffsetJournal journal = journal();

  private static SplitFixture fixture() {
    return new SplitFixture().lateArrival(LATE_ARRIVAL).emitsUpdates();
  }

  private OffsetJournal journal() {
    return new OffsetJournal(true, LIMITS, WHOLE_DAY.from(), () -> settledDays, day -> false);
  }

  private SplitState open(OffsetJournal own, @Nullable SplitOffset offset) {
    return new SplitState(
        fixture.scope(),
        offset,
        fixture.policy(),
        fixture.emittedIds,
        fixture.readCounts,
        () -> SettledDays.NONE,
        own,
        new VersionClock(),
        Invariants.strict());
  }

  private SplitState restart() {
    fixture = fixture();
    journal = journal();
    ResumeState resumed = offsets.resume(Instant.EPOCH);
    journal.restore(resumed.segments(), Split.of(Instant.EPOCH));
    return open(journal, resumed.offsets().get(DAY));
  }

  @RepeatedTest(40)
  void findsEachIdAgainWhereverTheTaskWasKilled(RepetitionInfo repetition) {
    findsEachIdAgain(Seeds.of(repetition), 0);
  }

  /** As a filter does, or errors.tolerance: what the records carried is not stored either. */
  @RepeatedTest(40)
  void findsEachIdAgainWhereATransformDropsRecords(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    findsEachIdAgain(seed, new SplittableRandom(seed).nextInt(10, 90));
  }

  private void findsEachIdAgain(long seed, int percentDropped) {
    RandomGenerator random = new SplittableRandom(seed);
    isDropped = id -> Math.floorMod(id.hashCode() * 31L + seed, 100) < percentDropped;
    Map<String, Instant> times = new HashMap<>();
    Map<String, Integer> versions = new HashMap<>();
    SplitState state = open(journal, null);
    Instant now = WHOLE_DAY.from();
    while (times.size() < CALLS) {
      now = now.plusSeconds(random.nextLong(300));
      for (int i = random.nextInt(6); i > 0; i--) {
        times.put("id" + times.size(), now.minusSeconds(random.nextLong(1, 900)));
      }
      if (!times.isEmpty() && random.nextInt(4) == 0) {
        versions.merge("id" + random.nextInt(times.size()), 1, Integer::sum);
      }
      TimeRange range = range(random, now);
      boolean isKilled = read(state, range, now, times, versions, random);
      if (isKilled) {
        state = restart();
        Set<String> known = new HashSet<>();
        state.unsettled().forEach(window -> known.addAll(window.ids().ids()));
        known.removeIf(isDropped);
        assertThat(topic.keySet()).as("seed %d", seed).containsAll(known);
      }
    }
    read(state, new TimeRange(WHOLE_DAY.from(), now), now, times, versions, null);

    times.keySet().removeIf(id -> times.get(id).isBefore(WHOLE_DAY.from()));
    Map<String, Integer> expected = new HashMap<>();
    times.keySet().removeIf(isDropped);
    times.keySet().forEach(id -> expected.put(id, expectedCount(id)));
    assertThat(topic).as("seed %d", seed).isEqualTo(expected);
    assertThat(stored).as("seed %d", seed).hasSizeGreaterThan(3);
    stored.forEach(
        (partition, offset) ->
            assertThat(length(offset))
                .as("seed %d, %s", seed, partition)
                .isLessThan(2 * LIMITS.day() + BESIDE_IDS));
  }

  /** Each version that was emitted: how often an id came is kept by the versions it had then. */
  private int expectedCount(String id) {
    return emittedVersions.getOrDefault(id, new HashSet<>()).size();
  }

  private final Map<String, Set<Integer>> emittedVersions = new HashMap<>();

  private static TimeRange range(RandomGenerator random, Instant now) {
    long elapsed = Duration.between(WHOLE_DAY.from(), now).toSeconds() + 1;
    long from = Math.max(0, elapsed - 1 - random.nextLong(4_000));
    long to = from + 1 + random.nextLong(elapsed - from);
    return new TimeRange(WHOLE_DAY.from().plusSeconds(from), WHOLE_DAY.from().plusSeconds(to));
  }

  private boolean read(
      SplitState state,
      TimeRange range,
      Instant now,
      Map<String, Instant> times,
      Map<String, Integer> versions,
      @Nullable RandomGenerator random) {
    Batch batch = apply(state, range, now, times, versions);
    if (batch == null) {
      return false;
    }
    boolean isKilled = random != null && random.nextInt(5) == 0;
    int sent = isKilled ? random.nextInt(batch.size() + 1) : batch.size();
    for (int i = 0; i < sent; i++) {
      if (isDropped.test(batch.rows().get(i).id())) {
        journal.delivery().dropped(batch.number());
      } else {
        send(batch, i, versions);
      }
    }
    if (!isKilled && (random == null || random.nextInt(3) > 0)) {
      journal.delivery().acknowledged(batch.number());
    }
    return isKilled;
  }

  private @Nullable Batch apply(
      SplitState state,
      TimeRange range,
      Instant now,
      Map<String, Instant> times,
      Map<String, Integer> versions) {
    List<Row> rows = new ArrayList<>();
    times.forEach(
        (id, time) -> {
          if (range.contains(time.getEpochSecond())) {
            rows.add(SplitFixture.record(id, time, "v" + versions.getOrDefault(id, 0)));
          }
        });
    return state.apply(SplitFixture.snapshot(range, now, rows.toArray(Row[]::new)), fixture.counts);
  }

  private void send(Batch batch, int index, Map<String, Integer> versions) {
    String id = batch.rows().get(index).id();
    topic.merge(id, 1, Integer::sum);
    assertThat(
            emittedVersions
                .computeIfAbsent(id, key -> new HashSet<>())
                .add(versions.getOrDefault(id, 0)))
        .as("%s came twice in one version", id)
        .isTrue();
    offsets.put(batch.offsets().apply(index));
  }

  private static int length(Map<String, Object> offset) {
    return offset.entrySet().stream()
        .mapToInt(entry -> entry.getKey().length() + entry.getValue().toString().length())
        .sum();
  }

  /** The whole day again, and nothing that the journal knew of it before. */
  @Test
  void theIdsOfADayThatIsResetAreVoid() {
    SplitState state = open(journal, null);
    for (int hour = 1; hour < 20; hour++) {
      read(state, hour(hour), hour(hour).to(), calls(hour), Map.of(), null);
    }
    assertThat(stored.keySet()).anyMatch(partition -> codec.segment(partition) > 1);
    assertThat(ids(restart())).hasSameSizeAs(topic.keySet());

    stored.remove(codec.partition(DAY));

    assertThat(ids(restart())).isEmpty();
  }

  private SplitState openNextDay() {
    Split nextDay = DAY.next();
    return new SplitState(
        new SplitScope(nextDay, nextDay.range(), fixture.options(), Instant.EPOCH),
        null,
        fixture.policy(),
        fixture.emittedIds,
        fixture.readCounts,
        () -> SettledDays.NONE,
        journal,
        new VersionClock(),
        Invariants.strict());
  }

  /** Else all of it would be read a second time: the last segment that names a day counts. */
  @Test
  void whatWasReadOfADayIsSaidByTheRecordsOfAnotherDayAfterARestart() {
    SplitState state = open(journal, null);
    for (int hour = 1; hour < 20; hour++) {
      read(state, hour(hour), hour(hour).to(), calls(hour), Map.of(), null);
    }
    restart();
    SplitState next = openNextDay();
    int before = stored.size();

    for (int hour = 25; hour < 44; hour++) {
      read(next, hour(hour), hour(hour).to(), calls(hour), Map.of(), null);
    }

    assertThat(stored).as("the next day is in the journal, too").hasSizeGreaterThan(before + 2);
    assertThat(restart().gaps(hour(19).to()))
        .containsExactly(new TimeRange(WHOLE_DAY.from(), hour(1).from()));
  }

  /**
   * What a task had sent of a window when it was killed stays in the day's own offset, which says
   * that the window is partial, and is not written again once the day's ids go to the journal.
   */
  @Test
  void whatTheDaysOwnOffsetCallsPartialIsFoundAgainLongAfterItWasSettled() {
    SplitState state = afterACutBatch();
    for (int hour = 12; hour < 24; hour++) {
      read(state, hour(hour), hour(hour).to(), calls(hour), Map.of(), null);
    }

    read(restart(), hour(0), SETTLING, calls(0), Map.of(), null);

    assertThat(topic.values()).containsOnly(1);
  }

  /** Else a segment would be kept for as long as the API keeps calls. */
  @Test
  void whatTheDaysOwnOffsetCallsPartialIsForgottenOnceTheDayIsReportedAsSettled() {
    SplitState state = afterACutBatch();
    TimeRange rest = new TimeRange(hour(12).from(), WHOLE_DAY.to());
    read(state, rest, rest.to(), calls(12), Map.of(), null);
    read(state, rest, SETTLING, calls(12), Map.of(), null);
    assertThat(state.isDone()).isTrue();
    SplitState next = openNextDay();
    for (int hour = 24; hour < 36; hour++) {
      read(next, hour(hour), hour(hour).to(), calls(hour), Map.of(), null);
    }
    assertThat(isJournaled()).isTrue();
    settledDays = SettledDays.NONE.plus(DAY, "digest");

    for (int hour = 36; hour < 48; hour++) {
      read(next, hour(hour), hour(hour).to(), calls(hour), Map.of(), null);
    }

    assertThat(isJournaled()).isFalse();
  }

  /**
   * The stored offset is not the one that the digest is of: after a restart the day is read again,
   * and what was sent of it has to be known then.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDayIsReportedAsSettledUnlessItsOwnOffsetWasDropped(boolean drops) {
    isDropped = id -> drops && id.startsWith("j");
    SplitState state = open(journal, null);
    for (int hour = 0; hour < 12; hour++) {
      read(state, hour(hour), hour(hour).to(), calls(hour), Map.of(), null);
    }
    TimeRange rest = new TimeRange(hour(12).from(), WHOLE_DAY.to());
    read(state, rest, SETTLING, Map.of(), Map.of(), null);
    for (int hour = 0; hour < 12; hour++) {
      read(state, hour(hour), SETTLING, calls(hour), Map.of(), null);
    }
    assertThat(state.isDone()).isTrue();
    FinishedDays finished = new FinishedDays(fixture.options(), new UnconfirmedRanges());

    finished.add(state);
    finished.update(SETTLING.plus(Duration.ofDays(3)));

    assertThat(finished.reported().digests().containsKey(DAY)).isEqualTo(!drops);
  }

  /** Opens a day of which a task was killed in the middle of a batch, and settles half of it. */
  private SplitState afterACutBatch() {
    Batch cut = apply(open(journal, null), hour(0), hour(0).to(), calls(0), Map.of());
    for (int i = 0; i < 5; i++) {
      send(cut, i, Map.of());
    }
    SplitState state = restart();
    for (int hour : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 10, 11}) {
      read(state, hour(hour), hour(11).to(), calls(hour), Map.of(), null);
    }
    for (int hour = 0; hour < 12; hour++) {
      read(state, hour(hour), SETTLING, calls(hour), Map.of(), null);
    }
    assertThat(state.settledTo()).isEqualTo(hour(11).to());
    return state;
  }

  /** Whether a segment has an id that was read of what the day's own offset calls partial. */
  private boolean isJournaled() {
    return offsets.resume(Instant.EPOCH).segments().stream()
        .map(segment -> segment.ids().getOrDefault(DAY, IdSet.EMPTY))
        .anyMatch(ids -> ids.contains("f0"));
  }

  private static Set<String> ids(SplitState state) {
    Set<String> ids = new HashSet<>();
    state.unsettled().forEach(window -> ids.addAll(window.ids().ids()));
    return ids;
  }

  private static TimeRange hour(int hour) {
    Instant from = WHOLE_DAY.from().plus(Duration.ofHours(hour));
    return new TimeRange(from, from.plusSeconds(3_600));
  }

  private static Map<String, Instant> calls(int hour) {
    Map<String, Instant> calls = new HashMap<>();
    for (String letter : Arrays.asList("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")) {
      calls.put(letter + hour, hour(hour).from().plusSeconds(letter.charAt(0)));
    }
    return calls;
  }
}
