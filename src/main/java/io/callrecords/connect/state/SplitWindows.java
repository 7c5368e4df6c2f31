package io.callrecords.connect.state;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The windows of a split, in order and without overlaps; keeps up the ids that they hold. */
public final class SplitWindows {
  private final TreeMap<Instant, Window> byStart = new TreeMap<>();
  private final EmittedIdIndex sent;

  /**
   * Ids that two windows hold, since one was read in its middle and nobody knows yet which of its
   * ends they belong to.
   */
  private final Set<String> shared = new HashSet<>();

  /**
   * Creates an empty collection.
   *
   * @param sent the ids of all the task's windows
   */
  SplitWindows(EmittedIdIndex sent) {
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
    window.offset().ids().forEach((id, print) -> noteIfShared(id));
    byStart.put(window.range().from(), window);
    sent.add(window);
  }

  private void noteIfShared(String id) {
    if (holder(id) != null) {
      shared.add(id);
    }
  }

  /** Takes a window out. */
  void remove(Window window) {
    byStart.remove(window.range().from());
    sent.remove(window);
    if (!shared.isEmpty()) {
      window.offset().ids().forEach((id, print) -> passOn(id));
    }
  }

  /** Has another window that holds an id stand for it. */
  private void passOn(String id) {
    if (shared.contains(id)) {
      byStart.values().stream()
          .filter(window -> window.offset().ids().contains(id))
          .findFirst()
          .ifPresentOrElse(window -> sent.hold(id, window), () -> shared.remove(id));
    }
  }

  /**
   * What was taken out.
   *
   * @param ids the ids that the windows held in the range
   * @param tally what was special about them
   * @param read the ranges of those windows that had been read whole
   */
  record Taken(IdSet ids, LateCounts tally, List<TimeRange> read) {
    /** What there is to take out where no window is. */
    static final Taken NOTHING = new Taken(IdSet.EMPTY, LateCounts.NONE, List.of());

    /** Whether a moment had been read whole. */
    boolean wasRead(long time) {
      for (TimeRange range : read) {
        if (range.contains(time)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Takes out what a range covers; what of a window lies outside of it stays.
   *
   * @param shown the ids that the API shows in the range; those that another window holds are taken
   *     out of it, since a record's time may have been corrected. An id that two windows hold, of
   *     which neither was known to be its own, is left to the other when it is not shown
   */
  Taken takeOut(TimeRange range, Set<String> shown) {
    Map<String, Integer> ids = new HashMap<>();
    LateCounts tally = LateCounts.NONE;
    List<TimeRange> read = new ArrayList<>();
    for (Window window : all()) {
      if (!window.range().overlaps(range)) {
        continue;
      }
      remove(window);
      if (window.is(State.READ)) {
        read.add(window.range());
      }
      tally = tally.plus(window.offset().tally());
      if (range.contains(window.range())) {
        window.offset().ids().forEach(ids::put);
      } else {
        keepRest(window, range, shown, ids);
      }
    }
    ids.keySet().removeIf(id -> !shown.contains(id) && holder(id) != null);
    withdraw(shown, ids);
    return new Taken(IdSet.of(ids), tally, read);
  }

  /**
   * A window that is read in parts: ids that the part did not show belong to the rest, and its
   * tally goes with the part.
   */
  private void keepRest(
      Window window, TimeRange range, Set<String> shown, Map<String, Integer> ids) {
    Map<String, Integer> rest = new HashMap<>();
    window.offset().ids().forEach((id, print) -> (shown.contains(id) ? ids : rest).put(id, print));
    IdSet restIds = IdSet.of(rest);
    TimeRange whole = window.range();
    if (whole.from().isBefore(range.from())) {
      add(window.with(new TimeRange(whole.from(), range.from()), LateCounts.NONE, restIds));
    }
    if (range.to().isBefore(whole.to())) {
      add(window.with(new TimeRange(range.to(), whole.to()), LateCounts.NONE, restIds));
    }
  }

  /** The window of these that holds an id, or null; one of another split does not count. */
  // Comparing by value would compare all ids of the windows, for each id.
  @SuppressWarnings("ReferenceEquality")
  private @Nullable Window holder(String id) {
    Window window = sent.windowOf(id);
    return window != null && window == of(window.range()) ? window : null;
  }

  private List<Window> holders(String id) {
    if (!shared.isEmpty() && shared.contains(id)) {
      return all().stream().filter(window -> window.offset().ids().contains(id)).toList();
    }
    Window window = holder(id);
    return window == null ? List.of() : List.of(window);
  }

  /** Takes ids out of the windows that hold them. */
  private void withdraw(Set<String> shown, Map<String, Integer> ids) {
    Map<TimeRange, Set<String>> held = new HashMap<>();
    for (String id : shown) {
      for (Window window : holders(id)) {
        held.computeIfAbsent(window.range(), w -> new HashSet<>()).add(id);
        ids.putIfAbsent(id, window.offset().ids().print(id));
      }
    }
    held.forEach(
        (range, some) -> {
          Window window = of(range);
          if (window != null) {
            remove(window);
            add(window.without(some));
          }
        });
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
    Window joined = a.and(b, a.offset().ids().plus(b.offset().ids()));
    add(joined);
    return joined;
  }
}
