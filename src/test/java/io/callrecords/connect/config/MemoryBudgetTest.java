package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Proves that what the tasks of a connector hold stays a part of the heap, whatever they are. */
class MemoryBudgetTest {
  private static final long MIB = 1024 * 1024;

  @Test
  void sharesAQuarterOfTheHeap() {
    MemoryBudget budget = MemoryBudget.ofTask(256 * MIB, 4, 4);

    assertThat(budget.bytes()).isEqualTo(16 * MIB);
    assertThat(budget.maxResponseBytes()).isEqualTo(MIB);
    assertThat(budget.maxPageWeight()).isEqualTo(2 * MIB);
    assertThat(budget.maxWindowWeight()).isEqualTo(2 * MIB);
    assertThat(budget.maxQueueWeight()).isEqualTo(4 * MIB);
    assertThat(MemoryBudget.ofTask(256 * MIB, 1, 4)).isEqualTo(budget);
    assertThat(MemoryBudget.ofTask(4_096 * MIB, 4, 4)).isEqualTo(MemoryBudget.ample(4));
  }

  @Test
  void saysWhereTheTasksTakeMoreThanTheirShare() {
    assertThat(MemoryBudget.ofTask(256 * MIB, 16, 4).excess(256 * MIB, 16)).isZero();
    assertThat(MemoryBudget.ofTask(256 * MIB, 17, 4).excess(256 * MIB, 17)).isEqualTo(4 * MIB);
    assertThat(MemoryBudget.ofTask(256 * MIB, 16, 32).excess(256 * MIB, 16)).isEqualTo(48 * MIB);
    assertThat(MemoryBudget.ofTask(4_096 * MIB, 1, 4).excess(4_096 * MIB, 1)).isNegative();
  }

  @Test
  void keepsToItsShareWithAnyNumberOfRequestsInFlight() {
    SplittableRandom random = new SplittableRandom(17);
    for (int i = 0; i < 1_000; i++) {
      int tasks = random.nextInt(1, 9);
      int requests = random.nextInt(1, 33);
      long heap = MIB << random.nextInt(8, 14);
      MemoryBudget budget = MemoryBudget.ofTask(heap, tasks, requests);
      long inFlight = requests * (budget.maxResponseBytes() + budget.maxPageWeight());

      assertThat(budget.bytes() * tasks).isLessThanOrEqualTo(heap / 4);
      assertThat(inFlight)
          .isLessThanOrEqualTo(Math.max(budget.bytes(), requests * 3L * 128 * 1024));
      assertThat(budget.mostBytes())
          .isLessThanOrEqualTo(
              Math.max(budget.bytes(), budget.bytes() * 3 / 4 + requests * 128L * 1024));
      assertThat(budget.maxWindowWeight()).isLessThan(budget.maxQueueWeight());
    }
  }
}
