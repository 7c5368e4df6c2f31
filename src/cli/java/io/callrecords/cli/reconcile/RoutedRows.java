package io.callrecords.cli.reconcile;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The malformed rows that were routed: those with an id by it, the others by their number. */
final class RoutedRows {
  private final Set<String> keys = new HashSet<>();
  private long withoutKey;

  /** Adds a record of the topic. */
  void add(@Nullable String key) {
    if (key == null || key.isEmpty()) {
      withoutKey++;
    } else {
      keys.add(key);
    }
  }

  /** Whether a row is there; a record without an id stands for one row only. */
  boolean take(@Nullable String key) {
    if (key != null) {
      return keys.contains(key);
    }
    if (withoutKey == 0) {
      return false;
    }
    withoutKey--;
    return true;
  }
}
