package io.callrecords.connect.offset;

import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What the stored offsets, taken together, say about some splits.
 *
 * @param offsets the offset of each split that has one. Where another day's offset confirms that
 *     the day is settled, this one says so, too
 * @param withoutCalls the splits without an offset that another day's offset confirms as read
 * @param runs moments at which a task was running
 */
public record ResumeState(
    Map<Split, SplitOffset> offsets, Set<Split> withoutCalls, List<Run> runs) {
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
   * @param settledBefore what is not older than this may still change, whatever the offset of
   *     another day says: the clock that settled it was ahead, or {@code late.arrival.ms} has been
   *     raised since
   * @throws ConnectException if an offset cannot be used; names it, and says how to reset it
   */
  public static ResumeState of(
      OffsetCodec codec,
      Collection<Split> wanted,
      Map<Split, Map<String, ?>> stored,
      Instant settledBefore) {
    Map<Split, SettledDays> saidBy = new HashMap<>();
    Map<Split, Set<String>> digests = new HashMap<>();
    List<Run> runs = new ArrayList<>();
    stored.forEach(
        (split, map) -> {
          SettledDays days = codec.settledDays(split, map);
          saidBy.put(split, days);
          days.before(Split.of(settledBefore))
              .digests()
              .forEach(
                  (day, digest) -> digests.computeIfAbsent(day, d -> new HashSet<>()).add(digest));
          codec.run(split, map).ifPresent(runs::add);
        });
    Map<Split, SplitOffset> offsets = new HashMap<>();
    Set<Split> withoutCalls = new HashSet<>();
    for (Split split : wanted) {
      Map<String, ?> map = stored.get(split);
      Set<String> confirmed = digests.getOrDefault(split, Set.of());
      if (map == null) {
        if (confirmed.contains(SettledDays.WITHOUT_OFFSET)) {
          withoutCalls.add(split);
        }
      } else if (!confirmed.isEmpty() && confirmed.contains(OffsetCodec.digest(map))) {
        // The ids of what is settled are of no use: they are not even decoded.
        Instant start = codec.start(split, map);
        offsets.put(split, settled(split, start, saidBy.getOrDefault(split, SettledDays.NONE)));
      } else {
        offsets.put(split, codec.decode(split, map));
      }
    }
    return new ResumeState(offsets, withoutCalls, runs);
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
          if (fromItsStart && !offset.settled().isBefore(split.range().to())) {
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
    if (withoutCalls.contains(split)) {
      return List.of();
    }
    SplitOffset offset = offsets.get(split);
    return offset == null ? List.of(part) : part.minus(confirmed(offset));
  }

  private static List<TimeRange> confirmed(SplitOffset offset) {
    Stream<TimeRange> settled =
        offset.start().isBefore(offset.settled())
            ? Stream.of(new TimeRange(offset.start(), offset.settled()))
            : Stream.empty();
    Stream<TimeRange> windows =
        offset.windows().stream()
            .filter(window -> window.state() != State.PARTIAL)
            .map(WindowOffset::range);
    return Stream.concat(settled, windows).toList();
  }
}
