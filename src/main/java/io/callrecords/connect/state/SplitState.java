package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import io.callrecords.connect.state.WindowAudit.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one split: up to where it is settled, and behind that its windows, with the ids
 * that were sent. What no window covers is a gap: it has yet to be read.
 *
 * <p>It changes when records are handed over, in that order, so that a record's offset never claims
 * more than was handed over up to it.
 */
public final class SplitState {
  private final Split split;
  private final TimeRange range;
  private final ReadOptions options;
  private final RecheckPolicy lateness;
  private final EmittedIdIndex sent;
  private final SplitWindows windows;
  private final List<WindowOffset> aside = new ArrayList<>();
  private final List<WindowAudit> ended = new ArrayList<>();
  private final Supplier<SettledDays> settledDays;
  private final Instant openedAt;
  private @Nullable SplitOffset told;
  private Instant settled;

  /**
   * Takes a split up.
   *
   * @param range the part of the day that is wanted
   * @param stored its stored offset, or null when there is none
   * @param sent the ids of all the task's splits, which this keeps up
   * @param settledDays what its offsets say of the task's other days
   * @param openedAt when that is, in whole seconds
   */
  public SplitState(
      Split split,
      TimeRange range,
      ReadOptions options,
      @Nullable SplitOffset stored,
      RecheckPolicy lateness,
      EmittedIdIndex sent,
      Supplier<SettledDays> settledDays,
      Instant openedAt) {
    this.split = split;
    this.range = range;
    this.options = options;
    this.lateness = lateness;
    this.sent = sent;
    this.settledDays = settledDays;
    this.openedAt = openedAt;
    this.told = stored;
    this.windows = new SplitWindows(sent);
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
      windows.add(Window.settled(done));
    }
    stored.windows().stream()
        .filter(offset -> !offset.range().overlaps(done))
        .forEach(offset -> windows.add(Window.stored(offset)));
    putAside();
    advance();
  }

  /** Keeps what is known of the time before a start that was moved on: it may be moved back. */
  private void putAside() {
    for (Window window : windows.all()) {
      TimeRange whole = window.range();
      if (whole.from().isBefore(range.from())) {
        windows.remove(window);
        Instant cut = whole.to().isBefore(range.from()) ? whole.to() : range.from();
        WindowOffset known = window.offset();
        aside.add(
            window.with(new TimeRange(whole.from(), cut), known.tally(), known.ids()).offset());
        if (cut.isBefore(whole.to())) {
          windows.add(window.with(new TimeRange(cut, whole.to()), LateCounts.NONE, known.ids()));
        }
      }
    }
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

  /** Up to where it is settled, without a gap. */
  Instant settledTo() {
    return settled;
  }

  /** Whether all of it is settled. */
  boolean isDone() {
    return !settled.isBefore(range.to());
  }

  /**
   * The digest by which other days' offsets have to say that this day is settled; null when its own
   * says so, or when only a part of the day is wanted.
   */
  @Nullable String unreportedDigest() {
    SplitOffset last = told;
    if (!range.equals(split.range())) {
      return null;
    }
    if (last == null) {
      return SettledDays.WITHOUT_OFFSET;
    }
    boolean saysSo = !last.start().isAfter(range.from()) && !last.settled().isBefore(range.to());
    return saysSo ? null : OffsetCodec.digest(last);
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

  /** Takes note that a look found nothing new in the windows of a range. */
  void unchanged(TimeRange looked, Instant recheckedAt) {
    for (Window window : unsettled()) {
      if (looked.contains(window.range())) {
        windows.remove(window);
        windows.add(window.recheckedAt(recheckedAt));
      }
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

  /** Gives up what can no longer be had; returns whether some of it had not been read. */
  boolean expire(TimeRange expired, Instant now) {
    boolean isLost = gaps(expired.to()).stream().anyMatch(expired::overlaps);
    SplitWindows.Taken taken = windows.takeOut(expired, Set.of());
    windows.add(Window.settled(expired));
    IdSet ids = taken.ids();
    end(WindowAudit.of(expired, Outcome.EXPIRED, ids, taken.tally(), ids.size(), null, now));
    advance();
    return isLost;
  }

  /** Lets go of the oldest unsettled windows until the offset has its size; returns how many. */
  int settleBeyond(int maxOffsetLength, Instant now) {
    int settledEarly = 0;
    List<Window> oldestFirst = unsettled();
    int length = windows.all().stream().mapToInt(w -> w.offset().encodedLength()).sum();
    if (length + aside.stream().mapToInt(WindowOffset::encodedLength).sum() > maxOffsetLength) {
      aside.clear();
    }
    for (Window window : oldestFirst) {
      if (length <= maxOffsetLength) {
        break;
      }
      length -= window.offset().encodedLength();
      windows.remove(window);
      windows.add(Window.settled(window.range()));
      WindowOffset known = window.offset();
      end(
          WindowAudit.of(
              known.range(),
              Outcome.SETTLED_EARLY,
              known.ids(),
              known.tally(),
              known.ids().size(),
              null,
              now));
      settledEarly++;
    }
    advance();
    return settledEarly;
  }

  private void end(WindowAudit audit) {
    if (options.audits()) {
      ended.add(audit);
    }
  }

  /** Whether something has ended since the last batch was made. */
  boolean hasEndings() {
    return !ended.isEmpty();
  }

  /** What has ended since the last batch was made, as a batch; null when nothing has. */
  @Nullable Batch endings() {
    return batch(takeEnded(), null, List.of(), snapshot());
  }

  private List<WindowAudit> takeEnded() {
    List<WindowAudit> taken = List.copyOf(ended);
    ended.clear();
    return taken;
  }

  /**
   * Takes over what reading a window came to.
   *
   * @param counts counts what has to be sent of it
   * @return what of it was not sent before, and its end if it is settled now; null when that is
   *     nothing
   */
  public @Nullable Batch apply(WindowSnapshot whole, RecordCounts counts) {
    WindowSnapshot read = whole.since(settledFrom(whole.range()));
    List<WindowAudit> before = takeEnded();
    if (read.range().isEmpty()) {
      return batch(before, null, List.of(), snapshot());
    }
    SplitWindows.Taken taken =
        windows.first() == null
            ? SplitWindows.Taken.NOTHING
            : windows.takeOut(read.range(), ids(read));
    WindowDelta sending = WindowDelta.of(read, taken, sent, options);
    sending.unsent().forEach(one -> counts.sent(one.reason()));
    counts.skipped(sending.skipped());
    SplitOffset base = snapshot();
    boolean settles = lateness.isSettled(read.range(), read.requestedAt());
    LateCounts tally = sending.tally(sending.unsent().size());
    if (settles) {
      windows.add(Window.settled(read.range()));
      if (options.audits()) {
        end(settled(read, sending.allIds(), tally));
      }
    } else {
      WindowOffset complete =
          new WindowOffset(
              read.range(), State.READ, comparable(whole, read), tally, sending.allIds());
      windows.add(new Window(complete, read.requestedAt(), read.requestedAt()));
    }
    advance();
    return batch(before, sending, takeEnded(), base);
  }

  private static Set<String> ids(WindowSnapshot read) {
    Set<String> ids = new HashSet<>(read.records().size() * 4 / 3 + 1);
    read.records().forEach(record -> ids.add(record.id()));
    return ids;
  }

  /** Up to where a range was settled early while it was being read. */
  private Instant settledFrom(TimeRange range) {
    Instant from = later(range.from(), settled);
    for (Window window : windows.all()) {
      if (window.is(State.SETTLED) && !window.range().from().isAfter(from)) {
        from = later(from, window.range().to());
      }
    }
    return from.isAfter(range.to()) ? range.to() : from;
  }

  private static long comparable(WindowSnapshot whole, WindowSnapshot read) {
    return read.verified() && read.range().equals(whole.range())
        ? read.total()
        : WindowOffset.UNKNOWN;
  }

  private static WindowAudit settled(WindowSnapshot read, IdSet ids, LateCounts tally) {
    return WindowAudit.of(
        read.range(),
        Outcome.SETTLED,
        ids,
        tally,
        read.records().size(),
        read.reading(),
        read.requestedAt());
  }

  /**
   * Puts a batch together.
   *
   * @param before what had ended before
   * @param sending what is sent of a window, or null when nothing is
   * @param after what ends with it
   * @param base the offset without that window
   */
  private @Nullable Batch batch(
      List<WindowAudit> before,
      @Nullable WindowDelta sending,
      List<WindowAudit> after,
      SplitOffset base) {
    int count = sending == null ? 0 : sending.unsent().size();
    List<Batch.Item> items = new ArrayList<>(before.size() + count + after.size());
    before.forEach(audit -> items.add(new Batch.Audit(audit)));
    int first = items.size();
    if (sending != null) {
      sending.unsent().forEach(one -> items.add(item(one.row())));
    }
    after.forEach(audit -> items.add(new Batch.Audit(audit)));
    if (items.isEmpty()) {
      return null;
    }
    SplitOffset complete = snapshot();
    told = complete;
    return new Batch(
        split,
        Collections.unmodifiableList(items),
        index -> {
          if (index == items.size() - 1) {
            return complete;
          }
          return sending == null || index < first
              ? base
              : sending.partial(base, Math.min(index - first + 1, count));
        });
  }

  private static Batch.Item item(Row row) {
    if (row instanceof FeedRecord record) {
      return new Batch.Call(record);
    }
    if (row instanceof MalformedRecord malformed) {
      return new Batch.Malformed(malformed);
    }
    throw new IllegalStateException("A stray is not sent: it belongs to another window");
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

  /**
   * Makes one of neighbouring windows that are small for their age.
   *
   * @param untouched windows there stay as they are
   */
  void tidy(Instant now, WindowSize size, List<TimeRange> untouched) {
    windows.merge(
        (a, b) ->
            a.is(State.READ)
                && b.is(State.READ)
                && fit(a, b, now, size)
                && untouched.stream()
                    .noneMatch(range -> range.overlaps(a.range()) || range.overlaps(b.range())));
  }

  private static boolean fit(Window a, Window b, Instant now, WindowSize size) {
    TimeRange both = new TimeRange(a.range().from(), b.range().to());
    int count = a.offset().ids().size() + b.offset().ids().size();
    long age = now.getEpochSecond() - both.to().getEpochSecond();
    return size.mayGrowTo(both)
        && (size.isSmall(count) || (count <= size.max() && both.seconds() <= age));
  }

  private SplitOffset snapshot() {
    List<WindowOffset> known = new ArrayList<>(aside);
    windows.all().forEach(window -> known.add(window.offset()));
    return new SplitOffset(options.start(), settled, known, settledDays.get(), openedAt);
  }
}
