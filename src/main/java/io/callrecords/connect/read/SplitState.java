package io.callrecords.connect.read;

import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one split: up to where it is settled, and behind that its windows, with the ids
 * that were sent. What no window covers is a gap: it has yet to be read.
 *
 * <p>It changes when records are handed over, in that order, so that a record's offset never claims
 * more than was handed over up to it.
 */
final class SplitState {
  private final Split split;
  private final TimeRange range;
  private final Instant start;
  private final Lateness lateness;
  private final SentIds sent;
  private final TreeMap<Instant, Window> windows = new TreeMap<>();
  private Instant settled;

  /**
   * Takes a split up.
   *
   * @param range the part of the day that is wanted
   * @param start where the whole range begins, as written into offsets
   * @param stored its stored offset, or null when there is none
   * @param sent the ids of all the task's splits, which this keeps up
   */
  SplitState(
      Split split,
      TimeRange range,
      Instant start,
      @Nullable SplitOffset stored,
      Lateness lateness,
      SentIds sent) {
    this.split = split;
    this.range = range;
    this.start = start;
    this.lateness = lateness;
    this.sent = sent;
    this.settled = range.from();
    if (stored != null) {
      restore(stored);
    }
  }

  private void restore(SplitOffset stored) {
    // A start that was moved back since leaves a gap before what the offset speaks of.
    TimeRange spokenOf =
        new TimeRange(later(stored.start(), split.range().from()), split.range().to());
    TimeRange done = new TimeRange(split.range().from(), stored.settled()).intersection(spokenOf);
    if (!done.isEmpty()) {
      put(new WindowOffset(done, State.SETTLED, WindowOffset.UNKNOWN, IdSet.EMPTY));
    }
    stored.windows().forEach(this::put);
    advance();
  }

  private void put(WindowOffset offset) {
    // When it was last looked at is not stored: as if it never was, it is looked at soon.
    windows.put(offset.range().from(), new Window(offset, offset.range().to()));
    sent.add(offset.ids());
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  Split split() {
    return split;
  }

  /** The part of the day that is wanted. */
  TimeRange range() {
    return range;
  }

  /** Whether all of it is settled. */
  boolean isDone() {
    return !settled.isBefore(range.to());
  }

  /** The windows that may still gain records, in order. */
  List<Window> unsettled() {
    return windows.values().stream().filter(w -> w.is(State.READ)).toList();
  }

  /** What is unread before a moment, in order. */
  List<TimeRange> gaps(Instant until) {
    Instant limit = until.isBefore(range.to()) ? until : range.to();
    List<TimeRange> gaps = new ArrayList<>();
    Instant at = later(settled, range.from());
    for (Window window : windows.values()) {
      if (window.is(State.PARTIAL)) {
        continue;
      }
      addGap(gaps, at, window.range().from().isBefore(limit) ? window.range().from() : limit);
      at = later(at, window.range().to());
    }
    addGap(gaps, at, limit);
    return gaps;
  }

  private static void addGap(List<TimeRange> gaps, Instant from, Instant to) {
    if (from.isBefore(to)) {
      gaps.add(new TimeRange(from, to));
    }
  }

  /** The end of the last window that is read. */
  Instant readTo() {
    Instant last = settled;
    for (Window window : windows.values()) {
      if (!window.is(State.PARTIAL)) {
        last = later(last, window.range().to());
      }
    }
    return last;
  }

  /** Takes note that a look found nothing new in a window. */
  void unchanged(TimeRange window, Instant lookedAt) {
    Window known = windows.get(window.from());
    if (known != null && known.range().equals(window)) {
      replace(known, known.offset(), lookedAt);
      advance();
    }
  }

  /** Gives up what can no longer be had. */
  void expire(TimeRange expired) {
    takeOut(expired, Set.of());
    windows.put(expired.from(), new Window(settled(expired), expired.to()));
    advance();
  }

  private void replace(Window old, WindowOffset offset, Instant lookedAt) {
    boolean settles = lateness.isSettled(offset.range(), lookedAt);
    WindowOffset next = settles ? settled(offset.range()) : offset;
    sent.remove(old.offset().ids());
    sent.add(next.ids());
    windows.remove(old.range().from());
    windows.put(next.range().from(), new Window(next, lookedAt));
  }

  private static WindowOffset settled(TimeRange range) {
    return new WindowOffset(range, State.SETTLED, WindowOffset.UNKNOWN, IdSet.EMPTY);
  }

  /** Lets go of the oldest unsettled windows until the offset has its size; returns how many. */
  int settleBeyond(int maxOffsetBytes) {
    int settledEarly = 0;
    List<Window> oldestFirst = unsettled();
    int size = oldestFirst.stream().mapToInt(w -> w.offset().encodedLength()).sum();
    for (Window window : oldestFirst) {
      if (size <= maxOffsetBytes) {
        break;
      }
      size -= window.offset().encodedLength();
      sent.remove(window.offset().ids());
      windows.put(window.range().from(), new Window(settled(window.range()), window.lookedAt()));
      settledEarly++;
    }
    advance();
    return settledEarly;
  }

  /**
   * Takes over what reading a window came to.
   *
   * @return what of it was not sent before, or null when that is nothing
   */
  @Nullable Batch apply(WindowRead read) {
    Set<String> shown = new HashSet<>();
    read.records().forEach(record -> shown.add(record.id()));
    IdSet known = takeOut(read.range(), shown);
    List<FeedRecord> fresh =
        read.records().stream()
            .filter(record -> !known.contains(record.id()) && !sent.contains(record.id()))
            .toList();
    SplitOffset base = snapshot();
    shown.addAll(known.ids());
    WindowOffset complete =
        new WindowOffset(
            read.range(),
            State.READ,
            read.verified() ? read.total() : WindowOffset.UNKNOWN,
            IdSet.of(shown));
    boolean settles = lateness.isSettled(read.range(), read.askedAt());
    WindowOffset last = settles ? settled(read.range()) : complete;
    sent.add(last.ids());
    windows.put(read.range().from(), new Window(last, read.askedAt()));
    advance();
    return fresh.isEmpty() ? null : batch(fresh, base, read.range(), known);
  }

  private Batch batch(List<FeedRecord> fresh, SplitOffset base, TimeRange window, IdSet known) {
    SplitOffset complete = snapshot();
    IntFunction<SplitOffset> offsets =
        index -> index == fresh.size() - 1 ? complete : partial(base, window, known, fresh, index);
    return new Batch(split, fresh, offsets);
  }

  private static SplitOffset partial(
      SplitOffset base, TimeRange window, IdSet known, List<FeedRecord> fresh, int index) {
    List<String> ids = new ArrayList<>(known.ids());
    fresh.subList(0, index + 1).forEach(record -> ids.add(record.id()));
    WindowOffset started =
        new WindowOffset(window, State.PARTIAL, WindowOffset.UNKNOWN, IdSet.of(ids));
    List<WindowOffset> windows = new ArrayList<>(base.windows());
    int at = 0;
    while (at < windows.size() && windows.get(at).range().from().isBefore(window.from())) {
      at++;
    }
    windows.add(at, started);
    return new SplitOffset(base.start(), base.settled(), windows);
  }

  /** Takes the windows out that a range overlaps; what of them lies outside of it stays. */
  private IdSet takeOut(TimeRange taken, Set<String> shown) {
    Set<String> ids = new HashSet<>();
    for (Window window : List.copyOf(windows.values())) {
      if (!window.range().overlaps(taken)) {
        continue;
      }
      windows.remove(window.range().from());
      sent.remove(window.offset().ids());
      if (taken.contains(window.range())) {
        ids.addAll(window.offset().ids().ids());
      } else {
        keepRest(window, taken, shown, ids);
      }
    }
    return IdSet.of(ids);
  }

  /** A window that is read in parts: ids that the part did not show belong to the rest. */
  private void keepRest(Window window, TimeRange taken, Set<String> shown, Set<String> ids) {
    List<String> rest = new ArrayList<>();
    for (String id : window.offset().ids().ids()) {
      (shown.contains(id) ? ids : rest).add(id);
    }
    IdSet restIds = IdSet.of(rest);
    TimeRange whole = window.range();
    for (TimeRange piece :
        List.of(
            whole.intersection(new TimeRange(whole.from(), later(whole.from(), taken.from()))),
            new TimeRange(taken.to().isBefore(whole.to()) ? taken.to() : whole.to(), whole.to()))) {
      if (!piece.isEmpty()) {
        WindowOffset offset =
            new WindowOffset(piece, window.offset().state(), WindowOffset.UNKNOWN, restIds);
        windows.put(piece.from(), new Window(offset, window.lookedAt()));
        sent.add(restIds);
      }
    }
  }

  /** Moves the watermark over what is settled, and makes one of settled windows side by side. */
  private void advance() {
    while (!windows.isEmpty()) {
      Window first = windows.firstEntry().getValue();
      if (!first.is(State.SETTLED) || first.range().from().isAfter(settled)) {
        break;
      }
      settled = later(settled, first.range().to());
      windows.pollFirstEntry();
    }
    merge((a, b) -> a.is(State.SETTLED) && b.is(State.SETTLED));
  }

  /** Makes one of neighbouring windows that are small for their age. */
  void tidy(Instant now, int smallCount, int maxCount) {
    merge((a, b) -> a.is(State.READ) && b.is(State.READ) && fit(a, b, now, smallCount, maxCount));
  }

  private static boolean fit(Window a, Window b, Instant now, int smallCount, int maxCount) {
    // An hour is the grain in which windows settle.
    if (!new TimeRange(a.range().from(), b.range().to()).isWithinOneHour()) {
      return false;
    }
    int count = a.offset().ids().size() + b.offset().ids().size();
    long age = now.getEpochSecond() - b.range().to().getEpochSecond();
    return count <= smallCount
        || (count <= maxCount && a.range().seconds() + b.range().seconds() <= age);
  }

  private void merge(BiPredicate<Window, Window> fit) {
    Window previous = null;
    for (Window window : List.copyOf(windows.values())) {
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
    List<String> ids = new ArrayList<>(a.offset().ids().ids());
    ids.addAll(b.offset().ids().ids());
    IdSet both = IdSet.of(ids);
    sent.remove(a.offset().ids());
    sent.remove(b.offset().ids());
    sent.add(both);
    WindowOffset offset =
        new WindowOffset(
            new TimeRange(a.range().from(), b.range().to()),
            a.offset().state(),
            WindowOffset.UNKNOWN,
            both);
    Instant lookedAt = a.lookedAt().isBefore(b.lookedAt()) ? a.lookedAt() : b.lookedAt();
    Window joined = new Window(offset, lookedAt);
    windows.remove(b.range().from());
    windows.put(a.range().from(), joined);
    return joined;
  }

  private SplitOffset snapshot() {
    return new SplitOffset(start, settled, windows.values().stream().map(Window::offset).toList());
  }
}
