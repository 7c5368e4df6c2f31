package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.process.BackendAccount.StoredCall;
import io.callrecords.connect.process.BackendVariant.LabelQuery;
import io.callrecords.connect.process.BackendVariant.SqlOrder;
import io.callrecords.connect.process.NginxProcess.AccessLogLine;
import io.callrecords.connect.process.NginxProcess.Site;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The packaged plugin against an API as its vendor most likely built it: Spring Boot, MyBatis-Plus,
 * MariaDB or PostgreSQL, nginx. The topic of each variant has to equal the database: ids, labels,
 * last versions.
 *
 * <p>It needs Debian's packages {@code mariadb-server}, {@code postgresql} and {@code nginx} and
 * takes twenty minutes, so {@code mvn verify} leaves it out: {@code mvn -Pbackend verify}.
 */
class Backend {
  private static final Duration PATIENCE =
      Duration.ofSeconds(Long.getLong("backend.patience.seconds", 360));
  private static final long LATE_ARRIVAL_MS = 120_000;
  private static final long LOOK_MS = 5_000;

  /** So long a limit is looked at, and so long it may be learned. */
  private static final long LIMITED_MS = 150_000;

  private static final long LEARNED_MS = 60_000;
  private static final double MOST_REFUSED = .03;
  private static final double LEAST_USED = .92;

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void topicsEqualMariaDb() throws SQLException {
    topicsEqual(MariaDbProcess.start("backend-mariadb"));
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void topicsEqualPostgreSql() throws SQLException {
    topicsEqual(PostgresProcess.start("backend-postgresql"));
  }

  private static void topicsEqual(DatabaseServer database) throws SQLException {
    List<BackendRun> runs = new ArrayList<>();
    try (BackendStack stack = new BackendStack(database);
        LocalCluster cluster = LocalCluster.start("backend-" + database, 1, 1024, Map.of())) {
      try {
        expectQuirks(stack);
        Set<String> backlog = stack.account().stored().keySet();
        for (BackendVariant variant : variants()) {
          runs.add(start(cluster, stack, variant));
        }
        live(cluster, stack, runs, backlog);
        awaitEqual(cluster, stack, runs, backlog);
        expectEqual(stack, runs);
      } finally {
        runs.forEach(BackendRun::close);
      }
    }
  }

  /** A stack that is well behaved proves nothing. */
  private static void expectQuirks(BackendStack stack) {
    int calls = BackendStack.IN_ONE_SECOND;
    BackendPages join = pages(stack, LabelQuery.JOIN, SqlOrder.TIME_AND_ID, false);
    assertThat(join.total()).isEqualTo(calls);
    assertThat(join.distinct()).as("calls on the pages that are announced").isLessThan(calls);
    assertThat(join.counts()).as("the page past the end").endsWith(0);
    BackendPages overflow = pages(stack, LabelQuery.JOIN, SqlOrder.TIME_AND_ID, true);
    assertThat(overflow.firstAgain()).as("page 1 past the end").isTrue();
    BackendPages counted = pages(stack, LabelQuery.JOIN_COUNTED, SqlOrder.TIME_AND_ID, false);
    assertThat(counted.total()).as("joined rows").isGreaterThan(calls);
    assertThat(counted.distinct()).isEqualTo(calls);
    BackendPages whole = pages(stack, LabelQuery.NESTED, SqlOrder.TIME_AND_ID, false);
    assertThat(whole.distinct()).isEqualTo(calls).isEqualTo(whole.total());
    // With its natural index MariaDB changes its plan between pages; PostgreSQL without one has
    // none.
    BackendVariant byTime = new BackendVariant(LabelQuery.NESTED, SqlOrder.TIME, false, false);
    BackendPages ties = stack.pagesOfHistory(byTime);
    System.out.println("All of the history, " + byTime + ": " + ties);
    assertThat(ties.total()).isEqualTo(BackendStack.CALLS);
    assertThat(ties.distinct())
        .as("calls, where those of one second have no order")
        .isLessThan(BackendStack.CALLS);
  }

  private static BackendPages pages(
      BackendStack stack, LabelQuery labels, SqlOrder order, boolean overflow) {
    BackendVariant variant = new BackendVariant(labels, order, overflow, false);
    BackendPages pages = stack.pagesOfSecond(variant);
    System.out.println("One second, " + variant + ": " + pages);
    return pages;
  }

  private static List<BackendVariant> variants() {
    String wanted = System.getProperty("backend.variants", "");
    return BackendVariant.all().stream()
        .filter(variant -> wanted.isEmpty() || variant.toString().matches(wanted))
        .toList();
  }

  private static BackendRun start(
      LocalCluster cluster, BackendStack stack, BackendVariant variant) {
    Map<String, String> settings = new HashMap<>();
    settings.put("start.time", "P11D");
    settings.put("requests.per.second", "10");
    settings.put("poll.interval.ms", "1000");
    settings.put("late.arrival.ms", Long.toString(LATE_ARRIVAL_MS));
    settings.put("emit.updates", "true");
    settings.put("retry.backoff.max.ms", "2000");
    return BackendRun.start(
        cluster,
        variant.toString(),
        variant,
        stack.site(variant),
        stack.nginx().trustedCertificates(),
        settings);
  }

  /** Calls are entered and changed while the application, the database and nginx are restarted. */
  private static void live(
      LocalCluster cluster, BackendStack stack, List<BackendRun> runs, Set<String> backlog) {
    try (BackendWriter writer = new BackendWriter(stack.account())) {
      awaitTurns(60, writer, cluster, runs, backlog);
      stack.restartApplications();
      awaitTurns(60, writer, cluster, runs, backlog);
      stack.stopDatabase();
      cluster.await("the database is missed", PATIENCE, () -> writer.failures() > 3);
      stack.startDatabaseAgain();
      awaitTurns(60, writer, cluster, runs, backlog);
      stack.nginx().restart();
      awaitTurns(60, writer, cluster, runs, backlog);
    }
  }

  private static void awaitTurns(
      int turns,
      BackendWriter writer,
      LocalCluster cluster,
      List<BackendRun> runs,
      Set<String> backlog) {
    int enough = writer.turns() + turns;
    cluster.await(
        "calls are entered",
        PATIENCE,
        () -> {
          runs.forEach(run -> run.read(backlog));
          return writer.turns() >= enough;
        });
  }

  /** Waits until all topics are equal and nothing changes any more, or for long enough. */
  private static void awaitEqual(
      LocalCluster cluster, BackendStack stack, List<BackendRun> runs, Set<String> backlog)
      throws SQLException {
    Map<String, StoredCall> stored = stack.account().stored();
    long since = System.currentTimeMillis();
    AtomicReference<Long> looked = new AtomicReference<>(since);
    cluster.await(
        "what is late has come",
        PATIENCE.multipliedBy(2),
        () -> {
          runs.forEach(run -> run.read(backlog));
          long now = System.currentTimeMillis();
          boolean toLook = now - looked.get() > LOOK_MS && now - since > LATE_ARRIVAL_MS;
          if (toLook) {
            looked.set(now);
          }
          return now - since > PATIENCE.toMillis()
              || (toLook
                  && runs.stream().allMatch(run -> run.compare(stored, stack.account()).isEqual()));
        });
  }

  private static void expectEqual(BackendStack stack, List<BackendRun> runs) throws SQLException {
    Map<String, StoredCall> stored = stack.account().stored();
    List<AccessLogLine> accessLog = stack.nginx().accessLog();
    List<String> unequal = new ArrayList<>();
    System.out.printf("%n%s%n%n", stack.account().version());
    System.out.println(
        "| variant | calls | records | missing | duplicates | wrong labels | wrong values"
            + " | requests for the backlog | seconds | requests in all | warnings | equal |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (BackendRun run : runs) {
      BackendComparison result = run.compare(stored, stack.account());
      String failure = run.failure();
      System.out.println(run.row(result, accessLog) + failure);
      if (!result.isEqual() || !failure.isEmpty()) {
        unequal.add(run.toString());
      }
    }
    assertThat(unequal).as("variants whose topic does not equal the database").isEmpty();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void limitsAreKeptAndUsed() throws SQLException {
    List<BackendRun> runs = new ArrayList<>();
    try (BackendStack stack = new BackendStack(MariaDbProcess.start("backend-limits"));
        LocalCluster cluster = LocalCluster.start("backend-limits", 1, 512, Map.of())) {
      try {
        List<Integer> limits = List.of(5, 2, 2);
        List<Integer> rates = List.of(5, 20, 20);
        for (int i = 0; i < limits.size(); i++) {
          runs.add(limited(cluster, stack.limited().get(i), i, rates.get(i)));
        }
        long since = System.currentTimeMillis();
        cluster.await(
            "limits are learned and used",
            PATIENCE,
            () -> System.currentTimeMillis() - since > LIMITED_MS);
        List<String> shares = new ArrayList<>();
        for (int i = 0; i < limits.size(); i++) {
          shares.add(share(stack, stack.limited().get(i), limits.get(i), rates.get(i), since));
        }
        assertThat(shares).as("limits kept and used").doesNotContain("").hasSize(3);
        assertThat(shares.stream().filter(share -> share.endsWith("no |"))).isEmpty();
      } finally {
        runs.forEach(BackendRun::close);
      }
    }
  }

  /** Pages of two calls, so that the backlog lasts. */
  private static BackendRun limited(LocalCluster cluster, Site site, int number, int rate) {
    Map<String, String> settings = new HashMap<>();
    settings.put("start.time", "P11D");
    settings.put("page.size", "2");
    settings.put("requests.per.second", Integer.toString(rate));
    settings.put("retry.backoff.max.ms", "60000");
    BackendVariant variant =
        new BackendVariant(LabelQuery.NESTED, SqlOrder.TIME_AND_ID, false, false);
    return BackendRun.start(cluster, "limited-" + number, variant, site, "", settings);
  }

  private static String share(BackendStack stack, Site site, int limit, int rate, long since) {
    List<AccessLogLine> lines =
        stack.nginx().accessLog().stream().filter(line -> line.port() == site.port()).toList();
    List<AccessLogLine> later =
        lines.stream()
            .filter(line -> line.millis() >= since + LEARNED_MS)
            .filter(line -> line.millis() < since + LIMITED_MS)
            .toList();
    double refused = refused(later);
    double used =
        later.stream().filter(line -> line.status() == 200).count()
            * 1000.0
            / (LIMITED_MS - LEARNED_MS)
            / limit;
    boolean kept = refused <= MOST_REFUSED && used >= LEAST_USED;
    String row =
        "| limit %d, rate %d, refused by %d | %.1f%% of all | %.1f%% after the first minute | %.1f%% of the limit used | %s |"
            .formatted(
                limit,
                rate,
                lines.stream()
                    .mapToInt(AccessLogLine::status)
                    .filter(s -> s != 200)
                    .max()
                    .orElse(0),
                100 * refused(lines),
                100 * refused,
                100 * used,
                kept ? "yes" : "no");
    System.out.println(row);
    return row;
  }

  private static double refused(List<AccessLogLine> lines) {
    return lines.stream().filter(line -> line.status() != 200).count()
        / (double) Math.max(1, lines.size());
  }
}
