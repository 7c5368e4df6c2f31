package io.callrecords.connect.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * What an API's responses have shown of how it reports results, with rows and without. Several
 * tasks share it, so that what one has seen protects the others. Any thread may use it.
 *
 * <p>First pages and those behind them are told apart: an API may report an empty result in one way
 * and a page past the last one in another.
 */
public final class ResponseEvidence {
  private final Habit firstPages = new Habit();
  private final Habit laterPages = new Habit();
  private final Map<GroupKey, RateGroup> groups = new HashMap<>();
  private final Semaphore longBody;
  private long goodPages;

  /** Creates the evidence of an API whose readers share nothing with those of others. */
  public ResponseEvidence() {
    this(new Semaphore(1, true));
  }

  /**
   * Creates evidence.
   *
   * @param longBody permits one body at a time that is longer than usual pages have
   */
  ResponseEvidence(Semaphore longBody) {
    this.longBody = longBody;
  }

  /** Tasks of which these are equal share one rate. */
  private record GroupKey(double perSecond, List<Integer> weights) {}

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

  /**
   * The tasks that share a rate, and what they have learned of it. A task that is alone shares it
   * with nobody, whatever else reads the account.
   */
  synchronized RateGroup rateGroup(double perSecond, List<Integer> weights) {
    if (weights.size() == 1) {
      return new RateGroup(perSecond, weights);
    }
    GroupKey key = new GroupKey(perSecond, weights);
    if (!groups.containsKey(key)) {
      groups.values().removeIf(RateGroup::isEmpty);
    }
    return groups.computeIfAbsent(key, unknown -> new RateGroup(perSecond, weights));
  }

  /** Permits one long body at a time, so that several together do not fill the heap. */
  Semaphore longBody() {
    return longBody;
  }

  private Habit habit(PageRequest request) {
    return request.page() == 1 ? firstPages : laterPages;
  }
}
