package io.callrecords.cli.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.callrecords.cli.CallRecordsCli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What status says of its command line before it asks anything, and what it ends with. */
class StatusCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer worker;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    answers.put(
        "/connectors/calls/config",
        "{\"connector.class\":\"io.callrecords.connect.CallRecordSourceConnector\","
            + "\"start.time\":\"2026-11-01T00:00:00Z\",\"end.time\":\"2026-11-02T12:00:00Z\","
            + "\"api.retention.days\":\"3650\"}");
    answers.put(
        "/connectors/calls/status",
        "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[{\"state\":\"RUNNING\"}]}");
    answers.put(
        "/connectors/calls/offsets",
        "{\"offsets\":[{\"partition\":{\"feed\":\"call-center\",\"split\":\"2026-11-01\"},"
            + "\"offset\":{\"version\":2,\"start\":\"2026-11-01T00:00:00Z\","
            + "\"settled\":\"2026-11-02T00:00:00Z\"}},"
            + "{\"partition\":{\"feed\":\"call-center\",\"split\":\"2026-11-02\"},"
            + "\"offset\":null}]}");
    answers.put("/metrics", "");
    worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    worker.createContext("/", this::answer);
    worker.start();
  }

  @AfterEach
  void end() {
    worker.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      requests.add(path);
      byte[] text = answers.getOrDefault(path, "[]").getBytes(UTF_8);
      exchange.sendResponseHeaders(200, text.length == 0 ? -1 : text.length);
      exchange.getResponseBody().write(text);
    }
  }

  private int status(String... more) {
    List<String> all = new ArrayList<>(List.of("status", "calls", "--connect", address()));
    all.addAll(List.of(more));
    return CallRecordsCli.run(
        new PrintWriter(out), new PrintWriter(err, true), all.toArray(String[]::new));
  }

  /** The same with metrics; a rate is measured for a moment only. */
  private int statusWithMetrics(String... more) {
    List<String> all = new ArrayList<>(List.of("calls", "--connect", address()));
    all.addAll(List.of("--metrics", address() + "/metrics"));
    all.addAll(List.of(more));
    return new CommandLine(new StatusCommand(Duration.ofMillis(20)))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private String address() {
    return "http://127.0.0.1:" + worker.getAddress().getPort();
  }

  @ParameterizedTest
  @CsvSource({
    "--html, none/page.html, is in a folder that does not exist",
    "--html, '', is a folder",
    "--connect-auth, none, does not exist",
    "--connect-auth, '', is no file",
  })
  void filesThatCannotBeUsedAreRefusedBeforeAnythingIsAsked(
      String option, String name, String text) {
    Path file = folder.resolve(name);

    assertThat(status(option, file.toString())).isEqualTo(2);

    assertThat(err.toString()).contains(option + " " + file + " " + text).doesNotContain("java.");
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--day, 2026-13-01, is no day: write one such as 2026-11-03",
    "--bootstrap-server, localhost, write HOST:PORT",
    "--bootstrap-server, 'one:9092,two', write HOST:PORT",
    "--metrics, somewhere, is no address",
  })
  void optionsThatAreNoneAreRefusedBeforeAnythingIsAsked(String option, String text, String why) {
    assertThat(status(option, text)).isEqualTo(2);

    assertThat(err.toString()).contains(option + " " + text, why).doesNotContain("java.");
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"http://somebody:hidden@localhost:9404/metrics", "somebody:hidden@localhost"})
  void aPasswordInTheAddressOfMetricsIsRefusedAndNotShown(String url) {
    assertThat(status("--metrics", url)).isEqualTo(2);

    assertThat(err.toString())
        .contains("--metrics has a user and password")
        .doesNotContain("somebody", "hidden");
  }

  @Test
  void endsWell() throws Exception {
    Path page = folder.resolve("page.html");

    assertThat(status("--html", page.toString())).as("%s", err).isZero();

    assertThat(Files.readString(page)).contains("badge well");
  }

  @Test
  void endsWithThreeWhereMetricsThatWereAskedForAreNotThere() {
    assertThat(status("--metrics", "http://127.0.0.1:1/metrics")).isEqualTo(3);
    assertThat(status("--metrics", address() + "/metrics")).isEqualTo(3);

    assertThat(out.toString())
        .contains("The metrics at http://127.0.0.1:1/metrics: ")
        .contains("the metrics have none of this connector");
    assertThat(requests).as("looks where there is no rate").containsOnlyOnce("/metrics");
  }

  @Test
  void aRateTakesTwoLooks() {
    readUpTo(3, "\"poll.interval.ms\":\"5000\"");
    metrics(3, 17);

    assertThat(statusWithMetrics()).as("%s", err).isZero();

    assertThat(out.toString()).contains("Rate        0.0 requests a second of 5");
    assertThat(requests).filteredOn("/metrics"::equals).hasSize(2);
  }

  @Test
  void endsWithThreeWhereOffsetsCannotBeUsed() {
    answers.put(
        "/connectors/calls/offsets",
        "{\"offsets\":[{\"partition\":{\"feed\":\"other\"},\"offset\":{\"version\":2}}]}");

    assertThat(status()).isEqualTo(3);

    assertThat(out.toString()).contains("The calendar: ");
  }

  @Test
  void endsWithThreeWhereOnlyTheWorkerKnowsTheAuditTopic() {
    answers.compute(
        "/connectors/calls/config",
        (path, text) -> text.replace("}", ",\"audit.topic\":\"${env:TOPIC}\"}"));

    assertThat(status("--bootstrap-server", "127.0.0.1:1")).isEqualTo(3);
    assertThat(status()).isZero();
  }

  @Test
  void terminalAndDocumentSayTheSame() throws Exception {
    assertThat(status()).isZero();
    String text = out.toString();
    out.getBuffer().setLength(0);
    assertThat(status("--json")).isZero();

    assertThat(text)
        .contains("Backlog     0.5 days of which no offset says that they were read")
        .contains("A part without calls leaves no offset: --metrics or audit.topic tells")
        .contains("Rate        not known (limit: 5 requests a second)")
        .contains("Newest read 2026-11-02 00:00:00 UTC");
    assertThat(new ObjectMapper().readTree(out.toString()).at("/progress/backlogDays").asDouble())
        .isEqualTo(.5);
  }

  /** An account without calls leaves offsets as they are, so that these alone are no alarm. */
  @Test
  void offsetsThatTellNothingNewAreNamed() throws Exception {
    readUpTo(392, "\"poll.interval.ms\":\"5000\"");
    Path page = folder.resolve("page.html");

    assertThat(status()).as("%s", err).isZero();
    assertThat(status("--html", page.toString())).isZero();

    assertThat(out.toString())
        .containsPattern("Newest read .*; the offsets have told nothing new for 6 min 3\\d s")
        .contains("no new call, or nothing is read; --metrics tells which")
        .contains("Backlog     none before the newest read; not known since");
    assertThat(Files.readString(page)).contains("the offsets have told nothing new for 6 min");
    JsonNode document = document();
    assertThat(document.at("/state/remark").asText()).contains("told nothing new for 6 min");
    assertThat(document.at("/state/ailment").isNull()).isTrue();
    assertThat(document.findValue("quiet").asLong()).isGreaterThanOrEqualTo(390);
    assertThat(document.at("/progress/backlogDays").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"100, 5000", "392, 200000"})
  void whatTheConfigurationExplainsIsNotNamed(int seconds, int poll) throws Exception {
    readUpTo(seconds, "\"poll.interval.ms\":\"" + poll + "\"");

    assertThat(status()).as("%s", err).isZero();

    assertThat(out.toString()).doesNotContain("told nothing new").contains("Backlog     none\n");
    assertThat(document().at("/state/remark").isNull()).isTrue();
  }

  @Test
  void endsWithOneWhereTheMetricsSayThatNothingIsRead() throws Exception {
    readUpTo(392, "\"poll.interval.ms\":\"5000\"");
    metrics(392, 17);
    Path page = folder.resolve("page.html");

    assertThat(statusWithMetrics()).as("%s", err).isEqualTo(1);
    assertThat(statusWithMetrics("--html", page.toString())).isEqualTo(1);

    assertThat(out.toString())
        .contains("1 of 1 tasks running; nothing read for 6 min 32 s")
        .contains("Backlog     the last 6 min 32 s; none before")
        .containsPattern("; \\S+ unread\n")
        .doesNotContain("quiet", "A part without calls leaves no offset");
    assertThat(Files.readString(page))
        .contains("<span class=\"badge bad\">nothing read for 6 min 32 s</span>");
    out.getBuffer().setLength(0);
    assertThat(statusWithMetrics("--json")).isEqualTo(1);
    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.at("/state/ailment").asText()).isEqualTo("nothing read for 6 min 32 s");
    assertThat(document.at("/calendar/unreadSeconds").asLong()).isGreaterThanOrEqualTo(390);
  }

  @Test
  void metricsTellAQuietAccount() throws Exception {
    readUpTo(392, "\"poll.interval.ms\":\"5000\"");
    metrics(3, 17);

    assertThat(statusWithMetrics()).as("%s", err).isZero();

    assertThat(out.toString())
        .doesNotContain("told nothing new")
        .contains("Backlog     none\n")
        .contains("Faults      1 day that expired before it was read\n");
  }

  /** Its lag may be that of the time for which nobody has called. */
  @Test
  void aTaskThatHasNotAskedYetIsNoAlarm() throws Exception {
    readUpTo(392, "\"poll.interval.ms\":\"5000\"");
    metrics(392, 0);

    assertThat(statusWithMetrics()).as("%s", err).isZero();

    assertThat(out.toString()).contains("told nothing new for 6 min 3");
  }

  @Test
  void saysHowLittleIsLeft() {
    readUpTo(100, "\"poll.interval.ms\":\"5000\"");
    answers.compute(
        "/connectors/calls/status", (path, text) -> text.replace("RUNNING\"}]", "PAUSED\"}]"));

    assertThat(status()).as("%s", err).isZero();

    assertThat(out.toString())
        .containsPattern("Range       from 20.* UTC on\n")
        .containsPattern("Backlog     10\\d s of which no offset says");
  }

  @Test
  void aDayIsOneDay() {
    answers.compute(
        "/connectors/calls/config",
        (path, text) -> text.replace("11-02T12:00:00Z", "11-03T00:00:00Z"));

    assertThat(status()).as("%s", err).isZero();

    assertThat(out.toString()).contains("Backlog     1 day of which no offset says");
  }

  /** A connector without an end that has read all up to so many seconds ago. */
  private void readUpTo(int secondsAgo, String setting) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant to = now.minusSeconds(secondsAgo);
    LocalDate day = LocalDate.ofInstant(to, ZoneOffset.UTC);
    answers.put(
        "/connectors/calls/config",
        "{\"connector.class\":\"io.callrecords.connect.CallRecordSourceConnector\","
            + ("\"start.time\":\"" + day + "T00:00:00Z\",")
            + setting
            + "}");
    answers.put(
        "/connectors/calls/offsets",
        "{\"offsets\":[{\"partition\":{\"feed\":\"call-center\",\"split\":\""
            + day
            + "\"},\"offset\":{\"version\":2,\"start\":\""
            + day
            + "T00:00:00Z\",\"settled\":\""
            + to
            + "\"}}]}");
  }

  private void metrics(int lag, int answered) {
    String labels = "{connector=\"calls\",task=\"0\"";
    answers.put(
        "/metrics",
        "call_records_live_lag_seconds"
            + labels
            + "} "
            + lag
            + "\ncall_records_backlog_days"
            + labels
            + "} 0\ncall_records_expired_days_total"
            + labels
            + "} 1\ncall_records_requests_total"
            + labels
            + ",outcome=\"answered\"} "
            + answered
            + "\n");
  }

  private JsonNode document() throws IOException {
    out.getBuffer().setLength(0);
    status("--json");
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void saysWhyADayStaysAsItIs() {
    answers.compute(
        "/connectors/calls/offsets",
        (path, text) ->
            text.replace(
                "\"offset\":null",
                "\"offset\":{\"version\":1,\"start\":\"2026-11-01T00:00:00Z\","
                    + "\"settled\":\"2026-11-02T00:00:00Z\",\"replay\":true}"));

    assertThat(status()).as("%s", err).isZero();

    assertThat(out.toString())
        .contains("2026-11-02  unread, being loaded again")
        .contains("Until then such a day stays partly read, or being loaded again.");
  }
}
