package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** What a task does while Kafka does not return the stored offsets that it needs. */
class SlowKafkaTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant MIDNIGHT = Instant.parse("2026-11-11T00:00:00Z");

  private final ReadOptions read =
      ReadOptionsBuilder.startingAt(NOW.minus(Duration.ofDays(2)))
          .lateArrival(Duration.ofHours(4))
          .build();
  private final SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 5);

  private void addCalls(int days) {
    account.store.addAll(
        account.calls.uniform(days * 500, read.start(), NOW.plus(DAY.multipliedBy(days))));
  }

  private void expectAllOnce() {
    assertThat(account.worker.topic().keySet())
        .containsAll(account.store.visibleIds(account.loop.wallClock().minusSeconds(60)));
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  @Test
  void aTaskWaitsAtItsStartAndBeginsOnceItHasTheOffsets() {
    addCalls(3);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    account.worker.stop();
    account.worker.lookup().fail();
    long before = account.journal.count();

    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(10));

    assertThat(account.journal.count()).isEqualTo(before);
    assertThat(account.worker.progress().liveLagSeconds()).isEqualTo(600);
    account.worker.lookup().recover();
    account.loop.runFor(Duration.ofMinutes(2));
    assertThat(account.worker.progress().liveLagSeconds()).isLessThan(60);
    expectAllOnce();
  }

  @Test
  void anOutageOverMidnightStopsNothing() {
    addCalls(3);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(11));
    account.worker.lookup().fail();

    for (int minute = 0; minute < 120; minute++) {
      account.loop.runFor(Duration.ofMinutes(1));
      assertThat(account.worker.progress().liveLagSeconds()).isLessThan(60);
    }

    expectAllOnce();
  }

  @Test
  void lookupsThatHangOverTwoMidnightsHoldUpTheNewDayAlone() {
    addCalls(5);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    account.worker.lookup().delayBy(() -> Duration.ofHours(30));
    account.loop.runFor(Duration.between(account.loop.wallClock(), MIDNIGHT.plus(DAY)));
    int before = account.worker.topic().size();

    account.loop.runFor(Duration.ofHours(3));
    // The last window before midnight is still rechecked; what comes after that is waited for.
    assertThat(account.worker.topic().size()).isBetween(before, before + 5);
    assertThat(account.worker.progress().liveLagSeconds()).isBetween(10_700L, 10_900L);
    account.loop.runFor(Duration.ofHours(4));

    assertThat(account.worker.progress().liveLagSeconds()).isLessThan(60);
    expectAllOnce();
  }

  /** The new day's offset is then requested only when the connector goes on. */
  @Test
  void aPauseOverTwoMidnightsDoesNotHoldUpTheNewDayForAPollInterval() {
    SimulatedAccount rare = new SimulatedAccount(Quirks.defaults(), everyTenMinutes(), 5);
    String id = addCallAfterTwoMidnights(rare);
    rare.worker.start(1);
    rare.loop.runFor(Duration.ofHours(1));
    rare.worker.pause(true);
    rare.loop.runFor(Duration.between(rare.loop.wallClock(), MIDNIGHT.plus(DAY).plusSeconds(3600)));

    // The ticks that were missed are made up for at once: Kafka answers after them.
    rare.worker.lookup().delayBy(() -> Duration.ofSeconds(1));
    rare.worker.pause(false);

    assertThat(arrivesWithin(Duration.ofMinutes(1), rare, id)).isTrue();
  }

  @Test
  void anOutageOfADayDoesNotHoldUpTheNewDayForAPollInterval() {
    SimulatedAccount rare = new SimulatedAccount(Quirks.defaults(), everyTenMinutes(), 5);
    String id = addCallAfterTwoMidnights(rare);
    rare.worker.start(1);
    rare.loop.runFor(Duration.ofHours(1));
    rare.worker.lookup().fail();
    rare.loop.runFor(Duration.between(rare.loop.wallClock(), MIDNIGHT.plus(DAY).plusSeconds(3600)));
    assertThat(rare.worker.topic()).doesNotContainKey(id);
    // This day's and the next one's, each once a minute: nothing spins while Kafka fails.
    int before = rare.worker.lookup().lookups();
    rare.loop.runFor(Duration.ofHours(1));
    assertThat(rare.worker.lookup().lookups() - before).isBetween(115, 125);
    // In the middle of a poll interval.
    rare.loop.runFor(Duration.ofMinutes(3));

    rare.worker.lookup().recover();

    assertThat(arrivesWithin(Duration.ofMinutes(2), rare, id)).isTrue();
  }

  private static ReadOptions everyTenMinutes() {
    return ReadOptionsBuilder.startingAt(NOW.minus(Duration.ofHours(1)))
        .pollInterval(Duration.ofMinutes(10))
        .lateArrival(Duration.ofHours(4))
        .build();
  }

  private static String addCallAfterTwoMidnights(SimulatedAccount account) {
    Instant start = MIDNIGHT.plus(DAY).plusSeconds(1800);
    Call call = account.late(start, start.plusSeconds(30));
    account.store.add(call);
    return call.callSessionId();
  }

  private static boolean arrivesWithin(Duration limit, SimulatedAccount account, String id) {
    return account.loop.runUntil(() -> account.worker.topic().containsKey(id), limit);
  }

  /** A server whose clock was ahead has had its calls of the next day sent already. */
  @Test
  void aNewDayThatHasAnOffsetIsNotSentTwice() {
    addCalls(4);
    account.loop.setWallClock(MIDNIGHT.plus(Duration.ofHours(6)));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    account.worker.stop();
    account.loop.setWallClock(MIDNIGHT.minus(Duration.ofHours(6)));
    account.worker.lookup().delayBy(() -> Duration.ofMinutes(3));
    account.worker.start(1);

    account.loop.runFor(Duration.ofHours(16));

    expectAllOnce();
  }

  @Test
  void anOffsetThatCannotBeUsedFailsTheTaskWithItsAdvice() {
    addCalls(3);
    account
        .worker
        .lookup()
        .failWith(() -> new ConnectException("The offset of 2026-11-10 cannot be used: …"));
    account.worker.start(1);

    assertThatThrownBy(() -> account.loop.runFor(Duration.ofMinutes(1)))
        .hasRootCauseMessage("The offset of 2026-11-10 cannot be used: …");
  }

  @Test
  void aRunningTaskReadsOffsetsOnceADay() {
    addCalls(5);
    account.worker.start(1);

    account.loop.runFor(DAY.multipliedBy(4));

    // At the start, for the day after it, and at each midnight for the next one.
    assertThat(account.worker.lookup().lookups()).isEqualTo(2 + 4);
  }
}
