package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.FetchFixture.DAY;
import static io.callrecords.connect.fetch.FetchFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names the settings that explain a record, and accuses no right ones. */
class TimeSettingsSearchTest {
  private static final Instant NOON = NOW.minus(DAY);
  private static final PageRequest DAY_AROUND =
      new PageRequest(NOON.minusSeconds(43_200), NOON.plusSeconds(43_200), 1, 100);

  private FetchFixture fixture = FetchFixture.create();

  /** Searches for the settings that explain the only call of the account. */
  private CompletableFuture<Void> explain() {
    Page page = fixture.await(() -> fixture.client.fetch(DAY_AROUND, Priority.LIVE));
    FeedRecord record = (FeedRecord) page.rows().get(0);
    TimeSettingsSearch search = new TimeSettingsSearch(fixture.times);
    RecordLookup lookup = lookup(fixture.client.pageSize());
    CompletableFuture<Void> outcome =
        fixture.onLoop(() -> search.explain(record, DAY_AROUND, lookup));
    fixture.loop.runUntil(outcome::isDone, FetchFixture.LONG);
    return outcome;
  }

  private RecordLookup lookup(int pageSize) {
    return new RecordLookup(pageSize, request -> fixture.client.fetch(request, Priority.LIVE));
  }

  private void addCall() {
    fixture.store.add(
        fixture.calls.starting(NOON, Duration.ofMinutes(2)).with(c -> c.end(NOON.plusSeconds(90))));
  }

  @ParameterizedTest
  @CsvSource({"+05:45, +08:00", "UTC, +08:00", "+08:00, -03:00"})
  void namesTheZoneThatFits(ZoneId api, ZoneId set) {
    fixture =
        FetchFixture.newBuilder().quirks(Quirks.newBuilder().zone(api).build()).zone(set).build();
    addCall();

    CompletableFuture<Void> outcome = explain();

    String fits = api.getRules().getOffset(NOON).getId();
    assertThatThrownBy(outcome::join)
        .hasCauseInstanceOf(TimeSettingsException.class)
        .hasMessageContaining("api.time.zone: it is " + set + ", but " + fits + " would fit")
        .hasMessageNotContainingAny("query.time.field");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1})
  void namesTheFieldThatFitsWhateverTheSizeOfPages(int pageSize) {
    fixture =
        FetchFixture.newBuilder()
            .pageSize(pageSize)
            .quirks(Quirks.newBuilder().filteredTime(FilteredTime.CALL_END).build())
            .build();
    addCall();
    // Two more calls that the API returns before it for the same second.
    for (int i = 0; i < 2; i++) {
      Call other = fixture.calls.starting(NOON.minusSeconds(600), Duration.ofSeconds(1));
      fixture.store.add(other.with(c -> c.end(NOON.plusSeconds(91))));
    }
    FeedRecord[] found = new FeedRecord[1];
    fixture
        .await(
            () ->
                fixture.client.fetch(
                    new PageRequest(NOON.plusSeconds(89), NOON.plusSeconds(90), 1, 1),
                    Priority.LIVE))
        .rows()
        .forEach(row -> found[0] = asRecord(row));
    TimeSettingsSearch search = new TimeSettingsSearch(fixture.times);

    assertThatThrownBy(
            () -> fixture.await(() -> search.explain(found[0], DAY_AROUND, lookup(pageSize))))
        .hasCauseInstanceOf(TimeSettingsException.class)
        .hasMessageContaining("query.time.field: it is callStartTime, but callEndTime would fit");
  }

  private static FeedRecord asRecord(Row row) {
    return row instanceof OutOfRangeRecord outside ? outside.record() : (FeedRecord) row;
  }

  /** A single response that lacked the record accuses nobody. */
  @Test
  void accusesNobodyWhereTheSettingsFitAfterAll() {
    addCall();

    assertThat(explain()).isCompleted();
  }

  @Test
  void logsOnceWhatNoSettingsExplain() {
    addCall();
    try (LogCapture log = new LogCapture(TimeSettingsSearch.class)) {
      fixture.faults.when(
          request -> request.from().plusSeconds(2).equals(request.to()),
          Fault.rewritten("no such call", body -> body.replace("callSessionId\":\"", "$0x")));
      Page page = fixture.await(() -> fixture.client.fetch(DAY_AROUND, Priority.LIVE));
      FeedRecord record = (FeedRecord) page.rows().get(0);
      TimeSettingsSearch search = new TimeSettingsSearch(fixture.times);

      fixture.await(() -> search.explain(record, DAY_AROUND, lookup(100)));
      fixture.await(() -> search.explain(record, DAY_AROUND, lookup(100)));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN The API does not return a record again")
          .contains(DAY_AROUND.from().toString(), DAY_AROUND.to().toString());
    }
  }

  /** What fits but lies outside of what was requested would not have been returned. */
  @Test
  void triesOnlyWhatMayHaveBeenRequested() {
    fixture = FetchFixture.newBuilder().zone(ZoneOffset.ofHours(7)).build();
    addCall();
    assertThat(explain()).isCompletedExceptionally();

    assertThat(
            fixture.journal.entries().stream()
                .filter(
                    entry -> entry.request().from().plusSeconds(2).equals(entry.request().to())))
        .isNotEmpty()
        .allSatisfy(
            entry ->
                assertThat(entry.request().from().plusSeconds(1))
                    .isBetween(DAY_AROUND.from(), DAY_AROUND.to()));
  }
}
