package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which empty pages are doubted, and for how long. */
class EmptyPageCheckTest {
  private static final PageRequest FIRST =
      new PageRequest(Instant.EPOCH, Instant.EPOCH.plusSeconds(60), 1, 100);
  private static final Page EMPTY = Page.parsed(0, List.of(), false);
  private static final Page TOTAL_ONLY = Page.parsed(7, List.of(), false);
  private static final Page NO_DATA = Page.parsed(0, List.of(), true);

  private final EmptyPageCheck check = new EmptyPageCheck();

  @ParameterizedTest
  @EnumSource(Priority.class)
  void doubtsAFirstPageWithATotalAndWithoutRows(Priority priority) {
    assertDoubted(check.examine(FIRST, priority, TOTAL_ONLY, 0));
    assertDoubted(check.examine(FIRST, priority, TOTAL_ONLY, EmptyPageCheck.MAX_DOUBTS - 1));
    assertAccepted(check.examine(FIRST, priority, TOTAL_ONLY, EmptyPageCheck.MAX_DOUBTS));
  }

  @Test
  void acceptsAPagePastTheEnd() {
    assertAccepted(check.examine(FIRST.withPage(2), Priority.BACKLOG, TOTAL_ONLY, 0));
  }

  @Test
  void acceptsNoDataFromAnApiThatHasReturnedNothingElse() {
    assertAccepted(check.examine(FIRST, Priority.BACKLOG, NO_DATA, 0));
    assertAccepted(check.examine(FIRST, Priority.BACKLOG, NO_DATA, 0));
  }

  @Test
  void doubtsNoDataFromAnApiThatReturnsEmptyPagesWithData() {
    assertAccepted(check.examine(FIRST, Priority.BACKLOG, EMPTY, 0));

    assertDoubted(check.examine(FIRST, Priority.BACKLOG, NO_DATA, 0));
    assertDoubted(check.examine(FIRST, Priority.RECHECK, NO_DATA, 0));
    assertAccepted(check.examine(FIRST, Priority.LIVE, NO_DATA, 0));
    assertAccepted(check.examine(FIRST, Priority.BACKLOG, NO_DATA, EmptyPageCheck.MAX_DOUBTS));
  }

  /** A page with a total says nothing about how the API returns an empty result. */
  @Test
  void learnsFromEmptyResultsOnly() {
    assertAccepted(check.examine(FIRST.withPage(2), Priority.BACKLOG, TOTAL_ONLY, 0));

    assertAccepted(check.examine(FIRST, Priority.BACKLOG, NO_DATA, 0));
  }

  private static void assertDoubted(ApiResult.@Nullable Failure fault) {
    assertThat(fault).isNotNull();
    assertThat(fault.kind()).isEqualTo(TransientFault.CONTRADICTORY_RESPONSE);
  }

  private static void assertAccepted(ApiResult.@Nullable Failure fault) {
    assertThat(fault).isNull();
  }
}
