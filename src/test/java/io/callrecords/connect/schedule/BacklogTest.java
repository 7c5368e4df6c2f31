package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static io.callrecords.connect.schedule.ScheduleFixture.TODAY;
import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static io.callrecords.connect.schedule.ScheduleFixture.at;
import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The backlog is requested from its oldest day on, a little at a time, and each part once. */
class BacklogTest {
  private static final Split FIRST = Split.of(NOW.minus(Duration.ofDays(1_000)));

  private final ReadOptions options =
      ReadOptionsBuilder.startingAt(FIRST.range().from()).retention(Duration.ofDays(2_000)).build();
  private final ScheduleFixture fixture =
      new ScheduleFixture(options, new Assignment(FIRST.to(YESTERDAY).toList(), TODAY)).restored();

  private List<TimeRange> requestUntil(String time) {
    fixture.onLoop(() -> fixture.backlog.requestUntil(at(time)));
    return fixture.ranges(fixture.queues.backlog());
  }

  @Test
  void requestsTheOldestDaysAndOpensNoOthers() {
    List<TimeRange> requested = requestUntil("11:00");

    assertThat(requested).hasSizeBetween(32, 64);
    assertThat(requested)
        .isEqualTo(FIRST.to(YESTERDAY).limit(requested.size()).map(Split::range).toList());
    // The last day is open for the live edge.
    assertThat(fixture.task.splits().openDays()).isEqualTo(requested.size() + 1);
  }

  @Test
  void requestsNothingTwice() {
    List<TimeRange> requested = requestUntil("11:00");

    assertThat(requestUntil("11:00")).isEqualTo(requested);
  }

  @Test
  void requestsMoreOnceLittleWaitsUntilAllIsRead() {
    requestUntil("11:00");
    BatchSource batches = fixture.batches();
    int most = 0;
    for (int i = 0; i < 2_000 && !fixture.onLoop(() -> fixture.backlog.isRead()); i++) {
      fixture.loop.runFor(Duration.ofMillis(20));
      fixture.take(batches);
      fixture.onLoop(fixture.backlog::refill);
      most = Math.max(most, fixture.task.splits().openDays());
    }

    assertThat(fixture.onLoop(() -> fixture.backlog.isRead())).isTrue();
    assertThat(fixture.onLoop(() -> fixture.backlog.unreadSeconds(at("11:00")))).isZero();
    assertThat(most).isLessThan(80);
    assertThat(fixture.journal.count()).isBetween(1_001L, 1_100L);
  }

  @Test
  void leavesOutWhatIsReadAsNew() {
    fixture.onLoop(() -> fixture.queues.live().read(today("08:00", "09:00")));
    long all = 1_000 * 86_400L + 11 * 3_600;

    assertThat(fixture.onLoop(() -> fixture.backlog.unreadSeconds(at("11:00"))))
        .isEqualTo(all - 3_600);
  }

  @Test
  void leavesGapsOfTodayThatTheLiveEdgeReads() {
    ScheduleFixture fresh =
        new ScheduleFixture(
                ReadOptionsBuilder.startingAt(TODAY.range().from()).build(),
                new Assignment(List.of(), TODAY))
            .restored();
    fresh.onLoop(
        () -> {
          fresh.queues.live().read(today("08:00", "09:00"));
          fresh.backlog.requestUntil(at("11:00"));
        });

    assertThat(fresh.ranges(fresh.queues.backlog()))
        .containsExactly(today("00:00", "08:00"), today("09:00", "11:00"));
  }

  @Test
  void whatTheLastTickHasAddedDoesNotKeepItFromBeingRead() {
    ScheduleFixture ahead =
        new ScheduleFixture(
                ReadOptionsBuilder.startingAt(TODAY.range().from()).build(),
                new Assignment(List.of(TODAY), TODAY.next()))
            .restored();
    BatchSource batches = ahead.batches();

    ahead.onLoop(() -> ahead.backlog.requestUntil(at("10:00")));
    assertThat(ahead.onLoop(() -> ahead.backlog.isRead())).isFalse();

    for (int i = 0; i < 100; i++) {
      ahead.loop.runFor(Duration.ofMillis(20));
      ahead.take(batches);
    }
    ahead.onLoop(() -> ahead.backlog.requestUntil(at("10:01")));
    assertThat(ahead.ranges(ahead.queues.backlog())).isNotEmpty();
    assertThat(ahead.onLoop(() -> ahead.backlog.isRead())).isTrue();

    ahead.onLoop(() -> ahead.backlog.requestUntil(at("10:02")));
    assertThat(ahead.onLoop(() -> ahead.backlog.isRead())).isFalse();
  }
}
