package io.callrecords.connect.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What else happens to a reader: settings that change, clocks that are set, limits of the API. */
class ReadMishapsTest {
  private static final Instant NOW = Account.NOW;
  private static final Duration POLL = Duration.ofSeconds(30);
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void weeksOfUnsettledWindowsAreLookedAtWithinTheRangeThatTheApiAllows() {
    Account account = new Account(Duration.ofDays(45), Duration.ofHours(1), Duration.ofDays(50), 5);
    account.store.addAll(account.calls.uniform(100, NOW.minus(Duration.ofDays(45)), NOW));
    Call late = account.late(NOW.minus(Duration.ofDays(20)), NOW.plus(DAY));
    account.store.add(late);
    account.worker.start(1);

    account.loop.runFor(Duration.ofDays(12));

    assertThat(account.worker.topic()).hasSize(101).containsKey(late.callSessionId());
    assertThat(account.journal.refused()).isZero();
  }

  @Test
  void aStartThatMovesIntoADayThatWasReadNeitherLosesNorRepeatsAnything() {
    Account account = new Account(Duration.ofHours(6), POLL, DAY, 5);
    account.store.addAll(account.calls.uniform(500, NOW.minus(Duration.ofHours(6)), NOW.plus(DAY)));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));

    for (int hours : new int[] {-4, -5, -1, -6, -3}) {
      account.worker.stop();
      account.worker.configure(read -> startingAt(read, NOW.plus(Duration.ofHours(hours))));
      account.worker.start(2);
      account.loop.runFor(Duration.ofHours(1));
    }

    assertThat(account.worker.topic().keySet())
        .containsExactlyInAnyOrderElementsOf(
            account.store.visibleIds(account.loop.wallClock().minusSeconds(60)));
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  private static ReadOptions startingAt(ReadOptions read, Instant start) {
    return new ReadOptions(
        start,
        read.end(),
        read.retention(),
        read.pollInterval(),
        read.lateArrival(),
        read.updates(),
        read.audits());
  }

  @Test
  void newCallsArriveInTimeAfterTheServersClockWasSetBack() {
    Account account = new Account(DAY, POLL, DAY, 5);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(3));

    account.loop.setWallClock(account.loop.wallClock().minus(Duration.ofHours(2)));
    account.loop.runFor(POLL.multipliedBy(3));
    Instant appears = account.loop.wallClock().plusSeconds(1);
    Call call = account.late(appears.minusSeconds(5), appears);
    account.store.add(call);
    account.loop.runFor(POLL.plusSeconds(2));

    assertThat(account.worker.topic()).containsOnlyKeys(call.callSessionId());
  }

  @Test
  void anApiThatKeepsLessThanTheSettingSaysIsNotAskedForEver() {
    Quirks shortMemory = Quirks.newBuilder().retentionDays(30).build();
    ReadOptions read =
        new ReadOptions(
            NOW.minus(Duration.ofDays(70)), null, Duration.ofDays(59), POLL, DAY, false, true);
    Account account = new Account(shortMemory, read, 5);
    account.worker.start(1);

    assertThatThrownBy(() -> account.loop.runFor(Duration.ofMinutes(5)))
        .hasRootCauseInstanceOf(RefusedException.class)
        .rootCause()
        .hasMessageContaining("api.retention.days");
    assertThat(account.journal.refused()).isLessThan(10);
  }
}
