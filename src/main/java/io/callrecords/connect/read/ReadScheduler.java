package io.callrecords.connect.read;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a task reads next, and hands over what was read.
 *
 * <p>At every tick, one poll interval apart, the live edge is asked for what is new, together with
 * the windows that are due for another look. The backlog is read beside that with the requests that
 * are left. What was read is handed over one window at a time, the live edge's first; nothing more
 * is prepared while a window waits to be taken.
 *
 * <p>All but {@link #poll} and {@link #fail} runs on the loop.
 */
public final class ReadScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(ReadScheduler.class);

  /** How far back the live edge reaches when it starts or has fallen behind. */
  private static final Duration LIVE_REACH = Duration.ofSeconds(60);

  /** Nobody asks for the very oldest moment that the API keeps: it is gone before the answer. */
  private static final Duration RETENTION_MARGIN = Duration.ofMinutes(2);

  /** How long nobody may have asked for records before ticks stop: the connector is paused. */
  private static final Duration DEMAND = Duration.ofSeconds(5);

  private final ReadOptions options;
  private final Assignment assignment;
  private final ApiClient client;
  private final EventLoop loop;
  private final WindowSize size;
  private final TaskSplits splits;
  private final Lateness lateness;
  private final Lane live;
  private final Lane backlog;
  private final BlockingQueue<Batch> ready = new ArrayBlockingQueue<>(1);
  private volatile @Nullable Throwable failure;
  private volatile Duration demandedAt;
  private volatile boolean tickWaitsForDemand;
  private Instant edge = Instant.MIN;
  private Duration nextTick = Duration.ZERO;
  private boolean ticking;
  private boolean pumpSet;
  private boolean saidBacklogRead;
  private boolean saidExpired;

  /**
   * Creates a scheduler; {@link #start} sets it going.
   *
   * @param assignment the task's splits
   * @param stored finds the stored offsets of those of the given splits that have one
   */
  public ReadScheduler(
      ReadOptions options,
      Assignment assignment,
      Function<Collection<Split>, Map<Split, SplitOffset>> stored,
      ApiClient client,
      EventLoop loop) {
    this.options = options;
    this.assignment = assignment;
    this.client = client;
    this.loop = loop;
    this.demandedAt = loop.uptime();
    this.size = new WindowSize(client.pageSize());
    this.lateness = new Lateness(options.pollInterval(), options.lateArrival());
    this.splits = new TaskSplits(options, assignment, stored, lateness, size);
    WindowReader reader = new WindowReader(client, size);
    live = new Lane(reader, Priority.LIVE, size, this::clip, this::pumpSoon, this::fail);
    backlog = new Lane(reader, Priority.BACKLOG, size, this::clip, this::pumpSoon, this::fail);
  }

  /**
   * Waits for records.
   *
   * @param patience how long to wait at most
   * @return records of one window, or null when there are none yet
   * @throws ConnectException when reading has failed for good; says what to do
   */
  public @Nullable Batch poll(Duration patience) throws InterruptedException {
    demandedAt = loop.uptime();
    if (tickWaitsForDemand) {
      loop.execute(this::tickIfDemanded);
    }
    Batch batch = ready.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (batch != null) {
      loop.execute(this::pump);
      return batch;
    }
    Throwable cause = failure;
    if (cause instanceof ConnectException known) {
      throw known;
    }
    if (cause != null) {
      throw new ConnectException("The connector has met a fault of its own: " + cause, cause);
    }
    return null;
  }

  /** Ends the reading with an error, which {@link #poll} throws. Any thread may call it. */
  public void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  /** Sets the reading going: learns the server's time, then begins. */
  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  public void start() {
    Instant now = now();
    client
        .fetch(new PageRequest(now.minusSeconds(1), now, 1, 1), Priority.LIVE)
        .whenComplete((page, error) -> loop.execute(() -> begin(error)));
  }

  private void begin(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    // An answer that calls this range too old has brought the server's time all the same.
    boolean answered =
        cause == null
            || (cause instanceof RefusedException refused
                && refused.status() == ApiStatus.OUT_OF_RANGE);
    if (cause != null && !answered) {
      fail(cause);
      return;
    }
    LOG.info(
        "Reading the splits {} of the range from {} to {}.",
        assignment,
        options.start(),
        options.end() == null ? "the present, and on from there" : options.end());
    splits.takeUp(now());
    edge = splits.readTo();
    nextTick = loop.uptime();
    tick();
  }

  private void tickIfDemanded() {
    if (tickWaitsForDemand) {
      tickWaitsForDemand = false;
      tick();
    }
  }

  /** Asks for what is new and for what is due, and for what is left of the backlog. */
  private void tick() {
    if (loop.uptime().minus(demandedAt).compareTo(DEMAND) > 0) {
      tickWaitsForDemand = true;
      return;
    }
    ticking = true;
    nextTick =
        later(nextTick, loop.uptime().minus(options.pollInterval())).plus(options.pollInterval());
    Instant now = now();
    splits.rollOver(now);
    splits.tidy(now);
    Instant present = presentEnd(now);
    boolean open = assignment.openFrom() != null;
    if (open) {
      catchUp(present);
    }
    if (backlog.isIdle()) {
      splits.gaps(open ? edge : present).forEach(backlog::read);
    }
    Instant looksBefore = open ? readLiveEdge(present) : present;
    look(
        splits.unsettled().stream()
            .filter(window -> !window.range().to().isAfter(looksBefore))
            .filter(window -> lateness.isDue(window.range(), window.lookedAt(), now))
            .toList());
    pumpSoon();
  }

  private static Duration later(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private Instant presentEnd(Instant now) {
    Instant end = options.end();
    Instant next = now.plusSeconds(1);
    return end != null && end.isBefore(next) ? end : next;
  }

  /** When the live edge is far behind, what lies between becomes backlog, and it starts anew. */
  private void catchUp(Instant present) {
    Duration reach = later(LIVE_REACH, options.pollInterval().multipliedBy(2));
    if (Duration.between(edge, present).compareTo(reach) > 0) {
      edge = present.minus(LIVE_REACH);
    }
  }

  /**
   * Asks for what is new at the live edge, in one request with the youngest window where the two
   * fit into a page.
   *
   * @return the start of what was asked for
   */
  private Instant readLiveEdge(Instant present) {
    if (!edge.isBefore(present)) {
      return edge;
    }
    Instant from = edge;
    List<Window> unsettled = splits.unsettled();
    if (!unsettled.isEmpty()) {
      Window youngest = unsettled.get(unsettled.size() - 1);
      TimeRange joined = new TimeRange(youngest.range().from(), present);
      if (youngest.range().to().equals(edge)
          && youngest.offset().ids().size() <= size.page() / 2
          && joined.isWithinOneHour()) {
        from = joined.from();
      }
    }
    edge = present;
    Instant start = from;
    for (Split split = Split.of(start);
        split.range().from().isBefore(present);
        split = split.next()) {
      live.read(split.range().intersection(new TimeRange(start, present)));
    }
    return start;
  }

  /** Looks at windows: at neighbours together, since one total can clear them all. */
  private void look(List<Window> windows) {
    List<Window> run = new ArrayList<>();
    for (Window window : windows) {
      if (!run.isEmpty() && !run.get(run.size() - 1).range().to().equals(window.range().from())) {
        lookAtRun(run);
        run.clear();
      }
      run.add(window);
    }
    lookAtRun(run);
  }

  private void lookAtRun(List<Window> run) {
    if (run.size() == 1) {
      live.readUnless(run.get(0).range(), run.get(0).offset().total());
    } else if (!run.isEmpty()) {
      long sent = run.stream().mapToLong(window -> window.offset().ids().size()).sum();
      live.compare(
          new TimeRange(run.get(0).range().from(), run.get(run.size() - 1).range().to()), sent);
    }
  }

  private void pumpSoon() {
    if (!pumpSet) {
      pumpSet = true;
      loop.execute(
          () -> {
            pumpSet = false;
            pump();
          });
    }
  }

  /** Hands over the next window if the last was taken, and sets the next tick once one is done. */
  private void pump() {
    while (failure == null && ready.remainingCapacity() > 0) {
      Lane.Result result = live.take();
      if (result == null) {
        result = backlog.take();
      }
      if (result == null) {
        break;
      }
      Batch batch = takeOver(result);
      if (batch != null) {
        ready.add(batch);
      }
    }
    if (ticking && live.isIdle()) {
      ticking = false;
      loop.schedule(later(nextTick.minus(loop.uptime()), Duration.ZERO), this::tick);
    }
    if (backlog.isIdle() && !saidBacklogRead && !ticking) {
      saidBacklogRead = true;
      LOG.info("All of the backlog is read.");
    }
  }

  private @Nullable Batch takeOver(Lane.Result result) {
    if (!result.expired().isEmpty()) {
      expire(result.expired());
    }
    if (result instanceof Lane.Result.Read read) {
      warnIfUnverified(read.window());
      return splits.of(read.window().range()).apply(read.window());
    }
    if (result instanceof Lane.Result.Unchanged unchanged) {
      windowsIn(unchanged.range())
          .forEach(w -> splits.of(w.range()).unchanged(w.range(), unchanged.askedAt()));
    } else if (result instanceof Lane.Result.Changed changed) {
      List<Window> run = windowsIn(changed.range());
      lookAtRun(run.subList(0, run.size() / 2));
      lookAtRun(run.subList(run.size() / 2, run.size()));
    }
    return null;
  }

  private List<Window> windowsIn(TimeRange range) {
    return splits.unsettled().stream().filter(w -> range.contains(w.range())).toList();
  }

  private void expire(TimeRange expired) {
    for (Split split = Split.of(expired.from());
        split.range().from().isBefore(expired.to());
        split = split.next()) {
      TimeRange part = split.range().intersection(expired);
      splits.of(part).expire(part);
    }
    if (!saidExpired) {
      saidExpired = true;
      LOG.warn(
          "The API no longer answers for {} (api.retention.days is {}): what was not read of it"
              + " until now cannot be had any more.",
          expired,
          options.retention().toDays());
    }
  }

  private static void warnIfUnverified(WindowRead window) {
    if (!window.verified()) {
      LOG.warn(
          "The API's answers for {} never added up: it reports {} records and shows {}. All that"
              + " it has shown is sent.",
          window.range(),
          window.total(),
          window.records().size());
    }
  }

  private Instant now() {
    return client.clock().now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Leaves out what is older than the API answers for. */
  private TimeRange clip(TimeRange range) {
    Instant kept = now().minus(options.retention()).plus(RETENTION_MARGIN);
    if (!kept.isAfter(range.from())) {
      return range;
    }
    return new TimeRange(kept.isAfter(range.to()) ? range.to() : kept, range.to());
  }
}
