package io.callrecords.connect.state;

import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes how windows end and what they came to, and keeps their audits until these are emitted. */
final class AuditQueue {
  private static final Logger LOG = LoggerFactory.getLogger(AuditQueue.class);

  private final boolean isEnabled;
  private final ReadCounts readCounts;
  private final List<WindowAudit> pending = new ArrayList<>();

  /**
   * Creates an empty queue.
   *
   * @param isEnabled whether audits are emitted; if not, the ends of windows are only logged
   * @param readCounts gets what settled windows have come to
   */
  AuditQueue(boolean isEnabled, ReadCounts readCounts) {
    this.isEnabled = isEnabled;
    this.readCounts = readCounts;
  }

  /** Whether there is nothing to emit. */
  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** What of a range counts as empty on one moment's word, in order. */
  List<TimeRange> unconfirmed(TimeRange range) {
    return readCounts.unconfirmed().within(range);
  }

  /** Notes that a window is settled by what the API returned for it. */
  void settled(WindowSnapshot snapshot, WindowDelta delta) {
    LOG.debug("Window {} is settled with {} rows.", snapshot.range(), snapshot.records().size());
    readCounts.settled(snapshot, delta);
    if (isEnabled) {
      pending.add(
          WindowAudit.of(
              snapshot.range(),
              WindowOutcome.SETTLED,
              delta.idsAfterAll(),
              delta.countsAfterAll(),
              snapshot.records().size(),
              snapshot.reconciliation(),
              snapshot.requestedAt()));
    }
  }

  /**
   * Notes that a window was settled early to make room in the offset.
   *
   * @param history what was known of it
   */
  void settledEarly(TimeRange range, RangeHistory history, Instant now) {
    LOG.debug("Window {} is settled early with {} rows.", range, history.ids().size());
    readCounts.settledEarly(range, history);
    addUnread(range, WindowOutcome.SETTLED_EARLY, history, now);
  }

  /**
   * Notes that the API no longer returns a range.
   *
   * @param expiry whether it is unread, as far as known
   * @param history what was known of it
   */
  void expired(TimeRange range, Expiry expiry, RangeHistory history, Instant now) {
    LOG.debug("Window {} has expired with {} rows.", range, history.ids().size());
    addUnread(
        range,
        expiry == Expiry.UNCONFIRMED ? WindowOutcome.UNCONFIRMED : WindowOutcome.EXPIRED,
        history,
        now);
  }

  /** Notes that the API returns more of a settled window than it did. */
  void drifted(WindowDrift drift, Instant now) {
    LOG.debug("Window {} has drifted from {} rows.", drift.window(), drift.before());
    if (isEnabled) {
      pending.add(
          new WindowAudit(
              drift.window(),
              WindowOutcome.DRIFTED,
              0,
              LateCounts.NONE,
              0,
              drift.now() - drift.before(),
              null,
              now));
    }
  }

  private void addUnread(
      TimeRange range, WindowOutcome outcome, RangeHistory history, Instant now) {
    if (isEnabled) {
      int known = history.ids().size();
      pending.add(
          WindowAudit.of(range, outcome, history.ids(), history.lateCounts(), known, null, now));
    }
  }

  /** Takes all audits, in the order in which their windows ended. */
  List<WindowAudit> takeAll() {
    List<WindowAudit> taken = List.copyOf(pending);
    pending.clear();
    return taken;
  }
}
