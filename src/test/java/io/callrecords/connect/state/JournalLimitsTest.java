package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.WindowLimits;
import org.junit.jupiter.api.Test;

class JournalLimitsTest {
  private static final long KIBIBYTE = 1024;

  /** A window of the API's ids, with fingerprints, comes on top of what is full but for one id. */
  @Test
  void noOffsetOfUsualWindowsIsLongerThan64KibibytesByDefault() {
    long window = new WindowLimits(100).maxRecords() * JournalSegment.lengthOf("26110116301700042");

    assertThat(JournalLimits.DEFAULT.day() + window).isLessThan(64 * KIBIBYTE);
    assertThat(2L * JournalLimits.DEFAULT.segment() + window).isLessThan(64 * KIBIBYTE);
  }
}
