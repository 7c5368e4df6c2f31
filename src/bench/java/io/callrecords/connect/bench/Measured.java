package io.callrecords.connect.bench;

import java.util.List;

/**
 * A line of the table that the benchmark prints.
 *
 * @param target what is asked for, in a few words
 * @param bound the number that it must not pass or fall short of, as people write it: {@code <=
 *     1.3}; empty where nothing is asked for
 * @param value what was measured in this run, a ratio wherever possible
 * @param met whether the one keeps to the other, or nothing is asked for
 * @param remark what else has to be known to believe it
 */
record Measured(String target, String bound, double value, boolean met, String remark) {
  static Measured atMost(String target, double bound, double value, String remark) {
    return new Measured(target, "<= " + bound, value, value <= bound, remark);
  }

  static Measured atLeast(String target, double bound, double value, String remark) {
    return new Measured(target, ">= " + bound, value, value >= bound, remark);
  }

  /** Something that one had better know, though no target is about it. */
  static Measured told(String what, double value, String remark) {
    return new Measured(what, "", value, true, remark);
  }

  /** The verdict in a word, or none where nothing is asked for. */
  String verdict() {
    if (bound.isEmpty()) {
      return "";
    }
    return met ? "met" : "MISSED";
  }

  /** The one in the middle, or half way between the two that are. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }
}
