package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The API's time of day, taken from the {@code Date} of its answers.
 *
 * <p>Between answers it goes on with the loop's uptime, so that a jump of this machine's clock
 * moves nothing. Before the first answer it is this machine's clock.
 *
 * <p>What is settled and what has expired depends on this clock, so one odd answer must not move it
 * far: a jump of more than a minute counts when the next answer confirms it, and what the very
 * first one says is {@linkplain #isSure() built on} when the next one does.
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

  /** Creates a clock that has not heard from the server. */
  public ServerClock(EventLoop loop) {
    this.loop = loop;
  }

  /** The server's time, as far as known. */
  public Instant now() {
    Instant base = atStart;
    return base == null ? loop.wallClock() : base.plus(loop.uptime());
  }

  /**
   * The time to sign with: a date that came with the refusal of a timestamp counts at once, since
   * nothing can be lost by it.
   */
  public Instant forSigning() {
    Instant base = forSigningAtStart;
    return base == null ? now() : base.plus(loop.uptime());
  }

  /**
   * Whether the time can be built on: two answers in a row agree about it, or one with this
   * machine's clock, roughly; or no answer has told the time.
   */
  public boolean isSure() {
    return confirmed || atStart == null || !differ(now(), loop.wallClock(), NEAR);
  }

  /**
   * Takes note of the {@code Date} of an answer of the API.
   *
   * @param sent the uptime at which it was asked: the date is of some moment since, so that an
   *     answer that was long on its way moves nothing
   */
  void heard(Instant date, Duration sent) {
    note(date, sent);
    if (!differ(date, now(), BELIEVABLE)) {
      forSigningAtStart = null;
    }
  }

  private void note(Instant date, Duration sent) {
    Instant heard = date.minus(loop.uptime());
    Instant known = atStart;
    Instant last = lastAtStart;
    lastAtStart = heard;
    confirmed |= last != null && !differ(heard, last, BELIEVABLE);
    if (known == null) {
      atStart = heard;
    } else if ((known.isBefore(heard.minus(TOLERANCE))
            || known.isAfter(date.minus(sent).plus(TOLERANCE)))
        && (!differ(heard, known, BELIEVABLE)
            || (last != null && !differ(heard, last, BELIEVABLE)))) {
      atStart = heard;
    }
  }

  /**
   * Takes note of the {@code Date} of an answer that calls a timestamp expired: the next one is
   * made of it. The clock itself follows when another answer agrees, as with any other jump.
   */
  void corrected(Instant date) {
    forSigningAtStart = date.minus(loop.uptime());
    note(date, loop.uptime());
  }

  private static boolean differ(Instant a, Instant b, Duration by) {
    return Duration.between(a, b).abs().compareTo(by) > 0;
  }
}
