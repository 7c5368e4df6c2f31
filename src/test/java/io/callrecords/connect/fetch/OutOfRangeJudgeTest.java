package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.FetchFixture.DAY;
import static io.callrecords.connect.fetch.FetchFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What records outside of the requested range are taken for, and at what cost. */
class OutOfRangeJudgeTest {
  private static final Instant FROM = NOW.minus(DAY);
  private static final PageRequest REQUEST = new PageRequest(FROM, FROM.plusSeconds(3_600), 1, 100);

  private FetchFixture fixture = FetchFixture.create();
  private OutOfRangeJudge judge = judge();

  private OutOfRangeJudge judge() {
    RecordLookup lookup =
        new RecordLookup(100, request -> fixture.client.fetch(request, Priority.LIVE));
    return new OutOfRangeJudge(fixture.times, lookup, new TimeSettingsSearch(fixture.times));
  }

  /** Calls that start so long after the requested range, and are returned for it all the same. */
  private List<OutOfRangeRecord> outOfRange(int count) {
    List<OutOfRangeRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Instant start = FROM.plusSeconds(4_000 + 100 * i);
      fixture.store.add(fixture.calls.starting(start, Duration.ofSeconds(40)));
      FeedRecord record =
          (FeedRecord)
              fixture
                  .await(
                      () ->
                          fixture.client.fetch(
                              new PageRequest(start.minusSeconds(9), start.plusSeconds(9), 1, 10),
                              Priority.LIVE))
                  .rows()
                  .get(0);
      records.add(outOfRange(record));
    }
    return records;
  }

  private static OutOfRangeRecord outOfRange(FeedRecord record) {
    return new OutOfRangeRecord(
        record,
        new MalformedRecord(record.id(), record.time(), 1, "callStartTime", "is elsewhere", "{}"));
  }

  private Map<String, Row> judged(List<OutOfRangeRecord> records, boolean isProven) {
    return fixture.await(() -> judge.judge(records, REQUEST, record -> isProven));
  }

  private long requests() {
    return fixture.journal.count(
        entry -> entry.request().from().plusSeconds(2).equals(entry.request().to()));
  }

  @Test
  void aRecordThatIsAlsoReturnedAtItsOwnTimeBelongsThere() {
    OutOfRangeRecord record = outOfRange(1).get(0);

    assertThat(judged(List.of(record), false)).containsEntry(record.id(), record.record());
  }

  /** An API that takes bounds for approximate would cost a request for each record. */
  @Test
  void threeInARowSpareTheOthersARequest() {
    List<OutOfRangeRecord> records = outOfRange(20);

    assertThat(judged(records, false))
        .hasSize(20)
        .allSatisfy((id, row) -> assertThat(row).isInstanceOf(FeedRecord.class));
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void aRecordThatIsNotReturnedAtItsOwnTimeIsMalformed() {
    List<OutOfRangeRecord> records = outOfRange(2);
    fixture.store.edit(
        records.get(1).id(),
        fixture.loop.wallClock(),
        call -> call.start(FROM.minusSeconds(9_000)));

    Map<String, Row> verdicts = judged(records, true);

    assertThat(verdicts.get(records.get(0).id())).isSameAs(records.get(0).record());
    assertThat(verdicts.get(records.get(1).id())).isSameAs(records.get(1).asMalformed());
  }

  @Test
  void aTimeThatTheApiRefusesIsNoPlaceForARecord() {
    OutOfRangeRecord record = outOfRange(1).get(0);
    fixture.faults.next(1, Fault.status(-25));

    assertThat(judged(List.of(record), true)).containsEntry(record.id(), record.asMalformed());
  }

  /** The API filters by the end: a call that began before the range is returned for it. */
  @Test
  void aWrongSettingIsNamedUnlessItIsProven() {
    fixture =
        FetchFixture.newBuilder()
            .quirks(Quirks.newBuilder().filteredTime(FilteredTime.CALL_END).build())
            .build();
    judge = judge();
    fixture.store.add(
        fixture
            .calls
            .starting(FROM.minusSeconds(300), Duration.ofSeconds(30))
            .with(call -> call.end(FROM.plusSeconds(200))));
    List<Row> rows = fixture.await(() -> fixture.client.fetch(REQUEST, Priority.LIVE)).rows();
    List<OutOfRangeRecord> records = List.of((OutOfRangeRecord) rows.get(0));

    assertThat(judged(records, true)).containsEntry(rows.get(0).id(), records.get(0).asMalformed());
    assertThatThrownBy(() -> judged(records, false))
        .hasCauseInstanceOf(TimeSettingsException.class)
        .hasMessageContaining("query.time.field");
  }

  /** Each search may take two hundred requests. */
  @Test
  void searchesThreeTimesAtMost() {
    List<OutOfRangeRecord> records = outOfRange(6);
    records.forEach(
        record ->
            fixture.store.edit(
                record.id(),
                fixture.loop.wallClock(),
                call -> call.start(FROM.minusSeconds(9_000))));

    assertThat(judged(records, false))
        .allSatisfy((id, row) -> assertThat(row).isInstanceOf(MalformedRecord.class));
    long more = requests();
    judged(records, false);
    assertThat(requests() - more).isEqualTo(6);
  }
}
