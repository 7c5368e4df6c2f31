package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Quirks;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Shows that what a task does in a second does not depend on how many days it has to read. */
class LongBacklogTest {
  private static final Duration MEASURED = Duration.ofMinutes(5);

  /** Memory that is allocated counts the work, whatever the pace of the machine. */
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void tenYearsOfBacklogTakeNoMoreWorkATickThanTwoMonths() {
    allocatedFollowing(60);

    long months = allocatedFollowing(60);
    long years = allocatedFollowing(3_650);

    System.out.println(months + " " + years);
    assertThat(years).isLessThan(2 * months);
  }

  private long allocatedFollowing(int days) {
    Duration backlog = Duration.ofDays(days);
    SimulatedAccount account =
        new SimulatedAccount(
            Quirks.newBuilder().retentionDays(4_000).build(),
            new ReadOptions(
                SimulatedAccount.NOW.minus(backlog),
                null,
                Duration.ofDays(4_000),
                Duration.ofSeconds(10),
                Duration.ofDays(1),
                false,
                false,
                MalformedPolicy.FAIL),
            .2);
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(1));
    long before = threads.getCurrentThreadAllocatedBytes();
    long begin = System.nanoTime();
    account.loop.runFor(MEASURED);
    System.out.println(days + " " + (System.nanoTime() - begin) / 1e6 + " ms");
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(account.worker.hasBacklog()).isTrue();
    return allocated;
  }
}
