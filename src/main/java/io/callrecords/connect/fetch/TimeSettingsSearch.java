package io.callrecords.connect.fetch;

import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.FeedTimes.TimeInterpretation;
import io.callrecords.connect.fetch.RecordLookup.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches for the zone and field under which the API returns a record that it does not return at
 * the time that the settings give it. Runs on the loop.
 */
final class TimeSettingsSearch {
  private static final Logger LOG = LoggerFactory.getLogger(TimeSettingsSearch.class);

  /** The API may return records this far from the requested moment. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private static final String FITS = " would fit the times of the calls that the API returns";

  private final FeedTimes times;
  private boolean loggedUnexplained;

  /**
   * Creates a search.
   *
   * @param times what the settings make of a record's times
   */
  TimeSettingsSearch(FeedTimes times) {
    this.times = times;
  }

  /**
   * Searches for the settings that explain a record.
   *
   * @param request the request for which the API returned the record
   * @param lookup requests what may explain it
   * @return fails with a {@link TimeSettingsException} when other settings explain it
   */
  CompletableFuture<Void> explain(FeedRecord record, PageRequest request, RecordLookup lookup) {
    Instant configured = times.asConfigured(record).time();
    Iterator<TimeInterpretation> alternatives =
        times.alternatives(record).stream()
            .filter(alternative -> !alternative.time().isBefore(request.from()))
            .filter(alternative -> !alternative.time().isAfter(request.to()))
            // Nearly the same moment would tell nothing of the settings.
            .filter(alternative -> isFar(alternative.time(), configured))
            .iterator();
    return firstReturned(record, alternatives, lookup)
        .thenCompose(found -> unlessConfigured(record, found, lookup))
        .thenAccept(
            found -> {
              if (found != null) {
                throw new TimeSettingsException(request, changes(found));
              }
              logUnexplained(request);
            });
  }

  private static boolean isFar(Instant a, Instant b) {
    return Duration.between(a, b).abs().compareTo(TOLERANCE) > 0;
  }

  private CompletableFuture<@Nullable TimeInterpretation> firstReturned(
      FeedRecord record, Iterator<TimeInterpretation> alternatives, RecordLookup lookup) {
    if (!alternatives.hasNext()) {
      return CompletableFuture.completedFuture(null);
    }
    TimeInterpretation next = alternatives.next();
    return lookup
        .find(record, next.time())
        .thenCompose(
            finding ->
                finding == Finding.RETURNED
                    ? CompletableFuture.completedFuture(next)
                    : firstReturned(record, alternatives, lookup));
  }

  /** A single response that lacks a record accuses nobody: the settings get another try. */
  private CompletableFuture<@Nullable TimeInterpretation> unlessConfigured(
      FeedRecord record, @Nullable TimeInterpretation found, RecordLookup lookup) {
    if (found == null) {
      return CompletableFuture.completedFuture(null);
    }
    return lookup
        .find(record, times.asConfigured(record).time())
        .thenApply(finding -> finding == Finding.MISSING ? found : null);
  }

  private Map<String, String> changes(TimeInterpretation fits) {
    Map<String, String> changes = new LinkedHashMap<>();
    if (!fits.zone().equals(times.zone())) {
      changes.put(
          CallRecordSourceConfig.API_TIME_ZONE,
          "it is " + times.zone() + ", but " + fits.zone() + FITS);
    }
    if (!fits.field().equals(times.field())) {
      changes.put(
          CallRecordSourceConfig.QUERY_TIME_FIELD,
          "it is " + times.field() + ", but " + fits.field() + FITS);
    }
    return changes;
  }

  private void logUnexplained(PageRequest request) {
    if (loggedUnexplained) {
      return;
    }
    loggedUnexplained = true;
    LOG.warn(
        "The API does not return a record again that it has just returned for {} to {}, neither at"
            + " the time that api.time.zone and query.time.field give it nor at any other. The"
            + " record may have been moved or deleted in between. If calls are missing, the API"
            + " filters by a time that its records do not contain.",
        request.from(),
        request.to());
  }
}
