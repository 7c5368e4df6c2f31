package io.callrecords.connect.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A set of ranges, compared with one bit a second. */
class RangeSetTest {
  private static final int SECONDS = 60;

  @Test
  void saysWhatOneBitASecondSays() {
    for (int seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      BitSet bits = new BitSet();
      List<TimeRange> some = ranges(random, bits);
      List<TimeRange> others = ranges(random, bits);
      RangeSet set = RangeSet.of(some, others);
      for (int i = 0; i < 20; i++) {
        TimeRange asked = range(random);
        int from = (int) asked.from().getEpochSecond();
        int to = (int) asked.to().getEpochSecond();

        BitSet rest = new BitSet();
        TimeRange last = null;
        for (TimeRange part : set.complementIn(asked)) {
          rest.set((int) part.from().getEpochSecond(), (int) part.to().getEpochSecond());
          assertThat(last == null || last.to().isBefore(part.from())).isTrue();
          last = part;
        }
        BitSet expected = new BitSet();
        expected.set(from, to);
        expected.andNot(bits);
        assertThat(rest).as("seed %d, %s", seed, asked).isEqualTo(expected);
        int next = bits.nextSetBit(from);
        assertThat(set.overlaps(asked)).isEqualTo(next >= 0 && next < to);
      }
    }
  }

  private static List<TimeRange> ranges(SplittableRandom random, BitSet bits) {
    List<TimeRange> ranges = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      TimeRange range = range(random);
      ranges.add(range);
      bits.set((int) range.from().getEpochSecond(), (int) range.to().getEpochSecond());
    }
    return ranges;
  }

  private static TimeRange range(SplittableRandom random) {
    int from = random.nextInt(SECONDS);
    return new TimeRange(
        Instant.ofEpochSecond(from), Instant.ofEpochSecond(from + random.nextInt(SECONDS / 4)));
  }
}
