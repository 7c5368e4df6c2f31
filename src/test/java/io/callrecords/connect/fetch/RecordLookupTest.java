package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.FetchFixture.DAY;
import static io.callrecords.connect.fetch.FetchFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.fetch.RecordLookup.Finding;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Finds a record at a time, whatever the size of pages. */
class RecordLookupTest {
  private static final Instant SECOND = NOW.minus(DAY);

  private FetchFixture fixture = FetchFixture.create();

  private Finding find(FeedRecord record, Instant time) {
    RecordLookup lookup =
        new RecordLookup(
            fixture.client.pageSize(), request -> fixture.client.fetch(request, Priority.LIVE));
    return fixture.await(() -> lookup.find(record, time));
  }

  /** A record as the API returns it, of so many that share its second. */
  private FeedRecord recordOf(int calls) {
    fixture.store.addAll(fixture.calls.inSecond(calls, SECOND));
    return record(SECOND);
  }

  /** The oldest that an API returns last which returns the newest first. */
  private FeedRecord record(Instant second) {
    TimeRange range = new TimeRange(second, second.plusSeconds(1));
    WindowReader.FirstPage first =
        fixture.await(() -> fixture.reader.open(range, Priority.BACKLOG));
    return fixture
        .await(() -> fixture.reader.readRemaining(first, FetchFixture.passes(1), () -> false))
        .records()
        .stream()
        .map(FeedRecord.class::cast)
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  @Test
  void findsARecordAtItsTimeOnly() {
    FeedRecord record = recordOf(3);

    assertThat(find(record, SECOND)).isEqualTo(Finding.RETURNED);
    assertThat(find(record, SECOND.plusSeconds(10))).isEqualTo(Finding.MISSING);
  }

  @Test
  void asksForThreeSecondsWithTheSizeOfTheClient() {
    fixture = FetchFixture.newBuilder().pageSize(7).build();
    FeedRecord record = recordOf(1);
    find(record, SECOND);

    var request = fixture.journal.entries().get(fixture.journal.entries().size() - 1).request();
    assertThat(request.size()).isEqualTo(7);
    assertThat(request.from()).isEqualTo(SECOND.minusSeconds(1));
    assertThat(request.to()).isEqualTo(SECOND.plusSeconds(1));
  }

  /** However small pages are, as many calls of a second are searched as with large ones. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 30, 99, 100})
  void searchesAHundredRowsWhateverTheSizeOfPages(int pageSize) {
    fixture = FetchFixture.newBuilder().pageSize(pageSize).build();
    fixture.store.addAll(fixture.calls.inSecond(98, SECOND));
    fixture.store.add(fixture.calls.starting(SECOND.minusSeconds(1), Duration.ZERO));
    FeedRecord oldest = record(SECOND.minusSeconds(1));

    assertThat(find(oldest, SECOND)).isEqualTo(Finding.RETURNED);
    fixture.store.edit(
        oldest.id(), fixture.loop.wallClock(), call -> call.start(SECOND.minusSeconds(900)));
    assertThat(find(oldest, SECOND)).isEqualTo(Finding.MISSING);
  }

  @ParameterizedTest
  @CsvSource({"100, 101", "30, 121", "1, 101"})
  void doesNotReadOnWhereThereAreMoreRows(int pageSize, int calls) {
    fixture = FetchFixture.newBuilder().pageSize(pageSize).build();
    fixture.store.addAll(fixture.calls.inSecond(calls - 1, SECOND));
    fixture.store.add(fixture.calls.starting(SECOND.minusSeconds(1), Duration.ZERO));
    FeedRecord oldest = record(SECOND.minusSeconds(1));
    long before = fixture.journal.count();

    assertThat(find(oldest, SECOND)).isEqualTo(Finding.TOO_MANY_ROWS);
    assertThat(fixture.journal.count() - before).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {-25, -22})
  void tellsARefusalOfTheTimeFromARecordThatIsMissing(int status) {
    FeedRecord record = recordOf(1);
    fixture.faults.when(request -> true, Fault.status(status));

    assertThat(find(record, SECOND)).isEqualTo(Finding.REFUSED);
  }

  @Test
  void failsWithAnyOtherRefusal() {
    FeedRecord record = recordOf(1);
    fixture.faults.when(request -> true, Fault.status(-1));

    assertThatThrownBy(() -> find(record, SECOND)).hasCauseInstanceOf(RefusedException.class);
  }
}
