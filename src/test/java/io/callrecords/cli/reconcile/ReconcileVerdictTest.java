package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.topic.MadeUpTopics;
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
              request -> holds(request, account.range.from().plus(Duration.ofHours(12))),
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

  /**
   * A total that counts the rows of a join, or nothing, announces no calls that do not come: once
   * three windows have shown what it counts.
   */
  @ParameterizedTest
  @MethodSource("oddTotals")
  void aTotalThatCountsSomethingElseHidesNothing(Pagination pagination) throws Exception {
    try (ReconciledAccount account =
        account(800, Quirks.newBuilder().pagination(pagination).build())) {
      account.fill();

      assertThat(lastLine(account.reconcile())).startsWith("All is well");
    }
  }

  /**
   * Whether a request is for a range that holds a moment: of all windows that were read, for one.
   */
  private static boolean holds(ApiRequest request, Instant moment) {
    Instant from = request.from();
    Instant to = request.to();
    return from != null && to != null && !moment.isBefore(from) && moment.isBefore(to);
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
      account.tryFor(Duration.ofMillis(200));

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
    try (ReconciledAccount account = account(60, "late.arrival.ms", "432000000")) {
      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isFalse();
      assertThat(lastLine(result)).startsWith("Not all could be seen").contains("pending");
    }
  }

  @Test
  void onlyRecordsThatAreThereTwiceAreNotCalledMissing() throws Exception {
    try (ReconciledAccount account = account(60)) {
      account.fill();
      MadeUpTopics.MadeUpRecord first = account.topics.records(CALLS).get(0);
      account.topics.add(CALLS, first.id(), first.key(), first.value(), Instant.now());

      ReconcileResult result = account.reconcile();

      assertThat(lastLine(result))
          .isEqualTo(
              "Not well: the topic has all that the API returns, and 1 call more than once.");
      assertThat(steps(result)).singleElement().asString().startsWith("Twice: ");
    }
  }

  private static List<String> steps(ReconcileResult result) {
    List<String> lines = ReconcileReport.lines(result, false, null, null);
    int at = lines.indexOf("What to do:");
    return at < 0
        ? List.of()
        : lines.subList(at + 1, lines.size() - 1).stream().map(String::strip).toList();
  }

  @Test
  void eachKindOfFindingNamesTheNextStep() throws Exception {
    try (ReconciledAccount account = account(60)) {
      account.fill();
      List<MadeUpTopics.MadeUpRecord> records = account.topics.records(CALLS);
      MadeUpTopics.MadeUpRecord gone = records.get(0);
      MadeUpTopics.MadeUpRecord edited = records.get(1);
      account.topics.remove(CALLS, one -> one.id().equals(gone.id()));
      String text = new String(edited.value(), UTF_8);
      account.topics.change(
          CALLS,
          edited.id(),
          old ->
              new String(old, UTF_8)
                  .replace("\"callDuration\":", "\"callDuration\":1")
                  .getBytes(UTF_8));
      account.topics.add(
          CALLS,
          "foreign",
          "foreign".getBytes(UTF_8),
          text.replace(edited.id(), "foreign").getBytes(UTF_8),
          Instant.now());

      ReconcileResult result = account.reconcile();

      assertThat(lastLine(result))
          .isEqualTo(
              "Not well: the topic lacks 1 call that the API returns, has 1 call that the API does"
                  + " not return, and has 1 call with other content.");
      List<String> steps = steps(result);
      assertThat(steps).hasSize(3);
      assertThat(steps.get(0))
          .startsWith("Missing: ")
          .contains("call-records replay calls ", account.range.from().toString().substring(0, 7));
      assertThat(steps.get(1)).startsWith("Foreign: ").contains("--json");
      assertThat(steps.get(2)).startsWith("Different: ").contains("--show-values", "replay");
    }
  }

  @Test
  void malformedRowsAreSaidToBeElsewhere() throws Exception {
    Quirks quirks = Quirks.newBuilder().malformedEvery(5).build();
    try (ReconciledAccount account =
        account(
            200,
            quirks,
            "malformed.records",
            "topic",
            "malformed.topic",
            ReconciledAccount.MALFORMED)) {
      account.fill();

      ReconcileResult result = account.reconcile();

      long rows = result.days().sum(day -> day.malformed);
      assertThat(rows).isGreaterThan(3);
      assertThat(lastLine(result))
          .isEqualTo(
              "All is well: the topic has what the API returns, but for "
                  + rows
                  + " malformed rows.");
      assertThat(ReconcileReport.lines(result, false, null, null))
          .contains(
              "Note: "
                  + rows
                  + " rows are malformed: they are in malformed.topic (calls-malformed), and not"
                  + " in the topic of calls.");
    }
  }

  @Test
  void malformedRowsThatWereSkippedAreNotToBeLoadedAgain() throws Exception {
    Quirks quirks = Quirks.newBuilder().malformedEvery(5).build();
    try (ReconciledAccount account = account(200, quirks, "malformed.records", "skip")) {
      account.fill();

      assertThat(steps(account.reconcile()))
          .singleElement()
          .asString()
          .startsWith("Missing: ")
          .contains("malformed.topic")
          .doesNotContain("replay");
    }
  }
}
