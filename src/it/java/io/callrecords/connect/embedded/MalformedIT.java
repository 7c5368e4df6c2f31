package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.split.TimeRange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records that cannot be converted go to a topic of their own, in their window's transaction. */
@Clusters.ExactlyOnce
@ExtendWith(Clusters.class)
class MalformedIT {
  private static final int CALLS = 3_000;
  private static final int STEP = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConnectCluster cluster;

  MalformedIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void eachGoesToItsTopicOnceAndWithItsWindow() throws Exception {
    try (ClusterAccount account = ClusterAccount.open();
        Topic malformed = cluster.topic("malformed");
        Topic audit = cluster.topic("audit")) {
      Instant end = account.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(4));
      TimeRange range = new TimeRange(end.minus(Duration.ofDays(3)), end);
      account.add(calls -> calls.realistic(CALLS, range.from(), range.to()));
      account.showHistory(STEP);
      Set<String> odd = account.spoilDurations();
      assertThat(odd).hasSizeBetween(20, CALLS / 4);
      Set<String> whole = new TreeSet<>(account.ids());
      whole.removeAll(odd);

      try (Connector connector =
          cluster.connector("malformed", settings(account, range, malformed, audit))) {
        connector.awaitAtLeast(STEP * 3 / 4);
        connector.stop();
        connector.topic().readToEnd();
        malformed.readToEnd();
        audit.readToEnd();
        assertThat(connector.topic().read())
            .as("calls of the windows that have ended")
            .isLessThan(CALLS * 4 / 5)
            .isEqualTo(Audit.sum(Audit.of(audit), "emitted"));
        assertThat(malformed.read())
            .as("malformed records of the windows that have ended")
            .isEqualTo(Audit.sum(Audit.of(audit), "malformed"));
        account.showAll();
        connector.resume(1);
        Audit.await(connector, audit, range);
        connector.expectExactly(whole);
        malformed.readToEnd();
      }
      assertThat(malformed.ids()).isEqualTo(odd);
      assertThat(malformed.duplicates()).isEmpty();
      for (ConsumerRecord<byte[], byte[]> record : malformed.records()) {
        expectToSayWhy(record);
      }
    }
  }

  private static Map<String, String> settings(
      ClusterAccount account, TimeRange range, Topic malformed, Topic audit) {
    Map<String, String> settings = account.settings();
    settings.put("malformed.records", "topic");
    settings.put("malformed.topic", malformed.name());
    settings.put("audit.topic", audit.name());
    settings.put("exactly.once.support", "required");
    settings.put("transaction.boundary", "connector");
    settings.put("start.time", range.from().toString());
    settings.put("end.time", range.to().toString());
    settings.put("late.arrival.ms", "60000");
    settings.put("poll.interval.ms", "1000");
    // What is kept back is asked for again soon after it is shown.
    settings.put("retry.backoff.max.ms", "500");
    settings.put("page.size", "10");
    settings.put("requests.per.second", "60");
    settings.putAll(Audit.SETTINGS);
    return settings;
  }

  private static void expectToSayWhy(ConsumerRecord<byte[], byte[]> record) throws Exception {
    JsonNode envelope = JSON.readTree(record.value());
    assertThat(envelope.at("/schema/name").asText()).isEqualTo("io.callrecords.MalformedRecord");
    JsonNode value = envelope.get("payload");
    assertThat(value.get("feed").asText()).isEqualTo("call-center");
    assertThat(value.get("callSessionId").asText()).isEqualTo(Topic.key(record));
    assertThat(value.get("queryTime").isIntegralNumber()).isTrue();
    assertThat(value.get("field").asText()).isEqualTo("callDuration");
    assertThat(value.get("problem").asText()).isEqualTo("is not a whole number of 32 bits");
    JsonNode row = JSON.readTree(value.get("json").asText());
    assertThat(row.get("callSessionId").asText()).isEqualTo(Topic.key(record));
    assertThat(row.get("callDuration").asText()).startsWith("about 7");
    assertThat(row.has("callStartTime")).isTrue();
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    }
    assertThat(headers)
        .containsOnlyKeys(
            "callrecords.malformed.feed",
            "callrecords.malformed.field",
            "callrecords.malformed.problem",
            "callrecords.malformed.position")
        .containsEntry("callrecords.malformed.feed", "call-center")
        .containsEntry("callrecords.malformed.field", "callDuration")
        .containsEntry("callrecords.malformed.problem", "is not a whole number of 32 bits");
    int position = Integer.parseInt(headers.get("callrecords.malformed.position"));
    assertThat(position).isBetween(1, 10).isEqualTo(value.get("position").asInt());
  }
}
