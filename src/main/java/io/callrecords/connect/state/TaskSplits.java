package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The splits of a task: its days of the backlog and, where it has the open end, the days since. */
public final class TaskSplits {
  private static final Logger LOG = LoggerFactory.getLogger(TaskSplits.class);

  /** Leaves room for a window that is being sent in an offset of at most 512 KiB. */
  private static final int MAX_OFFSET_LENGTH = 400 * 1024;

  /** Ids that are long leave less room for what is known already. */
  private static final int MAX_WITH_WINDOW = 500 * 1024;

  /** The API's clock may have been ahead when a day was taken for settled. */
  private static final Duration SURE = Duration.ofHours(6);

  /** A fingerprint and two lengths. */
  private static final int BESIDE_AN_ID = 8;

  private final ReadOptions options;
  private final Assignment assignment;
  private final Function<Collection<Split>, Map<Split, SplitOffset>> stored;
  private final RecheckPolicy lateness;
  private final WindowSize size;
  private final RecordCounts counts;
  private final Invariants invariants;
  private final EmittedIdIndex sent = new EmittedIdIndex();
  private final TreeMap<Split, SplitState> states = new TreeMap<>();
  private final Set<Split> daysWithLosses = new HashSet<>();
  private @Nullable Split nextOpen;
  private long secondsOver;
  private Instant overTo;

  /** Days that are settled and whose own offsets do not say so. */
  private SettledDays over = SettledDays.NONE;

  /** Those of them of which it is sure: what the offsets of other days say. */
  private SettledDays settledDays = SettledDays.NONE;

  private boolean loggedSettledEarly;

  /**
   * Creates the collection; {@link #takeUp} fills it.
   *
   * @param stored finds the stored offsets of those of the given splits that have one
   * @param counts counts what is handed over
   * @param invariants where broken invariants are reported
   */
  public TaskSplits(
      ReadOptions options,
      Assignment assignment,
      Function<Collection<Split>, Map<Split, SplitOffset>> stored,
      RecheckPolicy lateness,
      WindowSize size,
      RecordCounts counts,
      Invariants invariants) {
    this.counts = counts;
    this.invariants = invariants;
    this.options = options;
    this.assignment = assignment;
    this.stored = stored;
    this.lateness = lateness;
    this.size = size;
    this.overTo = options.start();
    this.nextOpen = assignment.openFrom();
  }

  /** Takes up the days of the backlog, and the open end's up to now. */
  public void takeUp(Instant now) {
    List<Split> wanted = new ArrayList<>(assignment.days());
    wanted.addAll(openedBy(now));
    add(wanted, now);
  }

  /** Takes up the days of the open end that have begun since. */
  public void open(Instant now) {
    List<Split> opened = openedBy(now);
    if (!opened.isEmpty()) {
      add(opened, now);
    }
  }

  private List<Split> openedBy(Instant now) {
    List<Split> opened = new ArrayList<>();
    Split split = nextOpen;
    while (split != null && !split.range().from().isAfter(now)) {
      opened.add(split);
      split = split.next();
    }
    nextOpen = split;
    return opened;
  }

  private void add(List<Split> wanted, Instant now) {
    Map<Split, SplitOffset> offsets = stored.apply(wanted);
    List<SettledDays> told = new ArrayList<>(List.of(over));
    for (Split split : wanted) {
      TimeRange range = split.range().intersection(wanted(split));
      if (!range.isEmpty()) {
        SplitOffset offset = offsets.get(split);
        states.put(
            split,
            new SplitState(
                new SplitScope(split, range, options, now.truncatedTo(ChronoUnit.SECONDS)),
                offset,
                lateness,
                sent,
                () -> settledDays,
                invariants));
        if (offset != null) {
          told.add(offset.settledDays());
        }
      }
    }
    over = SettledDays.all(told);
  }

  private TimeRange wanted(Split split) {
    Instant end = options.end();
    Instant dayEnd = split.range().to();
    Instant to = end == null || end.isAfter(dayEnd) ? dayEnd : end;
    return new TimeRange(options.start().isAfter(to) ? to : options.start(), to);
  }

  /** The end of the last window that is read, or the start of the range. */
  public Instant readTo() {
    return states.values().stream()
        .map(SplitState::readTo)
        .max(Instant::compareTo)
        .filter(last -> last.isAfter(overTo))
        .orElse(overTo);
  }

  /** What is unread before a moment, the oldest first. */
  public List<TimeRange> gaps(Instant until) {
    return states.values().stream().flatMap(split -> split.gaps(until).stream()).toList();
  }

  /** Takes note that a look found nothing new in any window of a range. */
  public void foundUnchanged(TimeRange range, Instant recheckedAt) {
    states.values().forEach(state -> state.unchanged(range, recheckedAt));
  }

  /** The windows that may still gain records, in order. */
  public List<Window> unsettled() {
    return states.values().stream().flatMap(split -> split.unsettled().stream()).toList();
  }

  /** Hands what was read to its split, whose offset stays within its size. */
  public @Nullable Batch apply(WindowSnapshot read) {
    SplitState split = states.get(Split.of(read.range().from()));
    if (split == null) {
      // A look that came to its end after all of the day was settled.
      return null;
    }
    keepToSize(split, read);
    return split.apply(read, counts);
  }

  /** Makes what is read beyond a moment unread again, but for what was sent of it. */
  public void reopenAfter(Instant present) {
    states.values().forEach(state -> state.reopenAfter(present));
  }

  /**
   * Lets go of days that are done, and joins windows that are small for their age.
   *
   * @param untouched windows there stay as they are
   */
  public void tidy(Instant now, List<TimeRange> untouched) {
    states.values().removeIf(this::isOver);
    // What the clock has not reached any more is not over, after all.
    Instant settled = now.minus(options.lateArrival());
    over = over.from(Split.of(now.minus(options.retention()))).before(Split.of(settled));
    settledDays = over.before(Split.of(settled.minus(SURE)));
    for (SplitState state : states.values()) {
      state.mergeSmallWindows(now, size, untouched);
    }
  }

  private boolean isOver(SplitState state) {
    boolean isOver = state.isDone() && !state.hasPendingAudits();
    if (isOver) {
      String digest = state.unreportedDigest();
      // What could not be had may be had another day.
      if (digest != null && !daysWithLosses.contains(state.split())) {
        over = over.plus(state.split(), digest);
      }
      secondsOver += state.range().seconds();
      overTo = state.range().to().isAfter(overTo) ? state.range().to() : overTo;
    }
    return isOver;
  }

  /** How many seconds of the range lie before a moment. */
  public long wantedSeconds(Instant until) {
    TimeRange begun = new TimeRange(Instant.EPOCH, until);
    return secondsOver
        + states.values().stream()
            .mapToLong(state -> state.range().intersection(begun).seconds())
            .sum();
  }

  /** How long ago the oldest moment is that is not settled; null when all is. */
  public @Nullable Duration age(Instant now) {
    return states.values().stream()
        .filter(state -> !state.isDone())
        .map(SplitState::settledTo)
        .min(Instant::compareTo)
        .map(oldest -> oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now))
        .orElse(null);
  }

  /** Gives up what can no longer be had; returns whether some of it had not been read. */
  public boolean expire(TimeRange expired, Instant now) {
    boolean isLost = false;
    for (Split split : Split.allOf(expired).toList()) {
      TimeRange part = split.range().intersection(expired);
      SplitState state = states.get(split);
      if (state != null && state.expire(part, now)) {
        isLost = true;
        if (daysWithLosses.add(split)) {
          counts.addExpiredDays(1);
        }
      }
    }
    return isLost;
  }

  /** The windows of one split that have ended without being read; null when there are none. */
  public @Nullable Batch endings() {
    for (SplitState state : states.values()) {
      Batch batch = state.auditBatch();
      if (batch != null) {
        return batch;
      }
    }
    return null;
  }

  private void keepToSize(SplitState state, WindowSnapshot read) {
    long ids = read.records().stream().mapToLong(row -> row.id().length() + BESIDE_AN_ID).sum();
    // Base64, in which they are written, takes a third more.
    long room = MAX_WITH_WINDOW - ids * 4 / 3 - settledDays.length();
    int length = (int) Math.max(0, Math.min(MAX_OFFSET_LENGTH, room));
    int settledEarly = state.settleBeyond(length, read.requestedAt());
    counts.settledEarly(settledEarly);
    if (settledEarly > 0 && !loggedSettledEarly) {
      loggedSettledEarly = true;
      LOG.warn(
          "More calls than an offset can remember are younger than late.arrival.ms: the oldest"
              + " windows are settled early, and calls that appear in them from now on are not"
              + " found. Lower late.arrival.ms, or use filters and several connectors.");
    }
  }
}
