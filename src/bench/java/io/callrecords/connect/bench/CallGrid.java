package io.callrecords.connect.bench;

import java.time.Instant;
import java.util.SplittableRandom;

/**
 * Calls on a grid: how many start in each minute is drawn once, and inside a minute they lie
 * evenly. How many calls a range has, and which, is then a matter of a few additions, whatever
 * their number.
 */
final class CallGrid {
  private static final int MINUTE = 60;
  private static final int DAY_MINUTES = 1440;

  /** How busy each hour of a working day is, against the busiest. */
  private static final double[] HOURS = {
    .05, .03, .02, .02, .03, .05, .1, .25, .6, .9, 1, .95, .7, .8, .95, 1, .95, .8, .6, .45, .35,
    .25, .15, .08
  };

  private static final double QUIET_DAY = .01;
  private static final int QUIET_EVERY = 4;
  private static final int BURST_EVERY = 180;
  private static final int BURST = 15;

  private final long from;

  /** How many calls start before each minute. */
  private final int[] before;

  private CallGrid(long from, int[] before) {
    this.from = from;
    this.before = before;
  }

  /** What a history of calls looks like. */
  enum Shape {
    /** As many in each minute. */
    EVEN,
    /**
     * Busy days of different weight, quiet nights, bursts of a minute, and now and then a day with
     * next to nothing.
     */
    VARIED
  }

  /**
   * Draws a grid.
   *
   * @param from where it begins
   * @param days how long it is
   * @param calls how many calls it has
   * @param restMinutes how many minutes without calls follow
   * @param liveMinutes for how many minutes behind that it goes on evenly
   * @param perMinute with how many calls a minute
   */
  static CallGrid of(
      Shape shape,
      Instant from,
      int days,
      int calls,
      int restMinutes,
      int liveMinutes,
      int perMinute) {
    double[] weights = weights(shape, days * DAY_MINUTES);
    double all = 0;
    for (double weight : weights) {
      all += weight;
    }
    int[] before = new int[weights.length + restMinutes + liveMinutes + 1];
    double sum = 0;
    for (int minute = 0; minute < weights.length; minute++) {
      sum += weights[minute];
      before[minute + 1] = (int) Math.round(sum / all * calls);
    }
    for (int minute = weights.length; minute < before.length - 1; minute++) {
      before[minute + 1] = before[minute] + (minute < weights.length + restMinutes ? 0 : perMinute);
    }
    return new CallGrid(from.getEpochSecond(), before);
  }

  private static double[] weights(Shape shape, int minutes) {
    SplittableRandom random = new SplittableRandom(minutes);
    double[] weights = new double[minutes];
    double day = 1;
    for (int minute = 0; minute < minutes; minute++) {
      if (minute % DAY_MINUTES == 0) {
        int number = minute / DAY_MINUTES;
        day = number % QUIET_EVERY == QUIET_EVERY - 1 ? QUIET_DAY : .5 + random.nextDouble();
      }
      double hour = HOURS[minute % DAY_MINUTES / 60];
      boolean burst = random.nextInt(BURST_EVERY) == 0;
      weights[minute] =
          shape == Shape.EVEN ? 1 : day * hour * (.5 + random.nextDouble()) * (burst ? BURST : 1);
    }
    return weights;
  }

  /** How many calls start before a second. */
  int before(long second) {
    long minute = Math.floorDiv(second - from, (long) MINUTE);
    if (minute < 0) {
      return 0;
    }
    if (minute >= before.length - 1) {
      return before[before.length - 1];
    }
    int at = (int) minute;
    long calls = (long) before[at + 1] - before[at];
    return before[at] + (int) (calls * Math.floorMod(second - from, (long) MINUTE) / MINUTE);
  }

  /** The second in which a call starts, by its place among all. */
  long second(int call) {
    int low = 0;
    int high = before.length - 2;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (before[middle] <= call) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    long calls = (long) before[low + 1] - before[low];
    long rank = call - before[low] + 1L;
    return from + (long) low * MINUTE + (MINUTE * rank + calls - 1) / calls - 1;
  }
}
