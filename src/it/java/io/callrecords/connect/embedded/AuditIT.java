package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The audit records tell of each window once, and their sums are those of the topic and the API.
 */
@ExtendWith(Clusters.class)
class AuditIT {
  private static final Duration LATE_ARRIVAL = Duration.ofHours(1);

  private final ConnectCluster cluster;

  AuditIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void windowsCoverTheRangeAndAddUp() throws Exception {
    TimeRange range = threeDays();
    Instant midnight = range.from().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    try (ClusterAccount account = ClusterAccount.open();
        Topic topic = cluster.topic("audit")) {
      account.add(calls -> calls.realistic(1_500, range.from(), range.to()));
      addOnBothSides(account, range.from());
      addOnBothSides(account, midnight);
      addOnBothSides(account, range.to());
      Map<String, String> settings = settings(account, topic, range);
      settings.put("page.size", "10");
      List<Audit> audits = expectAuditOf(account, settings, topic, range);
      assertThat(audits).hasSizeGreaterThanOrEqualTo(8);
      assertThat(Audit.sum(audits, "outside")).isGreaterThanOrEqualTo(8);
      assertThat(Audit.sum(audits, "duplicates")).isZero();
    }
  }

  @Test
  void rowsThatTheApiRepeatsAreDuplicates() throws Exception {
    TimeRange range = threeDays();
    try (ClusterAccount account =
            ClusterAccount.open(Quirks.newBuilder().duplicateEvery(10).build());
        Topic topic = cluster.topic("audit")) {
      account.add(calls -> calls.uniform(120, range.from(), range.to()));
      Map<String, String> settings = settings(account, topic, range);
      List<Audit> audits = expectAuditOf(account, settings, topic, range);
      assertThat(Audit.sum(audits, "duplicates")).isPositive();
    }
  }

  /** An outage may look like that, so that its offsets leave for the next run to read it again. */
  @Test
  void accountWithoutCallsHasAuditRecordsAndOffsetsThatClaimNothing() throws Exception {
    TimeRange range = threeDays();
    Map<Split, Instant> expected = new HashMap<>();
    Split.allOf(range)
        .forEach(split -> expected.put(split, split.range().intersection(range).from()));
    try (ClusterAccount account = ClusterAccount.open();
        Topic topic = cluster.topic("audit");
        Connector connector = cluster.connector("audited", settings(account, topic, range))) {
      List<Audit> audits = Audit.await(connector, topic, range);
      expectSettled(audits, range);
      assertThat(Audit.sum(audits, "total")).isZero();
      connector.expectExactly(Set.of());
      connector.await(
          "offsets of all days", () -> settledTo(connector).keySet().equals(expected.keySet()));
      assertThat(settledTo(connector)).isEqualTo(expected);
    }
  }

  /** Up to when the offsets say that each day is settled; they have no windows. */
  private static Map<Split, Instant> settledTo(Connector connector) {
    OffsetCodec codec = new OffsetCodec("call-center");
    Map<Split, Instant> settledTo = new HashMap<>();
    connector
        .offsets()
        .forEach(
            (partition, map) -> {
              SplitOffset offset = codec.decode(codec.split(partition), map);
              assertThat(offset.windows()).isEmpty();
              settledTo.put(codec.split(partition), offset.settled());
            });
    return settledTo;
  }

  @Test
  void lateCallsAreCounted() throws Exception {
    try (ClusterAccount account = ClusterAccount.open();
        Topic topic = cluster.topic("audit")) {
      TimeRange range = recent(account);
      account.add(calls -> calls.steady(1, range.from(), range.to()));
      Map<String, String> settings = settings(account, topic, range);
      settings.remove("end.time");
      try (Connector connector = cluster.connector("audited", settings)) {
        connector.awaitAll(account.ids());
        account.awaitFurtherRequests(connector, 2);
        topic.readToEnd();
        assertThat(Audit.of(topic)).isEmpty();
        Instant middle = range.from().plus(range.length().dividedBy(2));
        for (int late = 0; late < 3; late++) {
          account.addCall(middle.plusSeconds(late), account.now());
        }
        account.putForward(LATE_ARRIVAL.dividedBy(2));
        connector.awaitAll(account.ids());
        // The last look finds one, too.
        account.addCall(middle, account.now());
        account.putForward(LATE_ARRIVAL);
        List<Audit> audits = Audit.await(connector, topic, range);
        expectSettled(audits, range);
        assertThat(Audit.sum(audits, "late")).isEqualTo(4);
        assertThat(Audit.sum(audits, "updated")).isZero();
        assertThat(Audit.sum(audits, "emitted")).isEqualTo(account.ids().size());
        connector.expectExactly(account.ids());
      }
    }
  }

  @Test
  void changedCallsAreCountedAndComeVersionByVersion() throws Exception {
    try (ClusterAccount account = ClusterAccount.open();
        Topic topic = cluster.topic("audit")) {
      TimeRange range = recent(account);
      account.add(calls -> calls.steady(1, range.from(), range.to()));
      List<String> ids = List.copyOf(account.ids());
      Map<String, String> settings = settings(account, topic, range);
      settings.put("emit.updates", "true");
      settings.remove("end.time");
      try (Connector connector = cluster.connector("audited", settings)) {
        connector.awaitAll(account.ids());
        ids.subList(0, 6).forEach(id -> account.remark(id, "first"));
        account.putForward(LATE_ARRIVAL.dividedBy(2));
        awaitRemarks(connector, account);
        // The last look finds these.
        ids.subList(4, 9).forEach(id -> account.remark(id, "second"));
        account.putForward(LATE_ARRIVAL);
        List<Audit> audits = Audit.await(connector, topic, range);
        expectSettled(audits, range);
        assertThat(Audit.sum(audits, "updated")).isEqualTo(11);
        assertThat(Audit.sum(audits, "late")).isZero();
        assertThat(Audit.sum(audits, "emitted")).isEqualTo(ids.size());
        connector.stop();
        connector.topic().readToEnd();
        assertThat(remarks(connector)).isEqualTo(remarks(account));
      }
    }
  }

  /** Three days and a half that begin and end within a day, long enough ago to be settled. */
  private static TimeRange threeDays() {
    Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    return new TimeRange(today.minus(Duration.ofHours(96 + 5)), today.minus(Duration.ofHours(17)));
  }

  /** Half an hour that may still gain calls. */
  private static TimeRange recent(ClusterAccount account) {
    Instant end = account.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofMinutes(10));
    return new TimeRange(end.minus(Duration.ofMinutes(30)), end);
  }

  /** Adds calls in the last second before a moment and in the first one from it on. */
  private static void addOnBothSides(ClusterAccount account, Instant moment) {
    account.add(
        calls -> {
          List<Call> both = new ArrayList<>(calls.inSecond(2, moment.minusSeconds(1)));
          both.addAll(calls.inSecond(2, moment));
          return both;
        });
  }

  private static Map<String, String> settings(
      ClusterAccount account, Topic audit, TimeRange range) {
    Map<String, String> settings = account.settings();
    settings.putAll(Audit.SETTINGS);
    settings.put("audit.topic", audit.name());
    settings.put("start.time", range.from().toString());
    settings.put("end.time", range.to().toString());
    settings.put("late.arrival.ms", Long.toString(LATE_ARRIVAL.toMillis()));
    settings.put("poll.interval.ms", "500");
    settings.put("requests.per.second", "300");
    settings.put("tasks.max", "2");
    return settings;
  }

  private List<Audit> expectAuditOf(
      ClusterAccount account, Map<String, String> settings, Topic topic, TimeRange range)
      throws InterruptedException {
    try (Connector connector = cluster.connector("audited", settings)) {
      List<Audit> audits = Audit.await(connector, topic, range);
      expectSettled(audits, range);
      assertThat(Audit.of(topic)).as("windows within the range").isEqualTo(audits);
      assertThat(audits.get(audits.size() - 1).window().to()).isEqualTo(range.to());
      assertThat(Audit.sum(audits, "emitted")).isEqualTo(account.ids(range).size());
      assertThat(Audit.sum(audits, "late")).isZero();
      assertThat(Audit.sum(audits, "updated")).isZero();
      connector.expectExactly(account.ids(range));
      return audits;
    }
  }

  private static void expectSettled(List<Audit> audits, TimeRange range) {
    Audit.expectToCover(audits, range);
    assertThat(audits).allSatisfy(Audit::expectToAddUp);
  }

  private static void awaitRemarks(Connector connector, ClusterAccount account) {
    connector.await(
        "all remarks",
        () -> {
          connector.topic().read();
          return remarks(connector).equals(remarks(account));
        });
  }

  /** What was remarked on each call, in the order in which it came into the topic. */
  private static Map<String, List<String>> remarks(Connector connector) {
    Map<String, List<String>> remarks = new HashMap<>();
    connector
        .topic()
        .records()
        .forEach(
            record ->
                remarks
                    .computeIfAbsent(Topic.key(record), id -> new ArrayList<>())
                    .add(Audit.struct(record).getString("remark")));
    return remarks;
  }

  private static Map<String, List<String>> remarks(ClusterAccount account) {
    Map<String, List<String>> remarks = new HashMap<>();
    account.ids().forEach(id -> remarks.put(id, account.remarks(id)));
    return remarks;
  }
}
