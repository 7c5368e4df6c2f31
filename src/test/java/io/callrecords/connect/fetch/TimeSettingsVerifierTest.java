package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.scenario.SimulatedAccount;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that no record is sent with a time that a wrong setting has made. */
class TimeSettingsVerifierTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);

  /** Calls at noon only, so that a wrong zone moves none of them out of its day. */
  @ParameterizedTest
  @CsvSource({
    "UTC, +08:00, Z",
    "+08:00, +07:00, +08:00",
    "+08:00, America/New_York, +08:00",
    "Asia/Kathmandu, +05:30, +05:45"
  })
  void aWrongZoneIsNamedBeforeAnythingIsSent(ZoneId api, ZoneId set, String fits) {
    SimulatedAccount account =
        account(Quirks.newBuilder().zone(api).build(), set, MalformedPolicy.FAIL);
    for (int day = 1; day < 20; day++) {
      account.store.add(
          account.calls.starting(
              Instant.parse("2026-11-10T12:30:00Z").minus(DAY.multipliedBy(day)),
              Duration.ofMinutes(2)));
    }
    account.worker.start(2);

    assertThatThrownBy(() -> account.loop.runFor(Duration.ofMinutes(5)))
        .rootCause()
        .isInstanceOf(TimeSettingsException.class)
        .hasMessageContaining("api.time.zone: it is " + set + ", but " + fits + " would fit");
    assertThat(account.worker.topic()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500})
  void aWrongFieldIsNamedBeforeAnythingIsSent(int calls) {
    Quirks byEnd = Quirks.newBuilder().filteredTime(FilteredTime.CALL_END).build();
    SimulatedAccount account = account(byEnd, ZoneOffset.ofHours(8), MalformedPolicy.FAIL);
    account.store.addAll(account.calls.uniform(calls, NOW.minus(DAY), NOW.minusSeconds(3_600)));
    account.worker.start(1);

    assertThatThrownBy(() -> account.loop.runFor(Duration.ofMinutes(5)))
        .rootCause()
        .isInstanceOf(TimeSettingsException.class)
        .hasMessageContaining("query.time.field: it is callStartTime, but callEndTime would fit");
    assertThat(account.worker.topic()).isEmpty();
  }

  /** An API that takes no more than the user has set: refusing each proof, it would prove all. */
  @ParameterizedTest
  @CsvSource({"10, 1", "10, 40", "1, 1", "1, 40", "3, 40"})
  void theProofRequestsNoLargerPagesThanTheSettingSays(int pageSize, int calls) {
    FetchFixture fixture =
        FetchFixture.newBuilder().pageSize(pageSize).zone(ZoneOffset.ofHours(7)).build();
    fixture.faults.when(request -> request.size() > pageSize, Fault.status(-22));
    TimeRange day = FetchFixture.range(DAY.multipliedBy(2), 86_400);
    // All in one second, so that no page of the proof holds them.
    fixture.store.addAll(fixture.calls.inSecond(calls, day.from().plusSeconds(40_000)));

    assertThatThrownBy(
            () ->
                fixture.await(
                    () ->
                        fixture
                            .reader
                            .open(day, Priority.BACKLOG)
                            .thenCompose(WindowReader.FirstPage::checked)))
        .hasCauseInstanceOf(TimeSettingsException.class)
        .hasMessageContaining("api.time.zone: it is +07:00, but +08:00 would fit");
    assertThat(fixture.journal.entries())
        .allSatisfy(entry -> assertThat(entry.request().size()).isLessThanOrEqualTo(pageSize));
  }

  /** A record among more rows than are searched is taken for returned. */
  @Test
  void whatIsAmongTooManyOthersProvesTheSettings() {
    FetchFixture fixture = FetchFixture.newBuilder().pageSize(10).build();
    TimeRange day = FetchFixture.range(DAY.multipliedBy(2), 86_400);
    fixture.store.addAll(fixture.calls.inSecond(150, day.from().plusSeconds(40_000)));
    fixture.store.add(
        fixture.calls.starting(day.from().plusSeconds(39_999), Duration.ofSeconds(30)));

    Page page =
        fixture.await(
            () ->
                fixture
                    .reader
                    .open(day, Priority.BACKLOG)
                    .thenCompose(WindowReader.FirstPage::checked));

    assertThat(page.rows()).hasSize(10);
    assertThat(fixture.journal.count()).isEqualTo(2);
  }

  @Test
  void failsOutsideOfTheLoop() {
    FetchFixture fixture = FetchFixture.create();
    TimeSettingsVerifier verifier =
        new TimeSettingsVerifier(
            fixture.loop,
            fixture.times,
            100,
            (request, mayGiveUp) -> fixture.client.fetch(request, Priority.LIVE),
            request -> fixture.client.fetchOnce(request, Priority.LIVE));

    assertThatThrownBy(
            () ->
                verifier.checkTimes(
                    TestRows.page(0, ""), new PageRequest(NOW.minusSeconds(9), NOW, 1, 100)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("outside of it");
  }

  @Test
  void aZoneWhoseClocksAreSetIsNotTakenForAWrongOne() {
    ZoneId zone = ZoneId.of("America/New_York");
    SimulatedAccount account =
        account(Quirks.newBuilder().zone(zone).build(), zone, MalformedPolicy.FAIL);
    // Of the hour that came twice only.
    account.store.addAll(
        account.calls.uniform(
            20, Instant.parse("2026-11-01T05:00:00Z"), Instant.parse("2026-11-01T07:00:00Z")));
    account.worker.start(1);

    account.loop.runFor(Duration.ofMinutes(5));

    assertThat(account.worker.topic()).hasSize(20);
  }

  @Test
  void theProofCostsARequestAWeek() {
    SimulatedAccount account =
        account(Quirks.defaults(), ZoneOffset.ofHours(8), MalformedPolicy.FAIL);
    for (int day = 2; day < 30; day++) {
      account.store.add(
          account.calls.starting(NOW.minus(DAY.multipliedBy(day)), Duration.ofMinutes(2)));
    }
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(5));

    long proofs =
        account.journal.count(
            entry ->
                entry.request().from() != null
                    && entry.request().to() != null
                    && entry.request().size() > 1
                    && entry.request().from().plusSeconds(2).equals(entry.request().to()));
    assertThat(proofs).isBetween(4L, 6L);
  }

  /** The API shows a record whose time is of another century; no setting would put that right. */
  @ParameterizedTest
  @ValueSource(strings = {"SKIP", "TOPIC", "FAIL"})
  void aRecordWhoseTimeFitsNothingIsMalformed(MalformedPolicy policy) {
    SimulatedAccount account = account(Quirks.defaults(), ZoneOffset.ofHours(8), policy);
    List<Call> calls =
        List.copyOf(account.calls.uniform(300, NOW.minus(DAY), NOW.minusSeconds(3_600)));
    account.store.addAll(calls);
    Call odd = calls.get(100);
    account.faults.when(
        request -> true,
        Fault.rewritten(
            "another century",
            body ->
                body.replaceAll(
                    "(\\{[^{}]*\"callSessionId\":\""
                        + odd.callSessionId()
                        + "\"[^{}]*\"callStartTime\":\")20",
                    "$119")));
    account.worker.start(1);

    if (policy == MalformedPolicy.FAIL) {
      assertThatThrownBy(() -> account.loop.runFor(Duration.ofMinutes(5)))
          .rootCause()
          .isInstanceOf(DataException.class)
          .hasMessageContaining("callStartTime lies outside of the range that was requested")
          .hasMessageContaining("malformed.records");
    } else {
      account.loop.runFor(Duration.ofHours(2));
      assertThat(account.worker.topic())
          .hasSize(299)
          .doesNotContainKey(odd.callSessionId())
          .allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
      assertThat(account.worker.malformedCount()).isEqualTo(1);
      assertThat(account.worker.malformed()).hasSize(policy == MalformedPolicy.TOPIC ? 1 : 0);
    }
  }

  private static SimulatedAccount account(Quirks quirks, ZoneId set, MalformedPolicy policy) {
    ReadOptions read =
        new ReadOptions(
            NOW.minus(DAY.multipliedBy(30)),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofHours(4),
            false,
            true,
            policy);
    return new SimulatedAccount(quirks, read, 20, set, NOW);
  }
}
