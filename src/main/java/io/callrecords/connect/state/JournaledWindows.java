package io.callrecords.connect.state;

import io.callrecords.connect.offset.EmittedId;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.JournaledDay;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what a day's own offset and the journal hold of its windows. There may be a million
 * ids: they are counted by the second, which tells where windows are cut, and then dealt out to
 * these in the order of the journal, in which they are nearly sorted.
 */
final class JournaledWindows {
  /** So many ids a window gets at most, unless a single second has more. */
  private static final int MAX_IDS = 1_000;

  private static final int MAX_SECONDS = 3_600;
  private static final int SECONDS_OF_A_DAY = 86_400;

  private final Instant midnight;
  private final Instant end;

  /** The journal's ids of what is not settled. */
  private final List<EmittedId> ids = new ArrayList<>();

  /** How many of them each second has. */
  private final int[] counts = new int[SECONDS_OF_A_DAY];

  private final List<TimeRange> settled;
  private final List<TimeRange> read = new ArrayList<>();
  private final List<WindowOffset> own;
  private final List<JournaledWindow> windows = new ArrayList<>();

  private JournaledWindows(SplitOffset stored, JournaledDay journaledDay, TimeRange range) {
    this.midnight = Split.of(range.from()).range().from();
    this.end = range.to();
    this.own = stored.windows().stream().filter(window -> !window.range().isEmpty()).toList();
    this.settled = settledRanges(stored, journaledDay, range);
    boolean[] isSettled = new boolean[SECONDS_OF_A_DAY];
    settled.forEach(part -> Arrays.fill(isSettled, second(part.from()), second(part.to()), true));
    for (EmittedId emitted : journaledDay.ids()) {
      int second = emitted.second();
      if (second >= 0 && !isSettled[second]) {
        ids.add(emitted);
        counts[second]++;
      }
    }
    read.addAll(ranges(State.READ));
    read.addAll(journaledDay.read());
  }

  /**
   * A window that is put together.
   *
   * @param known the window of the day's own offset that it is, or is a part of; null when it is
   *     none
   * @param journaled gets the journal's ids
   */
  private record JournaledWindow(
      TimeRange range,
      State state,
      @Nullable WindowOffset known,
      LateCounts unattributed,
      List<EmittedId> journaled) {
    /**
     * The window with all of its ids.
     *
     * @param elsewhere ids of which the journal has a later version, and knows where they belong
     */
    WindowOffset offset(Set<String> elsewhere) {
      if (known == null) {
        return new WindowOffset(
            range, state, WindowOffset.UNKNOWN, unattributed, IdSet.ofEmitted(journaled));
      }
      Map<String, Long> marks = new HashMap<>();
      known.ids().forEachMark(marks::put);
      marks.keySet().removeAll(elsewhere);
      journaled.forEach(emitted -> marks.put(emitted.id(), emitted.mark()));
      boolean isSame = range.equals(known.range()) && marks.size() == known.ids().size();
      long total = isSame ? known.total() : WindowOffset.UNKNOWN;
      return new WindowOffset(range, state, total, unattributed, IdSet.ofMarks(marks));
    }
  }

  /**
   * The windows of a day, in order and without overlaps, from its own offset and the journal.
   *
   * @param range the whole day, from where the connector's range began when this was stored
   */
  static List<WindowOffset> of(SplitOffset stored, JournaledDay journaledDay, TimeRange range) {
    return new JournaledWindows(stored, journaledDay, range).windows();
  }

  /** The second of the day; one that lies outside is its beginning or its end. */
  private int second(Instant time) {
    long second = Duration.between(midnight, time).toSeconds();
    return (int) Math.max(0, Math.min(SECONDS_OF_A_DAY, second));
  }

  private List<WindowOffset> windows() {
    List<TimeRange> covered = new ArrayList<>(settled);
    for (WindowOffset window : own) {
      if (window.state() != State.SETTLED) {
        addOwn(window, covered);
        covered.add(window.range());
      }
    }
    for (TimeRange range : read) {
      for (TimeRange part : range.minus(covered)) {
        cut(second(part.from()), second(part.to()), State.READ);
        covered.add(part);
      }
    }
    addPartial(covered);
    dealOut();
    Set<String> elsewhere = journaledOfOwn();
    List<WindowOffset> result = new ArrayList<>();
    settled.forEach(part -> result.add(Window.settled(part).offset()));
    windows.forEach(window -> result.add(window.offset(elsewhere)));
    result.sort(Comparator.comparing((WindowOffset window) -> window.range().from()));
    return result;
  }

  private void addOwn(WindowOffset window, List<TimeRange> covered) {
    LateCounts unattributed = window.unattributed();
    for (TimeRange part : window.range().minus(covered)) {
      State state = part.minus(read).isEmpty() ? State.READ : State.PARTIAL;
      windows.add(new JournaledWindow(part, state, window, unattributed, new ArrayList<>()));
      unattributed = LateCounts.NONE;
    }
  }

  /** Ids of what was not read whole: from the first to the last of each gap. */
  private void addPartial(List<TimeRange> covered) {
    for (TimeRange gap : new TimeRange(midnight, end).minus(covered)) {
      int from = second(gap.from());
      int to = second(gap.to());
      while (from < to && counts[from] == 0) {
        from++;
      }
      while (from < to && counts[to - 1] == 0) {
        to--;
      }
      if (from < to) {
        cut(from, to, State.PARTIAL);
      }
    }
  }

  /** Adds windows of a size that can be read at once. */
  private void cut(int from, int to, State state) {
    int begin = from;
    int count = 0;
    for (int second = from; second < to; second++) {
      boolean isFull = count >= MAX_IDS || second - begin >= MAX_SECONDS;
      if (isFull && counts[second] > 0) {
        add(begin, second, state);
        begin = second;
        count = 0;
      }
      count += counts[second];
    }
    add(begin, to, state);
  }

  private void add(int from, int to, State state) {
    TimeRange range = new TimeRange(midnight.plusSeconds(from), midnight.plusSeconds(to));
    windows.add(new JournaledWindow(range, state, null, LateCounts.NONE, new ArrayList<>()));
  }

  /** Gives each window the journal's ids of its seconds. */
  private void dealOut() {
    JournaledWindow[] bySecond = new JournaledWindow[SECONDS_OF_A_DAY];
    for (JournaledWindow window : windows) {
      TimeRange range = window.range();
      Arrays.fill(bySecond, second(range.from()), second(range.to()), window);
    }
    for (EmittedId emitted : ids) {
      JournaledWindow window = bySecond[emitted.second()];
      if (window != null) {
        window.journaled().add(emitted);
      }
    }
  }

  /** Which ids of the day's own offset the journal has, too. */
  private Set<String> journaledOfOwn() {
    Set<String> ownIds = new HashSet<>();
    own.forEach(window -> ownIds.addAll(window.ids().ids()));
    Set<String> journaled = new HashSet<>();
    if (!ownIds.isEmpty()) {
      ids.stream().map(EmittedId::id).filter(ownIds::contains).forEach(journaled::add);
    }
    return journaled;
  }

  private List<TimeRange> ranges(State state) {
    return own.stream().filter(window -> window.state() == state).map(WindowOffset::range).toList();
  }

  /** What is settled, without overlaps: what the day's own offset calls partial is not. */
  private List<TimeRange> settledRanges(
      SplitOffset stored, JournaledDay journaledDay, TimeRange range) {
    List<TimeRange> over = new ArrayList<>();
    if (range.from().isBefore(stored.settled())) {
      over.add(new TimeRange(range.from(), stored.settled()));
    }
    for (TimeRange part : ranges(State.SETTLED)) {
      over.addAll(part.minus(over));
    }
    List<TimeRange> others = new ArrayList<>(over);
    others.addAll(ranges(State.PARTIAL));
    journaledDay.settled().forEach(part -> over.addAll(part.minus(others)));
    return over;
  }
}
