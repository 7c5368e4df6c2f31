package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Sends a real worker what the documentation tells people to send, in the order of the pages. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DocumentedCommandsIT {
  private static final String NAME = "call-records";
  private static final int CALLS = 300;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static LocalCluster cluster;
  private static Simulator account;
  private static TopicReader topic;

  @BeforeAll
  static void startCluster() {
    account = Simulator.builder().calls(CALLS, Duration.ofDays(5)).start();
    cluster = LocalCluster.start("documented");
    topic = new TopicReader(cluster.broker().bootstrapServers(), NAME);
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
    if (topic != null) {
      topic.close();
    }
    account.close();
  }

  @Test
  @Order(1)
  void theReadmesCommandsDoWhatItSays() throws Exception {
    List<CurlCommand> commands = CurlCommand.of(Path.of("README.md"));
    assertThat(commands).extracting(CurlCommand::method).contains("PUT", "PATCH");

    commands.forEach(DocumentedCommandsIT::send);

    assertThat(topic.repeated()).isEmpty();
    assertThat(cluster.worker().rest().status(NAME).path("connector").path("state").asText())
        .isEqualTo("RUNNING");
    awaitCalls();
  }

  @Test
  @Order(2)
  void theOperatorsCommandsStartOver() throws Exception {
    List<CurlCommand> commands = CurlCommand.of(Path.of("docs", "OPERATIONS.md"));
    assertThat(commands).extracting(CurlCommand::method).contains("DELETE");

    commands.forEach(DocumentedCommandsIT::send);

    cluster.await(
        "all calls come again",
        PATIENCE,
        () -> {
          topic.read();
          return topic.repeated().size() >= CALLS;
        });
  }

  private static void awaitCalls() {
    cluster.await(
        "the calls arrive",
        PATIENCE,
        () -> {
          topic.read();
          return topic.count() >= CALLS;
        });
  }

  /** Sends a request; one that stops a connector is waited for, as people do. */
  private static void send(CurlCommand command) {
    ConnectRest rest = cluster.worker().rest();
    if (command.path().endsWith("/stop")) {
      rest.stop(NAME);
    } else if (command.path().endsWith("/resume")) {
      rest.resume(NAME);
      rest.awaitRunning(NAME);
    } else {
      rest.request(command.method(), command.path(), body(command));
      if (command.path().endsWith("/config")) {
        rest.awaitRunning(NAME);
        awaitCalls();
      }
    }
  }

  /** The body, with the address of the simulated account for the platform's. */
  private static JsonNode body(CurlCommand command) {
    if (command.body() == null) {
      return null;
    }
    try {
      JsonNode body = new ObjectMapper().readTree(command.body());
      if (body instanceof ObjectNode settings && settings.has("api.url")) {
        settings.put("api.url", account.url());
        settings.put("requests.per.second", "200");
      }
      return body;
    } catch (IOException e) {
      throw new AssertionError("Not JSON: " + command, e);
    }
  }
}
