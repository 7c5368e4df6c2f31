package io.callrecords.connect.state;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** The windows of a task that were read and may still gain records. */
public final class UnsettledWindows {
  private final NavigableMap<Split, SplitState> open;

  UnsettledWindows(NavigableMap<Split, SplitState> open) {
    this.open = open;
  }

  /** All of them, in order. */
  public List<Window> all() {
    return open.values().stream().flatMap(state -> state.unsettled().stream()).toList();
  }

  /** Those that lie in a range, in order. */
  public List<Window> in(TimeRange range) {
    List<Window> windows = new ArrayList<>();
    Split last = Split.of(range.to());
    for (SplitState state : open.subMap(Split.of(range.from()), true, last, true).values()) {
      windows.addAll(state.unsettled());
    }
    windows.removeIf(window -> !range.contains(window.range()));
    return windows;
  }

  /** The last one; null when there is none. */
  public @Nullable Window youngest() {
    for (SplitState state : open.descendingMap().values()) {
      List<Window> windows = state.unsettled();
      if (!windows.isEmpty()) {
        return windows.get(windows.size() - 1);
      }
    }
    return null;
  }
}
