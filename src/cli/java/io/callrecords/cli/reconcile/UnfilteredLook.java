package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.FetchResult;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks the API without the connector's filters for calls that it does not return with them: the
 * filters may have been others when such a call was emitted.
 */
final class UnfilteredLook {
  private final ReconcileRequest request;
  private final Feed feed;
  private final CallDigests digests;
  private final Findings findings;
  private final RangeResult days;

  UnfilteredLook(
      ReconcileRequest request,
      Feed feed,
      CallDigests digests,
      Findings findings,
      RangeResult days) {
    this.request = request;
    this.feed = feed;
    this.digests = digests;
    this.findings = findings;
    this.days = days;
  }

  /**
   * Looks.
   *
   * @return how many requests it took
   */
  long run() throws InterruptedException {
    Set<TimeRange> seconds = new TreeSet<>(Comparator.comparing(TimeRange::from));
    int count = 0;
    for (Discrepancy one : findings.kept()) {
      Long millis = one.millis();
      boolean isOpen = one.kind() == FindingKind.FOREIGN && one.cause() == FindingCause.UNKNOWN;
      if (isOpen && millis != null && count < request.limit()) {
        count++;
        Instant second = Instant.ofEpochSecond(Math.floorDiv(millis, 1000L));
        seconds.add(new TimeRange(second, second.plusSeconds(1)));
      }
    }
    boolean hasFilters = !request.config().filtersSet().isEmpty();
    Set<IdDigest> returned = new HashSet<>();
    long requests = hasFilters && !seconds.isEmpty() ? readUnfiltered(seconds, returned) : 0;
    findings.replaceAll(
        days,
        one -> {
          if (one.kind() != FindingKind.FOREIGN || one.cause() != FindingCause.UNKNOWN) {
            return one;
          }
          boolean isFiltered = one.idDigest() != null && returned.contains(one.idDigest());
          return one.because(isFiltered ? FindingCause.FILTERED : FindingCause.GONE);
        });
    return requests;
  }

  private long readUnfiltered(Set<TimeRange> seconds, Set<IdDigest> returned)
      throws InterruptedException {
    try (ApiCalls api =
        new ApiCalls(
            feed, request.config(), request.api(), request.retry(), Map.of(), seconds, 0)) {
      api.start();
      Optional<FetchResult> result = api.next();
      while (result.isPresent()) {
        result
            .get()
            .snapshot()
            .ifPresent(
                window -> {
                  for (Row row : window.records()) {
                    returned.add(digests.ofId(row.id()));
                  }
                });
        result = api.next();
      }
      return api.requests();
    }
  }
}
