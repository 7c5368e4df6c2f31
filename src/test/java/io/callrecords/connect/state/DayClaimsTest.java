package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DayClaimsTest {
  private final DayClaims claims = new DayClaims();
  private Instant settled = at("00:00");
  private boolean named;

  DayClaimsTest() {
    claims.open(DAY, "first", () -> named, () -> settled, at("00:00"));
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
