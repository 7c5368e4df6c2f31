package io.callrecords.cli.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.ExitStatus;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.TotalCount;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that only what was seen is called well. */
class ReconcileVerdictTest {
  private static final String CALLS = ReconciledAccount.CALLS;
  private static final Pattern TOTAL = Pattern.compile("\"total\":\\s*(\\d+)");

  private static ReconciledAccount account(int calls, String... namesAndValues) {
    return account(calls, Quirks.newBuilder().build(), namesAndValues);
  }

  private static ReconciledAccount account(int calls, Quirks quirks, String... namesAndValues) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ReconciledAccount(3, calls, 1, 2, quirks, settings);
  }

  private static String lastLine(ReconcileResult result) {
    List<String> lines = ReconcileReport.lines(result, false, null, null);
    return lines.get(lines.size() - 1);
  }

  @Test
  void aRangeThatTheApiReturnsNoMoreIsNotWell() throws Exception {
    try (ReconciledAccount account = account(0, "api.retention.days", "1")) {
      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isFalse();
      assertThat(lastLine(result))
          .startsWith("Not all could be seen")
          .contains("no longer returns");
    }
  }

  @Test
  void callsThatAreAnnouncedAndNeverComeAreNotWell() throws Exception {
    try (ReconciledAccount account = account(60)) {
      account.fill();
      account
          .simulator
          .faults()
          .when(
              request -> isOfFirstDay(request, account.range.from()),
              Fault.rewritten("announced", body -> announceMore(body)));

      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isFalse();
      assertThat(lastLine(result))
          .startsWith("Not all could be seen")
          .contains("announced 5 calls more");
    }
  }

  static Stream<Pagination> oddTotals() {
    return Stream.of(
        Pagination.labelJoin(),
        Pagination.labelJoinCounted(),
        Pagination.HONEST.total(TotalCount.ZERO),
        Pagination.HONEST.total(TotalCount.DRIFTING),
        Pagination.HONEST.percent(150));
  }

  /** A total that counts the rows of a join, or nothing, announces no calls that do not come. */
  @ParameterizedTest
  @MethodSource("oddTotals")
  void aTotalThatCountsSomethingElseHidesNothing(Pagination pagination) throws Exception {
    try (ReconciledAccount account =
        account(60, Quirks.newBuilder().pagination(pagination).build())) {
      account.fill();

      assertThat(lastLine(account.reconcile())).startsWith("All is well");
    }
  }

  /** Whether a request is for a part of the first day of a range. */
  private static boolean isOfFirstDay(ApiRequest request, Instant begin) {
    Instant to = request.to();
    return to != null && !to.isAfter(begin.plus(Duration.ofDays(1)).plusSeconds(60));
  }

  private static String announceMore(String body) {
    return TOTAL
        .matcher(body)
        .replaceFirst(found -> "\"total\":" + (Long.parseLong(found.group(1)) + 5));
  }

  @Test
  void anApiThatHasNoDataForAnythingIsNotWell() throws Exception {
    Quirks quirks = Quirks.newBuilder().emptyResult(EmptyResult.NULL_DATA).build();
    try (ReconciledAccount account = account(0, quirks)) {
      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isFalse();
      assertThat(lastLine(result)).startsWith("Not all could be seen");
    }
  }

  @Test
  void nothingOnBothSidesIsWellAndSaysSo() throws Exception {
    try (ReconciledAccount account = account(0)) {
      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isTrue();
      assertThat(result.notes()).anyMatch(note -> note.contains("nothing to compare"));
    }
  }

  @Test
  void whatIsWrongIsWrongWhateverElseCouldNotBeSeen() throws Exception {
    try (ReconciledAccount account = account(60)) {
      account.fill();
      account.topics.remove(CALLS, one -> true);
      Map<String, String> settings = account.config.originalsStrings();
      settings.put("api.retention.days", "1");

      ReconcileResult result =
          account.reconcile(new CallRecordSourceConfig(settings), JsonDecoder::new, Set.of());

      assertThat(lastLine(result)).startsWith("Not well").contains("no longer returns");
      assertThat(result.conclusion().verdict().status()).isEqualTo(ExitStatus.BAD);
    }
  }

  @Test
  void someCallsThatArePendingAreNotCalledTheSame() throws Exception {
    try (ReconciledAccount account = account(60, "late.arrival.ms", "86400000")) {
      account.fill();
      List<String> ids = account.topics.records(CALLS).stream().map(one -> one.id()).toList();
      String last = ids.get(ids.size() - 1);
      account.topics.remove(CALLS, one -> one.id().equals(last));

      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isTrue();
      assertThat(lastLine(result)).isEqualTo("Nothing is wrong so far; 1 of 60 calls is pending.");
      assertThat(SummaryDocument.of(result, "test", false, null).at("/summary/pending").asInt())
          .isEqualTo(1);
    }
  }

  @Test
  void nothingIsWellWhereAllCallsArePending() throws Exception {
    try (ReconciledAccount account = account(60, "late.arrival.ms", "172800000")) {
      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isFalse();
      assertThat(lastLine(result)).startsWith("Not all could be seen").contains("pending");
    }
  }
}
