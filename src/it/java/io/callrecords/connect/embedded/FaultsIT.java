package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An API that answers badly, or not at all. */
@ExtendWith(Clusters.class)
class FaultsIT {
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(2);

  /** A busy machine delays some; a task that waits for something delays each of them. */
  private static final int MOST_RESTARTS = 20;

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();

  FaultsIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @Test
  void thirtyPercentOfAnswersFail() throws Exception {
    account.addHistory(6_000, Duration.ofDays(10));
    account
        .faults()
        .share(0.3, List.of(Fault.http(500), Fault.status(-18), Fault.reset(), Fault.truncated()));
    Map<String, String> settings = settings();
    try (Connector connector = cluster.connector("faults", settings)) {
      connector.awaitAll(account.ids());
      // The last of them are those of the live edge, however few requests the backlog has cost.
      connector.await("many wrong answers", () -> account.journal().faults() > 20);
      connector.expectExactly(account.ids());
    }
  }

  @Test
  void stopsWhileRequestsHang() throws Exception {
    // So many that it is busy with them until all requests hang, and after each restart.
    account.addHistory(20_000, Duration.ofDays(10));
    Map<String, String> settings = settings();
    settings.put("requests.per.second", "5");
    settings.put("request.timeout.ms", "600000");
    try (Connector connector = cluster.connector("hanging", settings)) {
      connector.awaitAtLeast(1);
      account.faults().when(request -> true, Fault.hang());
      List<Duration> restarts = new ArrayList<>();
      do {
        assertThat(restarts).as("restarts that all took long").hasSizeLessThan(MOST_RESTARTS);
        restarts.add(restartWhileRequestsHang(connector));
      } while (restarts.get(restarts.size() - 1).compareTo(STOPS_WITHIN) >= 0);
      connector.stop();
      connector.await("no thread is left", () -> connector.threads().isEmpty());
    } finally {
      account.faults().clear();
    }
  }

  private Duration restartWhileRequestsHang(Connector connector) {
    // Those of the task before may have been noticed to have ended, or not.
    connector.await(
        "a task whose requests hang",
        () -> account.requestsInFlight() > 1 && !connector.threads().isEmpty());
    List<Thread> threads = connector.threads();
    long begun = System.nanoTime();
    connector.restartTask(0);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    connector.await("threads end", () -> threads.stream().noneMatch(Thread::isAlive));
    return took;
  }

  private Map<String, String> settings() {
    Map<String, String> settings = account.settings();
    settings.put("poll.interval.ms", "500");
    settings.put("requests.per.second", "200");
    settings.put("retry.backoff.ms", "20");
    settings.put("retry.backoff.max.ms", "200");
    return settings;
  }
}
