package io.callrecords.connect.state;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ids that the unsettled windows of a task hold, and which window holds each. */
public final class EmittedIdIndex {
  private final Map<String, Window> windows = new HashMap<>();

  /** The window that holds an id, or null when none does. */
  @Nullable Window windowOf(String id) {
    return windows.get(id);
  }

  /** Takes note of a window's ids. */
  void add(Window window) {
    window.offset().ids().forEach((id, print) -> windows.put(id, window));
  }

  /** Takes note that a window holds an id. */
  void hold(String id, Window window) {
    windows.put(id, window);
  }

  /** Forgets a window's ids, but for those that another window has come to hold. */
  // Comparing by value would compare all ids of the windows, for each id.
  @SuppressWarnings("ReferenceEquality")
  void remove(Window window) {
    window
        .offset()
        .ids()
        .forEach(
            (id, print) -> windows.computeIfPresent(id, (key, at) -> at == window ? null : at));
  }
}
