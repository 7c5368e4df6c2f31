package io.callrecords.connect.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The order in which tasks that share a rate take turns: a round has as many slots as the weights
 * of all tasks together, and each task has as many of them as its own weight, spread evenly.
 */
final class SlotRound {
  private final int slots;

  /** The numbers of each task's slots, in order. */
  private final int[][] own;

  /** One slot of a task has to lie between two others. */
  private record SlotTurn(int task, long from, long before) {}

  /**
   * Deals the slots of a round.
   *
   * @param weights how many each task gets, one at least
   */
  SlotRound(List<Integer> weights) {
    slots = weights.stream().mapToInt(Integer::intValue).sum();
    own = new int[weights.size()][];
    List<SlotTurn> turns = new ArrayList<>(slots);
    for (int task = 0; task < own.length; task++) {
      long weight = weights.get(task);
      own[task] = new int[(int) weight];
      for (long turn = 0; turn < weight; turn++) {
        turns.add(
            new SlotTurn(task, turn * slots / weight, ((turn + 1) * slots + weight - 1) / weight));
      }
    }
    deal(turns);
  }

  /** Gives each slot to the turn that has to end first: each is then within its part. */
  private void deal(List<SlotTurn> turns) {
    turns.sort(Comparator.comparingLong(SlotTurn::from));
    PriorityQueue<SlotTurn> begun =
        new PriorityQueue<>(
            Comparator.comparingLong(SlotTurn::before).thenComparingInt(SlotTurn::task));
    int[] dealt = new int[own.length];
    int next = 0;
    for (int slot = 0; slot < slots; slot++) {
      while (next < turns.size() && turns.get(next).from() <= slot) {
        begun.add(turns.get(next++));
      }
      int task = begun.remove().task();
      own[task][dealt[task]++] = slot;
    }
  }

  /** How many slots a round has. */
  int slots() {
    return slots;
  }

  /** How many of them a task has. */
  int slots(int task) {
    return own[task].length;
  }

  /** Whether each task has one. */
  boolean isEven() {
    return slots == own.length;
  }

  /**
   * When the first slot of a task is that is not before a moment.
   *
   * @param since the moment, in nanoseconds since any round has begun
   * @param round how long a round is, in nanoseconds
   * @return the same of the slot
   */
  long firstFrom(int task, long since, long round) {
    long begun = Math.floorDiv(since, round) * round;
    int[] mine = own[task];
    int low = 0;
    int high = mine.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(mine[middle], round) < since - begun) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < mine.length ? begun + at(mine[low], round) : begun + round + at(mine[0], round);
  }

  /** When a slot is, in nanoseconds since its round has begun. */
  long at(int slot, long round) {
    return round * slot / slots;
  }

  /** Number of the last slot of a round that is not after a moment since it has begun. */
  int lastUntil(long since, long round) {
    return Math.toIntExact(((since + 1) * slots - 1) / round);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(own);
  }
}
