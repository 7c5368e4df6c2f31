package io.callrecords.connect.bench;

import java.util.List;

/**
 * A line of the table that the benchmark prints.
 *
 * @param target what is asked for, in a few words
 * @param bound the number that it must not pass or fall short of, as people write it: {@code <=
 *     1.3}
 * @param value what was measured in this run, a ratio wherever possible
 * @param met whether the one keeps to the other
 * @param remark what else has to be known to believe it
 */
record Measured(String target, String bound, double value, boolean met, String remark) {
  static Measured atMost(String target, double bound, double value, String remark) {
    return new Measured(target, "<= " + bound, value, value <= bound, remark);
  }

  static Measured atLeast(String target, double bound, double value, String remark) {
    return new Measured(target, ">= " + bound, value, value >= bound, remark);
  }

  /** The one in the middle, or half way between the two that are. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }
}
