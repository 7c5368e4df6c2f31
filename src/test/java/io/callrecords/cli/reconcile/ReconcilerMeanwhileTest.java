package io.callrecords.cli.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.callrecords.cli.topic.MadeUpTopics;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.RowVersion;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Proves that topic and API are read at once, within bounds, and that what happens meanwhile on
 * either side makes nothing wrong.
 */
class ReconcilerMeanwhileTest {
  private static final String CALLS = ReconciledAccount.CALLS;
  private static final int DAYS = 3;
  private static final int MANY_DAYS = 28;
  private static final int CALLS_A_DAY = 100;
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static ReconciledAccount account(int days) throws InterruptedException {
    ReconciledAccount account =
        new ReconciledAccount(
            7, days * CALLS_A_DAY, days, 2, Quirks.newBuilder().build(), Map.of("page.size", "10"));
    account.fill();
    return account;
  }

  /**
   * How many requests the API has had beyond some, once there have been some and none for a second.
   */
  private static long requestsOf(ReconciledAccount account, long before) {
    long[] last = {before};
    await()
        .atMost(PATIENCE)
        .during(QUIET)
        .until(
            () -> {
              long now = account.simulator.journal().count();
              boolean isQuiet = now == last[0] && now > before;
              last[0] = now;
              return isQuiet;
            });
    return last[0] - before;
  }

  @Test
  void readsTheApiWhileTheTopicIsRead() throws Exception {
    try (ReconciledAccount account = account(DAYS)) {
      long needed = account.reconcile().requests() * 2 / 3;
      long before = account.simulator.journal().count();
      boolean[] isAwaited = new boolean[1];
      account.topics.beforeReading(
          () -> {
            await()
                .atMost(PATIENCE)
                .until(() -> account.simulator.journal().count() - before > needed);
            isAwaited[0] = true;
          });

      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isTrue();
      assertThat(isAwaited[0]).isTrue();
    }
  }

  @Test
  void readsNoMoreThanMayWait() throws Exception {
    try (ReconciledAccount account = account(MANY_DAYS)) {
      account.readNothingAhead();
      long before = account.simulator.journal().count();
      long[] meanwhile = new long[1];
      account.topics.beforeReading(() -> meanwhile[0] = requestsOf(account, before));

      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isTrue();
      assertThat(meanwhile[0]).isPositive().isLessThan(result.requests() / 2);
    }
  }

  /** The API has been read, and does not return it; the topic has it before it is read. */
  @Test
  void aCallThatComesAfterTheApiWasReadIsNotForeign() throws Exception {
    try (ReconciledAccount account = account(DAYS)) {
      Instant noon = account.range.from().plus(Duration.ofHours(12));
      long before = account.simulator.journal().count();
      int records = account.topics.records(CALLS).size();
      account.topics.beforeReading(
          () -> {
            requestsOf(account, before);
            Call call = account.simulator.generator().starting(noon, Duration.ofSeconds(20));
            account.simulator.store().add(call);
            send(account, new TimeRange(noon, noon.plusSeconds(1)));
          });

      ReconcileResult result = account.reconcile();

      assertThat(account.topics.records(CALLS)).hasSizeGreaterThan(records);
      assertThat(result.findings()).isEmpty();
      assertThat(result.isWell()).isTrue();
    }
  }

  private static void send(ReconciledAccount account, TimeRange part) {
    try {
      account.send(part, RowVersion.FIRST);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The API returns it when it is read; the topic has it only after its end was noted. */
  @Test
  void aCallThatIsWrittenAfterTheApiWasReadIsNotMissing() throws Exception {
    try (ReconciledAccount account = account(DAYS)) {
      long before = account.simulator.journal().count();
      MadeUpTopics.MadeUpRecord record = account.topics.records(CALLS).get(0);
      account.topics.remove(CALLS, one -> one.id().equals(record.id()));
      account.topics.beforeReading(
          () -> {
            requestsOf(account, before);
            account.topics.add(CALLS, record.id(), record.key(), record.value(), Instant.now());
          });

      ReconcileResult result = account.reconcile();

      assertThat(result.findings()).isEmpty();
      assertThat(result.isWell()).isTrue();
    }
  }
}
