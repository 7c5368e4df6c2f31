package io.callrecords.connect.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How many records the days of a plan hold, as the API's totals say: days are assigned by that, and
 * tasks get their shares of the rate by it.
 *
 * @param records by day, the open end counting as its first day; a day of which nothing is known
 *     counts as the mean of the others
 * @param page how many records a page holds
 */
public record DayVolumes(Map<Split, Long> records, int page) {
  /** Where nothing is known. */
  public static final DayVolumes UNKNOWN = new DayVolumes(Map.of(), 1);

  /** Weights are parts of that, or of so many for each task. */
  private static final int PARTS = 1_000;

  private static final int PARTS_OF_A_TASK = 20;

  /**
   * No task has less than that part of an equal share: totals may be wrong, and the open end is to
   * be followed.
   */
  private static final double LEAST_SHARE = .1;

  /** Windows that are cut cost that much on top. */
  private static final double CUTS = 1.05;

  /** Totals of parts may differ by that much from the total of the whole, and a few records. */
  private static final double DIFFERENCE = .02;

  private static final int FEW = 10;

  /** Copies the map. */
  public DayVolumes {
    records = Map.copyOf(records);
  }

  /** Whether anything is known. */
  public boolean areKnown() {
    return !records.isEmpty();
  }

  /**
   * Whether totals of parts are about the total of the whole. Where they are not, totals are capped
   * or made up, and worth nothing.
   */
  public static boolean addUp(long sumOfParts, long whole) {
    return Math.abs(sumOfParts - whole) <= FEW + DIFFERENCE * Math.max(sumOfParts, whole);
  }

  /** How many requests a day takes, about; that does not change for a few records. */
  double requests(Split day) {
    Long known = records.get(day);
    double count =
        known == null
            ? records.values().stream().mapToLong(Long::longValue).average().orElse(0)
            : known;
    return 1 + CUTS * rounded(count) / page;
  }

  /** To three digits: a call that is added or taken away later is to move no task. */
  private static double rounded(double count) {
    double unit = 1;
    while (count / unit >= 1_000) {
      unit *= 10;
    }
    return Math.round(count / unit) * unit;
  }

  /**
   * What each task gets of the rate, and of the requests in flight, in proportion: as much as it
   * has to read, so that all of them end at about the same time.
   *
   * @return a weight for each assignment; none where nothing is known, or there is one task only
   */
  public List<Integer> weights(List<Assignment> assignments) {
    int tasks = assignments.size();
    if (!areKnown() || tasks < 2) {
      return List.of();
    }
    List<Double> requests = assignments.stream().map(this::requests).toList();
    double all = requests.stream().mapToDouble(Double::doubleValue).sum();
    double least = LEAST_SHARE * all / tasks;
    double raised = requests.stream().mapToDouble(own -> Math.max(own, least)).sum();
    int parts = Math.max(PARTS, PARTS_OF_A_TASK * tasks);
    List<Integer> weights = new ArrayList<>(tasks);
    for (double own : requests) {
      weights.add((int) Math.max(1, Math.round(parts * Math.max(own, least) / raised)));
    }
    return weights;
  }

  /** How many requests a task takes, about. */
  double requests(Assignment assignment) {
    Split open = assignment.openFrom();
    return assignment.days().stream().mapToDouble(this::requests).sum()
        + (open == null ? 0 : requests(open));
  }

  /** How much is known: not how many calls somebody has. */
  @Override
  public String toString() {
    return records.size() + " days of known volume";
  }
}
