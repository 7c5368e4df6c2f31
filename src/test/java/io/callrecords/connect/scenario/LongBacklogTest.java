package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.callrecords.simulator.Quirks;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Shows that what a task does in a second does not depend on how many days it has to read. */
class LongBacklogTest {
  private static final Duration WARM_UP = Duration.ofMinutes(1);
  private static final Duration MEASURED = Duration.ofMinutes(5);
  private static final Duration RETENTION = Duration.ofDays(4_000);

  /** Memory that is allocated counts the work, whatever the pace of the machine. */
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void tenYearsOfBacklogTakeNoMoreWorkThanTwoMonths() {
    // The first reading loads classes.
    allocatedBytes(60);

    long months = allocatedBytes(60);
    long years = allocatedBytes(3_650);

    assertThat(years).isLessThan(2 * months);
  }

  private long allocatedBytes(int days) {
    SimulatedAccount account = account(days, .2);
    account.worker.start(1);
    account.loop.runFor(WARM_UP);
    long before = threads.getCurrentThreadAllocatedBytes();

    account.loop.runFor(MEASURED);

    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(account.worker.hasBacklog()).isTrue();
    return allocated;
  }

  private static SimulatedAccount account(int days, double requestsPerSecond) {
    Instant start = SimulatedAccount.NOW.minus(Duration.ofDays(days));
    return new SimulatedAccount(
        Quirks.newBuilder().retentionDays((int) RETENTION.toDays()).build(),
        ReadOptionsBuilder.startingAt(start)
            .retention(RETENTION)
            .pollInterval(Duration.ofSeconds(10))
            .build(),
        requestsPerSecond);
  }

  @Test
  void allOfTenYearsIsReadFromTheOldestOn() {
    SimulatedAccount account = account(3_650, 100);
    Instant start = SimulatedAccount.NOW.minus(Duration.ofDays(3_650));
    account.store.addAll(account.calls.uniform(2_000, start, SimulatedAccount.NOW));
    account.worker.start(1);

    account.loop.runFor(Duration.ofSeconds(10));
    assertThat(account.worker.topic())
        .containsKeys(
            account
                .store
                .visibleIds(SimulatedAccount.NOW, start, start.plus(Duration.ofDays(100)))
                .toArray(String[]::new));
    assertThat(account.worker.topic()).hasSizeLessThan(1_500);

    account.loop.runFor(Duration.ofMinutes(2));
    assertThat(account.worker.topic()).hasSize(2_000);
    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.progress().backlogDays()).isZero();
  }
}
