package io.callrecords.connect.fetch;

import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one range after another, cut into windows of bounded size, and yields them in order.
 *
 * <p>It reads ahead of what has been taken, so that requests are always under way, but never holds
 * more than a few windows' records. Runs on the loop.
 */
public final class RangeQueue {
  private static final int REOPENED_AT_MOST = 3;

  /** How often the API has to say that it keeps less than the setting says, over a minute. */
  private static final int REFUSALS = 4;

  private static final Duration REST = Duration.ofSeconds(10);

  private static final Duration LATE_AFTER = Duration.ofMinutes(1);

  private static final int PASSES_BEFORE_CUTTING = 2;
  private static final long SECONDS_OF_A_PIECE = 3;
  private static final int PASSES_AT_MOST = 40;

  private final WindowReader reader;
  private final Priority priority;
  private final WindowSize size;
  private final PrefetchLimits ahead;
  private final RetentionLimit reach;
  private final Runnable onReady;
  private final Consumer<Throwable> onFailure;
  private final Deque<RangeFetch> nodes = new ArrayDeque<>();
  private boolean isFull;

  /** Whether there are records, or soon will be, for which nobody has to wait long. */
  private boolean hasBegun;

  /**
   * Creates a lane.
   *
   * @param priority whether its requests go before others
   * @param ahead how far it reads ahead
   * @param reach what the API answers for
   * @param onReady called when the next result may be there
   * @param onFailure called when reading has failed for good
   */
  public RangeQueue(
      WindowReader reader,
      Priority priority,
      PrefetchLimits ahead,
      RetentionLimit reach,
      Runnable onReady,
      Consumer<Throwable> onFailure) {
    this.reader = reader;
    this.priority = priority;
    this.size = ahead.size();
    this.ahead = ahead;
    this.reach = reach;
    this.onReady = onReady;
    this.onFailure = onFailure;
  }

  /** What came of a range or of a piece of it. */
  public sealed interface Result {
    /** The part of the range that the API no longer answers for; it lies before the rest. */
    TimeRange expired();

    /** It was read. */
    record Read(TimeRange expired, WindowSnapshot window) implements Result {}

    /** Its total is the expected one. */
    record Unchanged(TimeRange expired, TimeRange range, Instant requestedAt) implements Result {}

    /** Its total is not the expected one. */
    record Changed(TimeRange expired, TimeRange range) implements Result {}

    /** Nothing of it can be had any more. */
    record Expired(TimeRange expired) implements Result {}
  }

  /** Whether everything has been read and taken. */
  public boolean isIdle() {
    return nodes.isEmpty();
  }

  /** How many ranges wait to be requested. */
  public int waiting() {
    return (int) nodes.stream().filter(node -> node.phase == Phase.WAITING).count();
  }

  /** The ranges that are not yet read and taken. */
  public List<TimeRange> ranges() {
    return nodes.stream().map(node -> node.range).toList();
  }

  /** Reads a range once those before it are under way. */
  public void read(TimeRange range) {
    add(new RangeFetch(range, null, true));
  }

  /** Reads a range unless its total is the expected one. */
  public void readUnless(TimeRange range, long expectedTotal) {
    add(new RangeFetch(range, expectedTotal, true));
  }

  /** Compares a range's total with the expected one, and reads nothing. */
  public void compare(TimeRange range, long expectedTotal) {
    add(new RangeFetch(range, expectedTotal, false));
  }

  private void add(RangeFetch node) {
    nodes.add(node);
    advance();
  }

  /**
   * The next result, or null while it is not there yet. Results come in order, unless a range holds
   * up too many others, or for too long, as one does that the API fails to answer for: then it is
   * overtaken.
   */
  public @Nullable Result take() {
    RangeFetch next = first();
    if (next != null && next.result == null) {
      List<RangeFetch> done = nodes.stream().filter(node -> node.result != null).toList();
      boolean mayOvertake = done.size() >= ahead.maxOpenRanges() || isFull || next.isLate;
      next = mayOvertake && !done.isEmpty() ? done.get(0) : null;
    }
    if (next == null) {
      return null;
    }
    nodes.remove(next);
    Result result = next.result;
    // The timer that tells of its lateness holds it for a while: its records are not to stay so
    // long.
    next.result = null;
    advance();
    return result;
  }

  /** The first range that others wait for: what the API refuses, young as it is, holds up none. */
  private @Nullable RangeFetch first() {
    return nodes.stream()
        .filter(node -> node.phase != Phase.REFUSED_RETRYING)
        .findFirst()
        .orElse(null);
  }

  /**
   * Opens the next few ranges, and reads on in those whose records may be held: the first in any
   * case, the others while there is room.
   */
  private void advance() {
    long held = 0;
    int opened = 0;
    isFull = false;
    for (RangeFetch node : new ArrayList<>(nodes)) {
      boolean first = node == first();
      if (node.phase == Phase.WAITING && opened < ahead.maxOpenRanges()) {
        node.open();
      }
      if (node.phase == Phase.OPENED) {
        if (first || held + node.records <= ahead.records()) {
          node.fetchRemaining();
        } else {
          isFull = true;
        }
      }
      if (node.phase == Phase.WAITING
          || node.phase == Phase.OPENING
          || node.phase == Phase.OPENED) {
        opened++;
      }
      if (opened >= ahead.maxOpenRanges()) {
        return;
      }
      held += node.records;
    }
  }

  private void replace(RangeFetch node, List<TimeRange> pieces) {
    List<RangeFetch> all = new ArrayList<>(nodes);
    nodes.clear();
    for (RangeFetch other : all) {
      if (other == node) {
        pieces.forEach(piece -> nodes.add(new RangeFetch(piece, null, true)));
      } else {
        nodes.add(other);
      }
    }
  }

  /** How far a range is. */
  private enum Phase {
    WAITING,
    OPENING,
    OPENED,
    READING,
    REFUSED_RETRYING,
    DONE
  }

  /** One range on its way to a result. */
  private final class RangeFetch {
    private final TimeRange range;
    private final @Nullable Long expectedTotal;
    private final boolean reads;
    private Phase phase = Phase.WAITING;
    private int reopened;
    private int refusals;
    private boolean isLate;
    private TimeRange kept;
    private TimeRange expired;
    private long records = size.page();
    private WindowReader.@Nullable FirstPage opening;
    private @Nullable Result result;

    RangeFetch(TimeRange range, @Nullable Long expectedTotal, boolean reads) {
      this.range = range;
      this.reads = reads;
      this.expectedTotal = expectedTotal;
      this.kept = range;
      this.expired = new TimeRange(range.from(), range.from());
    }

    void open() {
      if (phase == Phase.WAITING) {
        watch(reader.delay(LATE_AFTER).thenRun(this::late), onFailure);
      }
      phase = Phase.OPENING;
      kept = reach.clip(range);
      expired = new TimeRange(range.from(), kept.from());
      if (kept.isEmpty()) {
        done(new Result.Expired(range));
      } else {
        watch(reader.open(kept, priority).thenAccept(this::opened), this::failedToOpen);
      }
    }

    private void opened(WindowReader.FirstPage newOpening) {
      reach.answered(kept);
      long total = newOpening.first().total();
      // Totals can be compared over the very same range only.
      if (expectedTotal != null && expectedTotal == total && kept.equals(range)) {
        done(new Result.Unchanged(expired, range, newOpening.first().requestedAt()));
      } else if (!reads) {
        done(new Result.Changed(expired, range));
      } else if (isDivisible() && isBeginning(total)) {
        hasBegun = true;
        cutSmall(total);
      } else if (isNews(total)) {
        // Calls come in while its pages are read, so that these would not agree.
        cut(size.unsteadyPieces(total));
      } else if (isDivisible() && total > size.max()) {
        cut(size.pieces(total));
      } else {
        hasBegun |= total > 0;
        records = total;
        opening = newOpening;
        phase = Phase.OPENED;
      }
      if (phase != Phase.OPENED) {
        // Nobody uses the page, but what it proves of the settings concerns all.
        watch(newOpening.examined(), onFailure);
      }
      advance();
    }

    private void late() {
      if (phase != Phase.DONE) {
        isLate = true;
        onReady.run();
      }
    }

    /**
     * Whether it is more than a page of the present, but not so dense that most of a piece would be
     * the seconds before and after it, which are asked for, too.
     */
    private boolean isNews(long total) {
      return priority == Priority.LIVE
          && total > size.page()
          && kept.seconds() >= SECONDS_OF_A_PIECE * size.unsteadyPieces(total);
    }

    /** Whether this is what the first records wait for, and more than a page of them. */
    private boolean isBeginning(long total) {
      return !hasBegun && priority == Priority.BACKLOG && total > size.page() && this == first();
    }

    private boolean isDivisible() {
      return kept.seconds() > 1;
    }

    void fetchRemaining() {
      WindowReader.FirstPage first = opening;
      if (first == null) {
        throw new IllegalStateException("Not opened: " + range);
      }
      opening = null;
      phase = Phase.READING;
      // A window of one page is an answer of one moment, which nothing can shift.
      boolean mayCut = isDivisible() && records > size.page();
      watch(
          reader
              .readRemaining(
                  first,
                  isDivisible() ? size.max() : Long.MAX_VALUE,
                  mayCut ? PASSES_BEFORE_CUTTING : PASSES_AT_MOST)
              .thenAccept(
                  window -> {
                    // The first answer may have been a fault that hid how much there is.
                    boolean outgrown = isDivisible() && window.total() > size.max();
                    if (!window.verified() && (mayCut || outgrown)) {
                      cut(size.unsteadyPieces(window.total()));
                    } else {
                      records = window.records().size();
                      done(new Result.Read(expired, window));
                    }
                    advance();
                  }),
          this::failedToRead);
    }

    /** Its first page was answered, so that one that is refused later is asked for anew first. */
    private void failedToRead(Throwable cause) {
      if (isOutOfRange(cause) && reopened++ < REOPENED_AT_MOST) {
        open();
      } else {
        failedToOpen(cause);
      }
    }

    private void cut(int pieces) {
      replaceBy(new ArrayList<>(kept.cut(pieces)));
    }

    /** Cuts a piece off that is likely to be a single page, so that it is read at once. */
    private void cutSmall(long total) {
      Instant end = kept.from().plusSeconds(size.secondsOfAFew(kept, total));
      List<TimeRange> parts = new ArrayList<>();
      parts.add(new TimeRange(kept.from(), end));
      parts.addAll(new TimeRange(end, kept.to()).cut(total > size.max() ? size.pieces(total) : 1));
      replaceBy(parts);
    }

    private void replaceBy(List<TimeRange> parts) {
      // The first piece begins where this did, so that it is the one that reports what expired.
      parts.set(0, new TimeRange(range.from(), parts.get(0).to()));
      replace(this, parts);
    }

    private void done(Result newResult) {
      result = newResult;
      phase = Phase.DONE;
      onReady.run();
    }

    // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void watch(CompletableFuture<?> outcome, Consumer<Throwable> failed) {
      outcome.whenComplete(
          (nothing, error) -> {
            if (error != null) {
              failed.accept(Objects.requireNonNull(RetentionLimit.cause(error)));
            }
          });
    }

    private void failedToOpen(Throwable cause) {
      boolean old = reach.isOld(kept.to());
      if (!isOutOfRange(cause)) {
        onFailure.accept(cause);
      } else if (!reach.clip(range).equals(kept) && reopened++ < REOPENED_AT_MOST) {
        // It grew too old while it waited for its turn.
        open();
      } else {
        refused(old);
      }
    }

    /** Of a young range, a parameter that is refused says nothing of its age. */
    private boolean isOutOfRange(Throwable cause) {
      return RetentionLimit.isRefused(cause) && (reach.isOld(kept.to()) || !isParameter(cause));
    }

    private static boolean isParameter(Throwable cause) {
      return cause instanceof RefusedException refused && refused.status() == ApiStatus.PARAMETER;
    }

    /**
     * The API calls the range too old or too long. Its last second tells which: where that is
     * refused too, all before it has expired. But a range that is young has not, whatever the API
     * says: that is asked for until it is answered. Then the whole may be answered, too: it is too
     * long only where it goes on being refused while its last second is not.
     */
    private void refused(boolean old) {
      TimeRange lastSecond = new TimeRange(kept.to().minusSeconds(1), kept.to());
      // What is older was answered a while ago: this refusal is a fault of the API's.
      boolean mayExpire = old && !reach.hasAnsweredBefore(lastSecond.from());
      phase = mayExpire ? Phase.OPENING : Phase.REFUSED_RETRYING;
      CompletableFuture<WindowReader.FirstPage> probe =
          mayExpire
              ? reader.open(lastSecond, priority)
              : reader.openDespiteRefusal(lastSecond, priority);
      watch(
          probe.thenAccept(
              answered -> {
                if (lastSecond.equals(kept)) {
                  opened(answered);
                } else {
                  halve();
                }
              }),
          cause -> {
            if (!mayExpire || !RetentionLimit.isRefused(cause)) {
              onFailure.accept(cause);
            } else if (reach.isShrunk() || ++refusals >= REFUSALS) {
              reach.shrinkTo(kept.to());
              done(new Result.Expired(range));
              advance();
            } else {
              // Nothing is given up for what may be a fault of a moment.
              watch(
                  reader.delay(REST.multipliedBy(refusals)).thenRun(() -> refused(true)),
                  onFailure);
            }
          });
      advance();
    }

    private void halve() {
      if (reads) {
        cut(2);
      } else {
        done(new Result.Changed(expired, range));
      }
      advance();
    }
  }
}
