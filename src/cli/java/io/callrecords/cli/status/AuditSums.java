package io.callrecords.cli.status;

import io.callrecords.cli.topic.AuditedWindow;
import java.util.Collection;

/**
 * What the audit records of a day add up to.
 *
 * @param windows how many of them there are
 * @param late calls that a recheck has found
 * @param updated further versions that were emitted
 * @param malformed rows that could not be converted
 * @param unstable windows for which the API's responses never agreed
 */
public record AuditSums(long windows, long late, long updated, long malformed, long unstable) {
  /** No audit records. */
  public static final AuditSums NONE = new AuditSums(0, 0, 0, 0, 0);

  static AuditSums of(Collection<AuditedWindow> windows) {
    return windows.stream()
        .map(w -> new AuditSums(1, w.late(), w.updated(), w.malformed(), w.isUnstable() ? 1 : 0))
        .reduce(NONE, AuditSums::plus);
  }

  private AuditSums plus(AuditSums other) {
    return new AuditSums(
        windows + other.windows,
        late + other.late,
        updated + other.updated,
        malformed + other.malformed,
        unstable + other.unstable);
  }
}
