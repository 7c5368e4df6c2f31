package io.callrecords.cli.check;

import io.callrecords.connect.schedule.Progress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there is to load at first.
 *
 * @param since where the range begins
 * @param records how many records there are, or null where the totals do not tell
 * @param requests about how many requests they take, or null
 * @param seconds about how many seconds that takes, or null
 * @param text the same for people
 */
record BacklogEstimate(
    Instant since,
    @Nullable Long records,
    @Nullable Long requests,
    @Nullable Long seconds,
    String text) {
  private static final Duration MONTH = Duration.ofDays(30);

  /**
   * Asks for the totals of the range, a month at a time.
   *
   * @param since where the range begins
   * @param pageSize the size of the connector's pages
   * @param perSecond how many requests a second it sends at most
   * @param countsCalls whether totals count calls
   */
  static BacklogEstimate of(
      Survey survey, Instant since, int pageSize, double perSecond, boolean countsCalls)
      throws InterruptedException {
    if (!countsCalls) {
      return new BacklogEstimate(
          since,
          null,
          null,
          null,
          "Since " + since + " there are calls, but the totals do not say how many.");
    }
    long records = 0;
    Instant to = survey.now();
    for (Instant from = since; from.isBefore(to); from = from.plus(MONTH)) {
      Instant end = from.plus(MONTH).isBefore(to) ? from.plus(MONTH) : to;
      Long total = survey.ask(from, end, 1, 1).total();
      records += total == null ? 0 : total;
    }
    long days = Duration.between(since, to).toDays() + 1;
    // Each day costs a request however few calls it has; windows that are cut cost a tenth on top.
    long requests = records * 11 / 10 / pageSize + days + days / 7 + 1;
    double seconds = requests / perSecond;
    return new BacklogEstimate(
        since,
        records,
        requests,
        Math.round(seconds),
        "%,d records since %s: about %,d requests, %s at %s a second."
            .formatted(records, since, requests, Progress.span(seconds), perSecond));
  }
}
