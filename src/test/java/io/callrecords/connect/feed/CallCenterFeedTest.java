package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.config.CallType;
import io.callrecords.connect.config.FilterOptions;
import io.callrecords.connect.config.HangingDirection;
import io.callrecords.connect.config.HangupReason;
import io.callrecords.connect.docs.SchemaText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proves what users and the API see of the feed: its schema, its names, its request parameters. */
class CallCenterFeedTest {
  private final Feed feed = CallCenterFeed.create();

  @Test
  void hasTheSchemaThatConsumersRelyOn() {
    assertThat(SchemaText.describe(feed.schema()))
        .isEqualTo(GoldenFile.text("feed/call-record-schema.txt"));
  }

  @Test
  void hasTheNamesThatStoredOffsetsAndTheApiRelyOn() {
    assertThat(feed.name()).isEqualTo("call-center");
    assertThat(feed.path()).isEqualTo("voice/ccRecordQuery");
    assertThat(feed.idField()).isEqualTo("callSessionId");
    assertThat(feed.startField()).isEqualTo("callStartTime");
    assertThat(feed.endField()).isEqualTo("callEndTime");
    assertThat(feed.extraField()).isEqualTo("extra");
  }

  @Test
  void makesNewSchemasThatAreEqual() {
    assertThat(CallCenterFeed.create().schema()).isEqualTo(feed.schema());
  }

  @Test
  void namesEveryFilterAsTheApiDoes() {
    FilterOptions all =
        new FilterOptions(
            "Sales",
            List.of("Alice", "Bob"),
            List.of(CallType.values()),
            List.of(HangupReason.values()),
            "+8613800001111",
            List.of("86", "91"),
            List.of(HangingDirection.values()),
            List.of("Intended customers", "High level"));

    assertThat(feed.filters().apply(all))
        .isEqualTo(
            Map.of(
                "sipGroupName", "Sales",
                "seatNameList", List.of("Alice", "Bob"),
                "callType", List.of(1, 2, 3),
                "hangupReason", List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
                "calledOrCaller", "+8613800001111",
                "ccode", List.of("86", "91"),
                "hangingDirection", List.of(0, 1, 3),
                "labelNames", List.of("Intended customers", "High level")));
  }

  @Test
  void leavesFiltersOutThatAreNotSet() {
    FilterOptions none =
        new FilterOptions(
            null, List.of(), List.of(), List.of(), null, List.of(), List.of(), List.of());

    assertThat(feed.filters().apply(none)).isEmpty();
  }
}
