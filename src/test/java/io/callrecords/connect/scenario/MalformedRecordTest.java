package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.schedule.AnomalyLog;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a record that cannot be converted does to the others, and what becomes of it. */
class MalformedRecordTest {
  private static final Duration DAY = Duration.ofDays(1);

  private SimulatedAccount account;
  private List<Call> calls;

  private void accountWith(MalformedPolicy policy) {
    ReadOptions read =
        new ReadOptions(
            SimulatedAccount.NOW.minus(DAY),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofHours(4),
            false,
            true,
            policy);
    account =
        new SimulatedAccount(
            Quirks.defaults(), read, 20, ZoneOffset.ofHours(8), SimulatedAccount.NOW);
    calls =
        List.copyOf(
            account.calls.uniform(500, SimulatedAccount.NOW.minus(DAY), SimulatedAccount.NOW));
    account.store.addAll(calls);
  }

  @BeforeEach
  void skip() {
    accountWith(MalformedPolicy.SKIP);
  }

  /**
   * Gives a field of one call a value from now on, whether the field comes before its id or not.
   */
  private void damage(Call call, String field, String value) {
    account.faults.when(
        request -> true,
        Fault.rewritten(
            "damaged " + field,
            body ->
                body.replaceAll(
                        "(\""
                            + field
                            + "\":)(\"[^\"]*\"|[^,}\"]*)(?=[^{}]*\"CALL-ID\")"
                                .replace("CALL-ID", call.callSessionId()),
                        "$1" + value)
                    .replaceAll(
                        "(\"CALL-ID\"[^{}]*\"".replace("CALL-ID", call.callSessionId())
                            + field
                            + "\":)(\"[^\"]*\"|[^,}\"]*)",
                        "$1" + value)));
  }

  @ParameterizedTest
  @CsvSource({
    "callDuration, '\"a while\"'",
    "callType, 99999999999",
    "callStartTime, '\"yesterday\"'",
    "callStartTime, null",
    "answerTime, '\"31/12/2026\"'",
    "labels, '\"VIP\"'"
  })
  void oneIsPutAsideOnceAndCostsTheOthersNothing(String field, String value) {
    accountWith(MalformedPolicy.TOPIC);
    Call odd = calls.get(77);
    damage(odd, field, value);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(6));
    account.worker.stop();

    assertThat(account.worker.topic()).hasSize(499).doesNotContainKey(odd.callSessionId());
    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.malformed().values()).containsExactly(1);
    assertThat(account.worker.malformed().keySet()).containsExactly("!" + odd.callSessionId());
  }

  /** A remark of 1.2 MB, or a field without end of any other kind, takes no neighbour with it. */
  @ParameterizedTest
  @MethodSource("endless")
  void oneThatIsTooLargeForTheParserIsPutAsideAlone(String json) {
    accountWith(MalformedPolicy.SKIP);
    Call odd = calls.get(250);
    account.faults.when(
        request -> true,
        Fault.rewritten(
            "endless",
            body ->
                body.replace(
                    "\"callSessionId\":\"" + odd.callSessionId() + "\"",
                    "\"callSessionId\":\"" + odd.callSessionId() + "\",\"endless\":" + json)));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));

    assertThat(account.worker.topic()).hasSize(499).doesNotContainKey(odd.callSessionId());
    assertThat(account.worker.malformedCount()).isEqualTo(1);
  }

  static Stream<String> endless() {
    return Stream.of(
        "\"" + "x".repeat(1_200_000) + "\"",
        "[".repeat(2_000) + "]".repeat(2_000),
        "7".repeat(300));
  }

  /** Java backends write times with a fraction, and whole numbers as decimals. */
  @Test
  void theFormsThatBackendsWriteAreTaken() {
    accountWith(MalformedPolicy.FAIL);
    account.faults.when(
        request -> true,
        Fault.rewritten(
            "forms",
            body ->
                body.replaceAll("(\"[a-zA-Z]*Time\":\"[^\"]+)\"", "$1.0\"")
                    .replaceAll("(\"callDuration\":)\"?([0-9]+)\"?", "$1$2.0")));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));

    assertThat(account.worker.topic()).hasSize(500);
  }

  @Test
  void oneWithoutAnIdIsPutAsideOnce() {
    accountWith(MalformedPolicy.TOPIC);
    Call odd = calls.get(77);
    account.faults.when(
        request -> true,
        Fault.rewritten(
            "no id",
            body -> body.replace("\"callSessionId\":\"" + odd.callSessionId() + "\"", "\"x\":1")));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(6));

    assertThat(account.worker.topic()).hasSize(499);
    assertThat(account.worker.malformed().values()).containsExactly(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = MalformedPolicy.class,
      names = {"SKIP", "TOPIC"})
  void oneThatIsPutRightLaterIsACallThatWasNeverSent(MalformedPolicy policy) {
    accountWith(policy);
    Call odd = calls.get(490);
    damage(odd, "callDuration", "\"a while\"");
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(20));
    assertThat(account.worker.topic()).hasSize(499);

    account.faults.clear();
    account.loop.runFor(Duration.ofHours(6));

    assertThat(account.worker.topic()).hasSize(500).containsEntry(odd.callSessionId(), 1);
    assertThat(account.worker.audits())
        .filteredOn(audit -> audit.malformed() > 0)
        .singleElement()
        .satisfies(audit -> assertThat(audit.distinct()).isEqualTo(audit.emitted()));
  }

  @Test
  void skippedOnesAreSaidOnceAndCounted() {
    damage(calls.get(77), "callDuration", "\"a while\"");
    try (LogCapture log = new LogCapture(AnomalyLog.class)) {
      account.worker.start(1);
      account.loop.runFor(Duration.ofHours(6));

      assertThat(account.worker.malformedCount()).isEqualTo(1);
      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("WARN"))
          .singleElement()
          .asString()
          .contains("callDuration is not a whole number", "malformed.records is skip")
          .doesNotContain("a while", calls.get(77).callSessionId());
    }
  }

  @Test
  void oneThatIsSkippedStandsInTheAudit() {
    damage(calls.get(77), "callDuration", "\"a while\"");
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(6));

    assertThat(account.worker.audits().stream().mapToLong(WindowAudit::malformed).sum())
        .isEqualTo(1);
    assertThat(account.worker.audits().stream().mapToLong(WindowAudit::emitted).sum())
        .isEqualTo(499);
  }

  @Test
  void oneStopsTheTaskWhereNothingElseIsSetAndWhatCameBeforeItIsSent() {
    accountWith(MalformedPolicy.FAIL);
    Call odd = calls.get(250);
    damage(odd, "callDuration", "\"a while\"");
    account.worker.start(1);

    assertThatThrownBy(() -> account.loop.runFor(Duration.ofHours(1)))
        .rootCause()
        .isInstanceOf(DataException.class)
        .hasMessageContaining("of the page: callDuration is not a whole number of 32 bits")
        .hasMessageContaining("malformed.records")
        .hasMessageNotContaining("a while");
  }
}
