package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.ZoneTransitions;
import io.callrecords.connect.split.ZoneTransitions.RepeatedTimes;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the API drops the offset of a requested range, so that it returns the records
 * of an hour that comes twice for both of its occurrences. Then nothing tells which of the two a
 * record means, and it is taken for one of the first: it belongs to the windows of that, wherever
 * else it is returned, and is emitted once. Runs on the loop.
 */
final class RepeatedTimesJudge {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatedTimesJudge.class);

  /** A single response that lacks a record proves nothing: so many have to agree. */
  private static final int ENOUGH_MISSING = 3;

  private final ZoneId zone;
  private final ZoneTransitions transitions;
  private final RecordLookup lookup;

  /** What is known of each transition, by its moment; the API answers for two months at most. */
  private final Map<Instant, Experiment> experiments = new HashMap<>();

  private boolean logged;

  /** Whether the API returns records of the second occurrence for the first as well. */
  private static final class Experiment {
    private int missing;
    private @Nullable CompletableFuture<Boolean> outcome;
  }

  /**
   * Creates a judge.
   *
   * @param zone the zone of the API's times
   */
  RepeatedTimesJudge(ZoneId zone, RecordLookup lookup) {
    this.zone = zone;
    this.transitions = ZoneTransitions.of(zone);
    this.lookup = lookup;
  }

  /**
   * Judges the records of a page whose times come twice.
   *
   * @param request the request for the page
   * @return the page; its records have the times of the first occurrence where the API drops the
   *     offset
   */
  CompletableFuture<Page> judge(Page page, PageRequest request) {
    RepeatedTimes times =
        zone.getRules().isFixedOffset()
            ? null
            : transitions.repeatedIn(new TimeRange(request.from(), request.to().plusSeconds(1)));
    if (times == null || page.rows().stream().noneMatch(row -> isSecond(row, times))) {
      return CompletableFuture.completedFuture(page);
    }
    return dropsOffset(times, page)
        .thenApply(drops -> drops ? page.withRows(asFirst(page.rows(), times)) : page);
  }

  private static boolean isSecond(Row row, RepeatedTimes times) {
    return times.second().contains(row.time());
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private CompletableFuture<Boolean> dropsOffset(RepeatedTimes times, Page page) {
    Experiment experiment =
        experiments.computeIfAbsent(times.second().from(), at -> new Experiment());
    CompletableFuture<Boolean> known = experiment.outcome;
    if (known != null) {
      return known;
    }
    Iterator<FeedRecord> witnesses =
        page.rows().stream()
            .filter(row -> isSecond(row, times))
            .filter(FeedRecord.class::isInstance)
            .map(FeedRecord.class::cast)
            .iterator();
    CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    experiment.outcome = outcome;
    returnsInFirst(experiment, times, witnesses)
        .whenComplete(
            (drops, error) -> {
              if (error != null) {
                experiment.outcome = null;
                outcome.completeExceptionally(error);
                return;
              }
              if (drops) {
                logDropped(times);
              } else if (experiment.missing < ENOUGH_MISSING) {
                // Another page has other records, which are asked for as well.
                experiment.outcome = null;
              }
              outcome.complete(drops);
            });
    return outcome;
  }

  private CompletableFuture<Boolean> returnsInFirst(
      Experiment experiment, RepeatedTimes times, Iterator<FeedRecord> witnesses) {
    if (!witnesses.hasNext() || experiment.missing >= ENOUGH_MISSING) {
      return CompletableFuture.completedFuture(false);
    }
    FeedRecord witness = witnesses.next();
    Instant first = Instant.ofEpochSecond(witness.time() - times.seconds());
    return lookup
        .find(witness, first)
        .thenCompose(
            finding -> {
              LOG.debug(
                  "A record of the second time that clocks show, from {} on, is {} for the first.",
                  times.second().from(),
                  finding);
              return switch (finding) {
                case RETURNED -> CompletableFuture.completedFuture(true);
                case MISSING -> {
                  experiment.missing++;
                  yield returnsInFirst(experiment, times, witnesses);
                }
                case TOO_MANY_ROWS, REFUSED -> returnsInFirst(experiment, times, witnesses);
              };
            });
  }

  private static List<Row> asFirst(List<Row> rows, RepeatedTimes times) {
    return rows.stream().map(row -> isSecond(row, times) ? asFirst(row, times) : row).toList();
  }

  /** The row at the first of its two moments: there it is read, and here it is a neighbour's. */
  private static Row asFirst(Row row, RepeatedTimes times) {
    long first = row.time() - times.seconds();
    return row.match(
        record -> record.withTime(first),
        malformed -> malformed.withTime(first),
        outOfRange -> outOfRange);
  }

  private void logDropped(RepeatedTimes times) {
    if (logged) {
      return;
    }
    logged = true;
    LOG.warn(
        "The API drops the offset of a requested range: it returns the calls of {} to {}, when the"
            + " clocks of {} (api.time.zone) show the same times as before, for {} to {} as well."
            + " Nothing tells these calls apart, so each of them gets the earlier time and is"
            + " emitted once.",
        times.second().from(),
        times.second().to(),
        zone,
        times.first().from(),
        times.first().to());
  }
}
