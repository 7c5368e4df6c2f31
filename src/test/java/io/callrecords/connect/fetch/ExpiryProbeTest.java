package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.FetchFixture.DAY;
import static io.callrecords.connect.fetch.FetchFixture.NOW;
import static io.callrecords.connect.fetch.FetchFixture.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.fetch.ExpiryProbe.Stance;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a range that the API refuses as out of range is taken for, and how long that takes. */
class ExpiryProbeTest {
  /** Older than half of the setting. */
  private static final TimeRange OLD = range(DAY.multipliedBy(40), 86_400);

  private static final TimeRange YOUNG = range(DAY.multipliedBy(3), 86_400);

  private final FetchFixture fixture = FetchFixture.create();
  private final List<Stance> stances = new ArrayList<>();
  private final ExpiryProbe probe = probe(fixture);

  private ExpiryProbe probe(FetchFixture of) {
    return new ExpiryProbe(of.reader, Priority.BACKLOG, of.retention, stances::add);
  }

  private CompletableFuture<Optional<WindowReader.FirstPage>> begin(TimeRange range) {
    return fixture.onLoop(() -> probe.probe(range, fixture.retention.isOld(range.to())));
  }

  private void refuse(int times) {
    fixture.faults.when(request -> true, times, Fault.status(-25));
  }

  @Test
  void anOldRangeExpiresOnlyAfterAMinuteOfRefusals() {
    refuse(Integer.MAX_VALUE);

    CompletableFuture<Optional<WindowReader.FirstPage>> outcome = begin(OLD);
    fixture.loop.runFor(Duration.ofSeconds(59));
    assertThat(outcome).isNotDone();
    assertThat(fixture.retention.isShrunk()).isFalse();
    fixture.loop.runFor(Duration.ofSeconds(5));

    assertThat(outcome.join()).isEmpty();
    assertThat(fixture.journal.entries()).hasSize(4);
    assertThat(fixture.retention.clip(OLD).isEmpty()).isTrue();
    assertThat(stances).hasSize(4).containsOnly(Stance.MAY_HAVE_EXPIRED);
  }

  @Test
  void onlyTheLastSecondIsRequested() {
    TimeRange lastSecond = new TimeRange(OLD.to().minusSeconds(1), OLD.to());

    Optional<WindowReader.FirstPage> page = fixture.await(() -> probe.probe(OLD, true));

    assertThat(page.orElseThrow().range()).isEqualTo(lastSecond);
    assertThat(ExpiryProbe.lastSecond(OLD)).isEqualTo(lastSecond);
    assertThat(fixture.journal.entries())
        .singleElement()
        .matches(entry -> FetchFixture.isFor(entry.request(), lastSecond));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void fewRefusalsAreAFaultThatPasses(int refusals) {
    refuse(refusals);

    assertThat(fixture.await(() -> probe.probe(OLD, true))).isPresent();
    assertThat(fixture.retention.isShrunk()).isFalse();
  }

  /** What is lost is known by then, so that the next range of it need not wait. */
  @Test
  void afterTheFirstTimeOneRefusalIsEnough() {
    fixture.retention.shrinkTo(OLD.to());
    TimeRange next = new TimeRange(OLD.to(), OLD.to().plusSeconds(3_600));
    refuse(Integer.MAX_VALUE);

    assertThat(fixture.await(() -> probe.probe(next, true))).isEmpty();
    assertThat(fixture.journal.entries()).hasSize(1);
    assertThat(fixture.retention.clip(next).isEmpty()).isTrue();
  }

  @Test
  void aYoungRangeNeverExpires() {
    refuse(Integer.MAX_VALUE);

    CompletableFuture<Optional<WindowReader.FirstPage>> outcome = begin(YOUNG);
    fixture.loop.runFor(DAY.multipliedBy(2));
    assertThat(outcome).isNotDone();
    fixture.faults.clear();
    fixture.loop.runFor(Duration.ofMinutes(2));

    assertThat(outcome.join()).isPresent();
    assertThat(stances).containsExactly(Stance.REFUSED_BY_FAULT);
    assertThat(fixture.retention.isShrunk()).isFalse();
  }

  @Test
  void nothingExpiresWhileTheApiReturnsWhatIsOlder() {
    TimeRange older = range(DAY.multipliedBy(50), 86_400);
    fixture.run(() -> fixture.retention.returned(older));
    refuse(20);

    assertThat(fixture.await(() -> probe.probe(OLD, true))).isPresent();
    assertThat(stances).containsExactly(Stance.REFUSED_BY_FAULT);
    assertThat(fixture.retention.isShrunk()).isFalse();
  }

  /** Something older is returned while the range is probed. */
  @Test
  void aRangeThatMayHaveExpiredTurnsOutToBeRefusedByFault() {
    refuse(Integer.MAX_VALUE);
    CompletableFuture<Optional<WindowReader.FirstPage>> outcome = begin(OLD);
    fixture.loop.runFor(Duration.ofSeconds(5));
    fixture.run(() -> fixture.retention.returned(range(DAY.multipliedBy(50), 86_400)));
    fixture.loop.runFor(Duration.ofHours(1));

    assertThat(outcome).isNotDone();
    assertThat(stances).containsExactly(Stance.MAY_HAVE_EXPIRED, Stance.REFUSED_BY_FAULT);
    assertThat(fixture.retention.isShrunk()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherRefusalIsAFailure(boolean isOld) {
    fixture.faults.next(1, Fault.status(-1));

    assertThatThrownBy(() -> fixture.await(() -> probe.probe(isOld ? OLD : YOUNG, isOld)))
        .hasCauseInstanceOf(RefusedException.class);
  }

  /**
   * Whatever the API refuses when: nothing expires that it has returned, or refused but briefly.
   */
  @Test
  void noRangeExpiresBeforeItWasRefusedForAMinute() {
    int expired = 0;
    for (int seed = 0; seed < 150; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      FetchFixture any = FetchFixture.newBuilder().seed(seed).build();
      Instant from = NOW.plusSeconds(random.nextBoolean() ? 0 : random.nextInt(40));
      Instant to = from.plusSeconds(random.nextInt(random.nextBoolean() ? 30 : 200));
      any.faults.when(
          request -> !any.loop.wallClock().isBefore(from) && any.loop.wallClock().isBefore(to),
          Fault.status(random.nextBoolean() ? -25 : -22));
      TimeRange range = range(DAY.multipliedBy(31 + random.nextInt(25)), 86_400);
      boolean returnsOlder = random.nextInt(4) == 0;
      if (returnsOlder) {
        any.run(() -> any.retention.returned(range(DAY.multipliedBy(57), 60)));
      }
      ExpiryProbe anyProbe = probe(any);
      Optional<WindowReader.FirstPage> page;
      try {
        page = any.await(() -> anyProbe.probe(range, true));
      } catch (CompletionException e) {
        // A parameter that is refused although the range is known to be kept.
        assertThat(returnsOlder).as("seed %s", seed).isTrue();
        continue;
      }
      if (page.isEmpty()) {
        expired++;
        assertThat(returnsOlder).as("seed %s", seed).isFalse();
        assertThat(any.journal.count(Journal.Entry::succeeded)).as("seed %s", seed).isZero();
        assertThat(any.loop.uptime()).as("seed %s", seed).isGreaterThan(Duration.ofMinutes(1));
      }
    }
    assertThat(expired).isGreaterThan(5);
  }
}
