package io.callrecords.connect.bench;

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
}
