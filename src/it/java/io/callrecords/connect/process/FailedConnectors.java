package io.callrecords.connect.process;

import java.time.Duration;
import java.util.Collection;

/** Starts what a crash has left behind again, as its operator would, but not at every look. */
final class FailedConnectors {
  private static final Duration EVERY = Duration.ofSeconds(3);

  private final LocalCluster cluster;
  private long lastLook = System.nanoTime();

  FailedConnectors(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** Restarts those that have failed; what is not there is not restarted. */
  void restart(Collection<String> names) {
    long now = System.nanoTime();
    if (now - lastLook >= EVERY.toNanos()) {
      lastLook = now;
      names.forEach(cluster.worker().rest()::restartFailed);
    }
  }
}
