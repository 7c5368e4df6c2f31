package io.callrecords.connect.state;

import io.callrecords.connect.offset.WindowOffset;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a window is settled whose responses contradict each other, or what was emitted of
 * it: nothing is final on one moment's word, but an API that goes on contradicting itself holds up
 * nothing.
 */
final class UnverifiedReads {
  private static final Logger LOG = LoggerFactory.getLogger(UnverifiedReads.class);

  /** So often, a poll interval apart, a window is read before it is settled unverified. */
  private static final int READS = 3;

  private final Map<Instant, Integer> readsByStart = new HashMap<>();

  /** When nothing was first left of a window of which something was emitted. */
  private final Map<Instant, Instant> vanishedByStart = new HashMap<>();

  /**
   * Whether what was read of a window may settle it; to be asked once for each reading that could.
   *
   * @param hasEmitted whether something was emitted of the window before: that nothing is left of
   *     it may be an outage that looks like success
   * @param counts counts what is settled unverified
   */
  boolean maySettle(WindowSnapshot read, boolean hasEmitted, TaskCounts counts) {
    if (read.total() == WindowOffset.UNKNOWN) {
      LOG.debug("Window {} is read again: the API has returned no data for it", read.range());
      return false;
    }
    if (hasEmitted && read.records().isEmpty() && mayBeMomentary(read)) {
      LOG.debug("Window {} is read again: nothing is left of what was emitted of it", read.range());
      return false;
    }
    if (!read.verified() && readsByStart.merge(read.range().from(), 1, Integer::sum) < READS) {
      LOG.debug("Window {} is read again: its responses contradict each other", read.range());
      return false;
    }
    readsByStart.remove(read.range().from());
    vanishedByStart.remove(read.range().from());
    if (!read.verified()) {
      counts.addUnverified();
      LOG.warn(
          "The API's responses for {} contradict each other in every attempt: it reports {} records"
              + " and returns {}. The connector has emitted all records that it has received.",
          read.range(),
          read.total(),
          read.records().size());
    }
    return true;
  }

  /** Whether a reading that could settle a window is the last one, be it verified or not. */
  boolean isLast(WindowSnapshot read) {
    return read.verified() || readsByStart.getOrDefault(read.range().from(), 0) + 1 >= READS;
  }

  private boolean mayBeMomentary(WindowSnapshot read) {
    Instant since =
        vanishedByStart.merge(
            read.range().from(), read.requestedAt(), (a, b) -> a.isBefore(b) ? a : b);
    return read.requestedAt().isBefore(since.plus(RecheckPolicy.BETWEEN_DOUBTFUL_READS));
  }
}
