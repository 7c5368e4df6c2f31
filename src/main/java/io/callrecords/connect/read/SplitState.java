package io.callrecords.connect.read;

import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
  private final Windows windows;
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
    this.windows = new Windows(sent);
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
      windows.add(Window.settled(done, done.to()));
    }
    // When a window was last looked at is not stored: as if it never was, it is looked at soon.
    stored.windows().forEach(w -> windows.add(new Window(w, w.range().to())));
    Instant unwanted = range.from();
    if (unwanted.isAfter(split.range().from())) {
      windows.takeOut(new TimeRange(split.range().from(), unwanted), Set.of());
    }
    advance();
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
    return windows.all().stream().filter(w -> w.is(State.READ)).toList();
  }

  /** What is unread before a moment, in order. */
  List<TimeRange> gaps(Instant until) {
    Instant limit = until.isBefore(range.to()) ? until : range.to();
    List<TimeRange> gaps = new ArrayList<>();
    Instant at = later(settled, range.from());
    for (Window window : windows.all()) {
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
    for (Window window : windows.all()) {
      if (!window.is(State.PARTIAL)) {
        last = later(last, window.range().to());
      }
    }
    return last;
  }

  /** Takes note that a look found nothing new in a window. */
  void unchanged(TimeRange range, Instant lookedAt) {
    Window window = windows.of(range);
    if (window != null) {
      windows.remove(window);
      windows.add(
          lateness.isSettled(range, lookedAt)
              ? Window.settled(range, lookedAt)
              : new Window(window.offset(), lookedAt));
      advance();
    }
  }

  /** Makes the windows that end after a moment unread again, but for what was sent of them. */
  void reopenAfter(Instant present) {
    for (Window window : unsettled()) {
      if (window.range().to().isAfter(present)) {
        windows.remove(window);
        windows.add(window.reopened());
      }
    }
  }

  /** Gives up what can no longer be had. */
  void expire(TimeRange expired) {
    windows.takeOut(expired, Set.of());
    windows.add(Window.settled(expired, expired.to()));
    advance();
  }

  /** Lets go of the oldest unsettled windows until the offset has its size; returns how many. */
  int settleBeyond(int maxOffsetLength) {
    int settledEarly = 0;
    List<Window> oldestFirst = unsettled();
    int length = windows.all().stream().mapToInt(w -> w.offset().encodedLength()).sum();
    for (Window window : oldestFirst) {
      if (length <= maxOffsetLength) {
        break;
      }
      length -= window.offset().encodedLength();
      windows.remove(window);
      windows.add(Window.settled(window.range(), window.lookedAt()));
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
    IdSet known = windows.takeOut(read.range(), shown);
    List<FeedRecord> fresh =
        read.records().stream()
            .filter(record -> !known.contains(record.id()) && !sent.contains(record.id()))
            .toList();
    SplitOffset base = snapshot();
    shown.addAll(known.ids());
    windows.add(
        lateness.isSettled(read.range(), read.askedAt())
            ? Window.settled(read.range(), read.askedAt())
            : new Window(complete(read, IdSet.of(shown)), read.askedAt()));
    advance();
    return fresh.isEmpty() ? null : batch(fresh, base, read.range(), known);
  }

  private static WindowOffset complete(WindowRead read, IdSet ids) {
    long total = read.verified() ? read.total() : WindowOffset.UNKNOWN;
    return new WindowOffset(read.range(), State.READ, total, ids);
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

  /** Moves the watermark over what is settled, and makes one of settled windows side by side. */
  private void advance() {
    Window first = windows.first();
    while (first != null && first.is(State.SETTLED) && !first.range().from().isAfter(settled)) {
      settled = later(settled, first.range().to());
      windows.remove(first);
      first = windows.first();
    }
    windows.merge((a, b) -> a.is(State.SETTLED) && b.is(State.SETTLED));
  }

  /** Makes one of neighbouring windows that are small for their age. */
  void tidy(Instant now, WindowSize size) {
    windows.merge((a, b) -> a.is(State.READ) && b.is(State.READ) && fit(a, b, now, size));
  }

  private static boolean fit(Window a, Window b, Instant now, WindowSize size) {
    TimeRange both = new TimeRange(a.range().from(), b.range().to());
    int count = a.offset().ids().size() + b.offset().ids().size();
    long age = now.getEpochSecond() - both.to().getEpochSecond();
    return size.mayGrowTo(both)
        && (size.isSmall(count) || (count <= size.max() && both.seconds() <= age));
  }

  private SplitOffset snapshot() {
    return new SplitOffset(start, settled, windows.all().stream().map(Window::offset).toList());
  }
}
