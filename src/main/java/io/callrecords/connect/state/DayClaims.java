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
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of each busy day in whatever it writes. That something is settled is final,
 * and is said only once Kafka has all that was handed over until it was: without exactly-once, a
 * worker stores the offsets of different partitions independently.
 */
final class DayClaims {
  private final TreeMap<Split, BusyDay> days = new TreeMap<>();

  /** What stored segments say of days that this task has not opened. */
  private final TreeMap<Split, DayClaim> carriedOn = new TreeMap<>();

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
   * Takes over what stored segments say, which are overwritten one after another: a day that is
   * settled by their word alone would be read again, and its ids are gone.
   *
   * @param stored in the order in which they were begun
   * @param start where the connector's range begins now
   */
  void restore(Collection<SegmentOffset> stored, Instant start) {
    for (SegmentOffset segment : stored) {
      segment
          .days()
          .forEach(
              (day, claim) -> {
                boolean isFromTheStart =
                    !segment.start().isAfter(day.range().from()) || !segment.start().isAfter(start);
                if (claim.isNamed() && isFromTheStart) {
                  carriedOn.merge(day, claim, DayClaims::later);
                }
              });
    }
  }

  /** The last one counts, but what was settled once is settled. */
  private static DayClaim later(DayClaim before, DayClaim last) {
    return last.generation().equals(before.generation())
            && last.settled().isBefore(before.settled())
        ? new DayClaim(last.generation(), true, before.settled(), last.read())
        : last;
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
    carriedOn.remove(day);
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
    carriedOn.keySet().removeIf(isNeedless);
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

  /** What is said of each day. */
  SortedMap<Split, DayClaim> all() {
    SortedMap<Split, DayClaim> claims = new TreeMap<>(carriedOn);
    days.forEach(
        (day, known) ->
            claims.put(
                day,
                new DayClaim(
                    known.generation, known.isNamed.getAsBoolean(), known.claimed, known.read)));
    return claims;
  }
}
