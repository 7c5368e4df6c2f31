package io.callrecords.connect.embedded;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever a transaction may end, each call is in the topic once. */
@Clusters.ExactlyOnce
@ExtendWith(Clusters.class)
class TransactionsIT {
  private static final int CALLS = 3_000;
  private static final int STEP = 500;

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();
  private TimeRange range;
  private int shown;

  TransactionsIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void addBacklog() {
    Instant end = account.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(4));
    range = new TimeRange(end.minus(Duration.ofDays(3)), end);
    account.add(calls -> calls.realistic(CALLS, range.from(), range.to()));
    showMore();
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"poll", "interval", "connector"})
  void eachCallOnceThroughRestartAndPause(String boundary) throws Exception {
    Map<String, String> settings = settings(boundary);
    settings.put("tasks.max", "2");
    try (Connector connector = cluster.connector("transactions", settings)) {
      awaitMidBacklog(connector);
      connector.restart(2);
      awaitMidBacklog(connector);
      connector.pause(2);
      connector.topic().readToEnd();
      assertThat(connector.topic().ids()).hasSizeLessThan(CALLS);
      connector.resume(2);
      account.showAll();
      connector.expectExactly(account.ids());
    }
  }

  @Test
  void transactionOfTheConnectorEndsWithAWindow() throws Exception {
    Map<String, String> settings = settings("connector");
    settings.putAll(Audit.SETTINGS);
    settings.put("record.timestamp", "call.start");
    try (Topic audit = cluster.topic("audit")) {
      settings.put("audit.topic", audit.name());
      try (Connector connector = cluster.connector("transactions", settings)) {
        awaitMidBacklog(connector);
        connector.stop();
        connector.topic().readToEnd();
        audit.readToEnd();
        assertThat(connector.topic().read())
            .as("records of the windows whose ends are told of")
            .isLessThan(CALLS)
            .isEqualTo(Audit.sum(Audit.of(audit), "emitted"));
        connector.resume(1);
        account.showAll();
        List<TimeRange> windows =
            Audit.await(connector, audit, range).stream().map(Audit::window).toList();
        connector.expectExactly(account.ids());
        expectWindowsWhole(connector.topic(), windows);
      }
    }
  }

  private Map<String, String> settings(String boundary) {
    Map<String, String> settings = account.settings();
    settings.put("exactly.once.support", "required");
    settings.put("transaction.boundary", boundary);
    if (boundary.equals("interval")) {
      settings.put("transaction.boundary.interval.ms", "1000");
    }
    settings.put("start.time", range.from().toString());
    settings.put("end.time", range.to().toString());
    settings.put("late.arrival.ms", "60000");
    settings.put("poll.interval.ms", "1000");
    // What is kept back is asked for again soon after it is shown.
    settings.put("retry.backoff.max.ms", "500");
    // Windows are of 200 calls at most.
    settings.put("page.size", "10");
    settings.put("requests.per.second", "50");
    return settings;
  }

  private void showMore() {
    shown += STEP;
    account.showHistory(shown);
  }

  private void awaitMidBacklog(Connector connector) {
    connector.awaitAtLeast(shown * 9 / 10);
    assertThat(connector.topic().read()).as("records before the action").isLessThan(CALLS);
    showMore();
  }

  /** Each transaction holds, of each partition, what one window has there: all of it. */
  private static void expectWindowsWhole(Topic topic, List<TimeRange> windows) {
    Map<LogPosition, Integer> transactions = new HashMap<>();
    for (List<ConsumerRecord<byte[], byte[]>> transaction : topic.transactions()) {
      Set<LogPosition> places =
          transaction.stream().map(call -> place(call, windows)).collect(toSet());
      assertThat(places).as("places of a transaction").hasSize(1);
      places.forEach(place -> transactions.merge(place, 1, Integer::sum));
    }
    assertThat(transactions).hasSizeGreaterThan(CALLS / 200);
    assertThat(transactions.values()).as("transactions of a window").containsOnly(1);
  }

  /** What one window has in one partition. */
  private record LogPosition(int partition, TimeRange window) {}

  private static LogPosition place(ConsumerRecord<byte[], byte[]> call, List<TimeRange> windows) {
    List<TimeRange> own = new ArrayList<>(windows);
    own.removeIf(window -> !window.contains(call.timestamp() / 1_000));
    assertThat(own).as("windows that hold a call").hasSize(1);
    return new LogPosition(call.partition(), own.get(0));
  }
}
