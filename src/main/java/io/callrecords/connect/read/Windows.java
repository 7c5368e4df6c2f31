package io.callrecords.connect.read;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The windows of a split, in order and without overlaps; keeps up the ids that they hold. */
final class Windows {
  private final TreeMap<Instant, Window> byStart = new TreeMap<>();
  private final SentIds sent;

  /**
   * Creates an empty collection.
   *
   * @param sent the ids of all the task's windows
   */
  Windows(SentIds sent) {
    this.sent = sent;
  }

  /** All of them, in order. */
  List<Window> all() {
    return List.copyOf(byStart.values());
  }

  /** The first one, or null when there is none. */
  @Nullable Window first() {
    return byStart.isEmpty() ? null : byStart.firstEntry().getValue();
  }

  /** The window with exactly this range, or null. */
  @Nullable Window of(TimeRange range) {
    Window window = byStart.get(range.from());
    return window != null && window.range().equals(range) ? window : null;
  }

  /** Adds a window; it must not overlap another. */
  void add(Window window) {
    byStart.put(window.range().from(), window);
    sent.add(window.offset().ids());
  }

  /** Takes a window out. */
  void remove(Window window) {
    byStart.remove(window.range().from());
    sent.remove(window.offset().ids());
  }

  /**
   * Takes out what a range covers; what of a window lies outside of it stays.
   *
   * @param shown the ids that the API shows in the range
   * @return the ids that the windows held in the range
   */
  IdSet takeOut(TimeRange range, Set<String> shown) {
    Set<String> ids = new HashSet<>();
    for (Window window : all()) {
      if (!window.range().overlaps(range)) {
        continue;
      }
      remove(window);
      if (range.contains(window.range())) {
        ids.addAll(window.offset().ids().ids());
      } else {
        keepRest(window, range, shown, ids);
      }
    }
    return IdSet.of(ids);
  }

  /** A window that is read in parts: ids that the part did not show belong to the rest. */
  private void keepRest(Window window, TimeRange range, Set<String> shown, Set<String> ids) {
    List<String> rest = new ArrayList<>();
    for (String id : window.offset().ids().ids()) {
      (shown.contains(id) ? ids : rest).add(id);
    }
    IdSet restIds = IdSet.of(rest);
    TimeRange whole = window.range();
    if (whole.from().isBefore(range.from())) {
      TimeRange before = new TimeRange(whole.from(), range.from());
      add(window.with(before, WindowOffset.UNKNOWN, restIds));
    }
    if (range.to().isBefore(whole.to())) {
      TimeRange after = new TimeRange(range.to(), whole.to());
      add(window.with(after, WindowOffset.UNKNOWN, restIds));
    }
  }

  /** Makes one of neighbours that fit; the two have to be in the same state. */
  void merge(BiPredicate<Window, Window> fit) {
    Window previous = null;
    for (Window window : all()) {
      if (previous != null
          && previous.range().to().equals(window.range().from())
          && fit.test(previous, window)) {
        previous = join(previous, window);
      } else {
        previous = window;
      }
    }
  }

  private Window join(Window a, Window b) {
    remove(a);
    remove(b);
    List<String> ids = new ArrayList<>(a.offset().ids().ids());
    ids.addAll(b.offset().ids().ids());
    Window older = a.lookedAt().isBefore(b.lookedAt()) ? a : b;
    TimeRange both = new TimeRange(a.range().from(), b.range().to());
    Window joined = older.with(both, WindowOffset.UNKNOWN, IdSet.of(ids));
    add(joined);
    return joined;
  }
}
