package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.process.PageBlock;
import io.callrecords.connect.split.TimeRange;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A transform that drops all calls leaves no offsets, unless audit records pass it. */
@ExtendWith(Clusters.class)
class DroppedRecordsIT {
  private static final Path PAGE = Path.of("docs", "ERRORS.md");
  private static final int CALLS = 300;

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();
  private final Instant end =
      account.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(4));
  private final TimeRange range = new TimeRange(end.minus(Duration.ofDays(2)), end);

  DroppedRecordsIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void addCalls() {
    account.add(calls -> calls.realistic(CALLS, range.from(), range.to()));
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @Test
  void withoutAuditEachStartReadsAllOfItAgain() throws Exception {
    Map<String, String> settings = settings();
    settings.put("transforms", "nothing");
    settings.put("transforms.nothing.type", "org.apache.kafka.connect.transforms.Filter");
    try (Connector connector = cluster.connector("dropped", settings)) {
      awaitEmitted(connector);
      connector.stop();
      assertThat(connector.offsets()).isEmpty();
      connector.resume(1);
      awaitEmitted(connector);
      connector.stop();
      assertThat(connector.offsets()).isEmpty();
      connector.topic().readToEnd();
      assertThat(connector.topic().records()).isEmpty();
    }
  }

  @Test
  void auditRecordsThatPassTheTransformMoveTheOffsets() throws Exception {
    try (Topic audit = cluster.topic("audit")) {
      Map<String, String> settings = settings();
      settings.putAll(Audit.SETTINGS);
      settings.putAll(PageBlock.of(PAGE, "drop").settings());
      settings.put("audit.topic", audit.name());
      settings.put("predicates.isCall.pattern", "dropped-.*");
      try (Connector connector = cluster.connector("dropped", settings)) {
        Audit.await(connector, audit, range);
        connector.stop();
        connector.await("offsets", () -> connector.offsets().size() >= 2);
        connector.topic().readToEnd();
        assertThat(connector.topic().records()).isEmpty();
        connector.resume(1);
        account.awaitFurtherRequests(connector, 1);
        connector.await(
            "nothing is emitted again", () -> connector.metric("plugins", "backlog-days") == 0);
        assertThat(connector.metric("plugins", "records-total")).isZero();
      }
    }
  }

  private void awaitEmitted(Connector connector) {
    connector.await("all is emitted", () -> connector.metric("plugins", "records-total") == CALLS);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(account.settings());
    settings.put("start.time", range.from().toString());
    settings.put("late.arrival.ms", "60000");
    settings.put("poll.interval.ms", "1000");
    settings.put("requests.per.second", "50");
    return settings;
  }
}
