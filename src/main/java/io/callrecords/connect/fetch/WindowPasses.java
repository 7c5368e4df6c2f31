package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.PassJudge.Verdict;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one window over and over until a pass proves that all of its records were returned.
 *
 * <p>Each further pass uses another page size: where the API does not order records of one second
 * among themselves, the same ones would otherwise fall between the same two pages each time. Runs
 * on the loop, once.
 */
final class WindowPasses {
  private static final Logger LOG = LoggerFactory.getLogger(WindowPasses.class);

  /** Passes that follow each other at once; an API that goes on contradicting itself gets time. */
  private static final int PASSES_WITHOUT_DELAY = 15;

  private static final Duration MAX_DELAY = Duration.ofSeconds(10);
  private static final int MAX_DOUBLINGS = 20;

  /** A fault that looks like an empty response gets time to pass. */
  private static final Duration DELAY_AFTER_SUSPICION = Duration.ofSeconds(10);

  private final WindowReader.FirstPage first;
  private final TimeRange range;
  private final Instant requestedAt;
  private final Source source;
  private final WindowLimits size;
  private final long maxTotal;
  private final int maxPasses;
  private final PassHistory history;

  /** Where pages come from, and time. */
  interface Source {
    /**
     * Requests a page of the window.
     *
     * @param number the page's number, from 1
     * @param pageSize records per page
     */
    CompletableFuture<Page> fetch(int number, int pageSize);

    /** Completes after a delay. */
    CompletableFuture<Void> delay(Duration delay);
  }

  /**
   * Prepares to read a window.
   *
   * @param first the window's first page
   * @param maxTotal the total beyond which reading ends unverified
   * @param maxPasses how many passes there are at most
   */
  WindowPasses(
      WindowReader.FirstPage first,
      Source source,
      WindowLimits size,
      long maxTotal,
      int maxPasses) {
    this.first = first;
    this.range = first.range();
    this.requestedAt = first.page().requestedAt();
    this.source = source;
    this.size = size;
    this.maxTotal = maxTotal;
    this.maxPasses = maxPasses;
    this.history = new PassHistory(range);
  }

  /** Reads the window. */
  CompletableFuture<WindowSnapshot> read() {
    return pass(first.page().total(), first.checked());
  }

  /**
   * Fetches the pages behind the first: those in the middle side by side, and the last one when
   * they are there, so that its total speaks for the whole time that the pass took.
   */
  private CompletableFuture<WindowSnapshot> pass(long total, CompletableFuture<Page> firstPage) {
    int pageSize = size.page(history.passes());
    int last = total <= maxTotal ? WindowLimits.pages(total, pageSize) : 1;
    List<CompletableFuture<Page>> responses = new ArrayList<>();
    responses.add(firstPage);
    for (int number = 2; number < last; number++) {
      responses.add(source.fetch(number, pageSize));
    }
    return CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              List<Page> pages = new ArrayList<>();
              responses.forEach(response -> pages.add(response.join()));
              return last > 1 && WindowPass.haveSameTotal(pages)
                  ? withLast(pages, source.fetch(last, pageSize))
                  : judge(pages);
            });
  }

  private CompletableFuture<WindowSnapshot> withLast(
      List<Page> pages, CompletableFuture<Page> last) {
    return last.thenCompose(
        page -> {
          pages.add(page);
          return judge(pages);
        });
  }

  private CompletableFuture<WindowSnapshot> judge(List<Page> pages) {
    WindowPass pass = new WindowPass(range, pages);
    Verdict verdict = PassJudge.judge(pass, history, first.priority() == Priority.LIVE);
    LOG.trace(
        "Pass {} over {} is {}: {} pages, total {}, {} rows, {} of them distinct.",
        history.passes() + 1,
        range,
        verdict,
        pass.pageCount(),
        pass.total(),
        pass.rowCount(),
        pass.rows().size());
    if (verdict == Verdict.COMPLETE) {
      return done(pass.rows().values(), pass, history.passes() + 1, true);
    }
    history.add(pass);
    if (verdict.isVerified() || history.passes() >= maxPasses || pass.total() > maxTotal) {
      return done(history.rows().values(), pass, history.passes(), verdict.isVerified());
    }
    return source
        .delay(verdict == Verdict.SUSPICIOUS ? DELAY_AFTER_SUSPICION : delayAfter(history.passes()))
        .thenCompose(rested -> source.fetch(1, size.page(history.passes())))
        .thenCompose(page -> pass(page.total(), CompletableFuture.completedFuture(page)));
  }

  /** An API that contradicts itself for long gets fewer requests, not more. */
  private static Duration delayAfter(int passes) {
    int more = passes - PASSES_WITHOUT_DELAY;
    if (more < 0) {
      return Duration.ZERO;
    }
    Duration delay = Duration.ofSeconds(1L << Math.min(more, MAX_DOUBLINGS));
    return delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
  }

  private CompletableFuture<WindowSnapshot> done(
      Collection<Row> rows, WindowPass last, int passes, boolean verified) {
    WindowSnapshot window =
        SnapshotAssembler.assemble(range, rows, requestedAt, last, passes, verified);
    LOG.debug(
        "Read window {}: verified {}, passes {}, total {}, rows {}.",
        range,
        verified,
        passes,
        window.total(),
        window.records().size());
    return CompletableFuture.completedFuture(window);
  }
}
