package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.IdMark;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class JournalSegmentTest {
  private final JournalSegment segment = new JournalSegment(3, 17);

  @Test
  void holdsTheIdsOfEachDayAndTheirLength() {
    segment.add(DAY, ids("a", "08:00"));
    SortedMap<Split, IdSet> before = segment.ids();
    segment.add(DAY, ids("b", "07:00"));
    segment.add(DAY.next(), ids("c", "01:00"));

    assertThat(before).containsExactly(Map.entry(DAY, IdSet.of(Map.of("a", 7))));
    assertThat(segment.ids()).containsOnlyKeys(DAY, DAY.next());
    assertThat(segment.ids().get(DAY).ids()).containsExactly("a", "b");
    assertThat(segment.length()).isEqualTo(3 * JournalSegment.lengthOf("a"));
    assertThat(segment.holds(DAY)).isTrue();
    assertThat(segment.holds(DAY.next().next())).isFalse();
  }

  @Test
  void isFreeOnceAllOfItsDaysAreSettledFromTheirFirstIdToTheirLast() {
    segment.add(DAY, ids("a", "08:00"));
    segment.reserve(DAY.next(), ids("c", "01:00"));

    assertThat(segment.isFree((day, span) -> day.equals(DAY))).isFalse();
    assertThat(segment.isFree((day, span) -> true)).isTrue();
    assertThat(
            segment.isFree(
                (day, span) ->
                    !day.equals(DAY)
                        || span.equals(new TimeRange(at("08:00"), at("08:00").plusSeconds(1)))))
        .isTrue();
  }

  @Test
  void aLaterMarkOfAnIdWins() {
    segment.add(DAY, ids("a", "08:00"));
    segment.add(DAY, IdSet.ofMarks(Map.of("a", IdMark.of(9, at("09:00").getEpochSecond()))));

    assertThat(segment.ids().get(DAY).fingerprint("a")).isEqualTo(9);
    assertThat(IdMark.secondOfDay(segment.ids().get(DAY).mark("a"))).isEqualTo(9 * 3600);
  }

  private static IdSet ids(String id, String time) {
    Instant moment = at(time);
    return IdSet.ofMarks(Map.of(id, IdMark.of(7, moment.getEpochSecond())));
  }
}
