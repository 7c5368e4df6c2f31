package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.simulator.Quirks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the shipped files for converters and transforms make of records, in a worker. */
@ExtendWith(Clusters.class)
class ShippedConnectorsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CALLS = 90;
  private static final int OUTGOING = 3;

  private final ConnectCluster cluster;
  private final ClusterAccount account =
      ClusterAccount.open(Quirks.newBuilder().unknownFields(true).build());

  ShippedConnectorsIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @Test
  void makeOfEachCallWhatTheySay() throws Exception {
    account.addHistory(CALLS, Duration.ofHours(20));
    Map<String, JsonNode> plain = values("converters/json.json", account.ids());
    assertThat(plain.values())
        .allSatisfy(call -> assertThat(call.path("labels").isArray()).isTrue())
        .allSatisfy(call -> assertThat(call.path("extra").path("score").asText()).isEqualTo("4.50"))
        .allSatisfy(call -> assertThat(call.path("callStartTime").isIntegralNumber()).isTrue());

    Map<String, JsonNode> withSchema = values("converters/json-with-schema.json", account.ids());
    withSchema.forEach(
        (id, value) -> {
          assertThat(value.path("payload")).isEqualTo(plain.get(id));
          assertThat(value.path("schema").path("name").asText())
              .isEqualTo("io.callrecords.CallRecord");
        });
    assertThat(values("transforms/masked-numbers.json", account.ids()))
        .isEqualTo(
            changed(
                plain,
                call -> {
                  call.put("called", "***").put("caller", "***");
                  for (String text : Set.of("calledInfo", "remark", "voiceUrl")) {
                    if (!call.path(text).isNull()) {
                      call.put(text, "");
                    }
                  }
                  return call;
                }));
    assertThat(values("transforms/without-lists.json", account.ids()))
        .isEqualTo(changed(plain, call -> call.without(Set.of("labels", "extra"))));
    assertThat(values("transforms/times-as-text.json", account.ids()))
        .isEqualTo(
            changed(
                plain,
                call -> {
                  for (String time : Set.of("callStartTime", "answerTime", "callEndTime")) {
                    if (!call.path(time).isNull()) {
                      call.put(time, Instant.ofEpochMilli(call.path(time).asLong()).toString());
                    }
                  }
                  return call;
                }));
    Map<String, JsonNode> outgoing = new LinkedHashMap<>(plain);
    outgoing.values().removeIf(call -> call.path("callType").asInt() != OUTGOING);
    assertThat(outgoing).isNotEmpty().hasSizeLessThan(CALLS);
    assertThat(values("transforms/outgoing-calls.json", outgoing.keySet())).isEqualTo(outgoing);
  }

  @Test
  void giveARecordTheTimeOfItsCall() throws Exception {
    account.addHistory(CALLS, Duration.ofHours(20));
    try (Connector connector = start("transforms/call-time.json")) {
      connector.expectExactly(account.ids());
      assertThat(connector.topic().records())
          .allSatisfy(
              record ->
                  assertThat(record.timestamp())
                      .isEqualTo(json(record).path("callStartTime").asLong()));
    }
  }

  /** Starts the connector of a file, and waits for all calls that it has to bring. */
  private Map<String, JsonNode> values(String file, Set<String> ids) throws Exception {
    try (Connector connector = start(file)) {
      connector.expectExactly(ids);
      return connector.topic().records().stream()
          .collect(Collectors.toMap(Topic::key, ShippedConnectorsIT::json));
    }
  }

  private Connector start(String file) {
    Map<String, String> settings = ConnectorFile.read(file).with(account.settings());
    settings.put("requests.per.second", "500");
    settings.put("poll.interval.ms", "200");
    return cluster.connector("shipped", settings);
  }

  private static Map<String, JsonNode> changed(
      Map<String, JsonNode> calls, UnaryOperator<ObjectNode> change) {
    return calls.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, call -> change.apply(call.getValue().<ObjectNode>deepCopy())));
  }

  private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
    try {
      return JSON.readTree(record.value());
    } catch (IOException e) {
      throw new UncheckedIOException("Not JSON", e);
    }
  }
}
