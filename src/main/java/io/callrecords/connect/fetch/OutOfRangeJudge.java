package io.callrecords.connect.fetch;

import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.Row;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges records that the API returns although their times lie outside of the range that was
 * requested: each belongs to another window, is malformed, or proves a setting wrong. Runs on the
 * loop.
 */
final class OutOfRangeJudge {
  private static final Logger LOG = LoggerFactory.getLogger(OutOfRangeJudge.class);

  /** A record that no settings explain is a fault of its own; not each is worth a search. */
  private static final int MAX_SEARCHES = 3;

  /**
   * So many records in a row that the API also returns at their own time show that it takes the
   * bounds of a range for approximate.
   */
  private static final int ENOUGH_MISPLACED = 3;

  private final FeedTimes times;
  private final RecordLookup lookup;
  private final TimeSettingsSearch search;
  private int searches;
  private int misplacedInARow;

  /**
   * Creates a judge.
   *
   * @param times what the settings make of a record's times
   */
  OutOfRangeJudge(FeedTimes times, RecordLookup lookup, TimeSettingsSearch search) {
    this.times = times;
    this.lookup = lookup;
    this.search = search;
  }

  /**
   * Judges the records of a page.
   *
   * @param request the request for the page
   * @param isProven whether the settings are proven for the time of a record, so that the record
   *     alone does not accuse them
   * @return what each row is to be taken for, by id; fails with a {@link TimeSettingsException}
   *     when a setting is wrong
   */
  CompletableFuture<Map<String, Row>> judge(
      List<OutOfRangeRecord> records, PageRequest request, Predicate<FeedRecord> isProven) {
    return judge(records.iterator(), request, isProven, new HashMap<>());
  }

  private CompletableFuture<Map<String, Row>> judge(
      Iterator<OutOfRangeRecord> records,
      PageRequest request,
      Predicate<FeedRecord> isProven,
      Map<String, Row> verdicts) {
    // A loop for those that need no request, since a page may have many.
    while (records.hasNext()) {
      OutOfRangeRecord next = records.next();
      if (misplacedInARow < ENOUGH_MISPLACED) {
        return judge(next, request, isProven, verdicts)
            .thenCompose(nothing -> judge(records, request, isProven, verdicts));
      }
      verdicts.put(next.id(), next.record());
    }
    return CompletableFuture.completedFuture(verdicts);
  }

  private CompletableFuture<Void> judge(
      OutOfRangeRecord outOfRange,
      PageRequest request,
      Predicate<FeedRecord> isProven,
      Map<String, Row> verdicts) {
    FeedRecord record = outOfRange.record();
    return lookup
        .find(record, times.asConfigured(record).time())
        .thenCompose(
            finding -> {
              boolean isMisplaced =
                  switch (finding) {
                    case RETURNED, TOO_MANY_ROWS -> true;
                    case MISSING, REFUSED -> false;
                  };
              LOG.trace(
                  "A record returned for {} to {} has a time outside of that; at its own time it"
                      + " is {}.",
                  request.from(),
                  request.to(),
                  finding);
              verdicts.put(outOfRange.id(), isMisplaced ? record : outOfRange.asMalformed());
              misplacedInARow = isMisplaced ? misplacedInARow + 1 : 0;
              return isMisplaced || isProven.test(record) || searches++ >= MAX_SEARCHES
                  ? CompletableFuture.<Void>completedFuture(null)
                  : search.explain(record, request, lookup);
            });
  }
}
