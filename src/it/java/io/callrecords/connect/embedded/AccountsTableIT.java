package io.callrecords.connect.embedded;

import static java.net.InetAddress.getLoopbackAddress;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.callrecords.connect.CallRecordSourceConnector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The shipped command that creates a connector for each line of a table of accounts. */
@ExtendWith(Clusters.class)
class AccountsTableIT {
  private static final Path COMMAND = Path.of("config", "accounts", "create.sh");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RATE = "requests.per.second";

  private final ConnectCluster cluster;
  private final ClusterAccount north = ClusterAccount.open();
  private final ClusterAccount south = ClusterAccount.open();

  @TempDir private Path folder;

  AccountsTableIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void deleteAll() {
    cluster.connectors().stream()
        .filter(name -> name.startsWith("table-"))
        .forEach(cluster::delete);
    north.close();
    south.close();
  }

  private record ScriptResult(int code, List<String> lines) {}

  /** Runs the command with a table of these lines. */
  private ScriptResult run(String rate, String... lines) throws IOException, InterruptedException {
    return run(cluster.restApi(), rate, lines);
  }

  private ScriptResult run(URI worker, String rate, String... lines)
      throws IOException, InterruptedException {
    Map<String, String> settings = new HashMap<>(north.settings());
    settings.remove("api.url");
    settings.put("connector.class", CallRecordSourceConnector.class.getName());
    settings.put("tasks.max", "1");
    settings.put(RATE, "7");
    Path base = folder.resolve("base.json");
    Files.writeString(base, new ObjectMapper().writeValueAsString(Map.of("config", settings)));
    Path table = Files.write(folder.resolve("accounts.csv"), List.of(lines));
    List<String> command = new ArrayList<>(List.of("bash", COMMAND.toString()));
    Stream.of(worker, base, table).map(Object::toString).forEach(command::add);
    if (!rate.isEmpty()) {
      command.add(rate);
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> printed;
    try (Stream<String> output = process.inputReader(UTF_8).lines()) {
      printed = output.toList();
    }
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new ScriptResult(process.exitValue(), printed);
  }

  @Test
  void createsThemGivesEachItsShareOfARateAndLeavesAloneWhatHasNotChanged() throws Exception {
    north.addHistory(20, Duration.ofHours(20));
    south.addHistory(30, Duration.ofHours(20));
    cluster.createTopic("table-calls-north");
    cluster.createTopic("table-calls-south");
    String[] table = {
      "name, topic, api.url, filter.call.types, rate.group",
      "# the old house",
      "table-north, table-calls-north, " + north.settings().get("api.url") + ", ,",
      "table-south, table-calls-south, " + south.settings().get("api.url") + ", , south",
      "table-south-in, table-calls-south, " + south.settings().get("api.url") + ", incoming, south"
    };

    assertThat(run("south=25", table))
        .isEqualTo(
            new ScriptResult(
                0,
                List.of(
                    "table-north: created", "table-south: created", "table-south-in: created")));
    assertThat(cluster.settings("table-north")).containsEntry(RATE, "7");
    assertThat(cluster.settings("table-south")).containsEntry(RATE, "12.5");
    assertThat(cluster.settings("table-south-in"))
        .containsEntry(RATE, "12.5")
        .containsEntry("filter.call.types", "incoming")
        .doesNotContainKey("rate.group");
    try (Topic calls = cluster.reading("table-calls-north")) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                calls.read();
                return calls.ids().equals(north.ids());
              });
    }
    assertThat(run("south=25", table).lines()).allMatch(line -> line.endsWith(": unchanged"));
    assertThat(run("south=30", table).lines())
        .containsExactly(
            "table-north: unchanged", "table-south: changed", "table-south-in: changed");
  }

  @Test
  void saysWhatIsRefusedAndCreatesTheOthers() throws Exception {
    String url = south.settings().get("api.url");

    ScriptResult outcome =
        run(
            "",
            "name,topic,api.url,filter.call.type",
            "table-wrong,table-calls,%s,incoming".formatted(url),
            "table-right,table-calls,%s,".formatted(url));

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.lines())
        .anyMatch(line -> line.startsWith("table-wrong: refused (400)"))
        .anyMatch(line -> line.contains("If filter.call.types is meant"))
        .contains("table-right: created");
  }

  /** A worker answers a question by 500 then, and a change by 409. */
  @Test
  void aRebalanceIsWaitedFor() throws Exception {
    Queue<Map.Entry<Integer, String>> answers =
        new ArrayDeque<>(
            List.of(
                Map.entry(
                    500, "{\"message\": \"cannot be completed because a rebalance is expected\"}"),
                Map.entry(404, "{}"),
                Map.entry(
                    409, "{\"message\": \"a conflicting operation (e.g. worker rebalance)\"}"),
                Map.entry(201, "{}")));
    HttpServer worker = HttpServer.create(new InetSocketAddress(getLoopbackAddress(), 0), 0);
    worker.createContext(
        "/connectors/table-slow/config",
        exchange -> {
          Map.Entry<Integer, String> answer = answers.remove();
          byte[] body = answer.getValue().getBytes(UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(answer.getKey(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    worker.start();
    try {
      URI address = URI.create("http://127.0.0.1:" + worker.getAddress().getPort());
      assertThat(run(address, "", "name,topic", "table-slow,calls"))
          .isEqualTo(new ScriptResult(0, List.of("table-slow: created")));
    } finally {
      worker.stop(0);
    }
    assertThat(answers).isEmpty();
  }

  @Test
  void aTableThatIsWrongCreatesNothing() throws Exception {
    assertThat(run("", "name,topic", "table-a,x", "table-a,y").lines())
        .anySatisfy(line -> assertThat(line).contains("more than one line for table-a"));
    assertThat(run("", "name,topic", "table-a,x,y").lines())
        .anySatisfy(line -> assertThat(line).isEqualTo("Line 2: 3 values for 2 columns"));
    assertThat(run("", "name,rate.group", "table-a,south").lines())
        .anySatisfy(line -> assertThat(line).contains("no rate is given for the group south"));
    assertThat(run("south=fast", "name", "table-a").code()).isEqualTo(2);
    assertThat(cluster.connectors()).noneMatch(name -> name.startsWith("table-"));
  }
}
