package io.callrecords.connect.state;

import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SegmentOffset.DayClaim;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of each busy day in whatever it writes. That something is settled is final,
 * and is said only once Kafka has all that was handed over until it was: without exactly-once, a
 * worker stores the offsets of different partitions independently.
 */
final class DayClaims {
  private final TreeMap<Split, BusyDay> days = new TreeMap<>();

  /** What stored segments say. */
  private final TreeMap<Split, StoredClaims> stored = new TreeMap<>();

  private Instant start = Instant.EPOCH;

  /**
   * What stored segments say of a day.
   *
   * @param last the last one's claim
   * @param settled what all of them say is settled, in order
   */
  private record StoredClaims(DayClaim last, List<TimeRange> settled) {
    static StoredClaims of(Split day, SegmentOffset segment, DayClaim claim) {
      return new StoredClaims(claim, TimeRange.union(segment.settled(day)));
    }

    /** These and later ones: what was settled once is settled, unless the day was reset. */
    StoredClaims plus(StoredClaims later) {
      return last.generation().equals(later.last.generation())
          ? new StoredClaims(
              later.last,
              TimeRange.union(
                  Stream.of(settled, later.settled).flatMap(Collection::stream).toList()))
          : later;
    }

    /** The same in a segment that is written now, with another start. */
    DayClaim from(Instant begin) {
      Instant to =
          settled.stream()
              .filter(part -> !part.from().isAfter(begin) && part.to().isAfter(begin))
              .map(TimeRange::to)
              .findFirst()
              .orElse(begin);
      return new DayClaim(last.generation(), last.isNamed(), to, last.read(), besides(begin, to));
    }

    List<TimeRange> besides(Instant from, Instant to) {
      if (!from.isBefore(to)) {
        return settled;
      }
      List<TimeRange> said = List.of(new TimeRange(from, to));
      return settled.stream().flatMap(part -> part.minus(said).stream()).toList();
    }
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /** One day. */
  private static final class BusyDay {
    private final String generation;
    private final BooleanSupplier isNamed;
    private final Supplier<Instant> settledTo;
    private final Supplier<List<TimeRange>> partial;
    private Instant claimed;

    /** What is claimed once all batches up to a number are acknowledged. */
    private Instant next;

    private long nextAfter;
    private List<TimeRange> read = List.of();

    BusyDay(
        String generation,
        BooleanSupplier isNamed,
        Supplier<Instant> settledTo,
        Supplier<List<TimeRange>> partial,
        Instant claimed) {
      this.generation = generation;
      this.isNamed = isNamed;
      this.settledTo = settledTo;
      this.partial = partial;
      this.claimed = claimed;
      this.next = claimed;
    }

    void update(long lastBatch, long acknowledgedUpTo) {
      if (acknowledgedUpTo >= nextAfter) {
        claimed = next;
        next = settledTo.get();
        nextAfter = lastBatch;
        if (acknowledgedUpTo >= nextAfter) {
          claimed = next;
        }
      }
    }
  }

  /**
   * Takes over what stored segments say, which are overwritten one after another: what is settled
   * by their word alone would be read again, and its ids are gone.
   *
   * @param segments in the order in which they were begun
   * @param newStart where the connector's range begins now
   */
  void restore(Collection<SegmentOffset> segments, Instant newStart) {
    start = newStart;
    for (SegmentOffset segment : segments) {
      segment
          .days()
          .forEach(
              (day, claim) ->
                  stored.merge(day, StoredClaims.of(day, segment, claim), StoredClaims::plus));
    }
  }

  /**
   * Adds a day.
   *
   * @param generation what the day's own offset names its ids in the journal
   * @param isNamed whether Kafka has the day's own offset with that name
   * @param settledTo up to where the day is settled and confirmed, now and later
   * @param partial what the day's own offset may call partial, as Kafka has it, now and later
   * @param claimed up to where it is stored that the day is settled
   */
  void open(
      Split day,
      String generation,
      BooleanSupplier isNamed,
      Supplier<Instant> settledTo,
      Supplier<List<TimeRange>> partial,
      Instant claimed) {
    days.put(day, new BusyDay(generation, isNamed, settledTo, partial, claimed));
  }

  /**
   * Works out what may be said by now.
   *
   * @param lastBatch the last batch that was handed over, with all that it settled
   * @param acknowledgedUpTo Kafka has all batches up to this one
   * @param isNeedless whether of a day that is settled to its end, nothing has to be said
   */
  void update(long lastBatch, long acknowledgedUpTo, Predicate<Split> isNeedless) {
    days.values().forEach(day -> day.update(lastBatch, acknowledgedUpTo));
    days.entrySet()
        .removeIf(
            entry ->
                !entry.getValue().claimed.isBefore(entry.getKey().range().to())
                    && isNeedless.test(entry.getKey()));
    stored.keySet().removeIf(day -> !days.containsKey(day) && isNeedless.test(day));
  }

  /** Takes note of what has been read whole of a day, in order. */
  void read(Split day, List<TimeRange> read) {
    BusyDay known = days.get(day);
    if (known != null) {
      known.read = List.copyOf(read);
    }
  }

  /** Up to where it is said that a day is settled; null when nothing is said of it. */
  @Nullable Instant settledTo(Split day) {
    BusyDay known = days.get(day);
    return known == null ? null : known.claimed;
  }

  /**
   * Whether it is said that a part of a day is settled, and will be believed: what the day's own
   * offset calls partial is read again after a restart, and its ids have to be known then.
   */
  boolean isSettled(Split day, TimeRange part) {
    BusyDay known = days.get(day);
    return known != null
        && !part.to().isAfter(known.claimed)
        && known.partial.get().stream().noneMatch(part::overlaps);
  }

  /** What is said of each day: of those that this task has not opened, what segments said. */
  SortedMap<Split, DayClaim> all() {
    SortedMap<Split, DayClaim> claims = new TreeMap<>();
    stored.forEach((day, said) -> claims.put(day, said.from(begin(day))));
    days.forEach((day, known) -> claims.put(day, claim(day, known)));
    return claims;
  }

  private DayClaim claim(Split day, BusyDay known) {
    StoredClaims said = stored.get(day);
    List<TimeRange> besides =
        said != null && said.last().generation().equals(known.generation)
            ? said.besides(begin(day), known.claimed)
            : List.of();
    return new DayClaim(
        known.generation, known.isNamed.getAsBoolean(), known.claimed, known.read, besides);
  }

  /** From where on a segment that is written now says that a day is settled. */
  private Instant begin(Split day) {
    Instant end = day.range().to();
    return start.isAfter(end) ? end : later(start, day.range().from());
  }
}
