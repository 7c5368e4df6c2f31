package io.callrecords.connect.state;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the offset of a day within its size: where the ids of a day take more, its oldest windows
 * are settled early.
 */
public final class EarlySettlement {
  private static final Logger LOG = LoggerFactory.getLogger(EarlySettlement.class);

  /** Leaves room for a window that is being sent in an offset of at most 512 KiB. */
  private static final int MAX_LENGTH = 400 * 1024;

  /** Ids that are long leave less room for what is known already. */
  private static final int MAX_LENGTH_WITH_WINDOW = 500 * 1024;

  /** A fingerprint and two lengths. */
  private static final int BYTES_BESIDE_ID = 8;

  private final TaskCounts counts;
  private boolean loggedSettledEarly;

  EarlySettlement(TaskCounts counts) {
    this.counts = counts;
  }

  /**
   * Makes room in a day's offset for what was read of it.
   *
   * @param reportedLength what other days take in the offset, in characters
   */
  void makeRoom(SplitState state, WindowSnapshot read, int reportedLength) {
    long ids = read.records().stream().mapToLong(row -> row.id().length() + BYTES_BESIDE_ID).sum();
    // Base64, in which they are written, takes a third more.
    long room = MAX_LENGTH_WITH_WINDOW - ids * 4 / 3 - reportedLength;
    int length = (int) Math.max(0, Math.min(MAX_LENGTH, room));
    int settledEarly = state.settleBeyond(length, read.requestedAt());
    counts.settledEarly(settledEarly);
    if (settledEarly > 0 && !loggedSettledEarly) {
      loggedSettledEarly = true;
      LOG.warn(
          "The offset of a day cannot hold the ids of all calls that are younger than"
              + " late.arrival.ms: the connector settles the oldest windows early and does not find"
              + " calls that appear in them from now on. Lower late.arrival.ms, or use filters and"
              + " several connectors.");
    }
  }
}
