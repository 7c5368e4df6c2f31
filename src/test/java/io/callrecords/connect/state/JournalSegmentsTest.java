package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.IdMark;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JournalSegmentsTest {
  private final JournalSegments segments = new JournalSegments(30);

  @Test
  void beginsASegmentOnceTheLastOneIsFull() {
    JournalSegment first = segments.withRoom(JournalSegmentsTest::isNotSettled);
    first.add(DAY, ids("a"));

    assertThat(segments.withRoom(JournalSegmentsTest::isNotSettled)).isSameAs(first);

    first.add(DAY, ids("b"));
    JournalSegment second = segments.withRoom(JournalSegmentsTest::isNotSettled);

    assertThat(second.number()).isEqualTo(2);
    assertThat(second.sequence()).isEqualTo(2);
    assertThat(segments.size()).isEqualTo(2);
  }

  @Test
  void takesTheNumberOfASegmentOfWhichAllIsSettled() {
    segments.withRoom(JournalSegmentsTest::isNotSettled).add(DAY, ids("a", "b"));
    segments.withRoom(JournalSegmentsTest::isNotSettled).add(DAY.next(), ids("c", "d"));

    JournalSegment third = segments.withRoom((day, span) -> day.equals(DAY));

    assertThat(third.number()).isEqualTo(1);
    assertThat(third.sequence()).isEqualTo(3);
    assertThat(segments.hold(DAY)).isFalse();
    assertThat(segments.hold(DAY.next())).isTrue();
  }

  /** What an earlier run has written may be needed, and belongs to that run's source partition. */
  @Test
  void writesToNoneThatWasStored() {
    segments.restore(List.of(stored(1, 40), stored(3, 41)));

    JournalSegment next = segments.withRoom(JournalSegmentsTest::isNotSettled);

    assertThat(next.number()).isEqualTo(2);
    assertThat(next.sequence()).isEqualTo(42);
    assertThat(segments.hold(DAY)).isTrue();
  }

  private static boolean isNotSettled(Split day, TimeRange span) {
    return false;
  }

  private static SegmentOffset stored(int number, long sequence) {
    TreeMap<Split, IdSet> ids = new TreeMap<>(Map.of(DAY, ids("x")));
    return new SegmentOffset(
        number, sequence, DAY.range().from(), new TreeMap<>(), ids, SettledDays.NONE);
  }

  private static IdSet ids(String... ids) {
    Map<String, Long> marks = new TreeMap<>();
    for (String id : ids) {
      marks.put(id, IdMark.of(1, at("08:00").getEpochSecond()));
    }
    return IdSet.ofMarks(marks);
  }
}
