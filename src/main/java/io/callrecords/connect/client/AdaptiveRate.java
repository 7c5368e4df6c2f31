package io.callrecords.connect.client;

import java.time.Duration;

/**
 * The part of the full rate that the API bears. It is halved when requests are refused, and grows
 * with each page; where it is refused again on its way up, that rate is remembered: it stays just
 * below, and tries again only now and then whether the API bears more.
 */
final class AdaptiveRate {
  private static final double MIN = 1.0 / 64;
  private static final double GROWTH_OF_FULL = .01;
  private static final double MAX_GROWTH = .05;

  /** The first step below a rate that was refused; a further one takes twice as much, in turn. */
  private static final double STEP = .02;

  private static final double PROBE_GROWTH = .005;

  /** A rate at which so many pages came in a row is one that the API bears. */
  private static final int PROVEN_PAGES = 3;

  /** A refusal after so many pages may be one of a request that was late. */
  private static final int PAGES_OF_AN_ACCIDENT = 40;

  /** At the full rate, all is forgotten after so many pages. */
  private static final int PAGES_OF_RECOVERY = 1_000;

  private static final Duration MIN_HOLD = Duration.ofMinutes(1);
  private static final Duration MAX_HOLD = Duration.ofMinutes(4);

  private double factor = 1;
  private boolean hasBeenLowered;
  private Duration loweredAt = Duration.ZERO;

  /** The factor at which refusals began; zero where that is not known. */
  private double ceiling;

  private int pages;
  private int stepsInARow;
  private Duration hold = MIN_HOLD;
  private Duration probeAt = Duration.ZERO;
  private boolean isProbing;

  /** The part of the full rate to use now. */
  double factor() {
    return factor;
  }

  /** Whether it is known at which rate refusals begin. */
  boolean isLearned() {
    return ceiling > 0;
  }

  /**
   * Records that a request was refused as one too many.
   *
   * @param now the uptime
   * @param sent when it was sent: if before the rate was last lowered, it says nothing about the
   *     present rate
   * @return whether the rate was lowered
   */
  boolean refuse(Duration now, Duration sent) {
    int pagesBefore = pages;
    pages = 0;
    if (hasBeenLowered && sent.compareTo(loweredAt) <= 0) {
      return false;
    }
    if (isLearned() && !isProbing && pagesBefore >= PAGES_OF_AN_ACCIDENT) {
      return false;
    }
    if (isLearned() || (hasBeenLowered && pagesBefore >= PROVEN_PAGES)) {
      stepBelow(now, pagesBefore);
    } else {
      lowerTo(now, factor / 2);
    }
    return true;
  }

  private void stepBelow(Duration now, int pagesBefore) {
    stepsInARow = pagesBefore >= PROVEN_PAGES ? 0 : stepsInARow + 1;
    if (isProbing) {
      Duration longer = hold.multipliedBy(2);
      hold = longer.compareTo(MAX_HOLD) > 0 ? MAX_HOLD : longer;
    }
    isProbing = false;
    probeAt = now.plus(hold);
    ceiling = factor;
    boolean isRare = pagesBefore >= PAGES_OF_AN_ACCIDENT / 2;
    double step = isRare ? STEP / 2 : Math.min(.5, STEP * (1 << Math.min(stepsInARow / 2, 5)));
    lowerTo(now, factor * (1 - step));
  }

  private void lowerTo(Duration now, double lower) {
    factor = Math.max(MIN, lower);
    hasBeenLowered = true;
    loweredAt = now;
  }

  /**
   * Records that a page was received, which lets a lowered rate recover.
   *
   * @param now the uptime
   */
  void accept(Duration now) {
    pages++;
    if (factor >= 1) {
      forget();
    } else if (!isLearned()) {
      factor = Math.min(1, factor + Math.min(GROWTH_OF_FULL, factor * MAX_GROWTH));
    } else if (now.compareTo(probeAt) >= 0) {
      isProbing = true;
      factor = Math.min(1, factor * (1 + PROBE_GROWTH));
      if (factor > ceiling * 1.1) {
        // The API bears more than it did: the rate grows as after any other refusal.
        ceiling = 0;
        hold = MIN_HOLD;
        isProbing = false;
      }
    }
  }

  private void forget() {
    if (hasBeenLowered && pages >= PAGES_OF_RECOVERY) {
      hasBeenLowered = false;
      ceiling = 0;
      hold = MIN_HOLD;
      isProbing = false;
    }
  }
}
