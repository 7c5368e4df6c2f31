package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Kafka is out of reach for longer than the worker's session. Without exactly-once, what was sent
 * since the last flush of offsets comes again with the same value, and nothing is lost; the
 * worker's REST interface says that all is well, but for {@code GET /health}.
 */
class KafkaOutageIT {
  private static final int CALLS = 3_000;
  private static final int SHOWN = 1_500;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @Test
  void whatWasNotFlushedComesAgainAndNothingIsLost() throws Exception {
    Map<String, String> worker =
        Map.of(
            // A worker that pauses for less stays in the group, and flushes nothing.
            "session.timeout.ms", "20000",
            "heartbeat.interval.ms", "1000",
            "rebalance.timeout.ms", "20000",
            // How long the last flush of offsets waits for Kafka, for each of them.
            "max.block.ms", "2000",
            // How long a task that stops has for that.
            "task.shutdown.graceful.timeout.ms", "5000",
            // So nothing is flushed before the outage.
            "offset.flush.interval.ms", "600000");
    try (ConnectCluster cluster = ConnectCluster.start("outage", worker);
        ClusterAccount account = ClusterAccount.open()) {
      account.addHistory(CALLS, Duration.ofDays(6));
      account.showHistory(SHOWN);
      Map<String, String> settings = account.settings();
      settings.put("requests.per.second", "100");
      settings.put("retry.backoff.max.ms", "500");
      try (Connector connector = cluster.connector("outage", settings)) {
        connector.awaitAtLeast(SHOWN * 9 / 10);
        await("the worker is healthy", () -> cluster.health() == 200);

        cluster.stopKafka();
        await("the worker is not healthy", () -> cluster.health() == 500);
        assertThat(connector.states()).containsExactly("RUNNING");
        await("its tasks are given up", () -> connector.threads().isEmpty());
        assertThat(connector.states()).containsExactly("RUNNING");

        cluster.startKafka();
        account.showAll();
        connector.awaitAll(account.ids());
        await("the worker is healthy", () -> cluster.health() == 200);
        connector.stop();
        connector.topic().readToEnd();
        expectRepetitions(connector.topic(), account.ids());
      }
    }
  }

  private static void expectRepetitions(Topic topic, Set<String> ids) {
    assertThat(topic.ids()).isEqualTo(ids);
    assertThat(topic.duplicates()).as("what came again").isNotEmpty();
    Map<String, String> first = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : topic.records()) {
      String value = new String(record.value(), StandardCharsets.UTF_8);
      String before = first.putIfAbsent(Topic.key(record), value);
      if (before != null) {
        assertThat(value).as("what came again").isEqualTo(before);
      }
    }
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).pollInSameThread().atMost(PATIENCE).until(condition);
  }
}
