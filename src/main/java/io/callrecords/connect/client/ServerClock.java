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
 */
public final class ServerClock {
  /** {@code Date} has whole seconds and is as old as the answer's way: less is no difference. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final EventLoop loop;
  private @Nullable Instant atStart;

  /** Creates a clock that has not heard from the server. */
  public ServerClock(EventLoop loop) {
    this.loop = loop;
  }

  /** The server's time, as far as known. */
  public Instant now() {
    Instant base = atStart;
    return base == null ? loop.wallClock() : base.plus(loop.uptime());
  }

  /** Takes note of an answer's {@code Date}. */
  void heard(Instant date) {
    if (atStart == null || Duration.between(date, now()).abs().compareTo(TOLERANCE) > 0) {
      atStart = date.minus(loop.uptime());
    }
  }
}
