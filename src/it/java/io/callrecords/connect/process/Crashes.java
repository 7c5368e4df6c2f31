package io.callrecords.connect.process;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Crashes of workers, at moments and in an order that a seed decides. */
final class Crashes {
  private static final Logger LOG = LoggerFactory.getLogger(Crashes.class);

  /** The most calls that come between two crashes. */
  private static final int MOST_CALLS = 400;

  /** Somewhere in the sending of a window rather than when it has just become visible. */
  private static final int MOST_MILLIS = 1_000;

  private static final double SHARE_OF_ALL = .25;

  private final LocalCluster cluster;
  private final ConnectorRun run;
  private final RandomGenerator random;
  private final List<Moment> moments = new ArrayList<>();

  /** Between which workers have ended. */
  private record Moment(Instant from, Instant to) {}

  Crashes(LocalCluster cluster, ConnectorRun run, long seed) {
    this.cluster = cluster;
    this.run = run;
    this.random = new SplittableRandom(seed);
  }

  /** Kills one of the workers or all of them, so often, and launches them again each time. */
  void strike(int times) {
    for (int i = 0; i < times; i++) {
      awaitMoment();
      List<WorkerProcess> victims = victims();
      Instant begun = Instant.now();
      victims.forEach(WorkerProcess::kill);
      moments.add(new Moment(begun, Instant.now()));
      victims.forEach(WorkerProcess::launchAgain);
      LOG.info("Crash {} of {} at {} calls", i + 1, victims.size(), run.topic().count());
    }
    cluster.workers().forEach(WorkerProcess::awaitReady);
  }

  private void awaitMoment() {
    int enough = run.topic().count() + random.nextInt(1, MOST_CALLS);
    run.await(enough + " calls are there", () -> run.topic().count() >= enough);
    Instant moment = Instant.now().plusMillis(random.nextInt(MOST_MILLIS));
    run.await("the moment is there", () -> !Instant.now().isBefore(moment));
  }

  private List<WorkerProcess> victims() {
    List<WorkerProcess> workers = cluster.workers();
    return random.nextDouble() < SHARE_OF_ALL
        ? workers
        : List.of(workers.get(random.nextInt(workers.size())));
  }

  /** Whether a worker crashed at most so long after a moment. */
  boolean cameWithin(Duration length, Instant moment) {
    return moments.stream()
        .anyMatch(
            crash -> !moment.isAfter(crash.to()) && !moment.plus(length).isBefore(crash.from()));
  }

  /** The moment of the last one. */
  Instant last() {
    return moments.get(moments.size() - 1).to();
  }
}
