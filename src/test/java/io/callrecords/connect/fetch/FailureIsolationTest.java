package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What fails is cut down to a second, unless there is too much of it; a person hears of it. */
class FailureIsolationTest {
  private static final Instant TIME = Instant.parse("2026-11-01T08:00:00Z");

  private final VirtualLoop loop = new VirtualLoop(TIME);
  private final FailureIsolation isolation = new FailureIsolation(loop, Priority.BACKLOG);

  private boolean isolates(long seconds, long stuck) {
    return isolates(seconds, stuck, 0);
  }

  private boolean isolates(long seconds, long stuck, long stuckSeconds) {
    TimeRange range = new TimeRange(TIME, TIME.plusSeconds(seconds));
    return isolation.isolates(range, stuck, stuckSeconds);
  }

  @Test
  void cutsAllButASecond() {
    assertThat(isolates(2, 1)).isTrue();
    assertThat(isolates(86_400, 32)).isTrue();
    assertThat(isolates(1, 1)).isFalse();
  }

  @Test
  void cutsNothingWhereManyRangesFail() {
    assertThat(isolates(86_400, 33)).isFalse();
    assertThat(isolates(86_400, 1, 256)).isTrue();
    assertThat(isolates(86_400, 1, 257)).isFalse();
  }

  /** What is new stays in order, and of a comparison nothing is left to request. */
  @Test
  void cutsNoRangeOfTheLiveEdgeAndEndsEachComparison() {
    FetchFixture fixture = FetchFixture.create();
    FetchEnvironment environment = new RecordedListener().environment(fixture, Priority.BACKLOG);
    TimeRange hour = new TimeRange(TIME, TIME.plusSeconds(3_600));
    RangeFetch read = new RangeFetch(FetchOrder.reading(hour), environment);
    RangeFetch compared =
        new RangeFetch(
            FetchOrder.comparing(new TimeRange(TIME, TIME.plusSeconds(1)), 5), environment);

    assertThat(isolation.isolates(read, List.of(read, compared))).isTrue();
    assertThat(isolation.isolates(compared, List.of(read, compared))).isTrue();
    FailureIsolation live = new FailureIsolation(loop, Priority.LIVE);
    assertThat(live.isolates(read, List.of(read))).isFalse();
  }

  @Test
  void saysSoNowAndThen() {
    try (LogCapture log = new LogCapture(FailureIsolation.class.getName())) {
      isolates(2, 1);
      assertThat(log.lines()).isEmpty();

      for (int minute = 0; minute < 25; minute++) {
        isolates(1, 1);
        loop.runFor(Duration.ofMinutes(1));
      }

      assertThat(log.lines())
          .hasSize(3)
          .allMatch(
              line ->
                  line.startsWith(
                      "WARN The API goes on failing to return the records of"
                          + " 2026-11-01T08:00:00Z/2026-11-01T08:00:01Z (with a second more"));
    }
  }
}
