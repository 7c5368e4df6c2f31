package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Proves that windows never overlap, and that each emitted id has one owner, whatever is done. */
class SplitWindowsTest {
  private static final TimeRange A = range("08:00", "09:00");
  private static final TimeRange B = range("09:00", "10:00");
  private static final int SECONDS = 30;
  private static final List<State> STATES = List.of(State.values());
  private static final int IDS = 25;

  private final EmittedIdIndex emittedIds = new EmittedIdIndex();
  private final SplitWindows windows =
      new SplitWindows(emittedIds, Invariants.strict(), SplitFixture.WHOLE_DAY.from());

  @Test
  void aWindowThatOverlapsAnotherIsABug() {
    windows.add(window(State.READ, A, "a"));
    Window overlapping = window(State.READ, range("08:59:59", "10:00"), "b");

    assertThatThrownBy(() -> windows.add(overlapping))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two windows of a split overlap");
  }

  /** The part that only the other one covered is read again, and emits nothing twice. */
  @Test
  void inProductionAnOverlapForgetsNoId() {
    Invariants counting = Invariants.counting();
    SplitWindows inProduction =
        new SplitWindows(emittedIds, counting, SplitFixture.WHOLE_DAY.from());
    inProduction.add(window(State.READ, A, "a"));
    TimeRange later = range("08:30", "09:30");

    inProduction.add(window(State.READ, later, "b"));

    assertThat(counting.violations()).isEqualTo(1);
    assertThat(inProduction.all())
        .singleElement()
        .satisfies(
            window -> {
              assertThat(window.range()).isEqualTo(later);
              assertThat(window.ids().ids()).containsExactly("a", "b");
              assertThat(emittedIds.owner("a")).isSameAs(window);
            });
    assertThat(inProduction.gaps(A)).containsExactly(range("08:00", "08:30"));
  }

  @Test
  void aWindowThatIsNotThereCannotBeRemoved() {
    Window window = window(State.READ, A, "a");
    windows.add(window);
    Window equal = window(State.READ, A, "a");

    assertThatThrownBy(() -> windows.remove(equal)).isInstanceOf(IllegalStateException.class);

    Invariants counting = Invariants.counting();
    SplitWindows inProduction =
        new SplitWindows(new EmittedIdIndex(), counting, SplitFixture.WHOLE_DAY.from());
    inProduction.add(window);
    inProduction.remove(equal);
    assertThat(inProduction.all()).containsExactly(window);
    assertThat(counting.violations()).isEqualTo(1);
  }

  @Test
  void anIdThatAnotherSplitTookOverIsNoneOfItsOwn() {
    SplitWindows nextDay =
        new SplitWindows(emittedIds, Invariants.strict(), SplitFixture.WHOLE_DAY.from());
    Window window = window(State.READ, A, "a");
    windows.add(window);
    Window other = window(State.READ, B, "a");
    nextDay.add(other);

    windows.remove(window);

    assertThat(emittedIds.owner("a")).isSameAs(other);
  }

  @Test
  void theIdsOnBothSidesOfWhatWasTakenOutStayKnownUntilOneSideReturnsThem() {
    windows.add(window(State.READ, range("08:00", "11:00"), "a", "b", "c"));

    RangeHistory history = windows.takeOut(range("09:00", "10:00"), Set.of("b"));

    assertThat(history.ids().ids()).containsExactly("b");
    assertThat(windows.all())
        .extracting(Window::range)
        .containsExactly(range("08:00", "09:00"), range("10:00", "11:00"));
    assertThat(windows.all())
        .allSatisfy(side -> assertThat(side.ids().ids()).containsExactly("a", "c"));

    RangeHistory left = windows.takeOut(range("08:00", "09:00"), Set.of("a"));

    assertThat(left.ids().ids()).containsExactly("a");
    assertThat(windows.all())
        .singleElement()
        .satisfies(side -> assertThat(side.ids().ids()).containsExactly("c"));
  }

  @Test
  void aRecordWhoseTimeWasCorrectedMovesToItsNewWindow() {
    windows.add(window(State.READ, A, "a", "b"));

    RangeHistory history = windows.takeOut(B, Set.of("a"));

    assertThat(history.ids().ids()).containsExactly("a");
    assertThat(history.readRanges()).isEmpty();
    assertThat(windows.all())
        .singleElement()
        .satisfies(window -> assertThat(window.ids().ids()).containsExactly("b"));
  }

  @RepeatedTest(200)
  void agreesWithANaiveModel(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    WindowsModel model = new WindowsModel();
    StringBuilder story = new StringBuilder("seed " + seed + ":");
    for (int step = 0; step < 60; step++) {
      story.append('\n').append(step(random, model));
      check(model, story.toString());
    }
  }

  private String step(RandomGenerator random, WindowsModel model) {
    List<Window> all = windows.all();
    int kind = random.nextInt(10);
    if (kind < 5) {
      return read(random, model);
    }
    if (kind == 5 && !all.isEmpty()) {
      Window window = all.get(random.nextInt(all.size()));
      windows.remove(window);
      model.remove(window.range());
      return "remove " + seconds(window.range());
    }
    if (kind == 6 && !all.isEmpty()) {
      Window window = all.get(random.nextInt(all.size()));
      windows.replace(window, window.recheckedAt(WHOLE_DAY.to()));
      return "recheck " + seconds(window.range());
    }
    if (kind == 7) {
      int longest = random.nextInt(1, SECONDS);
      windows.merge((a, b) -> mayMerge(a, b, longest));
      model.merge(longest);
      return "merge up to " + longest;
    }
    TimeRange range = randomRange(random);
    Set<String> ids = randomIds(random);
    Known expected = model.takeOut(range, ids);
    RangeHistory history = windows.takeOut(range, ids);
    assertThat(new TreeSet<>(history.ids().ids())).isEqualTo(expected.ids);
    return "take out " + seconds(range) + " with " + ids;
  }

  private static boolean mayMerge(Window a, Window b, int longest) {
    TimeRange both = new TimeRange(a.range().from(), b.range().to());
    return a.offset().state() == b.offset().state() && both.seconds() <= longest;
  }

  /** What a split does with what the API returned. */
  private String read(RandomGenerator random, WindowsModel model) {
    TimeRange range = randomRange(random);
    Set<String> returned = randomIds(random);
    State state = STATES.get(random.nextInt(STATES.size()));
    RangeHistory history = windows.takeOut(range, returned);
    Known expected = model.takeOut(range, returned);
    assertThat(new TreeSet<>(history.ids().ids())).isEqualTo(expected.ids);
    assertThat(history.readRanges()).isEqualTo(expected.readRanges);
    Set<String> ids = new TreeSet<>(returned);
    if (state == State.SETTLED) {
      ids.clear();
    } else {
      ids.addAll(history.ids().ids());
    }
    windows.add(window(state, range, ids.toArray(String[]::new)));
    model.all.add(new Known(range, state, ids, List.of()));
    return state + " " + seconds(range) + " with " + returned;
  }

  private void check(WindowsModel model, String story) {
    model.all.sort(Comparator.comparing(known -> known.range.from()));
    List<Window> all = windows.all();
    assertThat(all).as(story).hasSameSizeAs(model.all);
    for (int i = 0; i < all.size(); i++) {
      Known known = model.all.get(i);
      assertThat(all.get(i).range()).as(story).isEqualTo(known.range);
      assertThat(all.get(i).offset().state()).as(story).isEqualTo(known.state);
      assertThat(new TreeSet<>(all.get(i).ids().ids())).as(story).isEqualTo(known.ids);
    }
    for (int id = 0; id < IDS; id++) {
      String text = Integer.toString(id);
      List<Window> holders = all.stream().filter(w -> w.ids().contains(text)).toList();
      Window owner = emittedIds.owner(text);
      assertThat(owner == null).as("owner of %s in %s", text, story).isEqualTo(holders.isEmpty());
      if (owner != null) {
        assertThat(holders)
            .as(story)
            .extracting(System::identityHashCode)
            .contains(System.identityHashCode(owner));
      }
    }
    TimeRange whole = new TimeRange(second(0), second(SECONDS));
    Set<Instant> read = new HashSet<>();
    for (Known known : model.all) {
      if (known.state != State.PARTIAL) {
        IntStream.range(0, SECONDS)
            .mapToObj(SplitWindowsTest::second)
            .filter(second -> known.range.contains(second.getEpochSecond()))
            .forEach(read::add);
      }
    }
    List<Instant> unread =
        IntStream.range(0, SECONDS)
            .mapToObj(SplitWindowsTest::second)
            .filter(second -> !read.contains(second))
            .toList();
    assertThat(
            windows.gaps(whole).stream()
                .flatMap(gap -> gap.cut(SECONDS).stream())
                .map(TimeRange::from))
        .as(story)
        .isEqualTo(unread);
  }

  private static Instant second(int second) {
    return WHOLE_DAY.from().plusSeconds(second);
  }

  private static String seconds(TimeRange range) {
    long from = range.from().getEpochSecond() - WHOLE_DAY.from().getEpochSecond();
    return from + "-" + (from + range.seconds());
  }

  private static TimeRange randomRange(RandomGenerator random) {
    int from = random.nextInt(SECONDS);
    return new TimeRange(second(from), second(random.nextInt(from + 1, SECONDS + 1)));
  }

  private static Set<String> randomIds(RandomGenerator random) {
    Set<String> ids = new TreeSet<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      ids.add(Integer.toString(random.nextInt(IDS)));
    }
    return ids;
  }

  /** A window as the model knows it. */
  private record Known(TimeRange range, State state, Set<String> ids, List<TimeRange> readRanges) {}

  /** The windows of a split without any index: it looks through all of them each time. */
  private static final class WindowsModel {
    private List<Known> all = new ArrayList<>();

    void remove(TimeRange range) {
      all.removeIf(known -> known.range.equals(range));
    }

    void merge(int longest) {
      List<Known> merged = new ArrayList<>();
      for (Known next : all) {
        Known last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
        if (last != null
            && last.range.to().equals(next.range.from())
            && last.state == next.state
            && last.range.seconds() + next.range.seconds() <= longest) {
          Set<String> ids = new TreeSet<>(last.ids);
          ids.addAll(next.ids);
          merged.set(
              merged.size() - 1,
              new Known(
                  new TimeRange(last.range.from(), next.range.to()), last.state, ids, List.of()));
        } else {
          merged.add(next);
        }
      }
      all = merged;
    }

    Known takeOut(TimeRange range, Set<String> returned) {
      Set<String> ids = new TreeSet<>();
      List<TimeRange> readRanges = new ArrayList<>();
      List<Known> left = new ArrayList<>();
      for (Known known : all) {
        if (!known.range.overlaps(range)) {
          left.add(known);
          continue;
        }
        if (known.state == State.READ) {
          readRanges.add(known.range);
        }
        Set<String> outside = new TreeSet<>(known.ids);
        if (range.contains(known.range)) {
          outside.clear();
        } else {
          outside.removeAll(returned);
        }
        known.ids.stream().filter(id -> !outside.contains(id)).forEach(ids::add);
        for (TimeRange rest : known.range.minus(List.of(range))) {
          left.add(new Known(rest, known.state, outside, List.of()));
        }
      }
      ids.removeIf(
          id -> !returned.contains(id) && left.stream().anyMatch(known -> known.ids.contains(id)));
      all = new ArrayList<>();
      for (Known known : left) {
        Set<String> without = new TreeSet<>(known.ids);
        without.removeAll(returned);
        known.ids.stream().filter(returned::contains).forEach(ids::add);
        all.add(new Known(known.range, known.state, without, List.of()));
      }
      return new Known(range, State.READ, ids, readRanges);
    }
  }
}
