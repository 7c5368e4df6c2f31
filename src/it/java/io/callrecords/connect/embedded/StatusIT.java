package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.cli.CallRecordsCli;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.Call;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands status and replay, against a connector in a real worker. */
@Clusters.ExactlyOnce
@ExtendWith(Clusters.class)
class StatusIT {
  private static final Duration LATE_ARRIVAL = Duration.ofHours(1);
  private static final int CALLS = 900;

  private final ConnectCluster cluster;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  StatusIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--connect", cluster.restApi().toString()));
    return CallRecordsCli.run(
        new PrintWriter(out), new PrintWriter(err, true), all.toArray(String[]::new));
  }

  private JsonNode document(Connector connector) throws Exception {
    int code =
        run("status", connector.name(), "--json", "--bootstrap-server", cluster.bootstrapServers());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void countsTheCallsOfEachDay() throws Exception {
    try (ClusterAccount account = ClusterAccount.open();
        Topic audit = cluster.topic("audit")) {
      account.addHistory(CALLS, Duration.ofDays(4));
      Map<String, String> settings = settings(account);
      settings.put("audit.topic", audit.name());
      try (Connector connector = cluster.connector("status", settings)) {
        connector.awaitAll(account.ids());
        Map<String, Long> expected = callsByDay(account);
        // In the hours after midnight, today has none yet.
        expected.values().removeIf(calls -> calls == 0);

        connector.await(
            "the calendar is whole",
            () -> {
              Map<String, Long> shown = shown(document(connector));
              shown.values().removeIf(calls -> calls <= 0);
              return shown.equals(expected);
            });

        Map<String, String> states = states(document(connector).path("calendar"));
        states.keySet().retainAll(expected.keySet());
        assertThat(states.values()).isSubsetOf("settled", "read");
        assertThat(document(connector).path("unseen"))
            .map(JsonNode::asText)
            .allMatch(line -> line.contains("no --metrics was given"));
        connector.expectExactly(account.ids());
      }
    }
  }

  @Test
  void aDayIsSentAgainAndNoOther() throws Exception {
    try (ClusterAccount account = ClusterAccount.open()) {
      account.addHistory(CALLS, Duration.ofDays(4));
      Map<String, String> settings = settings(account);
      settings.put("add.fields", "version");
      try (Connector connector = cluster.connector("replay", settings)) {
        connector.awaitAll(account.ids());
        Split day = Split.of(account.now().minus(Duration.ofDays(2)));
        connector.await(
            "the day is settled",
            () ->
                states(document(connector).path("calendar")).get(day.toString()).equals("settled"));
        Set<String> again = account.ids(day.range());

        int code = run("replay", connector.name(), day.toString(), "--yes", "--timeout", "2");

        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(out.toString())
            .contains(
                day + "  settled", "twice", "marked as replayed", "sent again, as the offsets");
        connector.topic().readToEnd();
        Map<String, Long> counts = new HashMap<>();
        connector.topic().records().forEach(r -> counts.merge(Topic.key(r), 1L, Long::sum));
        assertThat(counts.keySet()).isEqualTo(account.ids());
        assertThat(counts)
            .allSatisfy((id, count) -> assertThat(count).isEqualTo(again.contains(id) ? 2 : 1));
        assertThat(connector.states()).containsOnly("RUNNING");
      }
    }
  }

  @Test
  void aDayThatIsNoneOfTheRangeStopsNothing() throws Exception {
    try (ClusterAccount account = ClusterAccount.open()) {
      account.addHistory(9, Duration.ofDays(1));
      try (Connector connector = cluster.connector("replay", settings(account))) {
        connector.awaitAll(account.ids());

        assertThat(run("replay", connector.name(), "2020-01-01", "--yes")).isEqualTo(2);

        assertThat(err.toString()).contains("2020-01-01 is none of the connector's range: it has ");
        assertThat(connector.states()).containsOnly("RUNNING");
      }
    }
  }

  static Map<String, String> settings(ClusterAccount account) {
    Map<String, String> settings = account.settings();
    settings.put("late.arrival.ms", Long.toString(LATE_ARRIVAL.toMillis()));
    settings.put("requests.per.second", "200");
    settings.put("poll.interval.ms", "1000");
    return settings;
  }

  static Map<String, Long> callsByDay(ClusterAccount account) {
    Map<String, Long> calls = new TreeMap<>();
    Instant start = Instant.parse(account.settings().get("start.time"));
    TimeRange range = new TimeRange(start, start.plus(Duration.ofDays(4)));
    Split.allOf(range).forEach(day -> calls.put(day.toString(), 0L));
    for (Call call : account.calls()) {
      calls.merge(Split.of(call.start()).toString(), 1L, Long::sum);
    }
    return calls;
  }

  private static Map<String, Long> shown(JsonNode document) {
    Map<String, Long> shown = new TreeMap<>();
    document
        .path("calendar")
        .path("days")
        .forEach(day -> shown.put(day.path("day").asText(), day.path("calls").asLong(-1)));
    return shown;
  }

  private static Map<String, String> states(JsonNode calendar) {
    Map<String, String> states = new TreeMap<>();
    calendar
        .path("days")
        .forEach(day -> states.put(day.path("day").asText(), day.path("state").asText()));
    return states;
  }
}
