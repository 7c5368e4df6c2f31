package io.callrecords.connect.state;

import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
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

/**
 * The windows of a split, in order and without overlaps. What none of them covers is a gap: it has
 * yet to be read. Keeps the index of emitted ids up to date with them.
 */
public final class SplitWindows {
  private final TreeMap<Instant, Window> byStart = new TreeMap<>();
  private final EmittedIdIndex emittedIds;
  private final Invariants invariants;

  /** Ids that two windows hold, since it is not known yet on which side of a cut they belong. */
  private final Set<String> coOwned = new HashSet<>();

  private Instant settledTo;

  /**
   * Creates an empty collection.
   *
   * @param emittedIds the index of the ids of all windows of the task
   * @param from where the wanted part of the split begins
   */
  SplitWindows(EmittedIdIndex emittedIds, Invariants invariants, Instant from) {
    this.settledTo = from;
    this.emittedIds = emittedIds;
    this.invariants = invariants;
  }

  /** All windows, in order. */
  List<Window> all() {
    return List.copyOf(byStart.values());
  }

  boolean isEmpty() {
    return byStart.isEmpty();
  }

  /** What is unread in a range, in order. */
  List<TimeRange> gaps(TimeRange range) {
    List<TimeRange> gaps = new ArrayList<>();
    Instant at = range.from();
    for (Window window : overlapping(range)) {
      if (!window.isPartial()) {
        addGap(gaps, at, window.range().from());
        at = window.range().to();
      }
    }
    addGap(gaps, at, range.to());
    return gaps;
  }

  private static void addGap(List<TimeRange> gaps, Instant from, Instant to) {
    if (from.isBefore(to)) {
      gaps.add(new TimeRange(from, to));
    }
  }

  /** The end of the last window that was read whole; the beginning of time when there is none. */
  Instant readTo() {
    return byStart.descendingMap().values().stream()
        .filter(window -> !window.isPartial())
        .findFirst()
        .map(window -> window.range().to())
        .orElse(Instant.MIN);
  }

  /** Up to where the split is settled without a gap. */
  Instant settledTo() {
    return settledTo;
  }

  /** Moves the watermark over settled windows, and merges settled neighbours. */
  void advance() {
    for (Window window : all()) {
      if (!window.isSettled() || window.range().from().isAfter(settledTo)) {
        break;
      }
      Instant end = window.range().to();
      settledTo = end.isAfter(settledTo) ? end : settledTo;
      remove(window);
    }
    merge((a, b) -> a.isSettled() && b.isSettled());
  }

  /** What of a range is not settled, in order. */
  List<TimeRange> unsettledParts(TimeRange range) {
    if (!settledTo.isBefore(range.to())) {
      return List.of();
    }
    Instant from = range.from().isAfter(settledTo) ? range.from() : settledTo;
    List<TimeRange> settled =
        overlapping(range).stream().filter(Window::isSettled).map(Window::range).toList();
    return new TimeRange(from, range.to()).minus(settled);
  }

  /** The windows that have a second in common with a range, in order. */
  private List<Window> overlapping(TimeRange range) {
    return RangesByStart.overlapping(byStart, range, Window::range);
  }

  /** Adds a window, which must not overlap another. */
  void add(Window window) {
    Window added = window;
    List<Window> overlapped = overlapping(window.range());
    if (!invariants.check(overlapped.isEmpty(), "two windows of a split overlap")) {
      // What the others covered beside it becomes unread, and none of their ids is forgotten.
      for (Window other : overlapped) {
        remove(other);
        added =
            added.with(added.range(), added.offset().unattributed(), added.ids().plus(other.ids()));
      }
    }
    added
        .ids()
        .forEach(
            (id, fingerprint) -> {
              if (owner(id) != null) {
                coOwned.add(id);
              }
            });
    byStart.put(added.range().from(), added);
    emittedIds.assignAll(added);
  }

  /** Removes a window, which must be one of these. */
  void remove(Window window) {
    if (!invariants.check(isPresent(window), "a window is removed that its split does not have")) {
      return;
    }
    byStart.remove(window.range().from());
    List<String> notOwned = emittedIds.release(window);
    invariants.check(
        notOwned.stream().allMatch(id -> coOwned.contains(id) || owner(id) == null),
        "an emitted id has two owners in a split, which does not know of both");
    if (!coOwned.isEmpty()) {
      window.ids().forEach((id, fingerprint) -> reassign(id));
    }
  }

  // Comparing by value would compare all ids of the windows.
  @SuppressWarnings("ReferenceEquality")
  private boolean isPresent(Window window) {
    return byStart.get(window.range().from()) == window;
  }

  /** Puts a window in the place of another. */
  void replace(Window window, Window replacement) {
    remove(window);
    add(replacement);
  }

  /** Gives a co-owned id to a window that is left of its owners. */
  private void reassign(String id) {
    if (coOwned.contains(id)) {
      byStart.values().stream()
          .filter(window -> window.ids().contains(id))
          .findFirst()
          .ifPresentOrElse(window -> emittedIds.assign(id, window), () -> coOwned.remove(id));
    }
  }

  /**
   * Takes out what a range covers; what of a window lies outside of it stays.
   *
   * @param returnedIds the ids that the API returns for the range. Those that another window owns
   *     are taken out of it, since a record's time may have been corrected. A co-owned id that is
   *     not returned is left to its other owner
   */
  RangeHistory takeOut(TimeRange range, Set<String> returnedIds) {
    return takeOut(range, returnedIds, true);
  }

  /** The same; where not all may have been returned, ids stay with both sides. */
  RangeHistory takeOut(TimeRange range, Set<String> returnedIds, boolean isCertain) {
    Map<String, Long> ids = new HashMap<>();
    LateCounts unattributed = LateCounts.NONE;
    List<TimeRange> readRanges = new ArrayList<>();
    for (Window window : overlapping(range)) {
      remove(window);
      if (window.isUnsettled()) {
        readRanges.add(window.range());
      }
      unattributed = unattributed.plus(window.offset().unattributed());
      if (range.contains(window.range())) {
        window.ids().forEachMark(ids::put);
      } else {
        keepRemainder(window, range, returnedIds, ids);
        if (!isCertain) {
          window.ids().forEachMark(ids::put);
        }
      }
    }
    ids.keySet().removeIf(id -> isCertain && !returnedIds.contains(id) && owner(id) != null);
    removeIds(returnedIds, ids);
    return new RangeHistory(IdSet.ofMarks(ids), unattributed, readRanges);
  }

  /**
   * Makes a settled range unread again.
   *
   * @param known ids in the range that were emitted all the same
   */
  void reopen(TimeRange range, Set<String> known) {
    takeOut(range, Set.of());
    Instant behind = range.to().isBefore(settledTo) ? range.to() : settledTo;
    if (range.from().isBefore(behind) && behind.isBefore(settledTo)) {
      add(Window.settled(new TimeRange(behind, settledTo)));
    }
    if (!known.isEmpty()) {
      add(Window.partial(range, IdSet.of(known)));
    }
    settledTo = range.from().isBefore(settledTo) ? range.from() : settledTo;
  }

  /**
   * Keeps what of a window lies outside of a range: ids that were not returned for the range belong
   * to the remainder. The counts go with the range.
   */
  private void keepRemainder(
      Window window, TimeRange range, Set<String> returnedIds, Map<String, Long> ids) {
    Map<String, Long> remaining = new HashMap<>();
    window
        .ids()
        .forEachMark((id, mark) -> (returnedIds.contains(id) ? ids : remaining).put(id, mark));
    IdSet remainingIds = IdSet.ofMarks(remaining);
    TimeRange whole = window.range();
    if (whole.from().isBefore(range.from())) {
      add(window.with(new TimeRange(whole.from(), range.from()), LateCounts.NONE, remainingIds));
    }
    if (range.to().isBefore(whole.to())) {
      add(window.with(new TimeRange(range.to(), whole.to()), LateCounts.NONE, remainingIds));
    }
  }

  /** The window of this split that owns an id; null when none does, or one of another split. */
  private @Nullable Window owner(String id) {
    Window window = emittedIds.owner(id);
    return window != null && isPresent(window) ? window : null;
  }

  /** The windows that hold an id, unless one of another split owns it. */
  List<Window> owners(String id) {
    if (coOwned.contains(id)) {
      return byStart.values().stream().filter(window -> window.ids().contains(id)).toList();
    }
    Window window = owner(id);
    return window == null ? List.of() : List.of(window);
  }

  /** Takes ids out of the windows that own them. */
  private void removeIds(Set<String> returnedIds, Map<String, Long> ids) {
    Map<Instant, Set<String>> removedByStart = new HashMap<>();
    for (String id : returnedIds) {
      for (Window window : owners(id)) {
        removedByStart.computeIfAbsent(window.range().from(), start -> new HashSet<>()).add(id);
        ids.putIfAbsent(id, window.ids().mark(id));
      }
    }
    removedByStart.forEach(
        (start, removed) -> {
          Window window = byStart.get(start);
          if (window != null) {
            replace(window, window.withoutIds(removed));
          }
        });
  }

  /** Merges neighbours that fit together; the two have to be in the same state. */
  void merge(BiPredicate<Window, Window> fit) {
    Window previous = null;
    for (Window window : all()) {
      boolean isNeighbour = previous != null && previous.range().to().equals(window.range().from());
      if (previous != null && isNeighbour && fit.test(previous, window)) {
        Window merged = previous.mergedWith(window);
        remove(previous);
        remove(window);
        add(merged);
        previous = merged;
      } else {
        previous = window;
      }
    }
  }
}
