package io.callrecords.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  @Test
  void theOldestEntriesGoFirstAndAreCountedStill() {
    Journal journal = Journal.keeping(3);
    for (int i = 1; i <= 5; i++) {
      journal.add(entry(i, START.plusSeconds(i)));
    }
    assertThat(journal.entries())
        .extracting(entry -> entry.request().number())
        .containsExactly(3L, 4L, 5L);
    assertThat(journal.count()).isEqualTo(5);
    assertThat(journal.dropped()).isEqualTo(2);
    assertThat(journal.rows()).isEqualTo(50);
  }

  @Test
  void countersNeedNoEntries() {
    Journal journal = Journal.countersOnly();
    journal.add(entry(1, START));

    assertThat(journal.entries()).isEmpty();
    assertThat(journal.count()).isEqualTo(1);
  }

  @Test
  void theBusiestStretchIsFound() {
    Journal journal = Journal.complete();
    long[] millis = {0, 100, 999, 1000, 1050, 5000};
    for (int i = 0; i < millis.length; i++) {
      journal.add(entry(i, START.plusMillis(millis[i])));
    }
    assertThat(journal.mostWithin(Duration.ofSeconds(1))).isEqualTo(4);
    assertThat(journal.countSince(START.plusMillis(1000))).isEqualTo(3);
  }

  private static Journal.Entry entry(long number, Instant at) {
    ApiRequest request =
        new ApiRequest(
            number, at, "POST", "/", null, null, null, null, false, MissingNode.getInstance());
    return new Journal.Entry(request, null, 200, 0, 10, 10);
  }
}
