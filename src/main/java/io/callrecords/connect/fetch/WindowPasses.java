package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageTooLargeException;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.PassJudge.Verdict;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one window over and over until its rows prove that all of its records were returned.
 *
 * <p>Each further pass uses another page size: where the API does not order records of one second
 * among themselves, the same ones would otherwise fall between the same two pages each time. Runs
 * on the loop, once.
 */
final class WindowPasses {
  private static final Logger LOG = LoggerFactory.getLogger(WindowPasses.class);

  /** Passes that follow each other at once; an API that goes on contradicting itself gets time. */
  private static final int PASSES_WITHOUT_DELAY = 15;

  private static final Duration DELAY = Duration.ofSeconds(1);

  /**
   * An agreement that has not come by then, though the passes bring nothing new, will not come: the
   * window is read again later.
   */
  private static final Duration MAX_DURATION = Duration.ofSeconds(10);

  /** So many passes there are in any case, however long they take. */
  private static final int MIN_PASSES = 3;

  /** So many passes without anything new show that more of them would hardly bring any. */
  private static final int ENOUGH_IDLE_PASSES = 2;

  /** A fault that looks like an empty response gets time to pass. */
  private static final Duration DELAY_AFTER_SUSPICION = Duration.ofSeconds(10);

  private final WindowReader.FirstPage first;
  private final TimeRange range;
  private final PageSource source;
  private final PagingFacts facts;
  private final WindowReader.ReadLimits limits;
  private final PassHistory history;
  private Duration startedAt = Duration.ZERO;

  /** The page size that would be the largest the API returns; 0 where nothing suggests one. */
  private int suggestedCap;

  /** How many passes in a row have brought no records that none before them had. */
  private int idlePasses;

  /**
   * What reading has come to.
   *
   * @param rows all rows by id, those around the window included
   */
  private record ReadOutcome(Map<String, Row> rows, WindowSnapshot window) {}

  /**
   * Prepares to read a window.
   *
   * @param first the window's first page
   */
  WindowPasses(
      WindowReader.FirstPage first,
      PageSource source,
      PagingFacts facts,
      WindowReader.ReadLimits limits) {
    this.first = first;
    this.range = first.range();
    this.source = source;
    this.facts = facts;
    this.limits = limits;
    this.history = new PassHistory(range);
  }

  /** Reads the window. */
  CompletableFuture<WindowSnapshot> read() {
    return start().thenApply(ReadOutcome::window);
  }

  /** Reads the rows, those around the window included. */
  CompletableFuture<CodePartition.FoundRows> readRows() {
    return start()
        .thenApply(
            outcome -> new CodePartition.FoundRows(outcome.rows(), outcome.window().verified()));
  }

  private CompletableFuture<ReadOutcome> start() {
    startedAt = source.uptime();
    return withSmallerPages(
        pass(first.pageSize(), first.page(), first.checked()), first.pageSize());
  }

  private CompletableFuture<ReadOutcome> pass(int pageSize) {
    return withSmallerPages(
        source
            .fetch(1, pageSize)
            .thenCompose(page -> pass(pageSize, page, CompletableFuture.completedFuture(page))),
        pageSize);
  }

  /** Begins anew with pages of half the size where they are too large. */
  private CompletableFuture<ReadOutcome> withSmallerPages(
      CompletableFuture<ReadOutcome> window, int pageSize) {
    return window.exceptionallyCompose(
        error ->
            StageErrors.unwrap(error) instanceof PageTooLargeException && pageSize > 1
                ? pass(facts.tooLarge(pageSize))
                : CompletableFuture.failedFuture(error));
  }

  private CompletableFuture<ReadOutcome> pass(
      int pageSize, Page page, CompletableFuture<Page> checked) {
    boolean isRepeated = history.passes() > 0;
    return new PassReader(
            range, source, facts, limits.maxRows(), isRepeated, first.priority().isRecheckedSoon())
        .read(pageSize, page, checked)
        .thenCompose(this::judge);
  }

  private CompletableFuture<ReadOutcome> judge(WindowPass pass) {
    boolean isRecheckedSoon = first.priority().isRecheckedSoon();
    facts.observeOrder(pass);
    facts.observeEnd(pass);
    Verdict verdict = PassJudge.judge(pass, history, facts, isRecheckedSoon);
    LOG.trace(
        "Pass {} over {} is {}: {} pages of size {}, total {}, {} rows, {} of them distinct.",
        history.passes() + 1,
        range,
        verdict,
        pass.pageCount(),
        pass.pageSize(),
        pass.total(),
        pass.rowCount(),
        pass.rows().size());
    if (verdict.isVerified()) {
      // Passes that together have as many records as the total confirm it.
      boolean isOverruled =
          verdict == Verdict.COMPLETE_TOGETHER
              && !pass.addsUp()
              && !pass.pages().anyReports(pass.rows().size())
              && (pass.repeats() == 0 || pass.addsUpJoined());
      facts.verified(range, pass, isOverruled);
    }
    if (pass.pageSize() == suggestedCap && pass.pages().isPagedInFull() && pass.addsUp()) {
      facts.suggestCap(suggestedCap);
    }
    if (verdict == Verdict.COMPLETE) {
      return done(pass.rows(), pass, history.passes() + 1, true);
    }
    idlePasses = history.distinctWith(pass) > history.rows().size() ? 0 : idlePasses + 1;
    boolean isSplit = facts.hasJoinedPages() || facts.totals() == PagingFacts.Totals.JOINED_ROWS;
    history.add(pass, isSplit || (pass.hasSplitRecords() && pass.addsUpJoined()));
    if (verdict == Verdict.INCOMPLETE) {
      facts.notVerified(range, pass, history);
    }
    if (verdict.isVerified()) {
      return done(history.rows(), pass, history.passes(), true);
    }
    return isCutByCodes(pass, verdict) ? partition(pass, verdict) : readAgain(pass, verdict);
  }

  private CompletableFuture<ReadOutcome> readAgain(WindowPass pass, Verdict verdict) {
    return isGivenUp(pass, verdict)
        ? done(unverifiedRows(pass), pass, history.passes(), false)
        : source.delay(delay(verdict)).thenCompose(rested -> pass(nextPageSize(pass)));
  }

  /**
   * What is handed over of a window that is not verified. A record that a page may have cut is kept
   * back where a recheck brings it soon: it would not be emitted again once it is whole.
   */
  private Map<String, Row> unverifiedRows(WindowPass pass) {
    if (!first.priority().isRecheckedSoon() || !pass.endsWithinRecord()) {
      return history.rows();
    }
    Map<String, Row> whole = new LinkedHashMap<>(history.rows());
    whole.remove(pass.pages().lastId());
    return whole;
  }

  /**
   * Whether a second that time does not cut is cut by codes: where its pages hide rows, or where a
   * few passes have shown that it is too dense to come whole on several pages. That is tried once.
   */
  private boolean isCutByCodes(WindowPass pass, Verdict verdict) {
    if (limits.isDivisible()) {
      return false;
    }
    return facts.hasJoinedPages()
        ? isGivenUp(pass, verdict)
        : history.passes() == MIN_PASSES
            && pass.pageCount() > 1
            && facts.totals() != PagingFacts.Totals.UNKNOWN
            && !first.priority().isRecheckedSoon();
  }

  private CompletableFuture<ReadOutcome> partition(WindowPass pass, Verdict verdict) {
    return new CodePartition(range, source, source.codedFilters(), facts)
        .read(pass.total())
        .thenCompose(
            found -> {
              if (found.isWhole()) {
                return done(found.rows(), pass, history.passes(), true);
              }
              history.addRows(found.rows());
              return readAgain(pass, verdict);
            });
  }

  private boolean isGivenUp(WindowPass pass, Verdict verdict) {
    int passes = history.passes();
    boolean isHopeless =
        facts.hasJoinedPages() && (limits.isDivisible() || !source.codedFilters().isEmpty());
    boolean isLong =
        verdict == Verdict.INCOMPLETE
            && passes >= MIN_PASSES
            && idlePasses >= ENOUGH_IDLE_PASSES
            && source.uptime().minus(startedAt).compareTo(MAX_DURATION) >= 0;
    return passes >= limits.maxPasses()
        || facts.expectedRows(pass) > limits.maxRows()
        || (verdict == Verdict.INCOMPLETE && pass.pages().isWithoutData())
        || isHopeless
        || isLong;
  }

  /** An API that contradicts itself for long gets fewer requests, not more. */
  private Duration delay(Verdict verdict) {
    if (verdict == Verdict.SUSPICIOUS) {
      return DELAY_AFTER_SUSPICION;
    }
    return history.passes() < PASSES_WITHOUT_DELAY ? Duration.ZERO : DELAY;
  }

  /**
   * The size of the next pass's pages. Behind a short page, the rest can be had by that size if the
   * API returns no more per page, or by another with which the announced pages reach further if
   * they hold the rows of a join.
   */
  private int nextPageSize(WindowPass pass) {
    int usual = facts.limits().pageSize(history.passes());
    int rows = pass.pages().firstPageRows();
    if (!pass.beginsShort() || rows == 0) {
      return usual;
    }
    if (!pass.pages().beginsWithJoinedPage()) {
      // A single page may be short for another reason: one row more would make it two pages.
      int wanted = pass.pageCount() > 1 ? rows : (int) Math.min(usual, pass.total() - 1);
      suggestedCap = pass.pageCount() > 1 ? rows : 0;
      return wanted > 0 && !history.hasRequested(wanted) ? wanted : usual;
    }
    return IntStream.rangeClosed(1, facts.pageSize())
        .filter(size -> !history.hasRequested(size))
        .boxed()
        .max(Comparator.comparing(size -> (long) WindowLimits.pages(pass.total(), size) * size))
        .orElse(usual);
  }

  private CompletableFuture<ReadOutcome> done(
      Map<String, Row> rows, WindowPass last, int passes, boolean verified) {
    WindowSnapshot window =
        SnapshotAssembler.assemble(
            range, rows.values(), first.page().requestedAt(), last, passes, verified);
    LOG.debug(
        "Read window {}: verified {}, passes {}, total {}, rows {}.",
        range,
        verified,
        passes,
        window.total(),
        window.records().size());
    return CompletableFuture.completedFuture(new ReadOutcome(rows, window));
  }
}
