package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.util.clusters.WorkerHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever people do to a connector in mid-backlog, the topic holds each call exactly once. */
@ExtendWith(Clusters.class)
abstract class LifecycleScenarios {
  private static final int DAYS = 10;
  private static final int CALLS = 6_000;
  private static final int STEP = 1_000;

  private final ConnectCluster cluster;
  private ClusterAccount account;
  private int shown;

  LifecycleScenarios(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void openAccount() {
    account = ClusterAccount.open();
    account.addHistory(CALLS, Duration.ofDays(DAYS));
    showMore();
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @Test
  void stopAndResume() throws Exception {
    try (Connector connector = start(1)) {
      awaitMidBacklog(connector);
      connector.stop();
      connector.topic().readToEnd();
      assertThat(connector.topic().ids()).hasSizeLessThan(CALLS);
      connector.resume(1);
      awaitMidBacklog(connector);
      connector.stop();
      connector.resume(1);
      expectEachCallOnce(connector);
    }
  }

  @Test
  void restartOfATask() throws Exception {
    try (Connector connector = start(2)) {
      awaitMidBacklog(connector);
      connector.restartTask(0);
      awaitMidBacklog(connector);
      connector.restartTask(1);
      expectEachCallOnce(connector);
    }
  }

  @Test
  void restartOfTheConnectorWithItsTasks() throws Exception {
    try (Connector connector = start(2)) {
      awaitMidBacklog(connector);
      connector.restart(2);
      awaitMidBacklog(connector);
      connector.restart(2);
      expectEachCallOnce(connector);
    }
  }

  @Test
  void fromOneTaskToFourAndBack() throws Exception {
    try (Connector connector = start(1)) {
      awaitMidBacklog(connector);
      connector.tasksMax(4);
      awaitMidBacklog(connector);
      connector.tasksMax(1);
      expectEachCallOnce(connector);
    }
  }

  @Test
  void pauseAndResume() throws Exception {
    try (Connector connector = start(2)) {
      awaitMidBacklog(connector);
      connector.pause(2);
      connector.topic().readToEnd();
      assertThat(connector.topic().ids()).hasSizeLessThan(CALLS);
      connector.resume(2);
      expectEachCallOnce(connector);
    }
  }

  @Test
  void workerThatJoinsAndLeaves() throws Exception {
    try (Connector connector = start(4)) {
      awaitMidBacklog(connector);
      WorkerHandle worker = cluster.addWorker();
      try {
        connector.await("tasks on two workers", () -> connector.taskWorkers().size() == 2);
        awaitMidBacklog(connector);
      } finally {
        cluster.removeWorker(worker);
      }
      connector.await("tasks on one worker", () -> connector.taskWorkers().size() == 1);
      connector.awaitRunning(4);
      expectEachCallOnce(connector);
    }
  }

  private Connector start(int tasks) {
    Map<String, String> settings = account.settings();
    settings.put("tasks.max", Integer.toString(tasks));
    settings.put("poll.interval.ms", "1000");
    // What is kept back is asked for again soon after it is shown.
    settings.put("retry.backoff.max.ms", "500");
    settings.put("requests.per.second", "32");
    return cluster.connector("lifecycle", settings);
  }

  private void showMore() {
    shown += STEP;
    account.showHistory(shown);
  }

  /** Waits until records flow, while many are to come, and adds a call at the live edge. */
  private void awaitMidBacklog(Connector connector) {
    connector.awaitAtLeast(shown * 9 / 10);
    assertThat(connector.topic().read()).as("records before the action").isLessThan(CALLS * 4 / 5);
    showMore();
    account.addCallNow();
  }

  private void expectEachCallOnce(Connector connector) throws InterruptedException {
    account.showAll();
    connector.awaitAll(account.ids());
    account.awaitFurtherRequests(connector, 3);
    Set<String> ids = account.ids();
    connector.expectExactly(ids);
  }
}
