package io.callrecords.connect.offset;

import io.callrecords.connect.offset.SegmentOffset.DayClaim;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What the stored offsets, taken together, say about some splits.
 *
 * @param offsets the offset of each split that has one. Where another day's offset confirms that
 *     the day is settled, this one says so, too
 * @param readOnce the splits that another day's offset confirms as read, though no offset says that
 *     all of them is settled: they have no calls, or a part of them seemed empty once
 * @param runs moments at which a task was running
 * @param defects what some of the offsets say that cannot be, and that is ignored
 * @param segments the segments of the journal, in the order in which they were begun
 */
public record ResumeState(
    Map<Split, SplitOffset> offsets,
    Set<Split> readOnce,
    List<Run> runs,
    Map<Split, List<String>> defects,
    List<SegmentOffset> segments) {
  /** What a connector without a stored offset has. */
  public static final ResumeState NONE = ofDays(Map.of());

  /** What the offsets of some days say by themselves. */
  public static ResumeState ofDays(Map<Split, SplitOffset> offsets) {
    return new ResumeState(offsets, Set.of(), List.of(), Map.of(), List.of());
  }

  /**
   * A moment at which a task was running, as an offset proves.
   *
   * @param start where the range of its connector began
   * @param at the moment
   */
  record Run(Instant start, Instant at) {}

  /**
   * Reads the map forms.
   *
   * @param wanted the splits in question
   * @param stored the offsets of these, and of later days
   * @param segments the offsets of the journal's segments, by number
   * @param settledBefore what is not older than this may still change, whatever the offset of
   *     another day says, unless it says that for good: the clock that settled it was ahead, or
   *     {@code late.arrival.ms} has been raised since
   * @throws ConnectException if an offset cannot be used; names it, and says how to reset it
   */
  public static ResumeState of(
      OffsetCodec codec,
      Collection<Split> wanted,
      Map<Split, Map<String, ?>> stored,
      Map<Integer, Map<String, ?>> segments,
      Instant settledBefore) {
    return of(codec, wanted, stored, segments, settledBefore, true);
  }

  /**
   * The same.
   *
   * @param withIds whether the journal's ids are wanted, which are most of it; what is unread can
   *     be told without
   */
  public static ResumeState of(
      OffsetCodec codec,
      Collection<Split> wanted,
      Map<Split, Map<String, ?>> stored,
      Map<Integer, Map<String, ?>> segments,
      Instant settledBefore,
      boolean withIds) {
    List<SegmentOffset> journal =
        segments.entrySet().stream()
            .map(entry -> codec.decodeSegment(entry.getKey(), entry.getValue(), withIds))
            .sorted(Comparator.comparingLong(SegmentOffset::sequence))
            .toList();
    Map<Split, SettledDays> saidBy = new HashMap<>();
    Map<Split, Set<String>> digests = new HashMap<>();
    List<Run> runs = new ArrayList<>();
    Consumer<SettledDays> collect =
        days ->
            days.finalBefore(Split.of(settledBefore))
                .digests()
                .forEach(
                    (day, digest) ->
                        digests.computeIfAbsent(day, d -> new HashSet<>()).add(digest));
    stored.forEach(
        (split, map) -> {
          SettledDays days = codec.settledDays(split, map);
          saidBy.put(split, days);
          collect.accept(days);
          codec.run(split, map).ifPresent(runs::add);
        });
    journal.forEach(segment -> collect.accept(segment.settledDays()));
    Map<Split, SplitOffset> offsets = new HashMap<>();
    Set<Split> readOnce = new HashSet<>();
    Map<Split, List<String>> defects = new HashMap<>();
    for (Split split : wanted) {
      Map<String, ?> map = stored.get(split);
      Set<String> confirmed = digests.getOrDefault(split, Set.of());
      if (map == null) {
        SplitOffset unnamed = unnamed(split, journal);
        if (unnamed != null) {
          offsets.put(split, unnamed);
        } else if (confirmed.contains(SettledDays.WITHOUT_OFFSET)) {
          readOnce.add(split);
        }
      } else if (isConfirmed(map, confirmed)) {
        // The ids of what is settled are of no use: they are not even decoded.
        Instant start = codec.start(split, map);
        offsets.put(split, settled(split, start, saidBy.getOrDefault(split, SettledDays.NONE)));
      } else {
        SplitOffset own = usable(split, codec.decode(split, map), defects);
        boolean isNamed = own.generation() != null;
        // Whoever wants the day again wants nothing of what the journal has of it.
        boolean isWantedAgain = SplitOffset.WHEN_OPENED.equals(own.replayedTo());
        String generation =
            isNamed || isWantedAgain ? own.generation() : unnamedGeneration(split, journal);
        offsets.put(
            split,
            own.withGeneration(generation)
                .withJournaled(journaled(split, generation, isNamed, journal)));
        if (!confirmed.isEmpty()
            && confirmed.contains(SettledDays.unconfirmed(OffsetCodec.digest(map)))) {
          readOnce.add(split);
        }
      }
    }
    return new ResumeState(offsets, readOnce, runs, defects, journal);
  }

  private static boolean isConfirmed(Map<String, ?> offset, Set<String> confirmed) {
    if (confirmed.isEmpty()) {
      return false;
    }
    String digest = OffsetCodec.digest(offset);
    return confirmed.contains(digest) || confirmed.contains(SettledDays.withoutIds(digest));
  }

  /** The days of which the journal has ids. */
  public Set<Split> daysOfSegments() {
    Set<Split> days = new TreeSet<>();
    segments.forEach(segment -> days.addAll(segment.ids().keySet()));
    return days;
  }

  /**
   * The same without what the days' own offsets contradict or make needless: reports of other days
   * of an offset that Kafka does not have (any more), ids of days that are settled, since segments
   * that have no others may be used again, and the word of segments that were written before Kafka
   * had a day's own offset.
   *
   * @param stored the map forms of all days that were looked up
   * @param isLookedUp which days these are, those of {@link #daysOfSegments} among them
   */
  public ResumeState checkedBy(
      Map<Split, ? extends Map<String, ?>> stored, Predicate<Split> isLookedUp) {
    Map<Split, String> storedDigests = new HashMap<>();
    BiPredicate<Split, String> isOfStored =
        (day, digest) ->
            !isLookedUp.test(day)
                || digest.equals(
                    storedDigests.computeIfAbsent(
                        day,
                        d -> {
                          Map<String, ?> map = stored.get(d);
                          return map == null ? SettledDays.WITHOUT_OFFSET : OffsetCodec.digest(map);
                        }));
    Map<Split, SplitOffset> checkedOffsets = new HashMap<>();
    offsets.forEach(
        (day, offset) ->
            checkedOffsets.put(
                day, offset.withSettledDays(offset.settledDays().matching(isOfStored))));
    List<SegmentOffset> checkedSegments =
        segments.stream()
            .map(
                segment ->
                    segment.checkedBy(
                        day -> isSettled(day, stored.get(day)),
                        (day, generation) -> isNamed(stored.get(day), generation),
                        segment.settledDays().matching(isOfStored)))
            .toList();
    return new ResumeState(checkedOffsets, readOnce, runs, defects, checkedSegments);
  }

  private static boolean isSettled(Split day, @Nullable Map<String, ?> stored) {
    return stored != null && OffsetCodec.saysAllIsSettled(day, stored);
  }

  private static boolean isNamed(@Nullable Map<String, ?> stored, String generation) {
    return stored != null && generation.equals(OffsetCodec.generationName(stored));
  }

  /** A day of which nothing but ids in the journal reached Kafka; null when it is none. */
  private static @Nullable SplitOffset unnamed(Split split, List<SegmentOffset> journal) {
    String generation = unnamedGeneration(split, journal);
    if (generation == null) {
      return null;
    }
    Instant start = journal.get(journal.size() - 1).start();
    return new SplitOffset(start, split.range().from(), List.of())
        .withGeneration(generation)
        .withJournaled(journaled(split, generation, false, journal));
  }

  /**
   * What the journal names a day whose own offset cannot name it yet; null when it can. The last
   * segment has each such day: one that it does not have was settled, and has been reset since.
   */
  private static @Nullable String unnamedGeneration(Split split, List<SegmentOffset> journal) {
    DayClaim last = journal.isEmpty() ? null : journal.get(journal.size() - 1).days().get(split);
    return last == null || last.isNamed() ? null : last.generation();
  }

  /** What the segments say of a day; null when its offset does not name what is in the journal. */
  private static @Nullable JournaledDay journaled(
      Split split, @Nullable String generation, boolean isNamed, List<SegmentOffset> journal) {
    if (generation == null) {
      return null;
    }
    List<TimeRange> settled = new ArrayList<>();
    List<TimeRange> read = List.of();
    List<EmittedId> all = new ArrayList<>();
    for (SegmentOffset segment : journal) {
      DayClaim claim = segment.days().get(split);
      if (claim != null && claim.generation().equals(generation)) {
        settled.addAll(segment.settled(split));
        read = claim.read();
        segment
            .ids()
            .getOrDefault(split, IdSet.EMPTY)
            .forEachMark((id, mark) -> all.add(new EmittedId(id, mark)));
      }
    }
    return new JournaledDay(isNamed, TimeRange.union(settled), read, lastOfEach(all));
  }

  /** Of those of one id, the last; in the same order. */
  // It is that very one which is kept; there may be a million of them.
  @SuppressWarnings("ReferenceEquality")
  private static List<EmittedId> lastOfEach(List<EmittedId> all) {
    Map<String, EmittedId> last = new HashMap<>(all.size() * 4 / 3 + 1);
    all.forEach(emitted -> last.put(emitted.id(), emitted));
    return last.size() == all.size()
        ? all
        : all.stream().filter(emitted -> last.get(emitted.id()) == emitted).toList();
  }

  /** An offset as a task may start on it; what of it that cannot be is added to the defects. */
  private static SplitOffset usable(
      Split split, SplitOffset offset, Map<Split, List<String>> defects) {
    List<String> found = OffsetCodec.defects(split, offset);
    if (found.isEmpty()) {
      return offset;
    }
    defects.put(split, found);
    return OffsetCodec.withPlausibleCounts(offset);
  }

  private static SplitOffset settled(Split split, Instant start, SettledDays others) {
    Instant from = split.range().from();
    return new SplitOffset(
        start.isBefore(from) ? start : from, split.range().to(), List.of(), others, null);
  }

  /**
   * The splits that were read from their beginning and are settled to their end.
   *
   * @param start where the range begins: what lies before it is not wanted
   */
  public Set<Split> done(Instant start) {
    Set<Split> done = new HashSet<>();
    offsets.forEach(
        (split, offset) -> {
          boolean fromItsStart =
              !offset.start().isAfter(split.range().from()) || !offset.start().isAfter(start);
          if (fromItsStart && !offset.settledTo().isBefore(split.range().to())) {
            done.add(split);
          }
        });
    return done;
  }

  /**
   * The last moment at which a task is known to have run that had all of a range to read.
   *
   * @param start where the range begins
   * @param now what lies after the present proves nothing
   * @return null if no offset proves that there ever was one
   */
  public @Nullable Instant lastRun(Instant start, Instant now) {
    return runs.stream()
        .filter(run -> !run.start().isAfter(start))
        .map(Run::at)
        .filter(at -> !at.isAfter(now))
        .max(Instant::compareTo)
        .orElse(null);
  }

  /**
   * What no offset confirms as read of a part of a day. It may have been read all the same: an
   * offset is stored with a record, and what was read without finding one leaves no trace.
   */
  public List<TimeRange> unconfirmed(Split split, TimeRange part) {
    if (readOnce.contains(split)) {
      return List.of();
    }
    SplitOffset offset = offsets.get(split);
    return offset == null ? List.of(part) : part.minus(confirmed(offset));
  }

  private static List<TimeRange> confirmed(SplitOffset offset) {
    Stream<TimeRange> settled =
        offset.start().isBefore(offset.settledTo())
            ? Stream.of(new TimeRange(offset.start(), offset.settledTo()))
            : Stream.empty();
    JournaledDay journaled = offset.journaled();
    List<TimeRange> partial = offset.partial();
    Stream<TimeRange> read =
        journaled == null
            ? Stream.empty()
            : Stream.concat(
                journaled.read().stream(),
                journaled.settled().stream().flatMap(range -> range.minus(partial).stream()));
    Stream<TimeRange> windows =
        offset.windows().stream()
            .filter(window -> window.state() != State.PARTIAL)
            .map(WindowOffset::range);
    return Stream.of(settled, windows, read).flatMap(ranges -> ranges).toList();
  }
}
