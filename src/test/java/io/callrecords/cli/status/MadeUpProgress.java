package io.callrecords.cli.status;

import io.callrecords.cli.connect.StoredOffset;
import io.callrecords.cli.status.RangeCalendar.CalendarScope;
import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SegmentOffset.DayClaim;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Offsets and audits that a connector might have left, and for each minute of the range how far it
 * is: noted down while they are made up, not read out of them.
 */
final class MadeUpProgress {
  private static final List<State> STATES = List.of(State.PARTIAL, State.READ, State.SETTLED);
  private static final List<WindowOutcome> OUTCOMES = List.of(WindowOutcome.values());
  static final int MINUTES = 24 * 60;
  private static final Split FIRST = new Split(LocalDate.of(2026, 10, 20));
  private static final LateCounts NONE_LATE = LateCounts.NONE;

  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final RandomGenerator random;
  private final int days;
  private final Instant first = FIRST.range().from();
  private final Map<Split, SplitOffset> offsets = new TreeMap<>();
  private final Map<Split, SettledDays> saidBy = new HashMap<>();
  private final TreeMap<Split, DayClaim> claims = new TreeMap<>();
  private int ids;

  final List<AuditedWindow> audits = new ArrayList<>();
  final CalendarScope scope;

  /** By the minute since the first day began. */
  final boolean[] settled;

  final boolean[] read;
  final boolean[] begun;
  final boolean[] drifted;
  final boolean[] expired;
  final boolean[] audited;

  /** What counts the calls of a minute; 0 where nothing does. */
  final int[] counter;

  /** How many calls each counter has, from 1 on. */
  final List<Integer> counts = new ArrayList<>(List.of(0));

  /** Days of which the calls are not worked out here. */
  final boolean[] isUncounted;

  MadeUpProgress(RandomGenerator random) {
    this.random = random;
    this.days = 3 + random.nextInt(5);
    int minutes = days * MINUTES;
    settled = new boolean[minutes];
    read = new boolean[minutes];
    begun = new boolean[minutes];
    drifted = new boolean[minutes];
    expired = new boolean[minutes];
    audited = new boolean[minutes];
    counter = new int[minutes];
    isUncounted = new boolean[days];
    Instant start = at(random.nextBoolean() ? 0 : random.nextInt(MINUTES));
    Instant now = at((days - 1) * MINUTES + random.nextInt(MINUTES));
    scope =
        new CalendarScope(
            start,
            random.nextInt(4) == 0 ? at((days - 2) * MINUTES + random.nextInt(MINUTES)) : null,
            now,
            Duration.ofDays(random.nextInt(3) == 0 ? 2 : 60),
            Duration.ofHours(1 + random.nextInt(30)),
            random.nextInt(4) > 0,
            random.nextInt(4) > 0 ? null : at(random.nextInt(minutes)));
    for (int day = 0; day < days; day++) {
      makeUp(day, day == days - 1 ? now : null);
    }
    if (random.nextBoolean()) {
      audit();
    }
  }

  Instant at(int minute) {
    return first.plusSeconds(60L * minute);
  }

  int days() {
    return days;
  }

  Split day(int number) {
    return Split.of(at(number * MINUTES));
  }

  StoredProgress stored() {
    List<StoredOffset> entries = new ArrayList<>();
    offsets.forEach(
        (day, offset) -> {
          SplitOffset whole =
              new SplitOffset(
                  offset.start(),
                  offset.settled(),
                  offset.windows(),
                  saidBy.getOrDefault(day, SettledDays.NONE),
                  offset.openedAt(),
                  offset.generation(),
                  offset.replayedTo(),
                  null);
          entries.add(new StoredOffset(Map.copyOf(codec.partition(day)), codec.encode(whole)));
        });
    if (!claims.isEmpty()) {
      SegmentOffset segment =
          new SegmentOffset(1, 1, scope.start(), claims, new TreeMap<>(), SettledDays.NONE);
      entries.add(
          new StoredOffset(
              Map.copyOf(codec.segmentPartition(1)),
              codec.encode(new RecordOffset.OfSegment(1, () -> segment))));
    }
    return new StoredProgress(entries);
  }

  private void makeUp(int day, Instant present) {
    int until = present == null ? MINUTES : Math.max(1, minute(present) - day * MINUTES);
    switch (random.nextInt(6)) {
      case 0 -> {}
      case 1 -> settledWithoutOffset(day);
      case 2 -> journaled(day, until);
      default -> owned(day, until);
    }
  }

  private int minute(Instant time) {
    return (int) Duration.between(first, time).toMinutes();
  }

  /** A later day says it, which is believed once nothing of the day can change. */
  private void settledWithoutOffset(int day) {
    // An earlier day may have given it an offset, so that it is none of these.
    if (!offsets.containsKey(day(day)) && say(day, SettledDays.WITHOUT_OFFSET)) {
      fill(settled, day, 0, MINUTES);
      count(day, 0, MINUTES, 0);
    }
  }

  /** Lets a later day say something; returns whether that is so, and believed. */
  private boolean say(int day, String digest) {
    Split later = day(day + 1);
    if (day + 1 >= days) {
      return false;
    }
    offsets.putIfAbsent(later, new SplitOffset(scope.start(), later.range().from(), List.of()));
    saidBy.merge(
        later, SettledDays.NONE.plus(day(day), digest), (a, b) -> SettledDays.all(List.of(a, b)));
    return day(day).compareTo(Split.of(scope.now().minus(scope.lateArrival()))) < 0;
  }

  private void owned(int day, int until) {
    int base = day * MINUTES;
    int end = random.nextInt(4) == 0 ? until : random.nextInt(until);
    Instant from = scope.start().isAfter(at(base)) ? scope.start() : at(base);
    int begin = minute(from) - base;
    end = Math.max(begin, end);
    List<WindowOffset> windows = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    int next = end;
    while (next < until - 1 && random.nextInt(5) > 0) {
      int windowFrom = next + (random.nextBoolean() ? 0 : random.nextInt(until - next));
      int windowTo = windowFrom + 1 + random.nextInt(Math.min(180, until - windowFrom));
      int kind = random.nextInt(STATES.size());
      State state = STATES.get(kind);
      int calls = random.nextInt(4);
      windows.add(window(base, windowFrom, windowTo, state, calls));
      places.add(new int[] {windowFrom, windowTo, kind, calls});
      next = windowTo;
    }
    SplitOffset offset =
        new SplitOffset(
            scope.start(), at(base + end), windows, SettledDays.NONE, at(base).plusSeconds(1));
    offsets.put(day(day), offset);
    int said = random.nextInt(3);
    String digest = OffsetCodec.digest(offset);
    if (said == 0 && say(day, digest)) {
      fill(settled, day, begin, MINUTES);
      if (end < MINUTES) {
        countOwn(day, places, begin, end, true);
      }
      return;
    }
    boolean isReadOnce = said == 1 && say(day, SettledDays.unconfirmed(digest));
    fill(settled, day, begin, end);
    for (int[] place : places) {
      fill(states(place[2]), day, place[0], place[1]);
    }
    countOwn(day, places, begin, end, isReadOnce);
    if (isReadOnce) {
      for (int minute = 0; minute < MINUTES; minute++) {
        int at = base + minute;
        read[at] |= !settled[at] && !begun[at];
      }
    }
  }

  private boolean[] states(int state) {
    return switch (STATES.get(state)) {
      case PARTIAL -> begun;
      case READ -> read;
      case SETTLED -> settled;
    };
  }

  /** What windows count, and with the word of another day, that all else has none. */
  private void countOwn(int day, List<int[]> places, int begin, int end, boolean isWhole) {
    boolean[] covered = new boolean[MINUTES];
    for (int minute = begin; minute < end; minute++) {
      covered[minute] = true;
    }
    for (int[] place : places) {
      for (int minute = place[0]; minute < place[1]; minute++) {
        covered[minute] = true;
      }
      if (STATES.get(place[2]) != State.SETTLED) {
        count(day, place[0], place[1], place[3]);
      }
    }
    for (int minute = 0; isWhole && minute < MINUTES; minute++) {
      if (!covered[minute]) {
        count(day, minute, minute + 1, 0);
      }
    }
  }

  private WindowOffset window(int base, int from, int to, State state, int calls) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      names.add("20261101" + ++ids);
    }
    if (random.nextInt(3) == 0) {
      names.add("!malformed" + ++ids);
    }
    IdSet emitted = state == State.SETTLED ? IdSet.EMPTY : IdSet.of(names);
    TimeRange range = new TimeRange(at(base + from), at(base + to));
    return new WindowOffset(range, state, WindowOffset.UNKNOWN, NONE_LATE, emitted);
  }

  /** A busy day: the journal knows more of it than its own offset. */
  private void journaled(int day, int until) {
    int base = day * MINUTES;
    Instant from = scope.start().isAfter(at(base)) ? scope.start() : at(base);
    int begin = minute(from) - base;
    int own = Math.max(begin, random.nextInt(until));
    int claimed = Math.max(own, random.nextInt(until));
    int readFrom = Math.max(claimed, random.nextInt(until));
    int readTo = readFrom + 1 + random.nextInt(Math.max(1, until - readFrom));
    String name = "name-" + day;
    offsets.put(
        day(day),
        new SplitOffset(
            scope.start(),
            at(base + own),
            List.of(),
            SettledDays.NONE,
            at(base).plusSeconds(1),
            name,
            null,
            null));
    List<TimeRange> ranges = List.of(new TimeRange(at(base + readFrom), at(base + readTo)));
    claims.put(day(day), new DayClaim(name, true, at(base + claimed), ranges));
    fill(settled, day, begin, claimed);
    fill(read, day, readFrom, readTo);
    isUncounted[day] = true;
  }

  /** Audits of windows of the first days, some of which have not ended well. */
  private void audit() {
    int end = minute(scope.now());
    for (int day = 0; day < days; day++) {
      int minute = day * MINUTES;
      int last = Math.min(end, minute + MINUTES);
      while (minute < last && random.nextInt(12) > 0) {
        int to = Math.min(last, minute + 1 + random.nextInt(150));
        WindowOutcome outcome =
            random.nextInt(8) > 0
                ? WindowOutcome.SETTLED
                : OUTCOMES.get(random.nextInt(OUTCOMES.size()));
        audit(day, minute, to, outcome, random.nextInt(3));
        minute = to;
      }
    }
  }

  private void audit(int day, int from, int to, WindowOutcome outcome, int calls) {
    TimeRange range = new TimeRange(at(from), at(to));
    audits.add(
        new AuditedWindow(
            range, outcome, calls, calls, 0, 0, 0, false, scope.now().minusSeconds(9)));
    boolean isRead = outcome == WindowOutcome.SETTLED || outcome == WindowOutcome.SETTLED_EARLY;
    boolean isCountedElsewhere = false;
    for (int minute = from; minute < to; minute++) {
      drifted[minute] |= outcome == WindowOutcome.DRIFTED;
      expired[minute] |= outcome == WindowOutcome.EXPIRED || outcome == WindowOutcome.UNCONFIRMED;
      audited[minute] |= isRead;
      isCountedElsewhere |= counter[minute] > 0;
    }
    if (isRead && !isCountedElsewhere) {
      int base = day * MINUTES;
      count(day, from - base, to - base, calls);
    }
  }

  private void fill(boolean[] states, int day, int from, int to) {
    for (int minute = from; minute < to; minute++) {
      states[day * MINUTES + minute] = true;
    }
  }

  private void count(int day, int from, int to, int calls) {
    counts.add(calls);
    for (int minute = from; minute < to; minute++) {
      counter[day * MINUTES + minute] = counts.size() - 1;
    }
  }
}
