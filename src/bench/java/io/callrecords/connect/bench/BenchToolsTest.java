package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.bench.QuickApi.RowSequence;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What measures has to be right itself. */
class BenchToolsTest {
  private static final Instant FROM = Instant.parse("2026-10-01T00:00:00Z");
  private static final int DAYS = 4;
  private static final int CALLS = 20_000;

  @ParameterizedTest
  @EnumSource
  void aGridHasAsManyCallsAsItWasAskedForAndKnowsWhereTheyAre(Shape shape) {
    CallGrid grid = CallGrid.of(shape, FROM, DAYS, CALLS, 10, 5, 7);
    long begin = FROM.getEpochSecond();
    long end = begin + DAYS * 86_400;

    assertThat(grid.before(begin)).isZero();
    assertThat(grid.before(end)).isEqualTo(CALLS);
    assertThat(grid.before(end + 600)).isEqualTo(CALLS);
    assertThat(grid.before(end + 3600)).isEqualTo(CALLS + 5 * 7);
    for (int call = 0; call < CALLS + 35; call++) {
      long second = grid.second(call);
      assertThat(grid.before(second)).isLessThanOrEqualTo(call);
      assertThat(grid.before(second + 1)).isGreaterThan(call);
    }
  }

  @Test
  void printedRecordsHaveIdsAndTimesOfTheirOwn() throws Exception {
    RecordPress press = new RecordPress(FROM);
    byte[] page = new byte[1 << 20];
    Set<String> ids = new HashSet<>();
    for (int call = 0; call < 500; call++) {
      int length = press.print(call, FROM.getEpochSecond() + call, page, 0);
      JsonNode record = new ObjectMapper().readTree(new String(page, 0, length, UTF_8));

      ids.add(record.path("callSessionId").asText());
      assertThat(record.path("callStartTime").asText())
          .isEqualTo("2026-10-01 08:%02d:%02d", call / 60, call % 60);
      assertThat(record.path("callEndTime").asText()).startsWith("2026-10-01 08:");
      assertThat(length).isLessThanOrEqualTo(press.largest());
    }
    assertThat(ids).hasSize(500).allMatch(id -> id.startsWith("26100108"));
  }

  @Test
  void aCheckSeesWhatIsMissingWhatComesAgainAndWhatIsOfNoCall() {
    CallGrid grid = CallGrid.of(Shape.VARIED, FROM, DAYS, CALLS, 0, 0, 0);
    RecordPress press = new RecordPress(FROM);
    IdCheck check = new IdCheck(grid, press.longest());
    for (int call = 1; call < CALLS; call++) {
      check.see(id(press, grid, call));
    }
    check.see(id(press, grid, 7));
    check.see("26090100000012345".getBytes(UTF_8));
    check.see("no number".getBytes(UTF_8));

    assertThat(check.distinct()).isEqualTo(CALLS - 1);
    assertThat(check.distinct(100)).isEqualTo(99);
    assertThat(check.repeated()).isEqualTo(1);
    assertThat(check.foreign()).isEqualTo(2);
  }

  private static byte[] id(RecordPress press, CallGrid grid, int call) {
    byte[] record = new byte[press.largest()];
    int length = press.print(call, grid.second(call), record, 0);
    String json = new String(record, 0, length, UTF_8);
    int at = json.indexOf("\"callSessionId\":\"") + 17;
    return json.substring(at, at + 17).getBytes(UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void theTasksReadEachCallOfTheQuickApiOnce(RowSequence order) throws Exception {
    LoadedHistory history =
        LoadedHistory.of(Shape.VARIED, Instant.now().minus(Duration.ofDays(8)), 3, 5000);
    IdCheck check = new IdCheck(history.grid(), new RecordPress(history.from()).longest());
    try (ApiProcess api = ApiProcess.start()) {
      api.has(history, Duration.ofMillis(5), order);
      try (Tasks tasks =
          new Tasks(
              api.connector(history, Map.of("tasks.max", "2")),
              new ConcurrentHashMap<>(),
              batch -> {
                synchronized (check) {
                  batch.forEach(record -> check.see(((String) record.key()).getBytes(UTF_8)));
                }
              })) {
        tasks.awaitRecords(5000, Duration.ofMinutes(5));
        assertThat(tasks.count()).isEqualTo(2);
      }
      ApiMeter.ApiReading reading = api.between(0, Long.MAX_VALUE);
      assertThat(reading.allRequests()).isBetween(50, 250);
      assertThat(reading.rows()).isGreaterThanOrEqualTo(5000);
    }
    assertThat(check.distinct()).isEqualTo(5000);
    assertThat(check.repeated() + check.foreign()).isZero();
  }

  @Test
  void theQuickApiGivesTheOldestFirstWhenItIsToldTo() throws Exception {
    LoadedHistory history = LoadedHistory.of(Shape.EVEN, FROM, 1, 250);
    try (ApiProcess api = ApiProcess.start()) {
      api.has(history, Duration.ZERO, RowSequence.OLDEST_FIRST);
      List<String> oldestFirst = times(api, history, 3);
      assertThat(oldestFirst).hasSize(50).isSorted();
      assertThat(oldestFirst.get(49)).startsWith("2026-10-02 07:5");
      assertThat(times(api, history, 1))
          .hasSize(100)
          .first()
          .asString()
          .startsWith("2026-10-01 08:0");

      api.has(history, Duration.ZERO);
      assertThat(times(api, history, 1))
          .hasSize(100)
          .isSortedAccordingTo(Comparator.reverseOrder())
          .startsWith(oldestFirst.get(49));
      assertThat(times(api, history, 4)).isEmpty();
    }
  }

  /** When the calls of a page start. */
  private static List<String> times(ApiProcess api, LoadedHistory history, int page)
      throws Exception {
    Map<String, String> settings = api.connector(history, Map.of());
    String second = Long.toString(Instant.now().getEpochSecond());
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(settings.get("api.url")))
                    .header("Api-Key", QuickApi.KEY)
                    .header("Timestamp", second)
                    .header("Sign", RecordPress.md5(QuickApi.KEY + QuickApi.SECRET + second))
                    .POST(
                        BodyPublishers.ofString(
                            "{\"current\":%d,\"size\":100,\"params\":{\"strTime\":\"%s\",\"endTime\":\"%s\"}}"
                                .formatted(page, history.from(), history.to())))
                    .build(),
                BodyHandlers.ofString());
    return new ObjectMapper()
        .readTree(answer.body())
        .at("/data/records")
        .findValuesAsText("callStartTime");
  }

  @Test
  void thePeerAsksForAPageFromItsOffsetWithASignature() throws Exception {
    Map<String, String> ours =
        Map.of("api.url", "http://127.0.0.1:1/v3", "api.key", "KEY", "api.secret", "SECRET");
    Map<String, String> settings =
        PeerPlugin.settings(ours, "topic-1", FROM, FROM.plus(Duration.ofDays(DAYS)));
    String body = settings.get("http.request.body").replaceAll("\\$\\{[^}]*}", "TIME");
    JsonNode question = new ObjectMapper().readTree(body);

    assertThat(settings)
        .containsEntry("kafka.topic", "topic-1")
        .containsEntry("http.request.url", "http://127.0.0.1:1/v3/voice/ccRecordQuery")
        .containsEntry("http.offset.initial", "timestamp=2026-09-30T23:59:59Z");
    assertThat(question.path("current").asInt()).isEqualTo(1);
    assertThat(question.path("size").asInt()).isEqualTo(100);
    assertThat(question.at("/params/strTime").asText()).isEqualTo("TIME");
    assertThat(question.at("/params/endTime").asText()).isEqualTo("2026-10-05T08:00:00+08:00");
    assertThat(settings.get("http.request.headers"))
        .contains("Api-Key: KEY, ", "md5Hex('KEYSECRET'+second)");
    // A worker would take it for a reference to a config provider.
    assertThat(settings.values()).noneMatch(value -> value.matches("(?s).*\\$\\{[^}]*:.*"));
  }

  @Test
  void thePeerIsLinkedFromAFolderThatHasIt(@TempDir Path folder) throws Exception {
    Path jars = Files.createDirectories(folder.resolve("jars"));
    Path plugins = folder.resolve("plugins");
    Path library = Files.createFile(jars.resolve("okhttp-4.9.1.jar"));
    assertThatThrownBy(() -> PeerPlugin.linkInto(plugins, jars))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(jars.toString());

    Path old = Files.createFile(jars.resolve("kafka-connect-http-0.8.10.jar"));
    PeerPlugin.linkInto(plugins, jars);
    Files.move(old, jars.resolve("kafka-connect-http-0.8.11.jar"));
    PeerPlugin.linkInto(plugins, jars);

    Path plugin = plugins.resolve("peer");
    assertThat(plugin.resolve(library.getFileName())).exists().isSymbolicLink();
    assertThat(library).exists();
    assertThat(plugin)
        .isDirectoryContaining("glob:**-0.8.11.jar")
        .isDirectoryNotContaining("glob:**-0.8.10.jar");
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {plugin.resolve("service.jar").toUri().toURL()}, null)) {
      URL service =
          loader.findResource("META-INF/services/org.apache.kafka.connect.source.SourceConnector");
      try (InputStream in = service.openStream()) {
        assertThat(new String(in.readAllBytes(), UTF_8))
            .isEqualTo("com.github.castorm.kafka.connect.http.HttpSourceConnector");
      }
    }
  }

  @Test
  void withoutTheJarsOfThePeerItsPartIsLeftOut() {
    String before = System.clearProperty(PeerBench.FOLDER);
    try {
      assertThat(new PeerBench().leftOut()).contains("-Dbench.peer=FOLDER");
      System.setProperty(PeerBench.FOLDER, "somewhere");
      assertThat(new PeerBench().leftOut()).isEmpty();
    } finally {
      System.clearProperty(PeerBench.FOLDER);
      if (before != null) {
        System.setProperty(PeerBench.FOLDER, before);
      }
    }
  }

  @Test
  void whatIsSaidOfThePeerIsTheMiddleOfTheTurnsAndWhatCameAgain() {
    List<PeerBench.PeerTurn> ours =
        List.of(new PeerBench.PeerTurn(1000, 1, 11, 0), new PeerBench.PeerTurn(1000, 2, 12, 0));
    List<PeerBench.PeerTurn> theirs =
        List.of(new PeerBench.PeerTurn(1000, 4, 10, 0), new PeerBench.PeerTurn(1000, 5, 10, 3));

    assertThat(PeerBench.remark(new Pairs<>(ours, theirs)))
        .isEqualTo(
            "750 and 225 records/s; 1000 calls in 1.5 and 4.5 s, by 12 and 10 requests; each call in"
                + " each topic, 0 and 3 of them again; pairs of turns gave 2.50 to 4.00");
    assertThat(PeerBench.remark(new Pairs<>(ours.subList(0, 1), theirs.subList(0, 1))))
        .contains("each call in each topic, once;");
  }

  @Test
  void howManyWereAtOnceIsWeighedByTime() {
    ApiMeter meter = new ApiMeter();
    int first = meter.begin(1_000_000_000L);
    int second = meter.begin(2_000_000_000L);
    meter.end(first, 3_000_000_000L, 100);
    meter.begin(4_000_000_000L);
    meter.end(second, 5_000_000_000L, 50);
    ApiMeter.ApiReading reading = meter.between(0, 5_000_000_000L);

    assertThat(reading.inFlight()).isEqualTo((2 + 3 + 1) / 5.0);
    assertThat(reading.perSecond()).isEqualTo(2 / 3.0);
    assertThat(reading.rows()).isEqualTo(150);
    assertThat(meter.between(3_000_000_000L, 4_000_000_000L).inFlight()).isEqualTo(1);
  }

  @Test
  void chartsAreXml() throws Exception {
    List<LineChart.Point> points = List.of(new LineChart.Point(1, 2), new LineChart.Point(3, 7000));
    String chart = new LineChart("a", "b").line("c", points).bound("d", points).draw();

    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(chart.getBytes(UTF_8)))
                .getElementsByTagName("polyline")
                .getLength())
        .isEqualTo(2);
  }

  @Test
  void thePageHasAPlaceForEachPart() throws Exception {
    String page = Files.readString(Path.of("docs", "reports", "PERFORMANCE.md"), UTF_8);

    assertThat(Bench.names()).isNotEmpty();
    for (String name : Bench.names()) {
      assertThat(page).contains("<!-- measured: " + name + " -->\n").contains("`" + name + "`");
    }
  }

  /** Late calls and a killed worker included. */
  @Test
  void madeUpDaysBringEachCallOnce() {
    int most = 4;
    try (MadeUpDays days = new MadeUpDays(2_000, most)) {
      while (days.midnights().size() < most) {
        days.liveOn();
      }
      days.end();

      assertThat(days.calls()).isEqualTo(2_000 * most);
      assertThat(days.lives()).isEqualTo(2);
      assertThat(days.midnights()).allMatch(midnight -> midnight.offsets() > 0);
    }
  }
}
