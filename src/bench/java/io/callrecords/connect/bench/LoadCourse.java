package io.callrecords.connect.bench;

import io.callrecords.connect.process.Gauge;
import io.callrecords.connect.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The course of a load: how much the topic has when, and what the worker's heap holds. */
final class LoadCourse {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final double MEBIBYTE = 1 << 20;

  private final WorkerProcess worker;
  private final WorkerTurn turn;
  private final TopicCheck topic;
  private final IdCheck check;
  private final int calls;
  private final Duration betweenSamples;
  private final long begin = System.nanoTime();
  private final List<LoadSample> steps = new ArrayList<>();
  private final List<LoadSample> samples = new ArrayList<>();

  /**
   * What is there at a moment.
   *
   * @param seconds since the beginning
   * @param records in the topic
   * @param heapMegabytes in use after a full collection; NaN where it was not looked at
   */
  record LoadSample(double seconds, long records, double heapMegabytes) {}

  /**
   * Begins.
   *
   * @param calls how many calls there are to come
   * @param betweenSamples how often it is looked what the heap holds
   */
  LoadCourse(
      WorkerProcess worker,
      WorkerTurn turn,
      TopicCheck topic,
      IdCheck check,
      int calls,
      Duration betweenSamples) {
    this.worker = worker;
    this.turn = turn;
    this.topic = topic;
    this.check = check;
    this.calls = calls;
    this.betweenSamples = betweenSamples;
  }

  /** Reads the topic until all calls have come. */
  void await() {
    double sampleAt = 0;
    while (check.distinct(calls) < calls) {
      double now = seconds();
      if (now >= sampleAt) {
        sampleAt = now + betweenSamples.toSeconds();
        turn.expectRunning();
        sample(now);
      }
      if (now > PATIENCE.toSeconds()) {
        throw new AssertionError(
            "Only " + check.distinct(calls) + " of " + calls + worker.logTail());
      }
      topic.readFor(LOOK);
      steps.add(new LoadSample(seconds(), topic.read(), Double.NaN));
    }
  }

  private void sample(double now) {
    LoadSample sample = new LoadSample(now, topic.read(), Gauge.liveBytes(worker.id()) / MEBIBYTE);
    samples.add(sample);
    System.out.printf(
        Locale.ROOT,
        "  %6.0f s %9d records, live heap %5.1f MiB%n",
        sample.seconds,
        sample.records,
        sample.heapMegabytes);
  }

  private double seconds() {
    return Tasks.seconds(begin, System.nanoTime());
  }

  /** What was measured of the heap, in order. */
  List<LoadSample> samples() {
    return List.copyOf(samples);
  }

  /** After how many seconds a share of the calls was there. */
  double seconds(double share) {
    return steps.stream()
        .filter(step -> step.records >= share * calls)
        .mapToDouble(LoadSample::seconds)
        .findFirst()
        .orElseGet(this::seconds);
  }

  /** Records a second between two shares of the calls. */
  double rate(double from, double to) {
    return (to - from) * calls / (seconds(to) - seconds(from));
  }

  /** Fails unless each call has come, and none of them, nor of the later ones, again. */
  void expectOnce() {
    if (check.distinct(calls) != calls || check.repeated() > 0 || check.foreign() > 0) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "Not each call once: %d of %d, %d again, %d of none",
              check.distinct(calls),
              calls,
              check.repeated(),
              check.foreign()));
    }
  }
}
