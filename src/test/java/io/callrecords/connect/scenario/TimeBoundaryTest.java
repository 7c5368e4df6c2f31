package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that lie on a border: of a day, a window, the range, or the calendar. */
class TimeBoundaryTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration POLL = Duration.ofSeconds(30);
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @EnumSource(Bounds.class)
  void callsAroundMidnightComeOnceWhateverTheBounds(Bounds bounds) {
    SimulatedAccount account = account(bounds, NOW.minus(Duration.ofDays(4)), null);
    Set<String> ids = new HashSet<>();
    for (int day = 0; day < 4; day++) {
      Instant midnight = Instant.parse("2026-11-07T00:00:00Z").plus(Duration.ofDays(day));
      for (int second = -2; second <= 2; second++) {
        ids.add(add(account, midnight.plusSeconds(second)));
        ids.add(add(account, midnight.plusSeconds(second)));
      }
    }

    expectExactly(account, ids);
  }

  /** A call in every second, so that windows are cut wherever their edges may be. */
  @ParameterizedTest
  @EnumSource(Bounds.class)
  void callsOnBothSidesOfEveryWindowsEdgeComeOnceWhateverTheBounds(Bounds bounds) {
    Instant start = NOW.minus(Duration.ofDays(3));
    SimulatedAccount account = account(bounds, start, null);
    Set<String> ids = new HashSet<>();
    for (int second = 0; second < 3 * 3600; second++) {
      ids.add(add(account, start.plusSeconds(second)));
    }

    expectExactly(account, ids);
    assertThat(account.worker.audits()).hasSizeGreaterThan(6);
  }

  @ParameterizedTest
  @EnumSource(Bounds.class)
  void theFirstSecondBelongsToTheRangeAndTheEndDoesNot(Bounds bounds) {
    Instant start = NOW.minus(Duration.ofDays(3)).plusSeconds(17);
    Instant end = NOW.minus(Duration.ofDays(2)).plusSeconds(39);
    SimulatedAccount account = account(bounds, start, end);
    add(account, start.minusSeconds(1));
    String first = add(account, start);
    String last = add(account, end.minusSeconds(1));
    add(account, end);

    expectExactly(account, Set.of(first, last));
  }

  @Test
  void theEndOfARangeIsReachedWhileItRuns() {
    Instant end = NOW.plus(Duration.ofHours(2));
    SimulatedAccount account = account(Bounds.CLOSED, NOW.minus(DAY), end);
    Set<String> ids = new HashSet<>();
    for (int second = -5; second < 5; second++) {
      String id = add(account, end.plusSeconds(second));
      if (second < 0) {
        ids.add(id);
      }
    }

    account.worker.start(2);
    account.loop.runFor(Duration.ofHours(40));

    assertThat(account.worker.topic()).containsOnlyKeys(ids);
    long before = account.journal.count();
    account.loop.runFor(DAY);
    assertThat(account.journal.count()).as("requests once all is settled").isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "2028-02-28T23:59:59Z, 2028-02-29T00:00:00Z, 2028-03-01T12:00:00Z",
    "2028-02-29T23:59:59Z, 2028-03-01T00:00:00Z, 2028-03-02T12:00:00Z",
    "2027-12-31T23:59:59Z, 2028-01-01T00:00:00Z, 2028-01-02T12:00:00Z"
  })
  void calendarsHaveNoGaps(Instant before, Instant after, Instant now) {
    ReadOptions read =
        new ReadOptions(
            now.minus(Duration.ofDays(4)),
            null,
            Duration.ofDays(59),
            POLL,
            DAY,
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account =
        new SimulatedAccount(Quirks.defaults(), read, 20, ZoneOffset.ofHours(8), now);
    Set<String> ids = Set.of(add(account, before), add(account, after));

    expectExactly(account, ids);
  }

  @Test
  void aRecordThatAnAnswerRepeatsIsSentOnce() {
    Quirks quirks = Quirks.newBuilder().duplicateEvery(3).build();
    ReadOptions read =
        new ReadOptions(
            NOW.minus(Duration.ofDays(3)),
            null,
            Duration.ofDays(59),
            POLL,
            DAY,
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(quirks, read, 50);
    account.store.addAll(
        account.calls.uniform(3_000, NOW.minus(Duration.ofDays(3)), NOW.minus(Duration.ofDays(2))));

    expectExactly(account, account.store.visibleIds(NOW));
    assertThat(account.worker.audits())
        .anySatisfy(audit -> assertThat(audit.reconciliation().duplicates()).isPositive());
  }

  @ParameterizedTest
  @CsvSource({"-90, false", "90, false", "-90, true", "90, true", "-1800, true", "3700, true"})
  void anIdThatMovesBetweenWindowsIsNoNewRecord(int seconds, boolean updates) {
    ReadOptions read =
        new ReadOptions(
            NOW.minus(Duration.ofHours(6)),
            null,
            Duration.ofDays(59),
            POLL,
            DAY,
            updates,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 20);
    account.store.addAll(account.calls.uniform(400, NOW.minus(Duration.ofHours(6)), NOW.plus(DAY)));
    List<String> moved = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Instant start = NOW.minusSeconds(2 * 3600 + 600 * i);
      Call call = account.late(start, start.plusSeconds(60));
      account.store.add(call);
      account.store.edit(
          call.callSessionId(),
          NOW.plusSeconds(1800 + 60 * i),
          c -> c.start(start.plusSeconds(seconds)));
      moved.add(call.callSessionId());
    }
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(60));

    int each = updates ? 2 : 1;
    assertThat(moved).allSatisfy(id -> assertThat(account.worker.topic()).containsEntry(id, each));
    assertThat(account.worker.audits().stream().mapToLong(WindowAudit::emitted).sum())
        .isEqualTo(account.worker.topic().size());
  }

  private static SimulatedAccount account(Bounds bounds, Instant start, @Nullable Instant end) {
    return new SimulatedAccount(
        Quirks.newBuilder().bounds(bounds).build(),
        new ReadOptions(
            start, end, Duration.ofDays(59), POLL, DAY, false, true, MalformedPolicy.FAIL),
        50);
  }

  private static String add(SimulatedAccount account, Instant start) {
    Call call = account.late(start, start.plusSeconds(60));
    account.store.add(call);
    return call.callSessionId();
  }

  private static void expectExactly(SimulatedAccount account, Set<String> ids) {
    account.worker.start(2);
    account.loop.runFor(Duration.ofHours(30));

    assertThat(account.worker.topic()).containsOnlyKeys(ids);
    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.audits().stream().mapToLong(WindowAudit::emitted).sum())
        .isEqualTo(ids.size());
  }
}
