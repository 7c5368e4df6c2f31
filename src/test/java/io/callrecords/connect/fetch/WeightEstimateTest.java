package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.Row;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

/** Proves that heavy records count at once, and are forgotten when none come any more. */
class WeightEstimateTest {
  private static final long MAX = 1024 * 1024;

  private final WeightEstimate estimate = new WeightEstimate(MAX);

  private static Page page(String remark) {
    Row row = TestRows.row("a", 1);
    Struct value =
        row.match(FeedRecord::value, malformed -> null, outOfRange -> null).put("remark", remark);
    return TestRows.page(1, List.of(new FeedRecord("a", row.time(), value)));
  }

  @Test
  void allowsAnyNumberOfRecordsBeforeOneWasSeen() {
    estimate.observe(TestRows.page(0, ""));

    assertThat(estimate.rowWeight()).isZero();
    assertThat(estimate.maxRecords()).isEqualTo(MAX);
  }

  @Test
  void countsHeavierRecordsAtOnceAndForgetsThemSlowly() {
    estimate.observe(page("x"));
    long light = estimate.maxRecords();
    estimate.observe(page("x".repeat(50_000)));
    assertThat(estimate.maxRecords()).isEqualTo(10);
    estimate.observe(page("x"));
    assertThat(estimate.maxRecords()).isLessThan(12);

    for (int i = 0; i < 200; i++) {
      estimate.observe(page("x"));
    }
    assertThat(estimate.maxRecords()).isEqualTo(light);
  }
}
