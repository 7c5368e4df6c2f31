package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** How tasks of different weight take turns. */
class SlotRoundTest {
  private static final long SLOT = 1_000;

  @Test
  void givesTurnsByWeight() {
    assertThat(new SlotRound(List.of(3, 1, 2))).hasToString("[[0, 2, 4], [3], [1, 5]]");
    assertThat(new SlotRound(Collections.nCopies(4, 1))).hasToString("[[0], [1], [2], [3]]");
    assertThat(new SlotRound(List.of(1)).isEven()).isTrue();
    assertThat(new SlotRound(List.of(2, 1)).isEven()).isFalse();
  }

  /** Each slot has one owner, and each task's nth turn is within the nth part of the round. */
  @RepeatedTest(100)
  void spreadsTheTurnsOfEachTask(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    List<Integer> weights = weights(random);
    SlotRound round = new SlotRound(weights);
    long length = SLOT * round.slots();
    List<Long> all = new ArrayList<>();

    for (int task = 0; task < weights.size(); task++) {
      long at = round.firstFrom(task, 0, length);
      for (int turn = 0; turn < weights.get(task); turn++) {
        double part = (double) length / weights.get(task);
        assertThat((double) at)
            .as("seed %d: task %d of %s, turn %d", seed, task, weights, turn)
            .isBetween(turn * part - SLOT, (turn + 1) * part);
        all.add(at);
        at = round.firstFrom(task, at + 1, length);
      }
      assertThat(at).as("seed %d: the next round", seed).isGreaterThanOrEqualTo(length);
    }

    assertThat(all).hasSize(round.slots()).doesNotHaveDuplicates();
    assertThat(all).allMatch(at -> at >= 0 && at < length && at % SLOT == 0);
  }

  private static List<Integer> weights(RandomGenerator random) {
    List<Integer> weights = new ArrayList<>();
    for (int task = random.nextInt(1, 9); task > 0; task--) {
      weights.add(random.nextInt(3) == 0 ? 1 : random.nextInt(1, 300));
    }
    return weights;
  }

  @RepeatedTest(20)
  void findsTheSlotOfAnyMoment(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    List<Integer> weights = weights(random);
    SlotRound round = new SlotRound(weights);
    long length = random.nextLong(round.slots(), 1_000_000);
    int task = random.nextInt(weights.size());

    for (int i = 0; i < 100; i++) {
      long since = random.nextLong(-3 * length, 3 * length);
      long found = round.firstFrom(task, since, length);
      String what = "seed %d: %s, task %d, %d of %d".formatted(seed, weights, task, since, length);
      assertThat(found).as(what).isGreaterThanOrEqualTo(since);
      assertThat(found - since).as(what).isLessThanOrEqualTo(2 * length);
      assertThat(round.firstFrom(task, found, length)).as(what).isEqualTo(found);
      assertThat(round.firstFrom(task, since + length, length)).as(what).isEqualTo(found + length);
    }
    for (int slot = 0; slot < round.slots(); slot++) {
      assertThat(round.lastUntil(round.at(slot, length), length)).isGreaterThanOrEqualTo(slot);
    }
    assertThat(round.lastUntil(length - 1, length)).isEqualTo(round.slots() - 1);
  }
}
