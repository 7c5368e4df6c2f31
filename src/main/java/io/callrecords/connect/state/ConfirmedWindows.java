package io.callrecords.connect.state;

import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What an offset may say of a split: what is settled but not confirmed is unread there.
 *
 * @param settledTo up to where the split is settled and confirmed
 * @param windows the windows after that, in order
 */
record ConfirmedWindows(Instant settledTo, List<WindowOffset> windows) {
  /** So many ranges of a day an offset leaves unread at most: some thousand characters. */
  private static final int MAX_RANGES = 64;

  /**
   * Leaves out what is not confirmed.
   *
   * @param range the split's range
   * @param settledTo up to where it is settled
   * @param windows its windows after that
   * @param unconfirmed what of the range is not confirmed, in order
   */
  static ConfirmedWindows of(
      TimeRange range, Instant settledTo, List<Window> windows, List<TimeRange> unconfirmed) {
    List<TimeRange> unread = longest(unconfirmed);
    List<WindowOffset> known = new ArrayList<>();
    Instant confirmedTo = settledTo;
    if (unread.isEmpty()) {
      windows.forEach(window -> known.add(window.offset()));
      return new ConfirmedWindows(confirmedTo, known);
    }
    if (range.from().isBefore(settledTo)) {
      confirmedTo = range.from();
      for (TimeRange part : new TimeRange(range.from(), settledTo).minus(unread)) {
        if (part.from().equals(range.from())) {
          confirmedTo = part.to();
        } else {
          known.add(Window.settled(part).offset());
        }
      }
    }
    for (Window window : windows) {
      if (window.isSettled()) {
        window.range().minus(unread).forEach(part -> known.add(Window.settled(part).offset()));
      } else {
        known.add(window.offset());
      }
    }
    return new ConfirmedWindows(confirmedTo, known);
  }

  /** The longest where there are too many: most calls are missing there. */
  private static List<TimeRange> longest(List<TimeRange> ranges) {
    return ranges.size() <= MAX_RANGES
        ? ranges
        : ranges.stream()
            .sorted(Comparator.comparing(TimeRange::seconds).reversed())
            .limit(MAX_RANGES)
            .sorted(Comparator.comparing(TimeRange::from))
            .toList();
  }
}
