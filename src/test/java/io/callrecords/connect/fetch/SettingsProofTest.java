package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whatever the API fails to return meanwhile, the proof of a week is made with what it returns. */
class SettingsProofTest {
  private static final TimeRange FIRST = FetchFixture.range(Duration.ofHours(10), 3_600);
  private static final TimeRange SECOND = FetchFixture.range(Duration.ofHours(5), 3_600);

  private final FetchFixture fixture = FetchFixture.create();

  /** The first page of a range, as it may be used. */
  private CompletableFuture<Page> open(TimeRange range) {
    return fixture.onLoop(
        () ->
            fixture
                .reader
                .open(range, Priority.BACKLOG)
                .thenCompose(WindowReader.FirstPage::checked));
  }

  private void add(Instant... times) {
    for (Instant time : times) {
      fixture.store.add(fixture.calls.starting(time, Duration.ofMinutes(2)));
    }
  }

  private void failLookups(Instant... times) {
    for (Instant time : times) {
      fixture.faults.when(request -> isLookup(request, time), Fault.http(500));
    }
  }

  private static boolean isLookup(ApiRequest request, Instant time) {
    boolean isBrief = Duration.between(request.from(), request.to()).toSeconds() <= 2;
    return isBrief && !request.from().isAfter(time) && !request.to().isBefore(time);
  }

  /** It belongs to the next window, and nobody knows whether the API returns that. */
  @Test
  void aRecordBesideTheWindowIsNotRequestedForIt() {
    add(FIRST.to(), FIRST.from().minusSeconds(1));
    fixture.faults.when(request -> request.to().isAfter(FIRST.to()), Fault.http(500));

    CompletableFuture<Page> page = open(FIRST);
    fixture.loop.runUntil(page::isDone, FetchFixture.LONG);

    assertThat(page).isCompleted();
    assertThat(page.join().rows()).hasSize(2);
    assertThat(fixture.journal.count()).isOne();
  }

  @Test
  void anotherRecordOfThePageMakesIt() {
    add(FIRST.from().plusSeconds(100), FIRST.from().plusSeconds(200));
    failLookups(FIRST.from().plusSeconds(200));

    CompletableFuture<Page> page = open(FIRST);
    fixture.loop.runUntil(page::isDone, Duration.ofSeconds(10));

    assertThat(page).isCompleted();
  }

  @Test
  void aRecordOfAnotherPageMakesIt() {
    Instant failing = FIRST.from().plusSeconds(100);
    Instant failingToo = SECOND.from().plusSeconds(100);
    add(failing, failingToo, SECOND.from().plusSeconds(50));
    failLookups(failing, failingToo);
    CompletableFuture<Page> first = open(FIRST);
    fixture.loop.runFor(Duration.ofMinutes(1));
    assertThat(first).isNotDone();

    CompletableFuture<Page> second = open(SECOND);
    fixture.loop.runUntil(() -> first.isDone() && second.isDone(), Duration.ofMinutes(2));

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
  }

  /** Nobody waits any more for the one that fails. */
  @Test
  void whatFailsIsNotRequestedForEver() {
    Instant failing = FIRST.from().plusSeconds(100);
    add(failing, FIRST.from().plusSeconds(50));
    failLookups(failing);
    CompletableFuture<Page> page = open(FIRST);
    for (int minute = 0; minute < 10; minute++) {
      assertThat(open(SECOND)).isNotNull();
      fixture.loop.runFor(Duration.ofMinutes(1));
    }
    assertThat(page).isCompleted();
    long requests = fixture.journal.count(entry -> isLookup(entry.request(), failing));

    for (int minute = 0; minute < 10; minute++) {
      assertThat(open(SECOND)).isNotNull();
      fixture.loop.runFor(Duration.ofMinutes(1));
    }

    assertThat(fixture.journal.count(entry -> isLookup(entry.request(), failing)))
        .isEqualTo(requests);
  }
}
