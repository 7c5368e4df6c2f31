package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.offset.IdMark;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SegmentOffset.DayClaim;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Proves which offsets are requested from the worker, and what is made of those that it has. */
class OffsetStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-15T10:00:00Z");
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final Split DAY_10 = Split.of(Instant.parse("2026-11-10T00:00:00Z"));
  private static final Split DAY_12 = DAY_10.next().next();

  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final Map<Map<String, ?>, Map<String, Object>> stored = new HashMap<>();
  private final List<Collection<?>> requests = new ArrayList<>();
  private final OffsetStore store =
      new OffsetStore(new RecordedReader(), codec, Duration.ofDays(1), clock());

  private static Clock clock() {
    return Clock.fixed(NOW, ZoneOffset.UTC);
  }

  @Test
  void requestsAllDaysFromTheFirstToThePresentAtOnce() {
    store.of(Set.of(DAY_12, DAY_10));

    assertThat(requests).singleElement().isEqualTo(withFirstSegments(DAY_10.to(Split.of(NOW))));
  }

  @Test
  void requestsADayThatIsYetToComeWhenItIsWanted() {
    Split tomorrow = Split.of(NOW).next();

    store.of(Set.of(tomorrow));

    assertThat(requests).singleElement().isEqualTo(withFirstSegments(Stream.of(tomorrow)));
  }

  /** Most connectors have no segment, which the same request tells. */
  private List<Map<String, String>> withFirstSegments(Stream<Split> days) {
    return Stream.concat(
            days.map(codec::partition),
            IntStream.concat(
                    IntStream.rangeClosed(1, 16), IntStream.rangeClosed(2, 64).map(i -> i * 16))
                .mapToObj(codec::segmentPartition))
        .toList();
  }

  private void putSegments(IntStream numbers) {
    SegmentOffset segment =
        new SegmentOffset(3, 300, START, new TreeMap<>(), new TreeMap<>(), SettledDays.NONE);
    numbers.forEach(
        number ->
            stored.put(
                codec.segmentPartition(number),
                codec.encode(new RecordOffset.OfSegment(number, () -> segment))));
  }

  @Test
  void goesOnRequestingSegmentsUntilThereAreNoMore() {
    putSegments(IntStream.of(3, 900, 2_000));

    assertThat(store.of(Set.of(DAY_12)).segments()).hasSize(3);
    assertThat(requests).hasSize(4);
    assertThat(requests.get(3)).hasSize(1_024);
    assertThat(requests.get(3).iterator().next()).isEqualTo(codec.segmentPartition(2 * 1_024 + 1));
  }

  /** A task is told only of the days that it has to read; others may have ids there as well. */
  @Test
  void leavesOutTheIdsOfDaysThatTheirOwnOffsetsCallSettled() {
    put(DAY_10, settled(DAY_10, SettledDays.NONE));
    put(DAY_12, new SplitOffset(START, DAY_12.range().from(), List.of()));
    SortedMap<Split, DayClaim> days = new TreeMap<>();
    SortedMap<Split, IdSet> ids = new TreeMap<>();
    for (Split day : List.of(DAY_10, DAY_10.next(), DAY_12)) {
      days.put(day, new DayClaim("first", true, day.range().to(), List.of()));
      ids.put(day, IdSet.ofMarks(Map.of("a", IdMark.of(7, day.range().from().getEpochSecond()))));
    }
    SegmentOffset segment = new SegmentOffset(2, 5, START, days, ids, SettledDays.NONE);
    stored.put(
        codec.segmentPartition(2), codec.encode(new RecordOffset.OfSegment(2, () -> segment)));

    SegmentOffset found = store.of(Set.of(DAY_12)).segments().get(0);

    assertThat(found.ids()).containsOnlyKeys(DAY_10.next(), DAY_12);
    assertThat(found.days()).isEqualTo(days);
    assertThat(found.sequence()).isEqualTo(5);
  }

  @Test
  void findsTheSegmentsBehindThoseThatAPersonHasReset() {
    putSegments(IntStream.rangeClosed(17, 40));

    assertThat(store.of(Set.of(DAY_12)).segments()).hasSize(24);
  }

  @Test
  void returnsTheOffsetsOfTheDaysThatAreWantedAndHaveOne() {
    put(DAY_10, settled(DAY_10, SettledDays.NONE));
    put(DAY_12, settled(DAY_12, SettledDays.NONE));

    assertThat(store.of(Set.of(DAY_10, DAY_10.next())).offsets())
        .isEqualTo(Map.of(DAY_10, settled(DAY_10, SettledDays.NONE)));
  }

  @Test
  void believesALaterDayThatAnEarlierOneHasNoCalls() {
    put(DAY_12, settled(DAY_12, SettledDays.NONE.plus(DAY_10, SettledDays.WITHOUT_OFFSET)));

    ResumeState resumed = store.of(Set.of(DAY_10));

    assertThat(resumed.offsets()).isEmpty();
    assertThat(resumed.readOnce()).containsExactly(DAY_10);
  }

  /** Whatever a later day says: calls of it may still appear. */
  @Test
  void doesNotBelieveItOfADayThatMayStillChange() {
    Split yesterday = Split.of(NOW.minus(Duration.ofDays(1)));
    put(
        yesterday.next(),
        settled(yesterday.next(), SettledDays.NONE.plus(yesterday, SettledDays.WITHOUT_OFFSET)));

    assertThat(store.of(Set.of(yesterday)).readOnce()).isEmpty();
  }

  @Test
  void saysHowToResetAnOffsetThatCannotBeUsed() {
    stored.put(codec.partition(DAY_12), Map.of("version", 1L, "settled days", "all"));

    assertThatThrownBy(() -> store.of(Set.of(DAY_10)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("split 2026-11-12")
        .hasMessageContaining("Reset it");
  }

  /** A connector with several tasks reads it every few minutes. */
  @Test
  void namesAnOffsetThatSaysWhatCannotBeOnce() {
    stored.put(
        codec.partition(DAY_12),
        Map.of("version", 1L, "start", "2026-11-20T00:00:00Z", "settled", "2026-11-13T00:00:00Z"));
    try (LogCapture log = new LogCapture(OffsetStore.class)) {
      assertThat(store.of(Set.of(DAY_10)).defects()).isEmpty();
      store.of(Set.of(DAY_12));
      store.of(Set.of(DAY_12));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith(
              "WARN The stored offset of {feed=call-center, split=2026-11-12} says what cannot be:"
                  + " 'start' lies after the day. ");
    }
  }

  private static SplitOffset settled(Split day, SettledDays others) {
    return new SplitOffset(START, day.range().to(), List.of(), others, null);
  }

  private void put(Split day, SplitOffset offset) {
    stored.put(codec.partition(day), codec.encode(offset));
  }

  /** As a worker's: a partition without an offset has null. */
  private final class RecordedReader implements OffsetStorageReader {
    @Override
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
      throw new UnsupportedOperationException("one at a time");
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      requests.add(List.copyOf(partitions));
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, stored.get(partition)));
      return found;
    }
  }
}
