package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Sends a real worker what the documentation tells people to send, in the order of the pages. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DocumentedCommandsIT {
  private static final Path OFFSETS = Path.of("docs", "OFFSETS.md");
  private static final Path AUDIT = Path.of("docs", "AUDIT.md");
  private static final Path SCHEMA = Path.of("docs", "SCHEMA.md");
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
  void theReadmesCommandsCreateTheConnector() throws Exception {
    List<CurlCommand> commands = CurlCommand.of(Path.of("README.md"));
    assertThat(commands).extracting(CurlCommand::method).contains("PUT", "GET");

    commands.forEach(DocumentedCommandsIT::send);
    CurlCommand.of(Path.of("docs", "NETWORK.md")).forEach(DocumentedCommandsIT::send);

    expectRunning();
  }

  @Test
  @Order(2)
  void aDayIsLoadedAgain() throws Exception {
    List<CurlCommand> commands = CurlCommand.of(OFFSETS);
    assertThat(commands).extracting(CurlCommand::method).contains("PATCH");

    commands.subList(0, startOver(commands)).forEach(DocumentedCommandsIT::send);

    assertThat(topic.repeated()).isEmpty();
    expectRunning();
  }

  @Test
  @Order(3)
  void allIsLoadedAgain() throws Exception {
    List<CurlCommand> commands = CurlCommand.of(OFFSETS);

    commands.subList(startOver(commands), commands.size()).forEach(DocumentedCommandsIT::send);

    cluster.await(
        "all calls come again",
        PATIENCE,
        () -> {
          topic.read();
          return topic.repeated().size() >= CALLS;
        });
  }

  /** How the calls add up, and which rows were malformed. */
  @Test
  @Order(4)
  @Tag("slow")
  void theTopicsBesideTheCallsReadAsThePagesSay(@TempDir Path folder) throws Exception {
    Programs.findForCommands();
    Quirks quirks = Quirks.newBuilder().malformedEvery(10).build();
    Instant end = Instant.now().minus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
    Instant start = end.minus(Duration.ofDays(1));
    String bootstrap = cluster.broker().bootstrapServers();
    try (Simulator odd = Simulator.builder().quirks(quirks).calls(CALLS, start, end).start();
        ConnectorRun run = ConnectorRun.start(cluster, "beside", odd, beside(start, end));
        AuditTrail audits = new AuditTrail(bootstrap, NAME + "-audit", start, end)) {
      run.await("the range is settled", audits::coversAll);
      run.await("the topic is read to its end", run.topic()::readToEnd);
      // Each waits for more for a while.
      JavaProcess sum = shell(folder, "sum", onThisCluster(AUDIT, "sum"));
      JavaProcess rows = shell(folder, "rows", onThisCluster(SCHEMA, "malformed"));

      int calls = run.topic().distinct().size();
      JsonNode sums = printed(sum).get(0);
      expectToAddUp(sums, calls);
      assertThat(sums.path("until").asLong()).isEqualTo(end.toEpochMilli());
      JavaProcess count = shell(folder, "count", counting("beside", end));
      assertThat(printed(count).get(0).asInt()).isEqualTo(calls);
      expectMalformed(printed(rows), CALLS - calls);
    }
  }

  private static String counting(String topic, Instant until) {
    return PageBlock.of(AUDIT, "count")
        .with(
            Map.of(
                "localhost:9092",
                cluster.broker().bootstrapServers(),
                "--topic call-records ",
                "--topic " + topic + " ",
                "1796083200000",
                Long.toString(until.toEpochMilli())))
        .text();
  }

  private static Map<String, String> beside(Instant start, Instant end) {
    return Map.of(
        "audit.topic",
        NAME + "-audit",
        "malformed.records",
        "topic",
        "malformed.topic",
        NAME + "-malformed",
        "start.time",
        start.toString(),
        "end.time",
        end.toString(),
        "late.arrival.ms",
        "60000");
  }

  private static void expectToAddUp(JsonNode sum, int calls) {
    assertThat(sum.path("windows").asInt()).isPositive();
    assertThat(sum.path("emitted").asInt()).isEqualTo(calls);
    assertThat(sum.path("distinct").asInt()).isEqualTo(CALLS);
    assertThat(sum.path("malformed").asInt()).isEqualTo(CALLS - calls).isPositive();
    assertThat(sum.path("updated").asInt(-1)).isZero();
    assertThat(sum.path("unfinished").asInt(-1)).isZero();
    assertThat(sum.path("unstable").asInt(-1)).isZero();
  }

  private static void expectMalformed(List<JsonNode> rows, int count) {
    assertThat(rows).hasSize(count);
    for (JsonNode row : rows) {
      assertThat(row.path("field").asText()).isEqualTo("callDuration");
      assertThat(row.path("problem").asText()).isEqualTo("is not a whole number of 32 bits");
      assertThat(row.path("row").path("callSessionId")).isEqualTo(row.path("callSessionId"));
      assertThat(row.path("row").path("callDuration").asText()).isEqualTo("unknown");
    }
  }

  @Test
  @Order(5)
  @Tag("slow")
  void theSinkGetsItsSchema(@TempDir Path folder) throws Exception {
    Programs.findForCommands();
    ObjectMapper json = new ObjectMapper();

    JsonNode settings =
        printed(shell(folder, "sink", PageBlock.of(SCHEMA, "sink").text())).get(0).path("config");

    assertThat(json.readTree(settings.path("value.converter.schema.content").asText()))
        .isEqualTo(json.readTree(Path.of("config/schema/call-record.connect.json").toFile()));
    assertThat(settings.path("connector.class").asText()).contains("JdbcSinkConnector");
  }

  /** As numbers, as texts, and under the names that 0.2.0 gave them. */
  @Test
  @Order(6)
  @Tag("slow")
  void auditsAddUpInWhateverFormTheyWereWritten(@TempDir Path folder) throws Exception {
    Programs.findForCommands();
    String counts =
        "\"emitted\":2,\"malformed\":1,\"late\":0,\"updated\":0,\"unstable\":false,"
            + "\"outcome\":\"settled\"}";
    Path audits =
        lines(
            folder.resolve("audits"),
            "{\"to\":1796083200000,\"distinct\":3," + counts,
            "{\"windowEnd\":1796083200000,\"distinctRows\":3," + counts,
            "{\"windowEnd\":\"2026-12-01T00:00:00.000Z\",\"distinctRows\":3," + counts);
    Path calls =
        lines(
            folder.resolve("calls"),
            "{\"callSessionId\":\"1\",\"callStartTime\":1796083199000}",
            "{\"callSessionId\":\"2\",\"callStartTime\":\"2026-11-30T23:59:59.000Z\"}",
            "{\"callSessionId\":\"3\",\"callStartTime\":1796083200000}",
            "{\"callSessionId\":\"4\",\"callStartTime\":\"2026-12-01T00:00:00.000Z\"}");

    JsonNode sum = printed(shell(folder, "sum", reading(audits, "sum"))).get(0);
    JsonNode count = printed(shell(folder, "count", reading(calls, "count"))).get(0);

    assertThat(sum.path("distinct").asInt()).isEqualTo(9);
    assertThat(sum.path("emitted").asInt()).isEqualTo(6);
    assertThat(sum.path("until").asLong()).isEqualTo(1_796_083_200_000L);
    assertThat(count.asInt()).isEqualTo(2);
  }

  private static Path lines(Path file, String... lines) throws IOException {
    return Files.write(file, List.of(lines));
  }

  /** The command of a block that adds up what the consumer before it prints. */
  private static String reading(Path records, String block) {
    String command = PageBlock.of(AUDIT, block).text();
    return "cat '" + records + "' " + command.substring(command.indexOf("|\n"));
  }

  private static String onThisCluster(Path page, String block) {
    return PageBlock.of(page, block)
        .with(Map.of("localhost:9092", cluster.broker().bootstrapServers()))
        .text();
  }

  /** Gives a shell a command, with the tools of a Kafka distribution on its path. */
  private static JavaProcess shell(Path folder, String name, String command) throws IOException {
    Platform platform = Platform.ofTests();
    Path tools = Files.createDirectories(folder.resolve(name));
    Path consumer = tools.resolve("kafka-console-consumer.sh");
    // As Kafka's own configuration for its tools, which keeps the log apart from the records.
    Path logging = tools.resolve("log4j2.properties");
    Files.writeString(
        logging,
        """
        appender.err.type = Console
        appender.err.name = err
        appender.err.target = SYSTEM_ERR
        rootLogger.level = warn
        rootLogger.appenderRef.err.ref = err
        """);
    Files.writeString(
        consumer,
        """
        #!/bin/sh
        exec '%s' -Dlog4j2.configurationFile='%s' -cp '%s' \\
          org.apache.kafka.tools.consumer.ConsoleConsumer "$@"
        """
            .formatted(platform.jdk().launcher(), logging, platform.kafka().classPath()));
    assertThat(consumer.toFile().setExecutable(true)).isTrue();
    return JavaProcess.start(
        name,
        Files.createFile(folder.resolve(name + ".log")),
        Map.of("PATH", tools + ":" + System.getenv("PATH")),
        List.of("bash", "-eu", "-c", "exec 2> /dev/null\n" + command));
  }

  private static List<JsonNode> printed(JavaProcess shell) throws IOException {
    shell.awaitSuccess(PATIENCE);
    try (MappingIterator<JsonNode> values =
        new ObjectMapper().readerFor(JsonNode.class).readValues(shell.printed())) {
      return values.readAll();
    }
  }

  /** Where the commands begin that forget all offsets: with the stop before that. */
  private static int startOver(List<CurlCommand> commands) {
    List<String> methods = commands.stream().map(CurlCommand::method).toList();
    assertThat(methods).contains("DELETE");
    return methods.indexOf("DELETE") - 1;
  }

  private static void expectRunning() {
    cluster.worker().rest().awaitRunning(NAME);
    awaitCalls();
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
