package io.callrecords.connect.fetch;

import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.FeedTimes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One experiment with records of a page: requests just the second that the settings make of a
 * record's time, in which the API has to return that record again. Runs on the loop.
 *
 * @param lookup requests the seconds
 * @param search what is tried where the API does not return the record
 */
record SettingsExperiment(FeedTimes times, RecordLookup lookup, TimeSettingsSearch search) {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsExperiment.class);

  /**
   * Tries one record after another, since any may be moved or deleted in between.
   *
   * @param witnesses the records, at least one
   * @param request the request for the page
   * @return whether the field is proven as well, and not only the zone; fails with a {@link
   *     TimeSettingsException} when a setting is wrong
   */
  CompletableFuture<Boolean> prove(List<FeedRecord> witnesses, PageRequest request) {
    FeedRecord witness = witnesses.get(0);
    return lookup
        .find(witness, times.asConfigured(witness).time())
        .thenCompose(
            finding -> {
              LOG.debug(
                  "Proof of the time settings for {} to {}: at the time that they give it, a"
                      + " record is {}.",
                  request.from(),
                  request.to(),
                  finding);
              return switch (finding) {
                // A witness that has expired in between does not accuse the settings.
                case RETURNED, TOO_MANY_ROWS, REFUSED ->
                    CompletableFuture.completedFuture(times.evidence(witness) > 1);
                case MISSING ->
                    witnesses.size() > 1
                        ? prove(witnesses.subList(1, witnesses.size()), request)
                        : search.explain(witness, request, lookup).thenApply(nothing -> false);
              };
            });
  }
}
