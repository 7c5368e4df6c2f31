package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.MalformedRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How results are taken apart, and what is said of them. */
class ApiResultTest {
  private static final Page PAGE =
      Page.parsed(
          120, List.of(new MalformedRecord("id-4711", 1, 1, "called", "is", "91861")), false);
  private static final ApiResult.Failure FAULT =
      new ApiResult.Failure(TransientFault.UNAVAILABLE, "HTTP 503");
  private static final ApiResult.Refused REFUSED =
      new ApiResult.Refused(ApiStatus.LOCKED, "Status -13");

  static Stream<Arguments> results() {
    return Stream.of(
        Arguments.of(PAGE, "page", "total 120, 1 rows"),
        Arguments.of(Page.parsed(0, List.of(), true), "page", "no data"),
        Arguments.of(FAULT, "fault", "UNAVAILABLE, HTTP 503"),
        Arguments.of(
            FAULT.withRetryAfter(Duration.ofSeconds(9)),
            "fault",
            "UNAVAILABLE, HTTP 503, retry after PT9S"),
        Arguments.of(REFUSED, "refused", "refused as LOCKED, Status -13"));
  }

  @ParameterizedTest
  @MethodSource("results")
  void takesEachResultForWhatItIs(ApiResult result, String kind, String summary) {
    List<String> handled = new ArrayList<>();
    result.handle(
        page -> handled.add("page"), fault -> handled.add("fault"), code -> handled.add("refused"));

    assertThat(handled).containsExactly(kind);
    assertThat(result.<String>match(page -> "page", fault -> "fault", code -> "refused"))
        .isEqualTo(kind);
    assertThat(result.summary()).isEqualTo(summary);
  }

  @Test
  void isThrottledWhereTheApiAsksToWaitOrForLess() {
    assertThat(FAULT.isThrottled()).isFalse();
    assertThat(FAULT.withRetryAfter(Duration.ZERO).isThrottled()).isTrue();
    assertThat(new ApiResult.Failure(TransientFault.TOO_MANY_REQUESTS, "HTTP 429").isThrottled())
        .isTrue();
  }

  @Test
  void tellsTheDetailAndTheAdviceOfAFault() {
    assertThat(FAULT.message())
        .isEqualTo(
            "HTTP 503 (the API or a gateway in front of it takes no requests at the moment)");
  }

  /** Whoever forgets the time of a page must not take anything for counted. */
  @Test
  void aPageCountsNothingAsVisibleBeforeItsTimeIsKnown() {
    assertThat(PAGE.requestedAt()).isEqualTo(Instant.EPOCH);

    Page page = PAGE.withRequestedAt(Instant.MAX);
    assertThat(page.withRows(List.of())).isEqualTo(new Page(120, List.of(), false, Instant.MAX));
  }
}
