package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.RangeUse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls of the hour that comes twice because clocks are set back, and round the one that is
 * missing.
 */
class RepeatedHourTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant WINTER = Instant.parse("2026-10-25T01:00:00Z");
  private static final Duration LATE = Duration.ofMinutes(20);

  private static final List<String> ZONES =
      List.of(
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe",
          "Australia/Sydney",
          "America/St_Johns",
          "Africa/Casablanca",
          "Antarctica/Troll",
          "Europe/Chisinau",
          "Asia/Beirut");

  /** A call every five seconds, from two hours before to two hours after. */
  @ParameterizedTest
  @EnumSource(Bounds.class)
  void eachCallHasItsOwnHour(Bounds bounds) {
    Map<String, Instant> expected = new HashMap<>();
    SimulatedAccount account =
        account(quirks(bounds, RangeUse.HONOURED), WINTER.plusSeconds(90_000));
    addEveryFiveSeconds(account, expected);

    account.worker.start(2);
    account.loop.runFor(Duration.ofHours(2));

    expectOnce(account, expected);
  }

  /** The two hours are the same to the API: all of their calls are of the first, once. */
  @ParameterizedTest
  @EnumSource(Bounds.class)
  void callsOfBothHoursAreOfTheFirstWhereTheApiDropsTheOffset(Bounds bounds) {
    Map<String, Instant> expected = new HashMap<>();
    SimulatedAccount account =
        account(quirks(bounds, RangeUse.OFFSET_DROPPED), WINTER.plusSeconds(90_000));
    addEveryFiveSeconds(account, expected);

    try (LogCapture log = new LogCapture("io.callrecords.connect.fetch")) {
      account.worker.start(2);
      account.loop.runFor(Duration.ofHours(2));

      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("WARN The API drops the offset"))
          .isNotEmpty();
    }
    expectOnce(account, asFirst(expected, BERLIN));
  }

  /** No request asks for a time on both sides of the moment at which clocks are set. */
  @ParameterizedTest
  @ValueSource(ints = {-7_000, 90_000})
  void noQuerySpansTheMomentAtWhichClocksAreSet(int now) {
    SimulatedAccount account =
        account(
            quirks(Bounds.CLOSED, RangeUse.HONOURED),
            WINTER.minusSeconds(7_200),
            WINTER.plusSeconds(now),
            BERLIN);
    addEveryFiveSeconds(account, new HashMap<>());
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(6));

    assertThat(account.worker.topic()).hasSize(2_881);
    // A total of a whole day has no times.
    assertThat(account.journal.entries())
        .noneMatch(
            entry ->
                entry.request().from().isBefore(WINTER.minusSeconds(1))
                    && entry.request().to().isAfter(WINTER.plusSeconds(1))
                    && (entry.request().from().isAfter(WINTER.minusSeconds(3_601))
                        || entry.request().to().isBefore(WINTER.plusSeconds(3_600))));
  }

  private static void addEveryFiveSeconds(SimulatedAccount account, Map<String, Instant> expected) {
    for (int second = -7_200; second <= 7_200; second += 5) {
      add(account, WINTER.plusSeconds(second), expected);
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  /** Zones, years, bounds and moments at random; calls lie close to where times are cut. */
  @ParameterizedTest
  @MethodSource("seeds")
  void noCallIsLostOrComesTwiceWhereverClocksAreSet(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    ZoneOffsetTransition transition = transition(zone, random);
    Instant at = transition.getInstant();
    long length = Math.abs(transition.getDuration().toSeconds());
    boolean isLive = random.nextBoolean();
    RangeUse use = random.nextBoolean() ? RangeUse.HONOURED : RangeUse.OFFSET_DROPPED;
    Quirks quirks =
        Quirks.newBuilder()
            .zone(zone)
            .bounds(any(random, Bounds.values()))
            .order(any(random, Order.values()))
            .rangeUse(use)
            .build();
    Instant now = isLive ? at.minusSeconds(random.nextLong(length * 2)) : at.plusSeconds(90_000);
    SimulatedAccount account = account(quirks, at.minus(Duration.ofDays(2)), now, zone);
    Map<String, Instant> expected = new HashMap<>();
    int calls = random.nextInt(4) == 0 ? random.nextInt(5) : random.nextInt(600);
    for (int i = 0; i < calls; i++) {
      long near = random.nextInt(-4, 5) * length / 2;
      long offset =
          random.nextBoolean()
              ? near + random.nextInt(-3, 4)
              : random.nextLong(-3 * length, 3 * length);
      add(account, at.plusSeconds(offset), expected);
    }

    account.worker.start(isLive ? 1 : random.nextInt(1, 4));
    account.loop.runFor(Duration.ofSeconds(random.nextLong(1, 3 * length)));
    account.worker.stop();
    account.worker.start(1);
    account.loop.runFor(Duration.ofSeconds(6 * length + 3_600));

    String story = zone + " " + transition + ", " + (isLive ? "live" : "backlog") + ", " + quirks;
    boolean isDropped = use == RangeUse.OFFSET_DROPPED;
    Map<String, Instant> right = isDropped ? asFirst(expected, zone) : expected;
    assertThat(account.worker.topic().values()).as(story).allMatch(count -> count == 1);
    assertThat(account.worker.times()).as(story).isEqualTo(right);
  }

  private static <T> T any(SplittableRandom random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** A transition of a year between 2016 and 2026. */
  private static ZoneOffsetTransition transition(ZoneId zone, SplittableRandom random) {
    Instant year =
        Instant.parse("2016-01-01T00:00:00Z").plus(Duration.ofDays(365L * random.nextInt(10)));
    ZoneOffsetTransition next = zone.getRules().nextTransition(year);
    return random.nextInt(3) == 0 || next.isOverlap()
        ? next
        : zone.getRules().nextTransition(next.getInstant());
  }

  /** Each call at the first of the moments that its time may mean. */
  private static Map<String, Instant> asFirst(Map<String, Instant> times, ZoneId zone) {
    Map<String, Instant> first = new HashMap<>();
    times.forEach(
        (id, time) -> first.put(id, LocalDateTime.ofInstant(time, zone).atZone(zone).toInstant()));
    return first;
  }

  private static void expectOnce(SimulatedAccount account, Map<String, Instant> expected) {
    assertThat(account.worker.topic().values()).allMatch(count -> count == 1);
    assertThat(account.worker.times()).isEqualTo(expected);
  }

  private static Quirks quirks(Bounds bounds, RangeUse use) {
    return Quirks.newBuilder().zone(BERLIN).bounds(bounds).rangeUse(use).build();
  }

  private static SimulatedAccount account(Quirks quirks, Instant now) {
    return account(quirks, WINTER.minus(Duration.ofDays(2)), now, BERLIN);
  }

  private static SimulatedAccount account(Quirks quirks, Instant start, Instant now, ZoneId zone) {
    ReadOptions read =
        new ReadOptions(
            start,
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            LATE,
            false,
            true,
            MalformedPolicy.FAIL);
    return new SimulatedAccount(quirks, read, 50, zone, now);
  }

  private static void add(SimulatedAccount account, Instant start, Map<String, Instant> expected) {
    Call call = account.late(start, start.plusSeconds(20));
    account.store.add(call);
    expected.put(call.callSessionId(), start);
  }
}
