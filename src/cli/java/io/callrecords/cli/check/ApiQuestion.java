package io.callrecords.cli.check;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A request for a page, as it is written.
 *
 * @param from the start of the range
 * @param to the end of the range
 * @param offset the offset with which both are written
 * @param page the number of the page, from 1
 * @param size the size of the page
 * @param signedAhead how far ahead of the API's time it is signed
 */
record ApiQuestion(
    Instant from, Instant to, ZoneOffset offset, int page, int size, Duration signedAhead) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

  /** The start as the API gets it. */
  String fromText() {
    return TIME.format(from.atOffset(offset));
  }

  /** The end as the API gets it. */
  String toText() {
    return TIME.format(to.atOffset(offset));
  }

  /** How evidence shows it. */
  String text() {
    String signed =
        signedAhead.isZero()
            ? ""
            : ", signed "
                + signedAhead.abs().toSeconds()
                + " s "
                + (signedAhead.isNegative() ? "ago" : "ahead");
    return fromText() + " to " + toText() + ", page " + page + ", size " + size + signed;
  }
}
