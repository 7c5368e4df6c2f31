package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.simulator.Quirks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shipped files for converters and transforms make of records, in a worker. */
@ExtendWith(Clusters.class)
class ShippedConnectorsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CALLS = 90;
  private static final int OUTGOING = 3;
  private static final String TOKEN_KEY = "bDqJFiq9-bDqJFiq9-bDqJFiq9-bDqJFiq9";

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
    assertThat(values("transforms/pseudonymized.json", account.ids()))
        .isEqualTo(
            changed(
                plain,
                call -> {
                  for (String hidden :
                      Set.of("calledInfo", "remark", "labels", "voiceUrl", "extra")) {
                    call.putNull(hidden);
                  }
                  for (String text :
                      Set.of(
                          "callId",
                          "called",
                          "caller",
                          "agentName",
                          "agentAccount",
                          "agentGroupName")) {
                    if (!call.path(text).asText("").isEmpty() && !call.path(text).isNull()) {
                      call.put(text, token(call.path(text).asText()));
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

  /** With their predicate as without: malformed rows and audits have none of a call's fields. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leaveOtherRecordsAsTheyAre(boolean hasPredicates) throws Exception {
    account.addHistory(CALLS, Duration.ofHours(20));
    Set<String> odd = account.spoilDurations();
    Set<String> sound = new HashSet<>(account.ids());
    sound.removeAll(odd);
    for (String file : List.of("transforms/without-lists.json", "transforms/times-as-text.json")) {
      try (Topic malformed = cluster.topic("malformed");
          Topic audit = cluster.topic("audit");
          Connector connector = start(file, othersIn(malformed, audit), hasPredicates)) {
        connector.await("an audit record", () -> audit.read() > 0);
        connector.await("malformed records", () -> malformed.read() >= odd.size());
        connector.expectExactly(sound);
        malformed.readToEnd();
        assertThat(malformed.ids()).isEqualTo(odd);
        assertThat(malformed.records())
            .allSatisfy(
                record ->
                    assertThat(json(record).path("callSessionId").asText())
                        .isEqualTo(Topic.key(record)));
        assertThat(audit.records())
            .allSatisfy(record -> assertThat(json(record).path("from").isNumber()).isTrue());
      }
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

  private static Map<String, String> othersIn(Topic malformed, Topic audit) {
    return Map.of(
        "malformed.records",
        "topic",
        "malformed.topic",
        malformed.name(),
        "audit.topic",
        audit.name(),
        "late.arrival.ms",
        "60000");
  }

  private Connector start(String file) {
    return start(file, Map.of(), true);
  }

  private Connector start(String file, Map<String, String> others, boolean hasPredicates) {
    Map<String, String> settings = ConnectorFile.read(file).with(account.settings());
    settings.putAll(others);
    if (!hasPredicates) {
      settings.keySet().removeIf(key -> key.endsWith(".predicate") || key.startsWith("predicates"));
    }
    // The topic has a number behind its name.
    settings.computeIfPresent("predicates.calls.pattern", (name, topic) -> "shipped-\\d+");
    settings.put("requests.per.second", "500");
    settings.put("poll.interval.ms", "200");
    settings.computeIfPresent("fields.pseudonymize.key", (name, reference) -> TOKEN_KEY);
    return cluster.connector("shipped", settings);
  }

  /** As anyone with the key can compute it; the account's numbers are in international form. */
  private static String token(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(TOKEN_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No HMAC", e);
    }
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
