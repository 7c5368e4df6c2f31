package io.callrecords.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeIndexTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsAndPositionsEqualThoseOfABruteForceSet(long seed) {
    Random random = new Random(seed);
    TreeSet<Long> expected = new TreeSet<>();
    TimeIndex index = TimeIndex.EMPTY;
    int handle = 0;
    for (int step = 0; step < 120; step++) {
      long[] more = new long[random.nextInt(step % 40 == 0 ? 500 : 4)];
      for (int i = 0; i < more.length; i++) {
        more[i] = TimeIndex.key(1_770_000_000L + random.nextInt(60), handle++);
        expected.add(more[i]);
      }
      Arrays.sort(more);
      index = index.plus(more);
      if (random.nextInt(3) == 0 && !expected.isEmpty()) {
        Long gone = expected.ceiling(TimeIndex.key(1_770_000_000L + random.nextInt(60), 0));
        if (gone != null) {
          expected.remove(gone);
          index = index.minus(gone);
          assertThat(index.contains(gone)).isFalse();
        }
      }
      compare(index, expected, random);
    }
  }

  private static void compare(TimeIndex index, Set<Long> expected, Random random) {
    long first = 1_770_000_000L + random.nextInt(62) - 1;
    long last = first + random.nextInt(62) - 1;
    int[] inside =
        expected.stream()
            .filter(key -> TimeIndex.second(key) >= first && TimeIndex.second(key) <= last)
            .mapToInt(TimeIndex::handle)
            .toArray();
    TimeIndex.Range range = index.range(first, last);
    assertThat(range.size()).isEqualTo(inside.length);
    int offset = random.nextInt(inside.length + 2);
    int count = random.nextInt(50);
    int from = Math.min(offset, inside.length);
    assertThat(range.handles(offset, count))
        .isEqualTo(Arrays.copyOfRange(inside, from, Math.min(from + count, inside.length)));
  }
}
