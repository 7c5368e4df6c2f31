package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks an account, has a connector of a real worker begin with what was found, and reconciles its
 * topic, with the packaged command line: all is well, and after the topic was tampered with, each
 * of it is found.
 */
class ReconcileIT {
  private static final String NAME = "reconciled";
  private static final int CALLS = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void findsWhatWasDoneToATopicAndNothingElse() throws Exception {
    Instant now = Instant.now();
    try (Simulator simulator =
            Simulator.builder()
                .seed(11)
                .calls(CALLS, now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(5)))
                .start();
        LocalCluster cluster = LocalCluster.start("reconcile");
        ConnectorRun run =
            ConnectorRun.start(cluster, NAME, simulator, settings(now, facts(simulator)))) {
      run.expectAllOnce();
      Path key = Files.writeString(folder.resolve("key"), "0123456789".repeat(4));
      Path summary = folder.resolve("summary.json");

      CommandRun healthy =
          reconcile(cluster, now, "--summary", summary.toString(), "--sign-key", key.toString());

      assertThat(healthy.code()).as("%s", healthy).isZero();
      assertThat(healthy.out()).contains("All is well");
      assertThat(
              CommandRun.of(List.of("reconcile", "verify", summary.toString(), "--key", "" + key)))
          .satisfies(verified -> assertThat(verified.code()).as("%s", verified).isZero());
      JsonNode signed = JSON.readTree(summary.toFile()).path("summary");
      assertThat(signed.path("counts").path("api").asInt()).isEqualTo(run.topic().count());
      assertThat(signed.path("topicDigest")).isEqualTo(signed.path("apiDigest"));

      Map<String, String> done = tamper(cluster, run, simulator);
      CommandRun tampered = reconcile(cluster, now, "--json");

      assertThat(tampered.code()).as("%s", tampered).isEqualTo(1);
      JsonNode document = JSON.readTree(tampered.out());
      Map<String, String> found = new TreeMap<>();
      for (JsonNode finding : document.path("findings")) {
        found.put(
            finding.path("id").asText(),
            finding.path("kind").asText() + " " + finding.path("cause").asText());
      }
      assertThat(found).isEqualTo(done);
      assertThat(tampered.out() + tampered.err() + healthy.out() + healthy.err())
          .doesNotContain(LocalCluster.KEY, LocalCluster.SECRET);
    }
  }

  private static CommandRun reconcile(LocalCluster cluster, Instant now, String... further) {
    Instant from = now.minus(Duration.ofDays(2)).minusSeconds(60);
    Instant to = now.minus(Duration.ofHours(1));
    return ReconcileOracle.reconcile(cluster, NAME, from, to, further);
  }

  /** What a check of the account writes for the connector to begin with. */
  private String facts(Simulator simulator) throws IOException {
    Map<String, String> settings =
        Map.of(
            "connector.class", "io.callrecords.connect.CallRecordSourceConnector",
            "topic", NAME,
            "api.url", simulator.url(),
            "api.key", "${env:CALL_RECORDS_API_KEY}",
            "api.secret", "${env:CALL_RECORDS_API_SECRET}",
            "requests.per.second", "100");
    Path config = folder.resolve("connector.json");
    JSON.writeValue(config.toFile(), settings);
    Path facts = folder.resolve("facts.json");
    CommandRun check =
        CommandRun.of(List.of("check", config.toString(), "--facts", facts.toString()));
    assertThat(check.code()).as("%s", check).isZero();
    return Files.readString(facts);
  }

  private static Map<String, String> settings(Instant now, String facts) {
    return Map.of(
        "api.facts",
        facts,
        "start.time",
        now.minus(Duration.ofDays(3)).toString(),
        "late.arrival.ms",
        "60000",
        "audit.topic",
        NAME + "-audit");
  }

  /** Writes a record again, another with another name of a country, and one of no call. */
  private static Map<String, String> tamper(
      LocalCluster cluster, ConnectorRun run, Simulator simulator) throws Exception {
    Map<String, String> done = new TreeMap<>();
    Map<String, Object> settings =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.broker().bootstrapServers());
    List<String> ids = run.topic().ids();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      String twice = run.topic().value(0).toString();
      send(producer, ids.get(0), twice);
      done.put(ids.get(0), "twice unknown");
      String foreign = "9" + ids.get(1);
      send(producer, foreign, run.topic().value(1).toString().replace(ids.get(1), foreign));
      done.put(foreign, "foreign gone");
    }
    Call late =
        simulator
            .generator()
            .starting(Instant.now().minus(Duration.ofHours(40)), Duration.ofSeconds(20))
            .with(call -> call.appearsAt(simulator.now()));
    simulator.store().add(late);
    done.put(late.callSessionId(), "missing late");
    return done;
  }

  private static void send(KafkaProducer<String, String> producer, String id, String value)
      throws Exception {
    producer.send(new ProducerRecord<>(NAME, id, value)).get(1, TimeUnit.MINUTES);
  }
}
