package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.TODAY;
import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static io.callrecords.connect.schedule.ScheduleFixture.at;
import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.DayOffsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches come from what was read: the live edge's first, and of what expired its end. */
class BatchSourceTest {
  private static final Duration SOON = Duration.ofSeconds(2);

  private final ScheduleFixture fixture = new ScheduleFixture();

  private void addCall(ScheduleFixture of, Instant start) {
    of.store.add(of.calls.starting(start, Duration.ofSeconds(20)));
  }

  @Test
  void theLiveEdgeComesFirstThenRechecksThenTheBacklog() {
    fixture.restored();
    addCall(fixture, YESTERDAY.range().from());
    addCall(fixture, at("08:30"));
    addCall(fixture, at("11:30"));
    fixture.onLoop(
        () -> {
          fixture.task.splits().openFor(YESTERDAY.range());
          fixture.queues.backlog().read(YESTERDAY.range());
          fixture.queues.recheck().read(today("08:00", "09:00"));
          fixture.queues.live().read(today("11:00", "12:00"));
        });
    fixture.loop.runFor(SOON);

    List<Batch> batches = fixture.take(fixture.batches());

    assertThat(batches).extracting(Batch::split).containsExactly(TODAY, TODAY, YESTERDAY);
    assertThat(DayOffsets.at(batches.get(0), 0).windows())
        .extracting(window -> window.range())
        .containsExactly(today("11:00", "12:00"));
    assertThat(fixture.task.counts().rechecks()).isOne();
    assertThat(fixture.task.counts().records()).isEqualTo(3);
  }

  @Test
  void windowsWithoutRecordsMakeNoBatchAndHoldUpNone() {
    fixture.restored();
    addCall(fixture, at("10:30"));
    fixture.onLoop(
        () -> {
          for (int hour = 10; hour < 20; hour++) {
            Instant from = at("08:00").plusSeconds(600L * hour);
            fixture.queues.live().read(new TimeRange(from, from.plusSeconds(600)));
          }
        });
    fixture.loop.runFor(SOON);

    assertThat(fixture.take(fixture.batches())).hasSize(1);
    fixture.onLoop(() -> assertThat(fixture.queues.live().isIdle()).isTrue());
    assertThat(fixture.task.splits().readTo()).isEqualTo(at("11:20"));
  }

  @Test
  void whatHadExpiredBeforeTheStartIsNotCountedButLoggedOnceAndAudited() {
    Split first = Split.of(TODAY.range().from().minus(Duration.ofDays(100)));
    ReadOptions options = ReadOptionsBuilder.startingAt(first.range().from()).audits().build();
    List<Split> days = first.to(first.next().next()).toList();
    ScheduleFixture old = new ScheduleFixture(options, new Assignment(days, TODAY)).restored();
    try (LogCapture log = new LogCapture(AnomalyLog.class)) {
      old.onLoop(
          () ->
              days.forEach(
                  day -> {
                    old.task.splits().openFor(day.range());
                    old.queues.backlog().read(day.range());
                  }));
      old.loop.runFor(SOON);
      List<Batch> batches = old.take(old.batches());

      assertThat(batches).extracting(Batch::split).isEqualTo(days);
      assertThat(old.task.counts().expiredDays()).isZero();
      assertThat(log.lines()).singleElement().asString().startsWith("INFO Records for ");
    }
  }
}
