package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.Journal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Crowded or empty: how the calls lie in time decides neither what arrives nor how deep it pages.
 */
@ExtendWith(Clusters.class)
class WindowsIT {
  private static final int PAGES_OF_A_WINDOW = 20;

  /** A second, asked with a margin on both sides. */
  private static final Duration SHORTEST_QUERY = Duration.ofSeconds(2);

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();

  WindowsIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @Test
  void fiveThousandCallsInOneSecond() throws Exception {
    Instant second = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(3));
    account.add(generator -> generator.inSecond(5_000, second));
    Map<String, String> settings = settings();
    settings.put("start.time", second.minus(Duration.ofHours(5)).toString());
    settings.put("end.time", second.plus(Duration.ofHours(5)).toString());
    try (Connector connector = cluster.connector("dense-second", settings)) {
      connector.expectExactly(account.ids());
    }
    List<Journal.Entry> deep =
        account.journal().entries(e -> e.request().current() > PAGES_OF_A_WINDOW);
    assertThat(deep).isNotEmpty().allSatisfy(e -> assertThat(range(e)).isEqualTo(SHORTEST_QUERY));
    // It is read with each of its neighbours, too, whose margins touch it.
    assertThat(account.journal().count()).isLessThan(250);
  }

  @Test
  void quietAccountCostsFewRequests() throws Exception {
    account.addHistory(300, Duration.ofDays(30));
    Map<String, String> settings = settings();
    // One look at the live edge at most: what is counted is the backlog.
    settings.put("poll.interval.ms", "600000");
    try (Connector connector = cluster.connector("quiet", settings)) {
      connector.expectExactly(account.ids());
    }
    assertThat(account.journal().count()).isLessThan(60);
  }

  @Test
  void dayOfFortyThousandCallsIsNeverPagedDeep() throws Exception {
    Instant day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(4));
    account.add(generator -> generator.realistic(40_000, day, day.plus(Duration.ofDays(1))));
    Map<String, String> settings = settings();
    settings.put("start.time", day.toString());
    settings.put("end.time", day.plus(Duration.ofDays(1)).toString());
    try (Connector connector = cluster.connector("busy-day", settings)) {
      connector.expectExactly(account.ids());
    }
    assertThat(account.journal().maxPage()).isLessThanOrEqualTo(PAGES_OF_A_WINDOW);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = account.settings();
    settings.put("requests.per.second", "300");
    return settings;
  }

  private static Duration range(Journal.Entry entry) {
    return Duration.between(entry.request().from(), entry.request().to());
  }
}
