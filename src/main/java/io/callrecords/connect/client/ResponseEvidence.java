package io.callrecords.connect.client;

/**
 * What an API's responses have shown of how it reports results, with rows and without. Several
 * tasks share it, so that what one has seen protects the others. Any thread may use it.
 *
 * <p>First pages and those behind them are told apart: an API may report an empty result in one way
 * and a page past the last one in another.
 */
final class ResponseEvidence {
  private final Habit firstPages = new Habit();
  private final Habit laterPages = new Habit();
  private long goodPages;

  /** How an API reports that there are no rows, as far as it is known. */
  private static final class Habit {
    private boolean returnsEmptyPages;
    private boolean returnsNoData;
  }

  /** Records a page with rows. */
  synchronized void returnedRows() {
    goodPages++;
  }

  /** Records a proper page without rows. */
  synchronized void returnedEmptyPage(PageRequest request) {
    goodPages++;
    Habit habit = habit(request);
    habit.returnsEmptyPages = true;
    habit.returnsNoData = false;
  }

  /**
   * Records that the API has steadily returned no data for a request, while others were answered.
   *
   * @return whether that was not known yet
   */
  synchronized boolean returnedNoDataSteadily(PageRequest request) {
    Habit habit = habit(request);
    boolean isNew = !habit.returnsNoData;
    habit.returnsNoData = true;
    return isNew;
  }

  /** How many pages have shown that the API is well; a number that grows. */
  synchronized long goodPages() {
    return goodPages;
  }

  /** Whether the API has returned a proper page without rows. */
  synchronized boolean returnsEmptyPages(PageRequest request) {
    return habit(request).returnsEmptyPages;
  }

  /** Whether no data is this API's way to say that there is nothing. */
  synchronized boolean returnsNoData(PageRequest request) {
    return habit(request).returnsNoData;
  }

  private Habit habit(PageRequest request) {
    return request.page() == 1 ? firstPages : laterPages;
  }
}
