package io.callrecords.connect.offset;

import io.callrecords.connect.split.Split;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * What stored offsets, read together, say of some splits.
 *
 * @param offsets the offset of each that has one; one that says less than another day's does says
 *     what that does: all of it is settled
 * @param withoutCalls those without an offset that have been read all the same
 */
public record ResumeState(Map<Split, SplitOffset> offsets, Set<Split> withoutCalls) {
  /**
   * Reads the map forms.
   *
   * @param wanted the splits in question
   * @param stored the offsets of these, and of later days
   * @param settledBefore what is not older than this may still change, whatever the offset of
   *     another day says: the clock by which it was settled was ahead, or {@code late.arrival.ms}
   *     is longer now
   * @throws ConnectException when one cannot be used; says which, and how to get out
   */
  public static ResumeState of(
      OffsetCodec codec,
      Collection<Split> wanted,
      Map<Split, Map<String, ?>> stored,
      Instant settledBefore) {
    Map<Split, SettledDays> tellers = new HashMap<>();
    Map<Split, Set<String>> told = new HashMap<>();
    stored.forEach(
        (split, map) -> {
          SettledDays days = codec.settledDays(split, map);
          tellers.put(split, days);
          days.before(Split.of(settledBefore))
              .digests()
              .forEach(
                  (day, digest) -> told.computeIfAbsent(day, d -> new HashSet<>()).add(digest));
        });
    Map<Split, SplitOffset> offsets = new HashMap<>();
    Set<Split> withoutCalls = new HashSet<>();
    for (Split split : wanted) {
      Map<String, ?> map = stored.get(split);
      Set<String> digests = told.getOrDefault(split, Set.of());
      if (map == null) {
        if (digests.contains(SettledDays.WITHOUT_OFFSET)) {
          withoutCalls.add(split);
        }
      } else if (!digests.isEmpty() && digests.contains(OffsetCodec.digest(map))) {
        // The ids of what is settled are of no use: they are not even read.
        Instant start = codec.start(split, map);
        offsets.put(split, settled(split, start, tellers.getOrDefault(split, SettledDays.NONE)));
      } else {
        offsets.put(split, codec.decode(split, map));
      }
    }
    return new ResumeState(offsets, withoutCalls);
  }

  /**
   * The splits that are settled to their end, and were read from their beginning.
   *
   * @param start where the range begins: nobody wants what lies before it
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

  private static SplitOffset settled(Split split, Instant start, SettledDays others) {
    Instant from = split.range().from();
    return new SplitOffset(
        start.isBefore(from) ? start : from, split.range().to(), List.of(), others, null);
  }
}
