package io.callrecords.connect.fetch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records a page is requested with: as configured, or fewer where the API returns no more,
 * and for a while where a page was too large to be received.
 *
 * <p>It is changed on the loop; any thread may read it.
 */
final class PageSizeLimit {
  private static final Logger LOG = LoggerFactory.getLogger(PageSizeLimit.class);

  /** So many windows whose pages have the same number of rows show that no page has more. */
  private static final int ENOUGH_SUGGESTIONS = 2;

  /** After so many windows, larger pages than were too large are tried again. */
  private static final int WINDOWS_BEFORE_LARGER_PAGES = 50;

  private final int configured;
  private volatile int current;
  private int cap;
  private int suggestedCap;
  private int suggestions;
  private int windowsSinceTooLarge;

  /**
   * Creates a limit.
   *
   * @param configured records per page as configured
   */
  PageSizeLimit(int configured) {
    this.configured = configured;
    this.cap = configured;
    this.current = configured;
  }

  /** The size to request. */
  int current() {
    return current;
  }

  /** Learns that a full page may have so many rows at most, whatever size is requested. */
  void suggestCap(int rows) {
    suggestions = rows == suggestedCap ? suggestions + 1 : 1;
    suggestedCap = rows;
    if (rows < cap && suggestions >= ENOUGH_SUGGESTIONS) {
      cap = rows;
      current = Math.min(current, rows);
      LOG.info(
          "The API returns {} records per page at most, although page.size is {}. The connector"
              + " requests pages of that size from now on.",
          rows,
          configured);
    }
  }

  /**
   * Learns that a page of two records or more was too large to be received.
   *
   * @return the size to request instead
   */
  int tooLarge(int size) {
    int half = Math.max(1, size / 2);
    windowsSinceTooLarge = 0;
    if (half < current) {
      current = half;
      LOG.info("A page of {} records was too large; requesting {} per page for now.", size, half);
    }
    return half;
  }

  /** Learns that a window was read. */
  void windowRead() {
    if (current < cap && ++windowsSinceTooLarge >= WINDOWS_BEFORE_LARGER_PAGES) {
      windowsSinceTooLarge = 0;
      current = Math.min(cap, 2 * current);
    }
  }
}
