package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.schedule.AnomalyLog;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One call in several rows, with updates emitted: rechecks take none of them for an edit. */
class RepeatedRowsTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);

  private static SimulatedAccount account(Quirks quirks) {
    ReadOptions read =
        ReadOptionsBuilder.startingAt(NOW.minus(DAY))
            .pollInterval(Duration.ofSeconds(30))
            .lateArrival(Duration.ofHours(6))
            .updates()
            .audits()
            .build();
    return new SimulatedAccount(quirks, read, 5);
  }

  /** The API returns a call always twice, with different remarks. */
  @ParameterizedTest
  @EnumSource(Order.class)
  void rowsThatContradictEachOtherAreOneRecordAndNoEdit(Order order) {
    SimulatedAccount account = account(Quirks.newBuilder().order(order).build());
    Call call = account.calls.starting(NOW.minus(Duration.ofHours(3)), Duration.ofSeconds(40));
    String id = call.callSessionId();
    account.store.addAll(account.calls.uniform(60, NOW.minus(DAY), NOW.minus(Duration.ofHours(1))));
    account.store.add(call.with(to -> to.remark("eins")));
    account.store.add(call.with(to -> to.callSessionId("another").remark("zwei")));
    account.faults.when(
        request -> true, Fault.rewritten("one id twice", body -> body.replace("another", id)));
    List<String> warnings = new ArrayList<>();
    long counted;
    try (LogCapture log = new LogCapture(AnomalyLog.class)) {
      account.worker.start(1);
      account.loop.runFor(Duration.ofHours(12));
      counted = account.worker.counts().conflicting();
      log.lines().stream().filter(line -> line.contains("more than once")).forEach(warnings::add);
    }

    assertThat(account.worker.topic()).hasSize(61).containsEntry(id, 1);
    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.remarks(id)).hasSize(1).containsAnyOf("eins", "zwei");
    assertThat(account.worker.counts().updated()).isZero();
    assertThat(counted).isOne();
    assertThat(conflicts(account)).isOne();
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("WARN ")
        .contains("conflicting-records-total")
        .doesNotContain(id, "eins", "zwei");
  }

  private static long conflicts(SimulatedAccount account) {
    return account.worker.audits().stream()
        .map(WindowAudit::reconciliation)
        .filter(Objects::nonNull)
        .mapToLong(WindowAudit.Reconciliation::conflicts)
        .sum();
  }

  /** New calls move the joined rows of older ones from one page to another all the time. */
  @Test
  void labelsThatNobodyHasChangedAreNoEditHoweverPagesCutThem() {
    SimulatedAccount account =
        account(
            Quirks.newBuilder()
                .order(Order.NEWEST_FIRST)
                .pagination(Pagination.labelJoin())
                .build());
    account.store.addAll(account.calls.uniform(800, NOW.minus(DAY), NOW.plus(Duration.ofHours(2))));
    account.store.addAll(
        account.calls.uniform(
            300, NOW.minus(Duration.ofMinutes(20)), NOW.minus(Duration.ofMinutes(10))));
    account.worker.start(1);

    account.loop.runFor(Duration.ofHours(12));

    Map<String, Integer> topic = account.worker.topic();
    assertThat(topic).hasSize(1_100);
    assertThat(topic.values()).as("versions of a call").containsOnly(1);
    int labelled = 0;
    for (Call call :
        account.store.visible(account.loop.wallClock(), Instant.EPOCH, NOW.plus(DAY))) {
      List<String> labels = Objects.requireNonNullElse(call.labels(), List.of());
      labelled += labels.size() > 1 ? 1 : 0;
      assertThat(Set.copyOf(account.worker.labels(call.callSessionId()).get(0)))
          .isEqualTo(Set.copyOf(labels));
    }
    assertThat(labelled).as("calls that a join can split").isGreaterThan(100);
  }

  /** What a recheck finds is an edit where somebody has made one. */
  @Test
  void aLabelThatIsAddedIsAnEdit() {
    SimulatedAccount account =
        account(Quirks.newBuilder().pagination(Pagination.labelJoin()).build());
    List<Call> calls =
        List.copyOf(
            account.calls.uniform(250, NOW.minus(Duration.ofHours(5)), NOW.minusSeconds(900)));
    account.store.addAll(calls);
    String id = calls.get(125).callSessionId();
    account.store.edit(
        id, NOW.plus(Duration.ofMinutes(20)), to -> to.labels(List.of("a", "b", "c")));
    account.worker.start(1);

    account.loop.runFor(Duration.ofHours(12));

    assertThat(account.worker.topic()).hasSize(250).containsEntry(id, 2);
    assertThat(account.worker.labels(id).get(1)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(account.worker.counts().updated()).isOne();
  }
}
