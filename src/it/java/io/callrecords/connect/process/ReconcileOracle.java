package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the packaged command line says of a topic: a second opinion for tests that know by other
 * means what it has to hold.
 */
final class ReconcileOracle {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** So many calls come in a second at least, where many of the answers go wrong. */
  private static final int CALLS_PER_SECOND = 300;

  private ReconcileOracle() {}

  /** Compares the topic of a connector with its API, as fast as the connector itself may ask. */
  static CommandRun reconcile(
      LocalCluster cluster, String connector, Instant from, Instant to, String... further) {
    return reconcile(cluster, connector, from, to, PATIENCE, further);
  }

  private static CommandRun reconcile(
      LocalCluster cluster,
      String connector,
      Instant from,
      Instant to,
      Duration patience,
      String... further) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("reconcile", connector));
    arguments.addAll(List.of("--connect", cluster.worker().rest().url()));
    arguments.addAll(List.of("--bootstrap-server", cluster.broker().bootstrapServers()));
    arguments.addAll(List.of("--from", from.toString(), "--to", to.toString()));
    arguments.addAll(List.of("--rate-share", "1"));
    arguments.addAll(List.of(further));
    return CommandRun.of(arguments, patience);
  }

  /**
   * Expects that a connector's topic holds what the API returns of a range: that many calls, each
   * once and as it is.
   */
  static void expectAllWell(
      LocalCluster cluster, String connector, Instant from, Instant to, int calls) {
    Duration patience = PATIENCE.plusSeconds(calls / CALLS_PER_SECOND);
    CommandRun run = reconcile(cluster, connector, from, to, patience, "--json");
    assertThat(run.code()).as("reconciliation of %s: %s", connector, run).isZero();
    JsonNode counts;
    try {
      counts = JSON.readTree(run.out()).path("summary").path("counts");
    } catch (JsonProcessingException e) {
      throw new AssertionError("No JSON: " + run, e);
    }
    assertThat(counts.path("api").asInt()).as("calls of %s: %s", connector, run).isEqualTo(calls);
    // Calls of the last minutes would be told apart, but none of them is missing here.
    assertThat(counts.path("pending").asInt()).as("pending of %s: %s", connector, run).isZero();
  }
}
