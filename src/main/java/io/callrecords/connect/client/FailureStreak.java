package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The failures of one request in a row, and whether the API has answered others meanwhile: what
 * fails alone is no outage. Runs on the loop.
 */
final class FailureStreak {
  /** One that fails more often, while others are answered, does so by itself. */
  private static final int MAX_BY_CHANCE = 2;

  /** For so long it may yet be the API that fails now and then, and not for this request alone. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final int ATTEMPTS_FOR_A_PART = 3;
  private static final double GOLDEN_RATIO = .618034;

  private final EventLoop loop;
  private final OutageEnd outageEnd;
  private int count;
  private int countAtPart;
  private boolean isAlone;
  private boolean hasBeenAlone;
  private Duration since = Duration.ZERO;
  private long pagesAtFirst;
  private long pagesAtLast;

  FailureStreak(EventLoop loop, OutageEnd outageEnd) {
    this.loop = loop;
    this.outageEnd = outageEnd;
  }

  /** Records a failure. */
  void add() {
    long pages = outageEnd.pages();
    if (count++ == 0) {
      since = loop.uptime();
      pagesAtFirst = pages;
    }
    isAlone = count > MAX_BY_CHANCE && pages != pagesAtLast;
    hasBeenAlone |= isAlone;
    pagesAtLast = pages;
  }

  /** How many failures there were. */
  int count() {
    return count;
  }

  /** Whether the first failure was so long ago. */
  boolean hasLasted(Duration time) {
    return loop.uptime().minus(since).compareTo(time) >= 0;
  }

  /** Whether it has failed again and again, and others were answered before the last time. */
  boolean isAlone() {
    return isAlone;
  }

  /** Whether it has ever failed alone: then nobody learns from it when the API answers again. */
  boolean hasBeenAlone() {
    return hasBeenAlone;
  }

  /** Whether it has failed alone for long. */
  boolean isAloneForLong() {
    return isAlone && hasLasted(LONG);
  }

  /** Whether the API has answered nobody since the first failure. */
  boolean isOfAll() {
    return outageEnd.pages() == pagesAtFirst;
  }

  /**
   * What may be requested instead of the whole where no other request tells whether the API answers
   * at all: in the place of every third attempt a second of its range, each time another one.
   *
   * @return null to request the whole
   */
  @Nullable PageRequest nextPart(PageRequest request) {
    long seconds = Duration.between(request.from(), request.to()).toSeconds();
    boolean isTurn =
        count > MAX_BY_CHANCE && count % ATTEMPTS_FOR_A_PART == 0 && count != countAtPart;
    if (!isTurn || seconds < 1 || outageEnd.pages() != pagesAtLast) {
      return null;
    }
    countAtPart = count;
    Instant from = request.from().plusSeconds((long) (seconds * (count * GOLDEN_RATIO % 1)));
    return new PageRequest(from, from.plusSeconds(1), 1, 1);
  }
}
