package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How soon a call is in the topic after the API shows it. */
@ExtendWith(Clusters.class)
class LiveEdgeIT {
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);
  private static final int CALLS = 12_000;
  private static final int MOST_CALLS = 30;

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();

  LiveEdgeIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @Test
  void newCallDoesNotWaitForTheBacklog() throws Exception {
    account.addHistory(CALLS, Duration.ofDays(10));
    account.showHistory(CALLS / 2);
    try (Connector connector = cluster.connector("live", settings())) {
      connector.awaitAtLeast(1);
      expectSoon(connector, account::addCallNow, POLL_INTERVAL.plusSeconds(1));
      assertThat(connector.topic().read()).as("the backlog is still loading").isLessThan(CALLS);
    }
  }

  @Test
  void newCallDoesNotWaitForABacklogThatFails() throws Exception {
    account.addHistory(CALLS / 10, Duration.ofDays(10));
    Instant present = Instant.now().minus(Duration.ofHours(1));
    account
        .faults()
        .when(
            request -> request.from() != null && request.from().isBefore(present), Fault.http(500));
    Map<String, String> settings = settings();
    // What fails is asked for again soon after it no longer does.
    settings.put("retry.backoff.max.ms", "1000");
    try (Connector connector = cluster.connector("live-only", settings)) {
      account.awaitFurtherRequests(connector, 20);
      expectSoon(connector, account::addCallNow, POLL_INTERVAL.plusSeconds(1));
      account.faults().clear();
      connector.expectExactly(account.ids());
    }
  }

  /** A call is written when it ends: a long one appears long after its start, the filtered time. */
  @Test
  void callThatAppearsLate() throws Exception {
    account.addHistory(100, Duration.ofDays(2));
    try (Connector connector = cluster.connector("late", settings())) {
      connector.awaitAll(account.ids());
      account.awaitFurtherRequests(connector, 2);
      Duration lateness = Duration.ofSeconds(12);
      expectSoon(
          connector,
          () -> account.addCall(account.now().minus(lateness), account.now()),
          lateness.dividedBy(2).plusSeconds(1));
      connector.expectExactly(account.ids());
    }
  }

  @Test
  void callThatAppearsAnHourLate() throws Exception {
    account.addHistory(100, Duration.ofDays(2));
    try (Connector connector = cluster.connector("hour-late", settings())) {
      connector.awaitAll(account.ids());
      account.awaitFurtherRequests(connector, 2);
      Duration lateness = Duration.ofHours(1);
      expectSoon(
          connector,
          () -> {
            Call call = account.addCall(account.now().minus(lateness), account.now());
            account.putForward(lateness.dividedBy(2));
            return call;
          },
          POLL_INTERVAL.multipliedBy(3));
      connector.expectExactly(account.ids());
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = account.settings();
    settings.put("tasks.max", "1");
    settings.put("poll.interval.ms", Long.toString(POLL_INTERVAL.toMillis()));
    settings.put("requests.per.second", "8");
    return settings;
  }

  /** A busy machine delays some calls; a connector that lets calls wait delays each of them. */
  private static void expectSoon(Connector connector, Supplier<Call> call, Duration soon) {
    List<Duration> times = new ArrayList<>();
    do {
      assertThat(times).as("times that all were long").hasSizeLessThan(MOST_CALLS);
      times.add(untilItArrives(connector, call.get()));
    } while (times.get(times.size() - 1).compareTo(soon) >= 0);
  }

  private static Duration untilItArrives(Connector connector, Call call) {
    Instant begun = Instant.now();
    connector.await(
        "the call " + call.callSessionId(),
        () -> {
          connector.topic().read();
          return connector.topic().contains(call.callSessionId());
        });
    return Duration.between(begun, Instant.now());
  }
}
