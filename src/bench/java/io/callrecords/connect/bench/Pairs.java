package io.callrecords.connect.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What was measured in turns of the connector and of what it is compared with.
 *
 * @param ours of the connector
 * @param theirs of the other, as many; each stands against the one at the same place
 */
record Pairs<T>(List<T> ours, List<T> theirs) {
  /** The ratio of ours to theirs in the middle one of the pairs. */
  double ratio(ToDoubleFunction<T> value) {
    return Measured.median(ratios(value));
  }

  /** Between what the ratios of the pairs lie, as people write it. */
  String spread(ToDoubleFunction<T> value) {
    List<Double> ratios = ratios(value);
    return String.format(
        Locale.ROOT,
        "%.2f to %.2f",
        ratios.stream().min(Double::compare).orElseThrow(),
        ratios.stream().max(Double::compare).orElseThrow());
  }

  /** The one of ours in the middle. */
  double median(ToDoubleFunction<T> value) {
    return median(ours, value);
  }

  /** The one of theirs in the middle. */
  double medianOfTheirs(ToDoubleFunction<T> value) {
    return median(theirs, value);
  }

  private double median(List<T> of, ToDoubleFunction<T> value) {
    return Measured.median(of.stream().map(value::applyAsDouble).toList());
  }

  private List<Double> ratios(ToDoubleFunction<T> value) {
    return IntStream.range(0, ours.size())
        .mapToObj(i -> value.applyAsDouble(ours.get(i)) / value.applyAsDouble(theirs.get(i)))
        .toList();
  }
}
