package io.callrecords.connect.read;

import io.callrecords.connect.offset.IdSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The ids that the unsettled windows of a task hold, each with the number of windows that do: a
 * record whose time was corrected stands in two.
 */
final class SentIds {
  private final Map<String, Integer> windows = new HashMap<>();

  boolean contains(String id) {
    return windows.containsKey(id);
  }

  /** Takes note of a window's ids. */
  void add(IdSet ids) {
    ids.ids().forEach(id -> windows.merge(id, 1, Integer::sum));
  }

  /** Forgets a window's ids. */
  void remove(IdSet ids) {
    ids.ids().forEach(id -> windows.computeIfPresent(id, (key, n) -> n == 1 ? null : n - 1));
  }
}
