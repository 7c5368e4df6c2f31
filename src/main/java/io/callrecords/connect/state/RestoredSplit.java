package io.callrecords.connect.state;

import io.callrecords.connect.offset.JournaledDay;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a stored offset says of the part of a split that is wanted now.
 *
 * @param windows the windows in that part, in order and without overlaps
 * @param beforeStart the windows before it, which a start that was moved forward leaves out; they
 *     are kept in case it is moved back
 */
public record RestoredSplit(List<Window> windows, List<WindowOffset> beforeStart) {
  /** Reads a stored offset, whatever start it was written with. */
  static RestoredSplit of(SplitOffset stored, SplitScope scope) {
    List<Window> windows = new ArrayList<>();
    List<WindowOffset> beforeStart = new ArrayList<>();
    for (Window window : storedWindows(stored, scope.split().range())) {
      TimeRange whole = window.range();
      Instant cut = clamp(scope.range().from(), whole);
      if (cut.isAfter(whole.from())) {
        WindowOffset known = window.offset();
        TimeRange before = new TimeRange(whole.from(), cut);
        beforeStart.add(window.with(before, known.unattributed(), known.ids()).offset());
        if (cut.isBefore(whole.to())) {
          TimeRange after = new TimeRange(cut, whole.to());
          windows.add(window.with(after, LateCounts.NONE, known.ids()));
        }
      } else {
        windows.add(window);
      }
    }
    return new RestoredSplit(windows, beforeStart);
  }

  /**
   * What a stored offset says of its day, whatever of that is wanted now: windows in order and
   * without overlaps. What none of them covers is unread.
   */
  public static List<WindowOffset> windows(SplitOffset stored, Split day) {
    return storedWindows(stored, day.range()).stream().map(Window::offset).toList();
  }

  private static List<Window> storedWindows(SplitOffset stored, TimeRange day) {
    // If the start was moved back since, what lies before the stored one is unread.
    Instant from = clamp(stored.start(), day);
    Instant settled = clamp(stored.settled(), day);
    TimeRange done = new TimeRange(from, settled.isBefore(from) ? from : settled);
    JournaledDay journaled = stored.journaled();
    if (journaled != null) {
      return JournaledWindows.of(stored, journaled, new TimeRange(from, day.to())).stream()
          .map(Window::stored)
          .toList();
    }
    List<Window> windows = new ArrayList<>();
    if (!done.isEmpty()) {
      windows.add(Window.settled(done));
    }
    for (WindowOffset window : stored.windows()) {
      boolean isHidden = !done.isEmpty() && window.range().overlaps(done);
      if (!window.range().isEmpty() && !isHidden) {
        windows.add(Window.stored(window));
      }
    }
    windows.sort(Comparator.comparing(window -> window.range().from()));
    return windows;
  }

  private static Instant clamp(Instant time, TimeRange range) {
    if (time.isBefore(range.from())) {
      return range.from();
    }
    return time.isAfter(range.to()) ? range.to() : time;
  }
}
