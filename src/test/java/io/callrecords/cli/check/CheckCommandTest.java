package io.callrecords.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.cli.CallRecordsCli;
import io.callrecords.cli.ConnectorConfig;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Simulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command against the simulator, over the network. */
class CheckCommandTest {
  private static final String REPLACE_FACTS = "api.facts: replace it by what --facts writes";

  @TempDir static Path folder;

  private static Simulator simulator;
  private static Path config;

  /** What a run has printed, and what it ended with. */
  private record CheckRun(int code, String out, String err) {
    static CheckRun of(String... args) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int code = CallRecordsCli.run(new PrintWriter(out), new PrintWriter(err), args);
      return new CheckRun(code, out.toString(), err.toString());
    }
  }

  @BeforeAll
  static void start() throws Exception {
    simulator = Simulator.builder().seed(7).calls(400, Duration.ofDays(3)).start();
    config = write("connector.json", simulator.url(), simulator.secret());
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  private static Path write(String name, String url, String secret) throws Exception {
    String text =
        """
        {"name": "calls", "config": {
          "connector.class": "io.callrecords.connect.CallRecordSourceConnector",
          "api.url": "%s", "api.key": "%s", "api.secret": "%s",
          "topic": "call-records", "requests.per.second": "1000", "retry.timeout.ms": "1000",
          "retry.backoff.ms": "100"}}
        """;
    Path file = folder.resolve(name);
    Files.writeString(file, text.formatted(url, simulator.key(), secret));
    return file;
  }

  /** What is written for the connector is taken by it; what it had before is not looked at. */
  @Test
  void writesFactsThatTheConnectorBeginsWith() throws Exception {
    Path facts = folder.resolve("facts.json");
    Path old = folder.resolve("with-facts.json");
    String unresolved = "\"api.facts\": \"${directory:" + folder + ":facts.json}\", \"api.url\"";
    Files.writeString(old, Files.readString(config).replace("\"api.url\"", unresolved));

    CheckRun run = CheckRun.of("check", old.toString(), "--facts", facts.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("jq --rawfile facts " + facts).doesNotContain("Warning");
    assertThat(run.out()).contains("These settings fit");
    Map<String, String> settings = new HashMap<>(ConnectorConfig.read(old).settings());
    assertThat(settings.get("api.facts")).isEqualTo(Files.readString(facts));
    assertThat(errors(settings)).isEmpty();
    settings.put("api.time.zone", "UTC");
    settings.put("query.time.field", "callEndTime");
    assertThat(errors(settings)).containsOnlyKeys("api.time.zone", "query.time.field");
    settings.put("api.url", "https://other.example.com/v3");
    assertThat(errors(settings)).containsOnlyKeys("api.facts");
  }

  private static Map<String, List<String>> errors(Map<String, String> settings) {
    List<ConfigValue> values = CallRecordSourceConfig.configDef().validate(settings);
    return CallRecordSourceConfig.validate(new Config(values), settings, Instant.now())
        .configValues()
        .stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
  }

  @Test
  void reportsWhatTheApiDoesWithoutPersonalData() throws Exception {
    Path json = folder.resolve("report.json");
    Path html = folder.resolve("report.html");

    CheckRun run =
        CheckRun.of(
            "check", config.toString(), "--report", json.toString(), "--html", html.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("The configuration is valid")
        .contains("••")
        .contains("(hidden)")
        .contains("To load: ")
        .contains("The newest come first.")
        .contains("Offset of a request's times  ");
    JsonNode facts = new ObjectMapper().readTree(Files.readString(json)).path("facts");
    assertThat(facts.path("time.filtered").asText()).isEqualTo("call-start");
    assertThat(facts.path("range.bounds").asText()).isEqualTo("[]");
    assertThat(facts.path("time.zone").asText()).isEqualTo("+08:00");
    assertThat(facts.path("total.counts").asText()).isEqualTo("calls");
    for (String text : List.of(Files.readString(json), Files.readString(html))) {
      assertThat(text).doesNotContain(simulator.key(), simulator.secret());
      for (String personal : personal()) {
        assertThat(text).doesNotContain(personal);
      }
    }
    assertThat(Files.readString(html))
        .startsWith("<!DOCTYPE html>")
        .doesNotContain("<script", "src=", "href=", "url(");
  }

  /** What calls say of somebody, short texts left out that stand for anything. */
  private static Set<String> personal() {
    Set<String> texts = new HashSet<>();
    for (Call call : simulator.store().visible(simulator.now(), Instant.EPOCH, simulator.now())) {
      texts.add(call.callSessionId());
      for (String text :
          new String[] {
            call.called(), call.caller(), call.agentName(), call.agentAccount(), call.calledInfo()
          }) {
        if (text != null && text.length() > 6) {
          texts.add(text);
        }
      }
    }
    assertThat(texts).hasSizeGreaterThan(1_000);
    return texts;
  }

  @Test
  void printsOneDocumentForMachines() throws Exception {
    CheckRun run = CheckRun.of("check", config.toString(), "--json");

    assertThat(run.code()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.path("report").asText()).isEqualTo("call-records-check");
    assertThat(report.path("backlog").path("records").asLong()).isGreaterThan(300);
    assertThat(report.path("details").size()).isEqualTo(29);
  }

  @Test
  void saysWhatIsWrongWithTheConfiguration() throws Exception {
    CheckRun run =
        CheckRun.of("check", write("wrong.json", simulator.url(), "wrong-secret").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("Error: Invalid value for configuration api.key")
        .doesNotContain("wrong-secret", "\tat ");
  }

  @Test
  void saysOnceWhatIsWrongWithASecret() throws Exception {
    CheckRun run =
        CheckRun.of("check", write("wrong-secret.json", simulator.url(), "other").toString());

    assertThat(run.err().lines().filter(line -> line.startsWith("Error: ")))
        .singleElement()
        .asString()
        .contains("Invalid value for configuration api.key, api.secret: ")
        .doesNotContain("Said at");
  }

  @Test
  void saysThatNothingAnswers() throws Exception {
    CheckRun run = CheckRun.of("check", write("gone.json", "http://127.0.0.1:1", "s").toString());

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .contains("http://127.0.0.1:1", "api.url")
        .doesNotContain("\tat ", "java.");
  }

  @Test
  void warnsOfFactsThatAWorkerWouldRefuse() throws Exception {
    Path stale = folder.resolve("stale.json");
    String facts =
        "\"api.facts\": \"{\\\"formatVersion\\\": 1, \\\"facts\\\": "
            + "{\\\"time.zone\\\": \\\"-03:00\\\"}}\", \"api.url\"";
    Files.writeString(stale, Files.readString(config).replace("\"api.url\"", facts));

    CheckRun run = CheckRun.of("check", stale.toString());

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.err())
        .contains("Warning: api.facts: ", "api.time.zone", "(this check does not use it)");
    assertThat(run.out())
        .doesNotContain("is valid, as a worker would say", "These settings fit")
        .contains("Change these settings:", REPLACE_FACTS);
  }

  /** As a file of another API, one that was cut off, or a path in place of the text. */
  @Test
  void saysInEachReportThatFactsHaveToBeReplaced() throws Exception {
    Path page = folder.resolve("bad-facts.html");
    for (String facts :
        List.of(
            "{\\\"formatVersion\\\": 1, \\\"apiUrl\\\": \\\"https://other.example.com\\\","
                + " \\\"facts\\\": {}}",
            "{\\\"formatVersion\\\": 1, \\\"fac",
            "/etc/facts.txt")) {
      Path bad = with("bad-facts.json", "api.facts", facts);

      CheckRun run = CheckRun.of("check", bad.toString(), "--json", "--html", page.toString());

      assertThat(run.code()).as(run.err()).isEqualTo(1);
      assertThat(run.err()).contains("Warning: api.facts: ");
      assertThat(new ObjectMapper().readTree(run.out()).path("verdict"))
          .extracting(JsonNode::asText)
          .anyMatch(line -> line.contains(REPLACE_FACTS));
      assertThat(Files.readString(page)).contains(REPLACE_FACTS);
    }
  }

  private static Path with(String name, String setting, String value) throws Exception {
    String added = "\"" + setting + "\": \"" + value + "\", \"api.url\"";
    return Files.writeString(
        folder.resolve(name), Files.readString(config).replace("\"api.url\"", added));
  }

  @Test
  void validatesWhatConnectDoesAndListsAll() throws Exception {
    Path wrong = with("tasks.json", "tasks.max", "viele");
    Files.writeString(
        wrong,
        Files.readString(wrong)
            .replace(
                "\"topic\":",
                "\"exactly.once.support\": \"yes\", \"api.facts\": \"x\","
                    + " \"late.arrival.ms\": \"soon\", \"topic\":"));
    long before = simulator.journal().count();

    CheckRun run = CheckRun.of("check", wrong.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("tasks.max: Not a number of type INT", "exactly.once.support", "late.arrival.ms")
        .contains("api.facts");
    assertThat(run.err().split("configuration tasks.max")).hasSize(2);
    assertThat(run.out()).isEmpty();
    assertThat(simulator.journal().count()).isEqualTo(before);
  }

  @Test
  void refusesTheConfigurationOfAnotherConnector() throws Exception {
    Path other = folder.resolve("other.json");
    Files.writeString(
        other, Files.readString(config).replace("io.callrecords.connect.Call", "org.example.Call"));

    CheckRun run = CheckRun.of("check", other.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("connector.class is org.example.Call", "another connector");
  }

  @Test
  void refusesFilesThatCannotBeWrittenBeforeItAsks() {
    for (String option : List.of("--facts", "--report", "--html")) {
      long before = simulator.journal().count();
      CheckRun run =
          CheckRun.of("check", config.toString(), option, folder.resolve("no/such").toString());

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains(option, "there is no folder").doesNotContain("java.");
      assertThat(run.out()).isEmpty();
      assertThat(simulator.journal().count()).isEqualTo(before);
    }
  }
}
