package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of a call that a transform refuses, by {@code errors.tolerance}. */
@ExtendWith(Clusters.class)
class ToleranceIT {
  private static final int CALLS = 200;

  /** Refuses an id that is no number. */
  private static final Map<String, String> TRANSFORM =
      Map.of(
          "transforms", "number",
          "transforms.number.type", "org.apache.kafka.connect.transforms.Cast$Value",
          "transforms.number.spec", "callSessionId:int64");

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();
  private final Instant end =
      account.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(4));
  private final TimeRange range = new TimeRange(end.minus(Duration.ofDays(2)), end);
  private String refused = "";

  ToleranceIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void addCalls() {
    account.add(calls -> calls.realistic(CALLS, range.from(), range.to()));
    Instant middle = range.from().plus(Duration.ofHours(20));
    refused = account.addCall(middle, middle.plusSeconds(20)).callSessionId();
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @Test
  void withAllTheCallIsGoneAndConnectAloneCountsIt() throws Exception {
    Map<String, String> settings = settings("all");
    settings.putAll(Audit.SETTINGS);
    Set<String> others = new TreeSet<>(account.ids());
    others.remove(refused);
    try (Topic audit = cluster.topic("audit")) {
      settings.put("audit.topic", audit.name());
      try (Connector connector = cluster.connector("tolerance", settings)) {
        List<Audit> audits = Audit.await(connector, audit, range);
        assertThat(connector.metric("task-error-metrics", "total-records-skipped")).isEqualTo(1);
        assertThat(connector.metric("plugins", "records-total")).isEqualTo(others.size() + 1);
        assertThat(connector.metric("plugins", "records-malformed-total")).isZero();
        assertThat(Audit.sum(audits, "emitted")).isEqualTo(others.size() + 1);
        assertThat(Audit.sum(audits, "malformed")).isZero();
        // It does not come again either: the offset says that it was emitted.
        connector.stop();
        connector.resume(1);
        connector.expectExactly(others);
      }
    }
  }

  @Test
  void daysThatAreLoadedAgainBringItBack() throws Exception {
    try (Connector connector = cluster.connector("tolerance", settings("all"))) {
      connector.awaitAtLeast(account.ids().size() - 1);
      connector.stop();
      connector.resetOffsets();
      connector.set("transforms", "");
      connector.resume(1);
      connector.awaitAll(account.ids());
    }
  }

  @Test
  void withNoneTheTaskFailsAndGoesOnOnceTheTransformIsCorrected() throws Exception {
    try (Connector connector = cluster.connector("tolerance", settings("none"))) {
      connector.awaitFailure("Tolerance exceeded in error handler");
      connector.set("transforms", "");
      connector.awaitRunning(1);
      connector.awaitAll(account.ids());
    }
  }

  private Map<String, String> settings(String tolerance) {
    Map<String, String> settings = new HashMap<>(account.settings());
    settings.putAll(TRANSFORM);
    settings.put("errors.tolerance", tolerance);
    settings.put("start.time", range.from().toString());
    settings.put("end.time", range.to().toString());
    settings.put("late.arrival.ms", "60000");
    settings.put("poll.interval.ms", "1000");
    settings.put("requests.per.second", "50");
    return settings;
  }
}
