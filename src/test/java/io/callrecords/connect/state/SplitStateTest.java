package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a split makes of offsets that contradict themselves, as people write them. */
class SplitStateTest {
  private static final Split DAY = Split.of(Instant.parse("2026-11-01T00:00:00Z"));
  private static final Instant SETTLED = Instant.parse("2026-11-01T08:00:00Z");

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-01T00:00:00Z", "2026-11-01T03:00:00Z"})
  void aWindowBeforeWhatIsSettledIsNeitherReadNorLookedAtAgain(Instant from) {
    WindowOffset hidden =
        new WindowOffset(
            new TimeRange(from, from.plusSeconds(3_600)),
            WindowOffset.State.READ,
            1,
            LateCounts.NONE,
            IdSet.of(List.of("1")));
    Duration hour = Duration.ofHours(1);
    ReadOptions options =
        new ReadOptions(
            DAY.range().from(),
            null,
            Duration.ofDays(59),
            hour,
            hour,
            false,
            false,
            MalformedPolicy.FAIL);

    SplitState state =
        new SplitState(
            DAY,
            DAY.range(),
            options,
            new SplitOffset(DAY.range().from(), SETTLED, List.of(hidden)),
            new RecheckPolicy(hour, hour),
            new EmittedIdIndex(),
            () -> SettledDays.NONE,
            Instant.EPOCH);

    assertThat(state.settledTo()).isEqualTo(SETTLED);
    assertThat(state.unsettled()).isEmpty();
    assertThat(state.gaps(DAY.range().to()))
        .containsExactly(new TimeRange(SETTLED, DAY.range().to()));
  }
}
