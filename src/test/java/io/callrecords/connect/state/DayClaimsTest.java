package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DayClaimsTest {
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
