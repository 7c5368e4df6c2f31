package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read from the offsets, and what they do to a connector by changing them. */
@ExtendWith(Clusters.class)
class OffsetsIT {
  private static final int CALLS_OF_A_DAY = 150;

  /** The offsets say of whole days that all of it was sent. */
  private static final String SETTLED_AT_ONCE = "60000";

  /** The offsets hold what was sent. */
  private static final String SETTLED_AFTER_A_MONTH = "2678400000";

  private static final String PARTITION_FORM =
      "{\\\"feed\\\": \\\"call-center\\\", \\\"split\\\": \\\"2026-11-01\\\"}";

  private final ConnectCluster cluster;
  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final ClusterAccount account = ClusterAccount.open();
  private List<Split> days;

  OffsetsIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void addThreeDays() {
    Split first = Split.of(account.now().minus(Duration.ofDays(5)));
    days = List.of(first, first.next(), first.next().next());
    TimeRange range = range();
    account.add(calls -> calls.uniform(3 * CALLS_OF_A_DAY, range.from(), range.to()));
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @Test
  void showWhatWasSentOfEachDay() throws Exception {
    try (Connector connector = cluster.connector("offsets", settings())) {
      connector.expectExactly(account.ids());
      Map<Map<String, ?>, Map<String, ?>> offsets = awaitOffsetsOfAllDays(connector);
      for (Split day : days) {
        Map<String, Object> offset = new HashMap<>(offsets.get(codec.partition(day)));
        assertThat(offset)
            .containsEntry("version", 2)
            .containsEntry("start", range().from().toString())
            .containsEntry("settled", day.range().from().toString());
        SplitOffset decoded = codec.decode(day, offset);
        Set<String> sent = new HashSet<>();
        Instant readTo = day.range().from();
        for (WindowOffset window : decoded.windows()) {
          assertThat(window.range().from()).isEqualTo(readTo);
          readTo = window.range().to();
          List<String> ids = window.ids().ids();
          sent.addAll(ids);
          assertThat(offset.get("window " + window.range().from()))
              .asString()
              .matches(
                  window.range().to()
                      + " read total=\\d+ sent="
                      + ids.size()
                      + " late=0 updated=0 ids=\\S*");
        }
        assertThat(readTo).isEqualTo(day.range().to());
        assertThat(sent).isEqualTo(account.ids(day.range()));
      }
    }
  }

  /** They were followed: no record of their own moves their offsets on when they settle. */
  @Test
  void daysThatALaterOneSaysToBeSettledAreNotReadAgain() throws Exception {
    try (Connector connector = cluster.connector("offsets", settings())) {
      connector.expectExactly(account.ids());
      Map<Map<String, ?>, Map<String, ?>> followed = awaitOffsetsOfAllDays(connector);
      connector.set("late.arrival.ms", SETTLED_AT_ONCE);
      connector.resume(1);
      // The days are looked at for the last time, and then a call comes.
      account.awaitFurtherRequests(connector, 15);
      connector.await(
          "nothing of these days is unsettled",
          () -> connector.metric("plugins", "oldest-unsettled-seconds") < 86_400);
      account.addCallNow();
      connector.expectExactly(account.ids());
      connector.await(
          "an offset that says that they are settled",
          () -> connector.offsets().values().stream().anyMatch(this::saysThatAllAreSettled));
      for (Split day : days) {
        Map<String, String> partition = codec.partition(day);
        assertThat(connector.offsets().get(partition)).isEqualTo(followed.get(partition));
      }
      long before = account.journal().count();

      expectAfterResume(connector, counts(account.ids(), 1));

      assertThat(account.journal().entries().stream().skip(before))
          .isNotEmpty()
          // Each window asks for a second more.
          .filteredOn(entry -> entry.request().from().isBefore(range().to().minusSeconds(1)))
          .hasSizeLessThanOrEqualTo(2)
          .allMatch(entry -> isTotalOfAllDays(entry.request()) || isLookup(entry.request()));
    }
  }

  private boolean isTotalOfAllDays(ApiRequest request) {
    return request.from().isBefore(range().from()) && !request.to().isBefore(range().to());
  }

  /** Of one record that a total's page holds, to see by which time the API filters. */
  private static boolean isLookup(ApiRequest request) {
    return Duration.between(request.from(), request.to()).compareTo(Duration.ofSeconds(3)) < 0;
  }

  private boolean saysThatAllAreSettled(Map<String, ?> offset) {
    String said = String.valueOf(offset.get("settled days"));
    return days.stream().allMatch(day -> said.contains(day + "="));
  }

  /** An offset that says so makes them replayed; a null one says nothing. */
  @Test
  void callsOfADayThatIsLoadedAgainSaySo() throws Exception {
    Map<String, String> settings = settings();
    settings.put("late.arrival.ms", SETTLED_AFTER_A_MONTH);
    settings.put("add.fields", "readAt,version");
    try (Connector connector = cluster.connector("offsets", settings)) {
      connector.expectExactly(account.ids());
      awaitOffsetsOfAllDays(connector);
      Instant start = days.get(1).range().from();
      connector.alterOffset(
          codec.partition(days.get(1)),
          Map.of(
              "version",
              1,
              "start",
              range().from().toString(),
              "settled",
              start.toString(),
              "replay",
              true));
      Map<String, Integer> expected = counts(account.ids(), 1);
      expected.putAll(counts(account.ids(days.get(1).range()), 2));

      expectAfterResume(connector, expected);

      Map<String, List<String>> versions =
          connector.topic().records().stream()
              .collect(
                  Collectors.groupingBy(
                      Topic::key, Collectors.mapping(OffsetsIT::version, Collectors.toList())));
      Set<String> replayed = account.ids(days.get(1).range());
      assertThat(versions)
          .allSatisfy(
              (id, all) ->
                  assertThat(all)
                      .isEqualTo(
                          replayed.contains(id) ? List.of("first", "replayed") : List.of("first")));
    }
  }

  private static String version(ConsumerRecord<byte[], byte[]> record) {
    String header =
        new String(
            record.headers().lastHeader("callrecords.version").value(), StandardCharsets.UTF_8);
    assertThat(new String(record.value(), StandardCharsets.UTF_8))
        .contains("\"version\":\"" + header + "\"")
        .containsPattern("\"readAt\":\\d+");
    return header;
  }

  @ParameterizedTest
  @ValueSource(strings = {SETTLED_AT_ONCE, SETTLED_AFTER_A_MONTH})
  void dayThatIsForgottenComesAgain(String lateArrival) throws Exception {
    Map<String, String> settings = settings();
    settings.put("late.arrival.ms", lateArrival);
    try (Connector connector = cluster.connector("offsets", settings)) {
      connector.expectExactly(account.ids());
      awaitOffsetsOfAllDays(connector);
      connector.alterOffset(codec.partition(days.get(1)), null);
      // A worker lists a partition until it has read back that its offset is gone.
      connector.await("two offsets", () -> connector.offsets().size() == 2);
      Map<String, Integer> expected = counts(account.ids(), 1);
      expected.putAll(counts(account.ids(days.get(1).range()), 2));
      expectAfterResume(connector, expected);
    }
  }

  @Test
  void everythingComesAgainOnceAllIsForgotten() throws Exception {
    try (Connector connector = cluster.connector("offsets", settings())) {
      connector.expectExactly(account.ids());
      awaitOffsetsOfAllDays(connector);
      connector.resetOffsets();
      connector.await("no offsets", () -> connector.offsets().isEmpty());
      expectAfterResume(connector, counts(account.ids(), 2));
    }
  }

  @Test
  void dayThatIsSaidToBeSettledIsLeftOut() throws Exception {
    try (Connector connector = cluster.stoppedConnector("offsets", settings())) {
      Split leftOut = days.get(1);
      connector.awaitStopped();
      // A worker brings the keys into their order.
      Map<String, String> partition = new LinkedHashMap<>();
      partition.put("split", leftOut.toString());
      partition.put("feed", "call-center");
      connector.alterOffset(partition, settled(leftOut));
      Map<String, Integer> expected = counts(account.ids(), 1);
      expected.keySet().removeAll(account.ids(leftOut.range()));
      expectAfterResume(connector, expected);
    }
  }

  @Test
  void wrongFormsAreRefused() throws Exception {
    try (Connector connector = cluster.connector("offsets", settings())) {
      connector.expectExactly(account.ids());
      Map<Map<String, ?>, Map<String, ?>> before = awaitOffsetsOfAllDays(connector);
      Split day = days.get(1);
      Map<String, Object> settled = settled(day);
      Map<String, String> right = codec.partition(day);
      Map<String, String> otherFeed = new LinkedHashMap<>(right);
      otherFeed.put("feed", "voicemail");
      Map<String, String> noDay = new LinkedHashMap<>(right);
      noDay.put("split", "yesterday");
      for (Map<String, String> wrong : List.of(otherFeed, noDay)) {
        expectRefusal(connector, wrong, settled, PARTITION_FORM);
        expectRefusal(connector, wrong, null, PARTITION_FORM);
      }
      String settledForm = "\\\"settled\\\": \\\"" + day.range().to() + "\\\"";
      Map<String, Object> beyond = new HashMap<>(settled);
      beyond.put("settled", day.range().to().plusSeconds(1).toString());
      Map<String, Object> unversioned = new HashMap<>(settled);
      unversioned.remove("version");
      for (Map<String, Object> wrong : List.of(beyond, unversioned)) {
        expectRefusal(connector, right, wrong, settledForm);
      }
      assertThat(connector.offsets()).isEqualTo(before);
      expectAfterResume(connector, counts(account.ids(), 1));
    }
  }

  private TimeRange range() {
    return new TimeRange(days.get(0).range().from(), days.get(2).range().to());
  }

  private Map<String, String> settings() {
    Map<String, String> settings = account.settings();
    settings.put("start.time", range().from().toString());
    settings.put("late.arrival.ms", SETTLED_AFTER_A_MONTH);
    settings.put("poll.interval.ms", "500");
    settings.put("requests.per.second", "100");
    return settings;
  }

  private Map<String, Object> settled(Split day) {
    Map<String, Object> offset = new LinkedHashMap<>();
    offset.put("version", 1);
    offset.put("start", range().from().toString());
    offset.put("settled", day.range().to().toString());
    return offset;
  }

  /** Waits until the offsets of a stopped connector say that all was read, and returns them. */
  private Map<Map<String, ?>, Map<String, ?>> awaitOffsetsOfAllDays(Connector connector) {
    connector.await(
        "offsets of all days",
        () -> {
          Map<Map<String, ?>, Map<String, ?>> offsets = connector.offsets();
          return days.stream().allMatch(day -> isRead(day, offsets.get(codec.partition(day))));
        });
    Map<Map<String, ?>, Map<String, ?>> offsets = connector.offsets();
    assertThat(offsets).hasSize(days.size());
    return offsets;
  }

  private boolean isRead(Split day, @Nullable Map<String, ?> map) {
    if (map == null) {
      return false;
    }
    SplitOffset offset = codec.decode(day, map);
    Instant readTo = offset.settled();
    for (WindowOffset window : offset.windows()) {
      readTo = window.state() == WindowOffset.State.READ ? window.range().to() : Instant.MIN;
    }
    return readTo.equals(day.range().to());
  }

  private static void expectRefusal(
      Connector connector,
      Map<String, ?> partition,
      @Nullable Map<String, ?> offset,
      String rightForm) {
    assertThatThrownBy(() -> connector.alterOffset(partition, offset))
        .isInstanceOf(ConnectRestException.class)
        .hasMessageContaining(rightForm);
  }

  private static Map<String, Integer> counts(Set<String> ids, int count) {
    Map<String, Integer> counts = new HashMap<>();
    ids.forEach(id -> counts.put(id, count));
    return counts;
  }

  /** Resumes the connector, and expects so many records of each id in all. */
  private void expectAfterResume(Connector connector, Map<String, Integer> counts)
      throws InterruptedException {
    connector.resume(1);
    long records = counts.values().stream().mapToInt(count -> count).sum();
    connector.awaitAtLeast(records);
    account.awaitFurtherRequests(connector, 3);
    connector.stop();
    connector.topic().readToEnd();
    assertThat(connector.topic().counts()).isEqualTo(counts);
  }
}
