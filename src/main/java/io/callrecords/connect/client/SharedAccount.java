package io.callrecords.connect.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * What the tasks of a worker share that read the same account: what its API's responses have shown,
 * the rate, and the turn of long bodies. Any thread may use it.
 */
public final class SharedAccount {
  private final ResponseEvidence evidence = new ResponseEvidence();
  private final Map<GroupKey, RateGroup> groups = new HashMap<>();
  private final Semaphore longBody;

  /** Creates an account whose readers share nothing with those of others. */
  public SharedAccount() {
    this(new Semaphore(1, true));
  }

  /**
   * Creates an account.
   *
   * @param longBody permits one body at a time that is longer than usual pages have
   */
  SharedAccount(Semaphore longBody) {
    this.longBody = longBody;
  }

  /** Tasks of which these are equal share one rate. */
  private record GroupKey(double perSecond, List<Integer> weights) {}

  /** What the API's responses have shown. */
  ResponseEvidence evidence() {
    return evidence;
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
}
