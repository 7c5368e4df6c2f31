package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.EventLoop;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves by experiment that {@code api.time.zone} and {@code query.time.field} are right: the API
 * has to return a record again when just the moment is requested that the settings make of the
 * record's time.
 *
 * <p>That is done once for each week that has records, before the first of them is emitted: in a
 * quiet account, a wrong zone would otherwise move whole days of calls without any of them leaving
 * the requested range, and the clocks of a zone may change between one week and the next. Where the
 * API does not return the record, the other zones and the other field are tried, and the one that
 * fits is named. Runs on the loop.
 */
public final class TimeSettingsVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(TimeSettingsVerifier.class);

  /** Records that are tried one after another, since any may be moved or deleted in between. */
  private static final int MAX_WITNESSES = 3;

  private static final int MAX_PROOFS = 100;
  private static final long SECONDS_PER_WEEK = 7 * 86_400;

  private final EventLoop loop;
  private final FeedTimes times;
  private final RangeJudge ranges;
  private final RecordLookup lookup;
  private final TimeSettingsSearch search;
  private final OutOfRangeJudge judge;
  private final RepeatedTimesJudge repeatedTimes;

  private final Map<ProofPeriod, CompletableFuture<Void>> proofs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<ProofPeriod, CompletableFuture<Void>> eldest) {
          return size() > MAX_PROOFS;
        }
      };

  private final Set<ProofPeriod> provenWithField = new HashSet<>();

  /** A week in which the clocks of the zone do not change. */
  private record ProofPeriod(long week, ZoneOffset offset) {}

  /**
   * Creates a verifier.
   *
   * @param loop the loop that all calls are made on
   * @param times what the settings make of a record's times
   * @param pageSize records per page
   * @param api requests a page, before all else: new records wait for the proof
   */
  public TimeSettingsVerifier(
      EventLoop loop,
      FeedTimes times,
      int pageSize,
      Function<PageRequest, CompletableFuture<Page>> api) {
    this.loop = loop;
    this.times = times;
    this.ranges = new RangeJudge(pageSize, api);
    this.lookup =
        new RecordLookup(
            pageSize,
            request -> api.apply(request).thenCompose(page -> ranges.check(page, request)));
    this.search = new TimeSettingsSearch(times, lookup);
    this.judge = new OutOfRangeJudge(times, lookup, search);
    this.repeatedTimes = new RepeatedTimesJudge(times.zone(), lookup);
  }

  /**
   * Verifies a page before anything of it is used.
   *
   * @param request the request for the page
   * @return the page, in which each out-of-range record is replaced: by the record itself if its
   *     time is right after all, so that it belongs to another window, and else by a malformed one.
   *     Fails with a {@link TimeSettingsException} when a setting is wrong, and with an {@link
   *     IgnoredRangeException} when the API does not honour the range of a request
   */
  public CompletableFuture<Page> checkTimes(Page page, PageRequest request) {
    loop.checkOnLoop();
    return ranges.check(page, request).thenCompose(known -> checkTimesOf(known, request));
  }

  private CompletableFuture<Page> checkTimesOf(Page page, PageRequest request) {
    CompletableFuture<Void> provenBefore = knownProof(page, request);
    if (provenBefore != null) {
      return provenBefore
          .thenApply(nothing -> page)
          .thenCompose(proven -> repeatedTimes.judge(proven, request));
    }
    List<OutOfRangeRecord> outOfRange = new ArrayList<>();
    List<FeedRecord> witnesses = new ArrayList<>();
    for (Row row : page.rows()) {
      if (row instanceof OutOfRangeRecord record) {
        outOfRange.add(record);
      } else if (isWitness(row)) {
        witnesses.add((FeedRecord) row);
      }
    }
    CompletableFuture<Void> proof = proofFrom(witnesses, request);
    CompletableFuture<Page> judged =
        outOfRange.isEmpty()
            ? proof.thenApply(nothing -> page)
            : judged(page, request, proof, outOfRange, !witnesses.isEmpty());
    return judged.thenCompose(known -> repeatedTimes.judge(known, request));
  }

  private CompletableFuture<Page> judged(
      Page page,
      PageRequest request,
      CompletableFuture<Void> proof,
      List<OutOfRangeRecord> outOfRange,
      boolean hasWitness) {
    return proof
        .thenCompose(
            nothing ->
                judge.judge(
                    outOfRange,
                    request,
                    record -> hasWitness && isProvenWithField(record, request)))
        .thenApply(verdicts -> replaced(page, verdicts));
  }

  /**
   * The proof that a page has to wait for, if it has begun and the page has no out-of-range record;
   * else null. Most pages are such, and none of their records needs a closer look.
   */
  private @Nullable CompletableFuture<Void> knownProof(Page page, PageRequest request) {
    CompletableFuture<Void> known = proofs.get(period(request, request.from()));
    if (known == null || changesClocks(times.zone().getRules(), request)) {
      return null;
    }
    boolean hasWitness = false;
    for (Row row : page.rows()) {
      if (row instanceof OutOfRangeRecord) {
        return null;
      }
      hasWitness = hasWitness || isWitness(row);
    }
    return hasWitness ? known : null;
  }

  private boolean isWitness(Row row) {
    return row instanceof FeedRecord record && times.evidence(record) > 0;
  }

  private static boolean changesClocks(ZoneRules rules, PageRequest request) {
    ZoneOffsetTransition next = rules.nextTransition(request.from());
    return next != null && !next.getInstant().isAfter(request.to());
  }

  private static Page replaced(Page page, Map<String, Row> verdicts) {
    List<Row> rows =
        page.rows().stream()
            .map(
                row -> row instanceof OutOfRangeRecord ? verdicts.getOrDefault(row.id(), row) : row)
            .toList();
    return page.withRows(rows);
  }

  /** The proof of the requested week, from these records where there is none yet. */
  private CompletableFuture<Void> proofFrom(List<FeedRecord> witnesses, PageRequest request) {
    // The clocks of the zone may change within the week, and within what was requested.
    Map<ProofPeriod, List<FeedRecord>> periods = new LinkedHashMap<>();
    for (FeedRecord witness : witnesses) {
      Instant time = times.asConfigured(witness).time();
      periods.computeIfAbsent(period(request, time), p -> new ArrayList<>()).add(witness);
    }
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (Map.Entry<ProofPeriod, List<FeedRecord>> period : periods.entrySet()) {
      all = all.thenCompose(nothing -> proof(period.getKey(), period.getValue(), request));
    }
    return all;
  }

  private ProofPeriod period(PageRequest request, Instant time) {
    return new ProofPeriod(
        request.from().getEpochSecond() / SECONDS_PER_WEEK,
        times.zone().getRules().getOffset(time));
  }

  private boolean isProvenWithField(FeedRecord record, PageRequest request) {
    return provenWithField.contains(period(request, times.asConfigured(record).time()));
  }

  private CompletableFuture<Void> proof(
      ProofPeriod period, List<FeedRecord> witnesses, PageRequest request) {
    CompletableFuture<Void> known = proofs.get(period);
    if (known == null) {
      witnesses.sort(Comparator.comparing((FeedRecord record) -> -times.evidence(record)));
      known = prove(witnesses.subList(0, Math.min(MAX_WITNESSES, witnesses.size())), request);
      proofs.put(period, known);
    }
    return known;
  }

  private CompletableFuture<Void> prove(List<FeedRecord> witnesses, PageRequest request) {
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
                case RETURNED, TOO_MANY_ROWS, REFUSED -> proven(witness, request);
                case MISSING ->
                    witnesses.size() > 1
                        ? prove(witnesses.subList(1, witnesses.size()), request)
                        : search.explain(witness, request);
              };
            });
  }

  private CompletableFuture<Void> proven(FeedRecord witness, PageRequest request) {
    if (times.evidence(witness) > 1) {
      provenWithField.add(period(request, times.asConfigured(witness).time()));
    }
    return CompletableFuture.completedFuture(null);
  }
}
