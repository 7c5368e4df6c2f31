package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.TransientApiException;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An experiment comes to what the API returns for the times of records. */
class SettingsExperimentTest {
  private static final Instant TIME = FetchFixture.NOW.minus(Duration.ofHours(5));
  private static final PageRequest AROUND =
      new PageRequest(TIME.minusSeconds(1_800), TIME.plusSeconds(1_800), 1, 100);

  private final FetchFixture fixture = FetchFixture.create();

  private CompletableFuture<Boolean> prove() {
    List<FeedRecord> witnesses =
        fixture.await(() -> fixture.client.fetch(AROUND, Priority.LIVE)).rows().stream()
            .map(FeedRecord.class::cast)
            .toList();
    RecordLookup lookup =
        new RecordLookup(100, request -> fixture.client.fetchOnce(request, Priority.LIVE));
    SettingsExperiment experiment =
        new SettingsExperiment(fixture.times, lookup, new TimeSettingsSearch(fixture.times));
    CompletableFuture<Boolean> outcome = fixture.onLoop(() -> experiment.prove(witnesses, AROUND));
    fixture.loop.runUntil(outcome::isDone, FetchFixture.LONG);
    return outcome;
  }

  private void add(int seconds) {
    Call call = fixture.calls.starting(TIME, Duration.ofMinutes(2));
    fixture.store.add(call.with(c -> c.end(TIME.plusSeconds(seconds))));
  }

  @Test
  void aRecordThatLastedProvesTheFieldAsWell() {
    add(90);

    assertThat(prove()).isCompletedWithValue(true);
  }

  @Test
  void aBriefRecordProvesTheZoneOnly() {
    add(1);

    assertThat(prove()).isCompletedWithValue(false);
  }

  @Test
  void failsWithARequestThatDoes() {
    add(90);
    fixture.faults.when(
        request -> request.from().plusSeconds(2).equals(request.to()), Fault.http(500));

    assertThat(prove())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(TransientApiException.class);
  }
}
