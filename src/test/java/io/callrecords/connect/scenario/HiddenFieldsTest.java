package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.PrivacyOptions;
import io.callrecords.connect.feed.PrivacyRules;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What edits of hidden fields come to where updates are emitted. */
class HiddenFieldsTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration EDITED = Duration.ofMinutes(20);

  private final SimulatedAccount account =
      new SimulatedAccount(
          Quirks.defaults(),
          ReadOptionsBuilder.startingAt(NOW.minus(Duration.ofHours(6))).updates().audits().build(),
          20);
  private final List<Call> calls =
      List.copyOf(account.calls.uniform(50, NOW.minus(Duration.ofHours(5)), NOW.minusSeconds(900)));
  private final String edited = calls.get(25).callSessionId();

  private static PrivacyRules rules(String key) {
    return new PrivacyRules(
        new PrivacyOptions(
            Set.of("remark"), Set.of("called"), new Password(key.repeat(32)), false, Set.of()));
  }

  @BeforeEach
  void open() {
    account.store.addAll(calls);
    account.worker.readOnly(rules("k"));
  }

  private void run() {
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(12));
    assertThat(account.worker.topic()).hasSize(50);
  }

  @Test
  void anotherNumberIsAnUpdate() {
    account.store.edit(edited, NOW.plus(EDITED), call -> call.called("4915199887766"));
    run();

    assertThat(account.worker.topic()).containsEntry(edited, 2);
    assertThat(account.worker.counts().updated()).isOne();
  }

  /** Nothing else could be emitted than what was. */
  @Test
  void anEditOfAnExcludedFieldIsNone() {
    account.store.edit(edited, NOW.plus(EDITED), call -> call.remark("calls back on Friday"));
    run();

    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.remarks(edited)).containsExactly("");
  }

  @Test
  void theSameNumberInAnotherFormIsNone() {
    Call call = calls.get(24);
    account.store.edit(
        call.callSessionId(), NOW.minusSeconds(60), to -> to.called("4915199887766"));
    account.store.edit(call.callSessionId(), NOW.plus(EDITED), to -> to.called("+49 151 99887766"));
    run();

    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** A call that may still change is replaced in a compacted topic when the key is. */
  @Test
  void anotherKeyIsAnUpdateOfWhatIsNotSettled() {
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(10));
    account.worker.stop();
    account.worker.readOnly(rules("q"));
    run();

    assertThat(account.worker.topic().values()).containsOnly(2);
  }
}
