package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SegmentOffset.DayClaim;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DayClaimsTest {
  private static final Instant START = DAY.range().from();

  private final DayClaims claims = new DayClaims();
  private Instant settled = at("00:00");
  private List<TimeRange> partial = List.of();
  private boolean named;

  DayClaimsTest() {
    claims.open(DAY, "first", () -> named, () -> settled, () -> partial, at("00:00"));
  }

  @Test
  void saysThatSomethingIsSettledOnceAllThatWasHandedOverUntilThenIsAcknowledged() {
    settled = at("08:00");
    update(5, 3);
    assertThat(claims.settledTo(DAY)).isEqualTo(at("00:00"));

    settled = at("09:00");
    update(6, 4);
    assertThat(claims.settledTo(DAY)).isEqualTo(at("00:00"));

    update(7, 5);
    assertThat(claims.settledTo(DAY)).isEqualTo(at("08:00"));

    update(7, 7);
    assertThat(claims.settledTo(DAY)).isEqualTo(at("09:00"));
  }

  /** After a restart that is unread, and what was emitted of it has to be known. */
  @Test
  void whatTheDaysOwnOffsetMayCallPartialIsNotSettled() {
    partial = List.of(range("01:00", "02:00"));
    settled = at("08:00");
    update(1, 1);
    assertThat(claims.settledTo(DAY)).isEqualTo(at("08:00"));
    assertThat(claims.isSettled(DAY, range("00:00", "01:00"))).isTrue();
    assertThat(claims.isSettled(DAY, range("00:00", "01:30"))).isFalse();
    assertThat(claims.isSettled(DAY, range("02:00", "08:00"))).isTrue();
    assertThat(claims.isSettled(DAY, range("02:00", "08:01"))).isFalse();
    assertThat(claims.isSettled(DAY.next(), range("02:00", "08:00"))).isFalse();

    partial = List.of();
    assertThat(claims.isSettled(DAY, range("00:00", "01:30"))).isTrue();
  }

  @Test
  void saysWhatWasReadAndWhetherTheDayNamesItsIds() {
    claims.read(DAY, List.of(range("01:00", "02:00")));
    claims.read(DAY.next(), List.of(range("03:00", "04:00")));
    assertThat(claims.all()).containsOnlyKeys(DAY);
    assertThat(claims.all().get(DAY).read()).containsExactly(range("01:00", "02:00"));
    assertThat(claims.all().get(DAY).isNamed()).isFalse();

    named = true;

    assertThat(claims.all().get(DAY).isNamed()).isTrue();
    assertThat(claims.all().get(DAY).generation()).isEqualTo("first");
  }

  /** Segments are overwritten, and that another day is settled may be said nowhere else. */
  @Test
  void carriesOnWhatSegmentsSayOfDaysThatAreNotOpenedUntilNobodyNeedsIt() {
    Split other = DAY.next();
    DayClaim longer = claim("other", true, other.range().to());
    DayClaim shorter = claim("other", true, other.range().from());

    claims.restore(List.of(segment(1, other, longer), segment(2, other, shorter)), START);
    assertThat(claims.all().get(other)).isEqualTo(longer);
    // Only whoever reads a day knows what its own offset calls partial.
    assertThat(claims.isSettled(other, other.range())).isFalse();

    claims.update(1, 1, day -> false);
    assertThat(claims.all()).containsKeys(DAY, other);
    claims.update(2, 2, other::equals);
    assertThat(claims.all()).containsOnlyKeys(DAY);
  }

  @Test
  void carriesOnNothingOfADayThatWasReset() {
    Split other = DAY.next();
    DayClaim before = claim("before", true, other.range().to());
    DayClaim after = claim("after", true, other.range().from());

    claims.restore(List.of(segment(1, other, before), segment(2, other, after)), START);

    assertThat(claims.all().get(other)).isEqualTo(after);
  }

  /** What a segment says is settled counts from its start, which may be another one by now. */
  @Test
  void carriesOnWhatWasSaidFromAnotherStart() {
    Split other = DAY.next();
    Instant noon = other.range().from().plus(Duration.ofHours(12));
    Instant evening = noon.plus(Duration.ofHours(6));
    SegmentOffset fromNoon = segment(1, noon, other, claim("other", true, evening));

    claims.restore(List.of(fromNoon), START);
    assertThat(claims.all().get(other).settled()).isEqualTo(other.range().from());
    assertThat(claims.all().get(other).besides()).containsExactly(new TimeRange(noon, evening));

    DayClaim whole = claim("other", true, other.range().to());
    Instant later = other.range().to().plus(Duration.ofHours(1));
    DayClaims forward = new DayClaims();
    forward.restore(List.of(segment(1, START, other, whole)), later);
    assertThat(forward.all().get(other).besides()).containsExactly(other.range());

    DayClaims back = new DayClaims();
    back.restore(List.of(segment(1, later, other, forward.all().get(other))), START);
    assertThat(back.all().get(other)).isEqualTo(whole);
  }

  @Test
  void addsWhatWasSaidFromAnotherStartToWhatADaySaysThatIsOpened() {
    Instant noon = DAY.range().from().plus(Duration.ofHours(12));
    claims.restore(List.of(segment(1, START, DAY, claim("first", true, noon))), at("08:00"));
    assertThat(claims.all().get(DAY).besides()).containsExactly(range("00:00", "12:00"));

    settled = at("10:00");
    update(1, 1);

    assertThat(claims.all().get(DAY).settled()).isEqualTo(at("10:00"));
    assertThat(claims.all().get(DAY).besides())
        .containsExactly(range("00:00", "08:00"), range("10:00", "12:00"));

    claims.open(DAY, "reset", () -> true, () -> settled, () -> partial, at("08:00"));
    assertThat(claims.all().get(DAY).besides()).isEmpty();
  }

  @Test
  void carriesOnWhatIsNotNamedYet() {
    Split other = DAY.next();
    DayClaim unnamed = claim("other", false, other.range().to());

    claims.restore(List.of(segment(1, other, unnamed)), START);

    assertThat(claims.all().get(other)).isEqualTo(unnamed);
  }

  @Test
  void aDayThatIsOpenedSaysMoreThanSegmentsDid() {
    claims.restore(
        List.of(segment(1, DAY.next(), claim("other", true, DAY.next().range().to()))), START);

    claims.open(
        DAY.next(), "own", () -> true, () -> settled, () -> partial, DAY.next().range().from());

    assertThat(claims.all().get(DAY.next()).generation()).isEqualTo("own");
  }

  private static DayClaim claim(String generation, boolean isNamed, Instant settled) {
    return new DayClaim(generation, isNamed, settled, List.of());
  }

  private static SegmentOffset segment(int number, Split day, DayClaim claim) {
    return segment(number, START, day, claim);
  }

  private static SegmentOffset segment(int number, Instant start, Split day, DayClaim claim) {
    return new SegmentOffset(
        number,
        number,
        start,
        new TreeMap<>(Map.of(day, claim)),
        new TreeMap<>(),
        SettledDays.NONE);
  }

  @Test
  void forgetsADayThatIsSettledToItsEndAndReported() {
    settled = DAY.range().to();
    claims.update(1, 1, day -> false);
    claims.update(2, 2, day -> false);
    assertThat(claims.settledTo(DAY)).isEqualTo(DAY.range().to());

    claims.update(3, 3, DAY::equals);

    assertThat(claims.settledTo(DAY)).isNull();
    assertThat(claims.all()).isEmpty();
  }

  private void update(long lastBatch, long acknowledged) {
    claims.update(lastBatch, acknowledged, day -> true);
  }
}
