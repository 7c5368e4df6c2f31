package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.WindowLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far prefetching goes. */
class PrefetchLimitsTest {
  /** Two windows of twenty pages, and four pages for each request. */
  @ParameterizedTest
  @CsvSource({"100, 1, 8, 4400", "100, 4, 8, 5600", "100, 5, 10, 6000", "10, 64, 128, 2960"})
  void growWithTheRequestsThatMayBeInFlight(
      int pageSize, int concurrent, int openRanges, long records) {
    PrefetchLimits limits =
        new PrefetchLimits(new WindowLimits(pageSize), concurrent, Long.MAX_VALUE);

    assertThat(limits.maxOpenRanges()).isEqualTo(openRanges);
    assertThat(limits.maxBufferedRecords()).isEqualTo(records);
  }
}
