package io.callrecords.connect.state;

import io.callrecords.connect.offset.WindowOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a split's offset within a length by naming what has to be forgotten: first what is known of
 * the time before a start that was moved, then the ids of the oldest windows.
 *
 * @param maxLength how many characters the offset's windows may have in JSON
 */
record OffsetSizeLimit(int maxLength) {
  /** Whether the windows of an offset are longer than the limit. */
  boolean isExceededBy(List<Window> windows, List<WindowOffset> beforeStart) {
    return length(windows) + beforeStart.stream().mapToInt(WindowOffset::encodedLength).sum()
        > maxLength;
  }

  /** The unsettled windows that have to be settled early to keep the limit, the oldest first. */
  List<Window> excess(List<Window> windows) {
    List<Window> excess = new ArrayList<>();
    int length = length(windows);
    for (Window window : windows) {
      if (length > maxLength && window.isUnsettled()) {
        length -= window.offset().encodedLength();
        excess.add(window);
      }
    }
    return excess;
  }

  private static int length(List<Window> windows) {
    return windows.stream().mapToInt(window -> window.offset().encodedLength()).sum();
  }
}
