package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The API's time of day, taken from the {@code Date} of its responses.
 *
 * <p>Between responses it goes on with the loop's uptime, so that a jump of this machine's clock
 * moves nothing. Before the first response it is this machine's clock.
 *
 * <p>What is settled and what has expired depends on this clock, so one odd response must not move
 * it far: a jump of more than a minute counts when the next response confirms it, and the time of
 * the very first response {@linkplain #isSure() can be relied on} once another one confirms it.
 */
public final class ServerClock {
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

  /** Creates a clock that knows this machine's time only. */
  public ServerClock(EventLoop loop) {
    this.loop = loop;
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
   * Observes the {@code Date} of a response of the API.
   *
   * @param sentAt the uptime at which the request was sent: the date is of some moment since then,
   *     so that a slow response moves nothing
   */
  void observe(Instant date, Duration sentAt) {
    loop.checkOnLoop();
    note(date, sentAt);
    if (!differ(date, now(), BELIEVABLE)) {
      forSigningAtStart = null;
    }
  }

  private void note(Instant date, Duration sentAt) {
    Instant observed = date.minus(loop.uptime());
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

  private static boolean differ(Instant a, Instant b, Duration by) {
    return Duration.between(a, b).abs().compareTo(by) > 0;
  }
}
