package io.callrecords.connect.client;

import org.jspecify.annotations.Nullable;

/**
 * Doubts pages without rows that other responses of the API contradict: a backend that fails may
 * return an empty page. Runs on the loop.
 */
final class EmptyPageCheck {
  /** An API that returns the same empty page this many times means it. */
  static final int MAX_DOUBTS = 12;

  /** Whether the API has returned an empty result with a total, and not without any data. */
  private boolean returnsEmptyData;

  /**
   * Doubts a page, or accepts it.
   *
   * @param doubts how many attempts of the request have failed or were doubted so far
   * @return the fault that the page is taken for, or null where it is accepted
   */
  ApiResult.@Nullable Failure examine(
      PageRequest request, Priority priority, Page page, int doubts) {
    if (doubts < MAX_DOUBTS) {
      if (request.page() == 1 && page.total() > 0 && page.rows().isEmpty()) {
        return new ApiResult.Failure(
            TransientFault.CONTRADICTORY_RESPONSE,
            "a response that reports records and returns none");
      }
      // The live edge need not wait: what it finds empty is rechecked.
      if (page.withoutData() && returnsEmptyData && priority != Priority.LIVE) {
        return new ApiResult.Failure(
            TransientFault.CONTRADICTORY_RESPONSE,
            "a response without data, although the API returns empty results with data");
      }
    }
    returnsEmptyData |= !page.withoutData() && page.total() == 0;
    return null;
  }
}
