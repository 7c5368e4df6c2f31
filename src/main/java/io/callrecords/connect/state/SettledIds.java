package io.callrecords.connect.state;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Ids that were emitted of windows that this run has settled, as hashes: a call whose time is
 * corrected later is not new where it is met again. Only the last half a million are kept.
 */
final class SettledIds {
  private static final int MAX_IDS = 1 << 19;

  private final int maxIds;
  private long[] hashes = new long[64];
  private int size;
  private int next;

  /** Creates an empty collection. */
  SettledIds() {
    this(MAX_IDS);
  }

  SettledIds(int maxIds) {
    this.maxIds = maxIds;
  }

  /** Adds ids; where there are too many, the oldest are forgotten. */
  void addAll(Collection<String> ids) {
    for (String id : ids) {
      if (next == hashes.length && next < maxIds) {
        hashes = Arrays.copyOf(hashes, Math.min(maxIds, 2 * next));
      }
      next = next == hashes.length ? 0 : next;
      hashes[next++] = hash(id);
      size = Math.max(size, next);
    }
  }

  /** Those of some ids that are among these. */
  Set<String> among(Set<String> some) {
    Map<Long, String> wanted = new HashMap<>();
    some.forEach(id -> wanted.put(hash(id), id));
    Set<String> found = new HashSet<>();
    for (int i = 0; i < size && !wanted.isEmpty(); i++) {
      String id = wanted.get(hashes[i]);
      if (id != null) {
        found.add(id);
      }
    }
    return found;
  }

  /** FNV-1a over its characters, well mixed. */
  private static long hash(String id) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
