package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The codes by which a query is cut never reach beyond what is configured. */
class CodedFilterTest {
  private static final CodedFilter FILTER = new CodedFilter("callType", List.of(0, 1, 2));

  @Test
  void whereNothingIsConfiguredAllCodesRemain() {
    assertThat(FILTER.within(Map.of())).isEqualTo(FILTER);
    assertThat(FILTER.within(Map.of("hangupReason", List.of(1)))).isEqualTo(FILTER);
  }

  @Test
  void ofTheConfiguredCodesThoseRemainThatTheApiDocuments() {
    assertThat(FILTER.within(Map.of("callType", List.of(2, 7, 0))))
        .isEqualTo(new CodedFilter("callType", List.of(0, 2)));
    assertThat(FILTER.within(Map.of("callType", List.of(7))).codes()).isEmpty();
  }

  @Test
  void theFeedNamesAFilterForEachOfItsCodes() {
    assertThat(CallCenterFeed.create().codedFilters())
        .extracting(CodedFilter::parameter)
        .containsExactly("callType", "hangupReason", "hangingDirection");
    assertThat(CallCenterFeed.create().codedFilters())
        .allSatisfy(
            filter -> assertThat(filter.codes()).hasSizeGreaterThan(1).doesNotHaveDuplicates());
  }
}
