package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What lies in a range, among ranges without overlaps. */
class RangesByStartTest {
  private static TimeRange seconds(long from, long to) {
    return new TimeRange(Instant.ofEpochSecond(from), Instant.ofEpochSecond(to));
  }

  @Test
  void findsWhatHasASecondInCommon() {
    int found = 0;
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      TreeMap<Instant, TimeRange> byStart = new TreeMap<>();
      for (long at = random.nextInt(5); at < 60; at += random.nextInt(6)) {
        long to = at + 1 + random.nextInt(8);
        byStart.put(Instant.ofEpochSecond(at), seconds(at, to));
        at = to;
      }
      long from = random.nextInt(65);
      TimeRange range = seconds(from, from + random.nextInt(20));

      assertThat(RangesByStart.overlapping(byStart, range, any -> any))
          .as("seed %s", seed)
          .isEqualTo(byStart.values().stream().filter(range::overlaps).toList());
      found += RangesByStart.overlapping(byStart, range, any -> any).size();
    }
    assertThat(found).isGreaterThan(500);
  }
}
