package io.callrecords.connect.fetch;

import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** The outcome of fetching a range, or a piece of one. */
public sealed interface FetchResult {
  /**
   * The part of the range that the API no longer returns, which lies before the rest; empty for
   * nothing.
   */
  TimeRange expired();

  /** The records, if any were read. */
  default Optional<WindowSnapshot> snapshot() {
    return this instanceof FetchedWindow fetched ? Optional.of(fetched.window()) : Optional.empty();
  }

  /** Applies the function for this kind of result; there is one for each kind. */
  <T> T match(
      Function<? super FetchedWindow, ? extends T> fetched,
      Function<? super UnchangedRange, ? extends T> unchanged,
      Function<? super ChangedRange, ? extends T> changed,
      Function<? super ExpiredRange, ? extends T> allExpired);

  /**
   * The range was read.
   *
   * @param window its records
   */
  record FetchedWindow(TimeRange expired, WindowSnapshot window) implements FetchResult {
    @Override
    public <T> T match(
        Function<? super FetchedWindow, ? extends T> fetched,
        Function<? super UnchangedRange, ? extends T> unchanged,
        Function<? super ChangedRange, ? extends T> changed,
        Function<? super ExpiredRange, ? extends T> allExpired) {
      return fetched.apply(this);
    }
  }

  /**
   * The range's total is the expected one; nothing was read.
   *
   * @param requestedAt the server's time when the total was requested
   */
  record UnchangedRange(TimeRange expired, TimeRange range, Instant requestedAt)
      implements FetchResult {
    @Override
    public <T> T match(
        Function<? super FetchedWindow, ? extends T> fetched,
        Function<? super UnchangedRange, ? extends T> unchanged,
        Function<? super ChangedRange, ? extends T> changed,
        Function<? super ExpiredRange, ? extends T> allExpired) {
      return unchanged.apply(this);
    }
  }

  /**
   * The range's total is not the expected one; nothing was read, as requested.
   *
   * @param total the total, or {@link WindowOffset#UNKNOWN} where the API refuses the range
   */
  record ChangedRange(TimeRange expired, TimeRange range, long total) implements FetchResult {
    @Override
    public <T> T match(
        Function<? super FetchedWindow, ? extends T> fetched,
        Function<? super UnchangedRange, ? extends T> unchanged,
        Function<? super ChangedRange, ? extends T> changed,
        Function<? super ExpiredRange, ? extends T> allExpired) {
      return changed.apply(this);
    }
  }

  /** The API no longer returns anything of the range. */
  record ExpiredRange(TimeRange expired) implements FetchResult {
    @Override
    public <T> T match(
        Function<? super FetchedWindow, ? extends T> fetched,
        Function<? super UnchangedRange, ? extends T> unchanged,
        Function<? super ChangedRange, ? extends T> changed,
        Function<? super ExpiredRange, ? extends T> allExpired) {
      return allExpired.apply(this);
    }
  }
}
