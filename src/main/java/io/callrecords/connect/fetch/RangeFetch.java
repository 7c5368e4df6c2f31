package io.callrecords.connect.fetch;

import io.callrecords.connect.client.FailingRequestException;
import io.callrecords.connect.fetch.WindowCutter.Cut;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches one range: requests its first page, and then reads it, cuts it, or finds that it is
 * unchanged or has expired. Runs on the loop.
 */
final class RangeFetch {
  private static final Logger LOG = LoggerFactory.getLogger(RangeFetch.class);
  private static final int MAX_REOPENINGS = 3;

  /** A range that takes longer may be overtaken by those behind it. */
  private static final Duration LATE_AFTER = Duration.ofMinutes(1);

  private final FetchOrder order;
  private final TimeRange range;
  private final FetchEnvironment environment;
  private final ExpiryProbe probe;
  private FetchPhase phase = FetchPhase.WAITING;
  private int reopenings;
  private boolean isLate;
  private long firstTotal;
  private long bufferedRecords;
  private WindowReader.@Nullable FirstPage firstPage;
  private @Nullable FetchResult result;

  /** The part of the range that the API still returns; the rest has expired. */
  private TimeRange kept;

  /** How much one of its records takes, in bytes; 0 before any is known. */
  private long rowWeight;

  RangeFetch(FetchOrder order, FetchEnvironment environment) {
    this.order = order;
    this.range = order.range();
    this.isLate = order.isSuspect();
    this.environment = environment;
    this.kept = range;
    this.bufferedRecords = environment.cutter().facts().pageSize();
    this.probe =
        new ExpiryProbe(
            environment.reader(), environment.priority(), environment.retention(), this::setStance);
  }

  TimeRange range() {
    return range;
  }

  FetchPhase phase() {
    return phase;
  }

  /** Whether it has taken so long that others need not wait for it. */
  boolean isLate() {
    return isLate;
  }

  /** Whether its records are wanted, and not only whether its total has changed. */
  boolean reads() {
    return order.reads();
  }

  /** Whether its first page has not come for so long. */
  boolean isStuck() {
    return isLate && phase == FetchPhase.OPENING;
  }

  /** How many records it holds in memory, or may hold once it is read. */
  long bufferedRecords() {
    return bufferedRecords;
  }

  /** How much of the heap these records take, or may take, in bytes. */
  long bufferedWeight() {
    return bufferedRecords
        * (rowWeight == 0 ? environment.cutter().facts().weights().rowWeight() : rowWeight);
  }

  /** Takes the result; once. */
  @Nullable FetchResult takeResult() {
    FetchResult taken = result;
    // The timer of its lateness refers to it for a while: its records must not stay so long.
    result = null;
    environment.check(taken != null, "a result is taken that is not there, or a second time");
    return taken;
  }

  /** Requests the first page. */
  void open() {
    if (!checkPhase(FetchPhase.WAITING)) {
      return;
    }
    environment.loop().schedule(LATE_AFTER, this::becomeLate);
    requestFirstPage();
  }

  private void requestFirstPage() {
    phase = FetchPhase.OPENING;
    kept = environment.retention().clip(range);
    if (kept.isEmpty()) {
      LOG.debug("{} has expired: it is older than the API's retention.", range);
      complete(new FetchResult.ExpiredRange(range));
    } else if (!order.isComparable()) {
      complete(new FetchResult.ChangedRange(expired(), range, WindowOffset.UNKNOWN));
    } else {
      environment.watch(
          environment
              .reader()
              .openWhileOthersFail(kept, environment.priority(), environment.mayGiveUp(this))
              .thenAccept(this::opened),
          this::refusedOrFailed);
    }
  }

  private void opened(WindowReader.FirstPage page) {
    environment.retention().returned(kept);
    long total = page.page().atLeast();
    environment.cutter().facts().weights().observe(page.page());
    LOG.debug("Opened {}: total {}.", kept, total);
    // Totals are comparable over the very same range only.
    boolean isUnchanged = order.isUnchangedAt(total) && kept.equals(range);
    if (isUnchanged) {
      complete(new FetchResult.UnchangedRange(expired(), range, page.page().requestedAt()));
    } else if (!order.reads()) {
      complete(new FetchResult.ChangedRange(expired(), range, total));
    } else {
      cutOrKeep(page, total);
    }
    if (phase != FetchPhase.OPENED) {
      // Nobody uses the page, but what it proves of the settings concerns all.
      environment.watch(page.checked(), environment.listener()::failed);
    }
    environment.listener().progressed();
  }

  private void cutOrKeep(WindowReader.FirstPage page, long total) {
    long rows = environment.cutter().facts().expectedRows(page.page(), page.pageSize());
    Optional<Cut> cut =
        environment.cutter().afterFirstPage(kept, rows, environment.listener().isStart(this));
    if (total > 0 && (cut.isEmpty() || cut.get().reason() == WindowCutter.Reason.FIRST_RECORDS)) {
      environment.listener().recordsExpected();
    }
    if (cut.isPresent()) {
      cut(cut.get(), total);
    } else {
      firstTotal = rows;
      bufferedRecords = rows;
      rowWeight = page.page().rowWeight();
      firstPage = page;
      phase = FetchPhase.OPENED;
    }
  }

  /** Reads the range, whose first page is there. */
  void fetchRemaining() {
    WindowReader.FirstPage first = firstPage;
    if (!checkPhase(FetchPhase.OPENED) || first == null) {
      return;
    }
    firstPage = null;
    phase = FetchPhase.READING;
    WindowCutter cutter = environment.cutter();
    environment.watch(
        environment
            .reader()
            .readRemaining(first, cutter.limits(kept, firstTotal), environment.mayGiveUp(this))
            .thenAccept(this::read),
        this::failedToRead);
  }

  private void read(WindowSnapshot window) {
    Optional<Cut> cut = environment.cutter().afterRead(kept, firstTotal, window);
    if (cut.isPresent()) {
      cut(cut.get(), window.total());
    } else {
      bufferedRecords = window.records().size();
      rowWeight = window.rowWeight();
      complete(new FetchResult.FetchedWindow(expired(), window));
    }
    environment.listener().progressed();
  }

  /**
   * Its first page was returned, so a later refusal is probably a fault: it is opened again first.
   */
  private void failedToRead(Throwable cause) {
    if (StageErrors.unwrap(cause) instanceof WindowTooHeavyException) {
      cut(environment.cutter().afterTooHeavy(kept, firstTotal), firstTotal);
      environment.listener().progressed();
    } else if (environment.retention().isOutOfRange(kept, cause) && mayReopen()) {
      requestFirstPage();
    } else {
      refusedOrFailed(cause);
    }
  }

  private void refusedOrFailed(Throwable cause) {
    if (cause instanceof FailingRequestException) {
      isolate();
      return;
    }
    RetentionLimit retention = environment.retention();
    boolean isOld = retention.isOld(kept.to());
    if (!retention.isOutOfRange(kept, cause)) {
      environment.listener().failed(cause);
    } else if (!retention.clip(range).equals(kept) && mayReopen()) {
      // It grew too old while it waited for its turn.
      requestFirstPage();
    } else {
      environment.watch(
          probe.probe(kept, isOld).thenAccept(this::probed), environment.listener()::failed);
    }
  }

  /** What the API fails to return may be a part of it; of a comparison, nothing is known then. */
  private void isolate() {
    if (order.reads()) {
      cut(environment.cutter().afterFailures(kept), firstTotal);
    } else {
      complete(new FetchResult.ChangedRange(expired(), range, WindowOffset.UNKNOWN));
    }
    environment.listener().progressed();
  }

  private boolean mayReopen() {
    return reopenings++ < MAX_REOPENINGS;
  }

  private void setStance(ExpiryProbe.Stance stance) {
    phase =
        switch (stance) {
          case MAY_HAVE_EXPIRED -> FetchPhase.OPENING;
          case REFUSED_BY_FAULT -> FetchPhase.REFUSED_RETRYING;
        };
    environment.listener().progressed();
  }

  private void probed(Optional<WindowReader.FirstPage> lastSecond) {
    if (lastSecond.isEmpty()) {
      complete(new FetchResult.ExpiredRange(range));
    } else if (lastSecond.get().range().equals(kept)) {
      opened(lastSecond.get());
      return;
    } else if (order.reads()) {
      // The whole may be returned now as well: it is too long only where it is refused again.
      cut(environment.cutter().afterRefusal(kept), lastSecond.get().page().total());
    } else {
      complete(new FetchResult.ChangedRange(expired(), range, WindowOffset.UNKNOWN));
    }
    environment.listener().progressed();
  }

  private void cut(Cut cut, long total) {
    List<TimeRange> pieces = new ArrayList<>(cut.pieces());
    LOG.debug(
        "Cut {} into {} pieces, since {} (total {}).", kept, pieces.size(), cut.reason(), total);
    // The first piece begins where the range did, so that it is the one that reports what expired.
    pieces.set(0, new TimeRange(range.from(), pieces.get(0).to()));
    phase = FetchPhase.CUT;
    environment.listener().replace(this, new Cut(pieces, cut.reason()).orders());
  }

  private TimeRange expired() {
    return new TimeRange(range.from(), kept.from());
  }

  private void complete(FetchResult newResult) {
    environment.check(phase != FetchPhase.DONE, "a range has a second result");
    result = newResult;
    phase = FetchPhase.DONE;
    environment.listener().ready();
  }

  private void becomeLate() {
    if (!phase.isFinal()) {
      LOG.debug("{} is late ({}); those behind it may overtake it.", range, phase);
      isLate = true;
      environment.listener().progressed();
      environment.listener().ready();
    }
  }

  private boolean checkPhase(FetchPhase expected) {
    return environment.check(
        phase == expected, "a range is fetched in a phase that does not allow it");
  }
}
