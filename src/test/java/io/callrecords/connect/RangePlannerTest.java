package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.ConnectorPlan.UnconfirmedDays;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Proves what a connector makes of its range and of the stored offsets, whatever has become of it
 * before: above all that no day which may be lost goes without a word.
 */
class RangePlannerTest {
  private static final Instant NOW = Instant.parse("2026-11-15T10:00:00Z");
  private static final Instant KEPT_SINCE = Instant.parse("2026-09-17T10:10:00Z");
  private static final int RETENTION = 59;

  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final Map<Split, Map<String, ?>> stored = new HashMap<>();
  private final Set<Split> lookedUp = new TreeSet<>();

  // ---- where the range begins

  @ParameterizedTest
  @CsvSource({
    "earliest, 2026-09-17T10:10:00Z",
    "P10D, 2026-11-05T10:00:00Z",
    "2026-10-01T00:00:00+08:00, 2026-09-30T16:00:00Z"
  })
  void beginsWhereTheSettingSaysOnAFirstStart(String setting, String start) {
    assertThat(plan(setting, NOW).start()).isEqualTo(start);
  }

  @ParameterizedTest
  @CsvSource({
    "earliest, 2025-12-24T00:00:00Z",
    "P10D, 2025-12-24T00:00:00Z",
    "2026-10-01T00:00:00Z, 2026-10-01T00:00:00Z"
  })
  void beginsWhereTheFirstStartDidForAsLongAsTheOffsetsRemember(String setting, String start) {
    Split first = Split.of(Instant.parse("2025-12-24T00:00:00Z"));
    store(first, settled(first, first.range().from(), null));

    assertThat(plan(setting, NOW).start()).isEqualTo(start);
  }

  // ---- what is left of it

  @Test
  void walksNoMoreDaysThanTheOffsetsRememberHoweverLongAgoTheStartWas() {
    ConnectorPlan plan = plan("-999999999-12-31T00:00:00Z", NOW);

    UnconfirmedDays unconfirmed = unconfirmed(plan);
    assertThat(unconfirmed.count()).isGreaterThan(300_000_000_000L);
    assertThat(unconfirmed.span().to()).isEqualTo(KEPT_SINCE);
    assertThat(plan.assign(1).get(0).days()).hasSize(58);
  }

  @Test
  void replansTheSameRangeByWhatHasBeenReadSinceAndLooksUpOnlyWhatIsLeftOfIt() {
    ConnectorPlan plan = plan("2026-10-01T00:00:00Z", NOW);
    assertThat(plan.assign(2)).hasSize(2);
    Split.of(plan.start())
        .to(Split.of(NOW.minus(Duration.ofDays(2))))
        .forEach(day -> store(day, settled(day, plan.start(), null)));
    lookedUp.clear();

    ConnectorPlan replanned = planner("2026-10-01T00:00:00Z").replan(plan, NOW);

    assertThat(replanned.start()).isEqualTo(plan.start());
    assertThat(replanned.assign(2)).hasToString("[2026-11-14/..]");
    assertThat(lookedUp)
        .containsExactlyElementsOf(Split.of(plan.start()).to(Split.of(NOW)).toList());
  }

  /** Version 0.2.0 let a person store both; neither keeps a connector from starting. */
  @ParameterizedTest
  @CsvSource({
    "2026-11-20T00:00:00Z, 2026-11-10T18:00:00Z",
    "2026-10-01T00:00:00Z, 2026-11-10T12:00:00Z",
  })
  void aDayWhoseOffsetSaysWhatCannotBeIsRead(String start, String end) {
    Split day = Split.of(Instant.parse("2026-11-10T00:00:00Z"));
    Map<String, Object> written = new HashMap<>();
    written.put("version", 1L);
    written.put("start", start);
    written.put("settled", "2026-11-10T00:00:00Z");
    written.put("window 2026-11-10T12:00:00Z", end + " read total=0 sent=0 late=0 updated=0 ids=");
    stored.put(day, written);

    ConnectorPlan plan = plan("2026-10-01T00:00:00Z", NOW);

    assertThat(plan.start()).isEqualTo("2026-10-01T00:00:00Z");
    assertThat(plan.assign(1).get(0).days()).contains(day);
  }

  // ---- what cannot be read any more

  @Test
  void nothingIsUnconfirmedThatTheApiStillAnswersFor() {
    assertThat(plan("earliest", NOW).unconfirmed()).isNull();
    assertThat(plan(KEPT_SINCE.toString(), NOW).unconfirmed()).isNull();
    assertThat(unconfirmed(plan(KEPT_SINCE.minusSeconds(1).toString(), NOW)))
        .isEqualTo(new UnconfirmedDays(1, new TimeRange(KEPT_SINCE.minusSeconds(1), KEPT_SINCE)));
  }

  @Test
  void whatIsReadOfTheLastDayIsConfirmed() {
    Split day = Split.of(KEPT_SINCE);
    Instant start = day.range().from();
    Instant eight = start.plus(Duration.ofHours(8));
    Instant nine = start.plus(Duration.ofHours(9));
    store(day, new SplitOffset(start, eight, List.of(window(eight, nine, State.READ))));

    assertThat(unconfirmed(plan(start.toString(), NOW)))
        .isEqualTo(new UnconfirmedDays(1, new TimeRange(nine, KEPT_SINCE)));

    store(day, new SplitOffset(start, eight, List.of(window(eight, nine, State.PARTIAL))));
    assertThat(unconfirmed(plan(start.toString(), NOW)).span().from()).isEqualTo(eight);
  }

  /** The start at which it was said is over; saying it again at each further one is no use. */
  @Test
  void whatHasExpiredBeforeATaskWasLastRunningIsNotSaidAgain() {
    Split yesterday = Split.of(NOW.minus(Duration.ofDays(1)));
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    store(yesterday, settled(yesterday, start, NOW.minus(Duration.ofDays(30))));

    assertThat(unconfirmed(plan(start.toString(), NOW)))
        .isEqualTo(
            new UnconfirmedDays(
                2,
                new TimeRange(
                    yesterday.range().from().minus(Duration.ofDays(RETENTION)), KEPT_SINCE)));
    // A start that was moved back since is another range, of which nobody has said anything.
    assertThat(unconfirmed(plan("2025-12-31T00:00:00Z", NOW)).count()).isGreaterThan(250);
  }

  @Test
  void anOffsetThatAPersonWroteProvesNoRun() {
    Split yesterday = Split.of(NOW.minus(Duration.ofDays(1)));
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    store(yesterday, settled(yesterday, start, null));

    assertThat(unconfirmed(plan(start.toString(), NOW)).span().from()).isEqualTo(start);
  }

  /**
   * A connector that is started and stopped on days at random, on an account with calls on some of
   * them. Whatever it did not read before the API let go of it is named at one of its starts, and
   * of what is named, no offset says that it was read.
   */
  @RepeatedTest(100)
  void namesEachDayThatWasNeverReadAtSomeStart(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    PlannedHistory history = new PlannedHistory(new SplittableRandom(seed));

    history.live();

    assertThat(history.lost)
        .as("seed %d: %s", seed, history)
        .allSatisfy(day -> assertThat(history.named).contains(day));
  }

  /** Guards the one above. */
  @Test
  void livesThroughLossesOfEachKind() {
    int lost = 0;
    int named = 0;
    int read = 0;
    int histories = Breadth.of(20, 100);
    for (int seed = 0; seed < histories; seed++) {
      PlannedHistory history = new PlannedHistory(new SplittableRandom(seed));
      history.live();
      lost += history.lost.size();
      named += history.named.size();
      read += history.read.size();
    }

    assertThat(lost).isGreaterThan(2 * histories);
    assertThat(named).isGreaterThan(lost);
    assertThat(read).isGreaterThan(20 * histories);
  }

  /**
   * What a connector does in a year, day by day; it reads a day if it runs on it, and a few earlier
   * ones.
   */
  private final class PlannedHistory {
    private static final int DAYS = 400;
    private final RandomGenerator random;
    private final Instant start;
    private final Set<Split> withCalls = new TreeSet<>();
    private final Map<Split, String> settled = new TreeMap<>();

    private final Set<Split> reported = new TreeSet<>();
    private final int daysLoadedInOne;

    /** Days that were never read and which the API no longer had when it was started again. */
    final Set<Split> lost = new TreeSet<>();

    /** Days that were named at a start. */
    final Set<Split> named = new TreeSet<>();

    /** Days that were read and for which an offset speaks. */
    final Set<Split> read = new TreeSet<>();

    PlannedHistory(RandomGenerator random) {
      stored.clear();
      this.random = random;
      start = NOW.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(random.nextInt(100)));
      daysLoadedInOne = random.nextInt(1, 15);
      double busy = random.nextInt(4) / 3.0;
      for (int day = 0; day < DAYS; day++) {
        if (random.nextDouble() < busy) {
          withCalls.add(Split.of(start.plus(Duration.ofDays(day))));
        }
      }
    }

    void live() {
      int day = random.nextInt(120);
      while (day < DAYS) {
        int until = Math.min(DAYS, day + random.nextInt(1, 40));
        run(day, until);
        day = until + random.nextInt(1, random.nextInt(4) == 0 ? 150 : 10);
      }
    }

    private void run(int first, int end) {
      Instant openedAt = noonOf(first);
      UnconfirmedDays unconfirmed = plan(start.toString(), openedAt).unconfirmed();
      if (unconfirmed != null) {
        List<Split> days = Split.allOf(unconfirmed.span()).toList();
        named.addAll(days);
        long unread = days.stream().filter(day -> !read.contains(day)).count();
        assertThat(unconfirmed.count()).as("days at %s", openedAt).isBetween(1L, unread);
      }
      for (int today = first; today < end; today++) {
        read(Split.of(noonOf(today)), openedAt);
      }
    }

    /** A part of what was not read on earlier days is loaded; the day itself is followed. */
    private void read(Split today, Instant openedAt) {
      Split oldest = Split.of(today.range().from().minus(Duration.ofDays(RETENTION)));
      Instant keptAtStart = openedAt.minus(Duration.ofDays(RETENTION));
      List<Split> unread =
          Split.of(start)
              .to(today)
              .filter(day -> day.compareTo(today) < 0)
              .filter(day -> !settled.containsKey(day) && !reported.contains(day))
              .toList();
      int loaded = 0;
      for (Split day : unread) {
        if (day.range().from().isBefore(keptAtStart)) {
          lost.add(day);
        } else if (day.compareTo(oldest) <= 0) {
          // The running task knows that it has not read it, and says so itself.
          reported.add(day);
        } else if (loaded < daysLoadedInOne) {
          load(day, openedAt);
          loaded++;
        }
      }
      if (withCalls.contains(today)) {
        Instant noon = today.range().from().plus(Duration.ofHours(12));
        SettledDays days = new SettledDays(new TreeMap<>(settled)).from(oldest);
        store(
            today,
            new SplitOffset(
                start,
                today.range().from(),
                List.of(window(today.range().from(), noon, State.READ)),
                days,
                openedAt));
      }
    }

    private void load(Split day, Instant openedAt) {
      Map<String, ?> known = stored.get(day);
      if (known == null && withCalls.contains(day)) {
        store(day, settled(day, start, openedAt));
        settled.put(day, OffsetCodec.digest(codec.decode(day, known(day))));
        read.add(day);
      } else {
        settled.put(
            day,
            known == null
                ? SettledDays.WITHOUT_OFFSET
                : OffsetCodec.digest(codec.decode(day, known)));
      }
    }

    private Map<String, ?> known(Split day) {
      Map<String, ?> map = stored.get(day);
      return map == null ? Map.of() : map;
    }

    private Instant noonOf(int day) {
      return start.plus(Duration.ofDays(day)).plus(Duration.ofHours(12));
    }

    @Override
    public String toString() {
      return "from " + start + " with calls on " + withCalls;
    }
  }

  // ---- helpers

  private static UnconfirmedDays unconfirmed(ConnectorPlan plan) {
    @Nullable UnconfirmedDays unconfirmed = plan.unconfirmed();
    assertThat(unconfirmed).isNotNull();
    return unconfirmed;
  }

  private ConnectorPlan plan(String startTime, Instant now) {
    return planner(startTime, now).plan(now);
  }

  private RangePlanner planner(String startTime) {
    return planner(startTime, NOW);
  }

  private RangePlanner planner(String startTime, Instant now) {
    CallRecordSourceConfig config =
        new CallRecordSourceConfig(
            TestSettings.with(
                "start.time", startTime, "api.retention.days", Integer.toString(RETENTION)));
    return new RangePlanner(config, days -> lookUp(days, now.minus(config.lateArrival())));
  }

  private ResumeState lookUp(Collection<Split> days, Instant settledBefore) {
    lookedUp.addAll(days);
    return ResumeState.of(codec, days, stored, Map.of(), settledBefore);
  }

  private void store(Split day, SplitOffset offset) {
    stored.put(day, codec.encode(offset));
  }

  private static SplitOffset settled(Split day, Instant start, @Nullable Instant openedAt) {
    return new SplitOffset(start, day.range().to(), List.of(), SettledDays.NONE, openedAt);
  }

  private static WindowOffset window(Instant from, Instant to, State state) {
    List<String> ids = IntStream.range(0, 3).mapToObj(Integer::toString).toList();
    return new WindowOffset(new TimeRange(from, to), state, 3, LateCounts.NONE, IdSet.of(ids));
  }
}
