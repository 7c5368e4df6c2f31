package io.callrecords.connect.loop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the code relies on, and no setting or answer of the API can break: a violation is a bug of
 * the connector. Tests fail at the first one; in production each is counted, logged once, and the
 * caller goes on in the way that loses nothing.
 *
 * <p>Any thread may use it.
 */
public final class Invariants {
  private static final Logger LOG = LoggerFactory.getLogger(Invariants.class);

  private final boolean strict;
  private final LongAdder violations = new LongAdder();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  private Invariants(boolean strict) {
    this.strict = strict;
  }

  /** Throws an {@link IllegalStateException} at the first violation: for tests. */
  public static Invariants strict() {
    return new Invariants(true);
  }

  /** Counts violations, and logs each kind of them once: for production. */
  public static Invariants counting() {
    return new Invariants(false);
  }

  /**
   * Checks a condition that always holds.
   *
   * @param description what is violated where it does not; the same text for each violation of a
   *     kind, without anything of a record
   * @return the condition, so that the caller can go on safely without it
   */
  public boolean check(boolean condition, String description) {
    if (!condition) {
      violated(description);
    }
    return condition;
  }

  private void violated(String description) {
    IllegalStateException here = new IllegalStateException("Invariant violated: " + description);
    violations.increment();
    if (strict) {
      throw here;
    }
    if (logged.add(description)) {
      LOG.error(
          "Bug in the connector, please report it: {}. The task continues; the metric"
              + " invariant-violations-total counts every violation.",
          description,
          here);
    }
  }

  /** How many violations there were. */
  public long violations() {
    return violations.sum();
  }
}
