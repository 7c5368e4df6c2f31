package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No topic that a worker writes for a connector holds what its privacy settings hide. */
@ExtendWith(Clusters.class)
class PrivacyIT {
  private static final int CALLS = 300;
  private static final Set<String> INTERNAL =
      Set.of("connect-config-topic-", "connect-offset-topic-", "connect-status-topic-");

  private final ConnectCluster cluster;

  PrivacyIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void nothingThatIsHiddenIsInATopic() throws Exception {
    try (ClusterAccount account =
            ClusterAccount.open(Quirks.newBuilder().unknownFields(true).build());
        Topic malformed = cluster.topic("private-malformed");
        Topic audit = cluster.topic("private-audit")) {
      account.addHistory(CALLS, Duration.ofHours(20));
      Set<String> whole = new TreeSet<>(account.ids());
      whole.removeAll(account.spoilDurations());
      assertThat(whole).hasSizeLessThan(CALLS);

      try (Connector connector =
          cluster.connector("private", settings(account, malformed, audit))) {
        connector.await("malformed records", () -> malformed.read() >= CALLS - whole.size());
        connector.expectExactly(whole);
        malformed.readToEnd();
        audit.readToEnd();
        assertThat(malformed.records()).hasSize(CALLS - whole.size());

        List<String> found = new ArrayList<>();
        Stream.of(connector.topic(), malformed, audit)
            .flatMap(topic -> topic.records().stream())
            .forEach(record -> found.add(text(record)));
        for (String prefix : INTERNAL) {
          try (Topic topic = cluster.internalTopic(prefix)) {
            topic.readToEnd();
            topic.records().stream()
                .map(PrivacyIT::text)
                .filter(text -> text.contains(connector.name()))
                .forEach(found::add);
          }
        }
        assertThat(found).hasSizeGreaterThan(CALLS);
        assertThat(hidden(account))
            .hasSizeGreaterThan(CALLS)
            .allSatisfy(text -> assertThat(found).noneMatch(record -> record.contains(text)));
      }
    }
  }

  private static Map<String, String> settings(
      ClusterAccount account, Topic malformed, Topic audit) {
    Map<String, String> settings = account.settings();
    settings.put("malformed.records", "topic");
    settings.put("malformed.topic", malformed.name());
    settings.put("audit.topic", audit.name());
    settings.put("emit.updates", "true");
    settings.put("requests.per.second", "500");
    settings.put("poll.interval.ms", "200");
    settings.put("fields.exclude", "calledInfo,remark,labels,agentGroupName");
    settings.put(
        "fields.pseudonymize", "callId,called,caller,agentName,agentAccount,voiceUrl,ccodeName");
    settings.put("fields.pseudonymize.key", "bDqJFiq9-bDqJFiq9-bDqJFiq9-bDqJFiq9");
    return settings;
  }

  /** The numbers and names of the account, and what the API has added to its records. */
  private static Set<String> hidden(ClusterAccount account) {
    Set<String> hidden = new TreeSet<>(Set.of("trunk-7", "sipTrunk", "4.50"));
    for (Call call : account.calls()) {
      Stream.of(
              call.callId(),
              call.called(),
              call.caller(),
              call.calledInfo(),
              call.agentName(),
              call.agentAccount(),
              call.agentGroupName(),
              call.voiceUrl())
          .filter(text -> text != null && text.length() > 4)
          .forEach(hidden::add);
    }
    return hidden;
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    append(text, record.key());
    append(text, record.value());
    record.headers().forEach(header -> append(text.append(header.key()), header.value()));
    return text.toString();
  }

  private static void append(StringBuilder text, byte[] bytes) {
    text.append(' ').append(bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8));
  }
}
