package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API's time of day, taken from the {@code Date} of its responses.
 *
 * <p>Between responses it goes on with the loop's uptime, so that a jump of this machine's clock
 * moves nothing. Before the first response it is this machine's clock.
 *
 * <p>What is settled and what has expired depends on this clock, so one odd response must not move
 * it far: a jump of more than a minute counts when the next response confirms it, and the time of
 * the very first response {@linkplain #isSure() can be relied on} once another one confirms it.
 *
 * <p>A date more than a day ahead of this machine's clock may sign, but nothing expires and nothing
 * is settled by it, unless this clock was within a day of the machine's before: of two clocks that
 * differ so much, the earlier one does no harm.
 *
 * <p>A gateway may write a {@code Date} that is not the API's time. Where a timestamp of that date
 * is refused and another one is accepted, usually this machine's, the latter counts.
 */
public final class ServerClock {
  private static final Logger LOG = LoggerFactory.getLogger(ServerClock.class);

  /** {@code Date} has whole seconds, cut or rounded: less is no difference. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /** What a drifting clock or a leap explains; a larger jump has to be confirmed. */
  private static final Duration BELIEVABLE = Duration.ofMinutes(1);

  /** A single odd date that is no further off does no harm until the next ones correct it. */
  private static final Duration NEAR = Duration.ofMinutes(10);

  private final EventLoop loop;
  private @Nullable Instant atStart;
  private @Nullable Instant lastAtStart;
  private @Nullable Instant forSigningAtStart;
  private boolean confirmed;

  private final SignatureHistory signatures = new SignatureHistory();
  private final ClockComparison comparison;

  /** How far the date of a gateway is ahead that is known to be wrong; null without any. */
  private @Nullable Duration errorOfDate;

  private boolean hasWarned;

  /** Creates a clock that knows this machine's time only. */
  public ServerClock(EventLoop loop) {
    this.loop = loop;
    this.comparison = new ClockComparison(loop);
  }

  /** The server's time, as far as known. */
  public Instant now() {
    Instant base = atStart;
    return base == null ? loop.wallClock() : base.plus(loop.uptime());
  }

  /** The server's time at an uptime of the loop, as far as known now. */
  Instant at(Duration uptime) {
    return now().minus(loop.uptime().minus(uptime));
  }

  /**
   * The time to sign with: a date that came with the refusal of a timestamp counts at once, because
   * nothing can be lost by it.
   */
  public Instant forSigning() {
    Instant base = forSigningAtStart;
    return base == null ? now() : base.plus(loop.uptime());
  }

  /**
   * Whether the time can be relied on: two responses in a row agree about it, or one agrees with
   * this machine's clock, roughly; or no response has had a date yet.
   */
  public boolean isSure() {
    return confirmed || atStart == null || !differ(now(), loop.wallClock(), NEAR);
  }

  /**
   * How far the API's clock is ahead of this machine's.
   *
   * @param date the {@code Date} of a response, which counts here even if nothing goes by it
   */
  Duration offset(Instant date) {
    boolean isShown = errorOfDate == null && comparison.isFarAhead(date);
    return Duration.between(loop.wallClock(), isShown ? date : now());
  }

  /**
   * Whether the time is more than a day behind this machine's: by it, there may be nothing to
   * request, and so no response that says when it is set right.
   */
  public boolean isFarBehind() {
    return comparison.isFarBehind(now());
  }

  /**
   * Observes the {@code Date} of a response of the API.
   *
   * @param sentAt the uptime at which the request was sent: the date is of some moment since then,
   *     so that a slow response moves nothing
   */
  void observe(Instant date, Duration sentAt) {
    loop.checkOnLoop();
    Duration error = errorOfDate;
    if (error != null && !differ(date, now().plus(error), BELIEVABLE)) {
      return;
    }
    note(date, sentAt);
    if (!differ(date, now(), BELIEVABLE)) {
      forSigningAtStart = null;
    }
  }

  private void note(Instant date, Duration sentAt) {
    Instant observed = date.minus(loop.uptime());
    if (!comparison.isFarAhead(date)
        || (atStart != null && !differ(observed, atStart, BELIEVABLE))) {
      follow(observed, date, sentAt);
    } else if (atStart == null) {
      forSigningAtStart = observed;
    }
    comparison.note(date, !differ(date, now(), BELIEVABLE));
  }

  private void follow(Instant observed, Instant date, Duration sentAt) {
    Instant known = atStart;
    Instant last = lastAtStart;
    lastAtStart = observed;
    confirmed |= last != null && !differ(observed, last, BELIEVABLE);
    if (known == null) {
      atStart = observed;
    } else if ((known.isBefore(observed.minus(TOLERANCE))
            || known.isAfter(date.minus(sentAt).plus(TOLERANCE)))
        && (!differ(observed, known, BELIEVABLE)
            || (last != null && !differ(observed, last, BELIEVABLE)))) {
      atStart = observed;
    }
  }

  /**
   * Observes the {@code Date} of a response that rejects a timestamp as expired: the next timestamp
   * is made of it. The clock itself follows when another response agrees, as with any other jump.
   */
  void correct(Instant date) {
    loop.checkOnLoop();
    forSigningAtStart = date.minus(loop.uptime());
    note(date, loop.uptime());
  }

  /**
   * Observes that the API has accepted a timestamp.
   *
   * @param signed the timestamp
   * @param sentAt the uptime at which it was sent
   * @param date the {@code Date} of the response, or null
   */
  void accept(Instant signed, Duration sentAt, @Nullable Instant date) {
    loop.checkOnLoop();
    signatures.accept(signed.minus(sentAt), date == null ? null : date.minus(loop.uptime()));
    Duration error = errorOfDate;
    if (date != null && error != null && SignatureHistory.alike(signed, date)) {
      errorOfDate = null;
    }
    judgeDate();
    signatures.forgetRefusals();
    if (errorOfDate != null) {
      followMachine();
    }
    if (date != null) {
      observe(date, sentAt);
    }
  }

  /**
   * Observes that the API has rejected a timestamp as expired: the next one is made of the date
   * that came with that, of this machine's clock, or of what was accepted last, in turn.
   *
   * @param signed the timestamp
   * @param sentAt the uptime at which it was sent
   * @param date the {@code Date} of the response, or null
   */
  void refuse(Instant signed, Duration sentAt, @Nullable Instant date) {
    loop.checkOnLoop();
    Instant base = signed.minus(sentAt);
    signatures.refuse(base);
    judgeDate();
    Instant dateBase = date == null ? null : date.minus(loop.uptime());
    Instant machine = loop.wallClock().minus(loop.uptime());
    Instant next =
        Stream.of(dateBase, machine, signatures.accepted())
            .filter(Objects::nonNull)
            .filter(time -> !signatures.wasRefused(time))
            .findFirst()
            .orElse(null);
    if (next == null) {
      // Each was refused: begin anew, since one of several servers may be to blame.
      signatures.forgetRefusals();
      next = dateBase == null ? machine : dateBase;
    }
    if (date != null && next.equals(dateBase)) {
      correct(date);
    } else {
      forSigningAtStart = next;
    }
  }

  /** Goes by the timestamps that are accepted where the date of the responses proves wrong. */
  private void judgeDate() {
    Duration error = signatures.errorOfDate();
    if (error == null) {
      return;
    }
    errorOfDate = error;
    atStart = signatures.accepted();
    lastAtStart = null;
    forSigningAtStart = null;
    confirmed = true;
    if (!hasWarned) {
      hasWarned = true;
      LOG.warn(
          "The Date header of the API's responses is wrong by about {} min: it says {} at {}. The API"
              + " refuses timestamps by that header and accepts those by the worker's clock, so"
              + " that clock counts. Have the clock of the gateway that writes the header set.",
          Math.round(error.toSeconds() / 60.0),
          now().plus(error).truncatedTo(ChronoUnit.SECONDS),
          now().truncatedTo(ChronoUnit.SECONDS));
    }
  }

  /** Follows this machine's clock, which somebody keeps right, but no jump of it. */
  private void followMachine() {
    Instant machine = loop.wallClock().minus(loop.uptime());
    if (atStart != null && !differ(machine, atStart, BELIEVABLE)) {
      atStart = machine;
    }
  }

  private static boolean differ(Instant a, Instant b, Duration by) {
    return Duration.between(a, b).abs().compareTo(by) > 0;
  }
}
