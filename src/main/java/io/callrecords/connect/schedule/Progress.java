package io.callrecords.connect.schedule;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a task has come, and what is left. The loop updates it from time to time, any thread may
 * read it.
 *
 * <p>What is left is estimated: the backlog that is unread holds as many records per second as that
 * which was read since the start, and goes on being read as fast as in the last minutes.
 */
public final class Progress {
  /** The rates are those of this last time. */
  private static final Duration MEASURED = Duration.ofMinutes(5);

  private static final double SECONDS_A_DAY = 86_400;

  private final EventLoop loop;
  private final Deque<ProgressSample> samples = new ArrayDeque<>();
  private long rowsRead;
  private long secondsRead;
  private volatile View view;

  /** What a task had read and sent at a moment of its uptime. */
  private record ProgressSample(Duration at, long records, long rows, long seconds) {}

  /**
   * What can be current.
   *
   * @param at when that was so
   * @param live how far the present is ahead of what was read of it; null where nobody follows it
   * @param unsettled how long ago the oldest moment is that is not settled; null when there is none
   * @param share the part of the range that is read, from 0 to 1
   * @param unread seconds of the range that are unread and not the present's
   */
  private record View(
      Duration at,
      @Nullable Duration live,
      @Nullable Duration unsettled,
      double share,
      long unread,
      double records,
      double secondsLeft,
      double recordsPerSecond) {
    Duration grown(@Nullable Duration lag, Duration now) {
      return lag == null ? Duration.ZERO : lag.plus(now.minus(at));
    }
  }

  /**
   * Creates the progress of a task that has not begun.
   *
   * @param follows whether the task follows the present
   */
  Progress(EventLoop loop, boolean follows) {
    this.loop = loop;
    this.view =
        new View(
            loop.uptime(),
            follows ? Duration.ZERO : null,
            null,
            0,
            0,
            Double.NaN,
            Double.NaN,
            Double.NaN);
  }

  /**
   * Takes note that a part of the backlog was read.
   *
   * @param rows how many rows the API has returned for it
   * @param seconds how long it is
   */
  void read(long rows, long seconds) {
    rowsRead += rows;
    secondsRead += seconds;
  }

  /**
   * Takes note of where the task is.
   *
   * @param live how far the present is ahead of what was read of it; null where nobody follows it
   * @param unsettled how long ago the oldest moment is that is not settled; null when there is none
   * @param unread seconds of the backlog that are unread
   * @param wanted seconds of the range up to now
   * @param records how many records were handed over so far
   */
  void update(
      @Nullable Duration live,
      @Nullable Duration unsettled,
      long unread,
      long wanted,
      long records) {
    Duration at = loop.uptime();
    samples.add(new ProgressSample(at, records, rowsRead, secondsRead));
    while (samples.size() > 2 && at.minus(samples.getFirst().at()).compareTo(MEASURED) > 0) {
      samples.removeFirst();
    }
    view =
        new View(
            at,
            live,
            unsettled,
            wanted == 0 ? 1 : 1 - (double) unread / wanted,
            unread,
            recordsLeft(unread),
            secondsLeft(unread),
            recordsPerSecond());
  }

  private double recordsLeft(long unread) {
    return unread == 0
        ? 0
        : secondsRead == 0 ? Double.NaN : (double) unread * rowsRead / secondsRead;
  }

  /** Quiet hours pass faster than busy ones: where there are records, they are what takes time. */
  private double secondsLeft(long unread) {
    if (unread == 0) {
      return 0;
    }
    ProgressSample first = samples.getFirst();
    ProgressSample last = samples.getLast();
    double elapsed = last.at().minus(first.at()).toMillis() / 1e3;
    long rows = last.rows() - first.rows();
    long seconds = last.seconds() - first.seconds();
    double records = recordsLeft(unread);
    if (elapsed > 0 && rows > 0 && records > 0) {
      return records * elapsed / rows;
    }
    return elapsed > 0 && seconds > 0 ? unread * elapsed / seconds : Double.NaN;
  }

  private double recordsPerSecond() {
    ProgressSample first = samples.getFirst();
    ProgressSample last = samples.getLast();
    double elapsed = last.at().minus(first.at()).toMillis() / 1e3;
    return elapsed > 0 ? (last.records() - first.records()) / elapsed : Double.NaN;
  }

  /**
   * Seconds from what was last read of the present to now, between zero and a poll interval and a
   * request when all is well; zero for a task that does not follow the present.
   */
  public long liveLagSeconds() {
    View current = view;
    return current.grown(current.live(), loop.uptime()).toSeconds();
  }

  /** Age of the oldest moment of the range that is not settled, in seconds; zero if all is. */
  public long oldestUnsettledSeconds() {
    View current = view;
    return current.grown(current.unsettled(), loop.uptime()).toSeconds();
  }

  /** How much of the range is unread and not the present's, in days. */
  public double backlogDays() {
    return view.unread() / SECONDS_A_DAY;
  }

  /** How many records that is, estimated; not a number before anything of it was read. */
  public double backlogRecords() {
    return view.records();
  }

  /** How many seconds that takes, estimated; not a number before anything of it was read. */
  public double backlogSecondsLeft() {
    return view.secondsLeft();
  }

  /** The progress of the backlog as a line of the log. */
  String line(long records) {
    View current = view;
    String rate =
        Double.isNaN(current.recordsPerSecond())
            ? ""
            : String.format(Locale.ROOT, " (%,.0f per second)", current.recordsPerSecond());
    String left =
        Double.isNaN(current.secondsLeft())
            ? ""
            : String.format(
                Locale.ROOT,
                ", about %,.0f records and %s",
                current.records(),
                span(current.secondsLeft()));
    return String.format(
        Locale.ROOT,
        "Backlog %.1f %% read: %,d records emitted%s; %.1f days left%s.",
        current.share() * 100,
        records,
        rate,
        backlogDays(),
        left);
  }

  /** A time span as people say it, of a number of seconds. */
  public static String span(double seconds) {
    if (seconds < 100) {
      return Math.round(seconds) + " s";
    }
    if (seconds < 100 * 60) {
      return Math.round(seconds / 60) + " min";
    }
    return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
