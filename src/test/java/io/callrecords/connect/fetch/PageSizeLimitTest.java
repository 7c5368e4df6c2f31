package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import org.junit.jupiter.api.Test;

/** Which page size is requested, and what changes it. */
class PageSizeLimitTest {
  private static final int SIZE = 100;

  private final PageSizeLimit limit = new PageSizeLimit(SIZE);

  @Test
  void itIsAsConfiguredUntilTwoWindowsInARowShowACap() {
    limit.suggestCap(20);
    limit.suggestCap(30);
    assertThat(limit.current()).isEqualTo(SIZE);
    try (LogCapture log = new LogCapture(PageSizeLimit.class)) {
      limit.suggestCap(30);

      assertThat(limit.current()).isEqualTo(30);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("30 records per page at most, although page.size is 100");
    }
  }

  @Test
  void largerPagesAreTriedAgainAfterFiftyWindowsAndNeverBeyondTheCap() {
    assertThat(limit.tooLarge(SIZE)).isEqualTo(50);
    assertThat(limit.tooLarge(50)).isEqualTo(25);
    for (int i = 0; i < 49; i++) {
      limit.windowRead();
    }
    assertThat(limit.current()).isEqualTo(25);

    for (int i = 0; i < 500; i++) {
      limit.windowRead();
    }

    assertThat(limit.current()).isEqualTo(SIZE);
    limit.suggestCap(30);
    limit.suggestCap(30);
    limit.tooLarge(30);
    for (int i = 0; i < 500; i++) {
      limit.windowRead();
    }
    assertThat(limit.current()).isEqualTo(30);
  }
}
