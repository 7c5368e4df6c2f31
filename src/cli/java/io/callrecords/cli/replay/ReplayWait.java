package io.callrecords.cli.replay;

import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.Terminal;
import io.callrecords.cli.connect.ConnectApi;
import io.callrecords.cli.connect.ConnectorStatus;
import io.callrecords.cli.status.CalendarDay;
import io.callrecords.cli.status.CalendarState;
import io.callrecords.cli.status.RangeCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Waits until offsets say that days have been sent again, as far as they are over. */
final class ReplayWait {
  private final ConnectApi api;
  private final String connector;
  private final ReplayPlan plan;
  private final SentCalls before;
  private final Supplier<RangeCalendar> calendar;
  private final Terminal terminal;
  private final InstantSource clock;
  private final Duration lookInterval;

  /**
   * Creates a wait.
   *
   * @param before up to where the days had calls before they were changed
   * @param calendar reads the offsets as they are now
   * @param lookInterval how long to wait before they are looked at again
   */
  ReplayWait(
      ConnectApi api,
      String connector,
      ReplayPlan plan,
      SentCalls before,
      Supplier<RangeCalendar> calendar,
      Terminal terminal,
      InstantSource clock,
      Duration lookInterval) {
    this.api = api;
    this.connector = connector;
    this.plan = plan;
    this.before = before;
    this.calendar = calendar;
    this.terminal = terminal;
    this.clock = clock;
    this.lookInterval = lookInterval;
  }

  /** Waits so many minutes at most. */
  ExitStatus await(int minutes) throws InterruptedException {
    Instant resumed = clock.instant();
    Instant deadline = resumed.plus(Duration.ofMinutes(minutes));
    while (true) {
      ConnectorStatus status = api.status(connector);
      if (status.isFailed()) {
        terminal.note("The connector has failed while it was reading: " + reason(status));
        return ExitStatus.BAD;
      }
      List<CalendarDay> unread = unread(resumed);
      List<CalendarDay> left = unread.stream().filter(day -> !before.areSentAgain(day)).toList();
      if (left.isEmpty()) {
        terminal.clearProgress();
        terminal.line(finished(unread));
        return ExitStatus.WELL;
      }
      if (clock.instant().isAfter(deadline)) {
        terminal.note(unfinished(left, minutes));
        return ExitStatus.UNSEEN;
      }
      terminal.progress(progress(left));
      TimeUnit.MILLISECONDS.sleep(lookInterval.toMillis());
    }
  }

  private List<CalendarDay> unread(Instant resumed) {
    return calendar.get().days().stream()
        .filter(day -> plan.days().contains(day.day()))
        .filter(day -> isUnread(day, resumed))
        .toList();
  }

  private static boolean isUnread(CalendarDay day, Instant resumed) {
    return day.parts().stream()
        .filter(part -> part.range().from().isBefore(resumed))
        .anyMatch(
            part ->
                part.state() == CalendarState.UNREAD || part.state() == CalendarState.PARTLY_READ);
  }

  private String finished(List<CalendarDay> unread) {
    if (unread.isEmpty()) {
      return "All of it has been sent again, as the offsets say.";
    }
    List<String> ends = new ArrayList<>();
    unread.forEach(day -> ends.add(day.day() + " from " + before.end(day)));
    return "All that had been sent before has been sent again, as the offsets say. Nothing had been"
        + " sent of "
        + String.join(", ", ends)
        + " on (UTC): whether that has been read again shows with the next calls only.";
  }

  private String progress(List<CalendarDay> left) {
    CalendarDay first = left.get(0);
    return String.format(
        Locale.ROOT,
        "%d of %d %s sent again; %s: %.0f %%",
        plan.days().size() - left.size(),
        plan.days().size(),
        plan.days().size() == 1 ? "day" : "days",
        first.day(),
        Math.floor(first.whole().readShare() * 100));
  }

  private String unfinished(List<CalendarDay> left, int minutes) {
    return "After "
        + minutes
        + (minutes == 1 ? " minute" : " minutes")
        + ", the offsets do not say yet that all of "
        + left.stream().map(day -> day.day().toString()).collect(Collectors.joining(", "))
        + " has been sent again. The connector goes on; an end of a day without calls shows only"
        + " with the next calls. Look again with: "
        + ReplayRun.statusCommand(api, connector);
  }

  private static String reason(ConnectorStatus status) {
    return Stream.concat(Stream.of(status.connector()), status.tasks().stream())
        .map(ConnectorStatus.PartStatus::reason)
        .filter(reason -> !reason.isEmpty())
        .findFirst()
        .orElse("its log says why");
  }
}
