package io.callrecords.connect.state;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Ids that were emitted, and that the API no longer returned when their windows were settled. Their
 * calls may have moved to another time, so they are not new where they are met again. Only the last
 * few thousand are kept.
 */
final class VanishedIds {
  private static final int MAX_IDS = 10_000;

  private final Set<String> ids = new LinkedHashSet<>();

  /**
   * Adds ids.
   *
   * @param emitted the ids that were emitted of a window
   * @param returned those of them that the API still returns are not added
   */
  void addAll(Collection<String> emitted, Set<String> returned) {
    for (String id : emitted) {
      if (!returned.contains(id)) {
        ids.add(id);
      }
    }
    Iterator<String> oldest = ids.iterator();
    for (int excess = ids.size() - MAX_IDS; excess > 0; excess--) {
      oldest.next();
      oldest.remove();
    }
  }

  /** Those of some ids that are among these. */
  Set<String> among(Set<String> some) {
    Set<String> common = new LinkedHashSet<>(some);
    common.retainAll(ids);
    return common;
  }
}
