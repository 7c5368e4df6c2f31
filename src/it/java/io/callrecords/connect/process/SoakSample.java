package io.callrecords.connect.process;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What a worker held at a moment of the soak.
 *
 * @param at the time since the start
 * @param life how many times the worker had been restarted
 * @param age how long its process had been serving
 * @param loading whether all tasks were reading the backlog
 * @param calls how many calls the topic held
 * @param reading what was measured
 */
record SoakSample(
    Duration at, int life, Duration age, boolean loading, int calls, Gauge.ProcessReading reading) {

  /** Something that has to stay level: how it is measured, and how far it may rise. */
  enum Level {
    HEAP("heap after GC", "MiB", 16, sample -> sample.reading().heap() / 1024.0),
    METASPACE("classes", "MiB", 4, sample -> sample.reading().metaspace() / 1024.0),
    THREADS("threads", "", 4, sample -> sample.reading().threads()),
    SOCKETS("sockets", "", 6, sample -> sample.reading().sockets());

    private final String title;
    private final String unit;
    private final double tolerance;
    private final ToDoubleFunction<SoakSample> measure;

    Level(String title, String unit, double tolerance, ToDoubleFunction<SoakSample> measure) {
      this.title = title;
      this.unit = unit;
      this.tolerance = tolerance;
      this.measure = measure;
    }

    String title() {
      return title;
    }

    /** Its title with its unit. */
    String heading() {
      return unit.isEmpty() ? title : title + ", " + unit;
    }

    /** How much more than at first there may be at last. */
    double tolerance() {
      return tolerance;
    }

    double of(SoakSample sample) {
      return measure.applyAsDouble(sample);
    }

    /** The median of some samples. */
    double of(List<SoakSample> samples) {
      double[] sorted = samples.stream().mapToDouble(this::of).sorted().toArray();
      int half = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    String show(double value) {
      return String.format(Locale.ROOT, unit.isEmpty() ? "%.0f" : "%.1f " + unit, value);
    }
  }
}
