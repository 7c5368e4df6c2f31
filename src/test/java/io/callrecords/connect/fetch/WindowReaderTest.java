package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.FetchFixture.DAY;
import static io.callrecords.connect.fetch.FetchFixture.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowSnapshot;
import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Insertion;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads windows whole, whatever the API does with its pages. */
class WindowReaderTest {
  private static final TimeRange HOUR = range(Duration.ofHours(5), 3_600);

  private static WindowSnapshot read(FetchFixture fixture, TimeRange range, int maxPasses) {
    return fixture.await(
        () ->
            fixture
                .reader
                .open(range, Priority.BACKLOG)
                .thenCompose(
                    first ->
                        fixture.reader.readRemaining(
                            first, FetchFixture.passes(maxPasses), () -> false)));
  }

  /** Whether the bounds belong to the range or not: each second is read, and no other. */
  @ParameterizedTest
  @EnumSource(Bounds.class)
  void readsEachSecondOfTheWindowAndNoOther(Bounds bounds) {
    FetchFixture fixture =
        FetchFixture.newBuilder().quirks(Quirks.newBuilder().bounds(bounds).build()).build();
    for (int second = -2; second < 3_603; second++) {
      fixture.store.add(
          fixture.calls.starting(HOUR.from().plusSeconds(second), Duration.ofSeconds(20)));
    }

    WindowSnapshot window = read(fixture, HOUR, 1);

    assertThat(window.verified()).isTrue();
    assertThat(window.records()).hasSize(3_600).isSortedAccordingTo(Row.ORDER);
    assertThat(FetchFixture.ids(window)).isEqualTo(fixture.ids(HOUR));
  }

  /** Whatever the API does with its pages: a verified window has all that was visible before. */
  @Test
  void aVerifiedWindowHasAllThatWasVisibleWhenItWasRequested() {
    int verified = 0;
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Quirks quirks =
          Quirks.newBuilder()
              .order(FetchFixture.anyOf(random, Order.values()))
              .duplicateEvery(random.nextInt(3) == 0 ? 7 : 0)
              .bounds(FetchFixture.anyOf(random, Bounds.values()))
              .insertion(
                  random.nextBoolean()
                      ? new Insertion(
                          1 + random.nextInt(9),
                          1 + random.nextInt(3),
                          FetchFixture.anyOf(random, Insertion.InsertionPoint.values()),
                          random.nextInt(30))
                      : null)
              .build();
      FetchFixture fixture =
          FetchFixture.newBuilder()
              .seed(seed)
              .quirks(quirks)
              .pageSize(1 + random.nextInt(60))
              .build();
      fixture.store.addAll(fixture.calls.realistic(random.nextInt(300), HOUR.from(), HOUR.to()));
      fixture.faults.share(random.nextInt(10) / 100.0);
      Set<String> before = new HashSet<>(fixture.ids(HOUR));

      WindowSnapshot window = read(fixture, HOUR, 40);

      assertThat(fixture.ids(HOUR)).as("seed %s", seed).containsAll(FetchFixture.ids(window));
      if (window.verified()) {
        verified++;
        assertThat(FetchFixture.ids(window)).as("seed %s", seed).containsAll(before);
      }
    }
    // Some are given up after ten seconds, and read again later.
    assertThat(verified).isGreaterThan(35);
  }

  @Test
  void usesTheSizeOfPagesThatTheClientUses() {
    FetchFixture fixture = FetchFixture.newBuilder().pageSize(10).build();
    fixture.store.addAll(fixture.calls.uniform(95, HOUR.from(), HOUR.to()));

    assertThat(read(fixture, HOUR, 1).records()).hasSize(95);
    assertThat(fixture.journal.entries())
        .allSatisfy(entry -> assertThat(entry.request().size()).isEqualTo(10));
    assertThat(fixture.reader.firstPageRequest(HOUR))
        .isEqualTo(new PageRequest(HOUR.from().minusSeconds(1), HOUR.to(), 1, 10));
  }

  @Test
  void usesThePrefetchedPageOnce() {
    FetchFixture fixture = FetchFixture.create();
    PageRequest request = fixture.reader.firstPageRequest(HOUR);
    CompletableFuture<Page> prefetched =
        fixture.onLoop(() -> fixture.client.fetch(request, Priority.LIVE));
    fixture.run(() -> fixture.reader.offerPrefetched(request, prefetched));

    read(fixture, HOUR, 1);
    assertThat(fixture.journal.count()).isEqualTo(1);
    read(fixture, HOUR, 1);
    assertThat(fixture.journal.count()).isEqualTo(2);
  }

  @Test
  void doesNotUseAPrefetchedPageThatWasDropped() {
    FetchFixture fixture = FetchFixture.create();
    PageRequest request = fixture.reader.firstPageRequest(HOUR);
    fixture.run(() -> fixture.reader.offerPrefetched(request, new CompletableFuture<>()));
    fixture.run(fixture.reader::dropPrefetched);

    assertThat(read(fixture, HOUR, 1).verified()).isTrue();
  }

  /** Whoever needs only the total does not wait for the proof; whoever reads does. */
  @Test
  void aWrongZoneIsFoundBeforeAnythingIsUsed() {
    FetchFixture fixture = FetchFixture.newBuilder().zone(ZoneOffset.ofHours(7)).build();
    TimeRange day = range(DAY, 86_000);
    fixture.store.addAll(fixture.calls.uniform(50, day.from().plusSeconds(8_000), day.to()));

    WindowReader.FirstPage first = fixture.await(() -> fixture.reader.open(day, Priority.BACKLOG));
    assertThat(first.page().total()).isEqualTo(50);
    assertThatThrownBy(
            () ->
                fixture.await(
                    () -> fixture.reader.readRemaining(first, FetchFixture.passes(1), () -> false)))
        .hasCauseInstanceOf(TimeSettingsException.class);
  }

  @Test
  void onlyOpeningDespiteRefusalGoesOnAfterARefusal() {
    FetchFixture fixture = FetchFixture.create();
    fixture.faults.next(1, Fault.status(-25));
    assertThatThrownBy(() -> fixture.await(() -> fixture.reader.open(HOUR, Priority.BACKLOG)))
        .hasCauseInstanceOf(RefusedException.class);

    fixture.faults.next(4, Fault.status(-25));
    assertThat(
            fixture.await(() -> fixture.reader.openDespiteRefusal(HOUR, Priority.BACKLOG)).range())
        .isEqualTo(HOUR);
  }

  @Test
  void failsOutsideOfTheLoop() {
    FetchFixture fixture = FetchFixture.create();
    WindowReader.FirstPage first = fixture.await(() -> fixture.reader.open(HOUR, Priority.BACKLOG));

    assertOutsideOfTheLoop(() -> fixture.reader.open(HOUR, Priority.LIVE));
    assertOutsideOfTheLoop(() -> fixture.reader.openDespiteRefusal(HOUR, Priority.LIVE));
    assertOutsideOfTheLoop(
        () -> fixture.reader.readRemaining(first, FetchFixture.passes(1), () -> false));
    assertOutsideOfTheLoop(fixture.reader::dropPrefetched);
    assertOutsideOfTheLoop(
        () ->
            fixture.reader.offerPrefetched(
                fixture.reader.firstPageRequest(HOUR), new CompletableFuture<>()));
  }

  private static void assertOutsideOfTheLoop(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("outside of it");
  }
}
