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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
  /** So many records of a page may prove the settings. */
  private static final int MAX_WITNESSES = 3;

  private static final int MAX_PROOFS = 100;
  private static final long SECONDS_PER_WEEK = 7 * 86_400;

  private final EventLoop loop;
  private final FeedTimes times;
  private final RangeJudge ranges;
  private final Function<BooleanSupplier, SettingsExperiment> patient;
  private final SettingsExperiment once;
  private final OutOfRangeJudge judge;
  private final RepeatedTimesJudge repeatedTimes;

  private final Map<ProofPeriod, SettingsProof> proofs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ProofPeriod, SettingsProof> eldest) {
          return size() > MAX_PROOFS;
        }
      };

  /** A week in which the clocks of the zone do not change. */
  private record ProofPeriod(long week, ZoneOffset offset) {}

  /**
   * Creates a verifier.
   *
   * @param loop the loop that all calls are made on
   * @param times what the settings make of a record's times
   * @param pageSize records per page
   * @param api requests a page until it is returned, before all else: new records wait for the
   *     proof; may fail with a {@code FailingRequestException} once nobody waits for it any more
   * @param once requests a page once
   */
  public TimeSettingsVerifier(
      EventLoop loop,
      FeedTimes times,
      int pageSize,
      BiFunction<PageRequest, BooleanSupplier, CompletableFuture<Page>> api,
      Function<PageRequest, CompletableFuture<Page>> once) {
    this.loop = loop;
    this.times = times;
    Function<PageRequest, CompletableFuture<Page>> always =
        request -> api.apply(request, () -> false);
    this.ranges = new RangeJudge(pageSize, always);
    TimeSettingsSearch search = new TimeSettingsSearch(times);
    this.patient =
        mayGiveUp ->
            new SettingsExperiment(
                times, lookup(pageSize, request -> api.apply(request, mayGiveUp)), search);
    this.once = new SettingsExperiment(times, lookup(pageSize, once), search);
    RecordLookup lookup = lookup(pageSize, always);
    this.judge = new OutOfRangeJudge(times, lookup, search);
    this.repeatedTimes = new RepeatedTimesJudge(times.zone(), lookup);
  }

  private RecordLookup lookup(int pageSize, Function<PageRequest, CompletableFuture<Page>> pages) {
    return new RecordLookup(
        pageSize, request -> pages.apply(request).thenCompose(page -> ranges.check(page, request)));
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
      } else if (isWitness(row, request)) {
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
    SettingsProof known = proofs.get(period(request, request.from()));
    if (known == null
        || !known.outcome().isDone()
        || changesClocks(times.zone().getRules(), request)) {
      return null;
    }
    boolean hasWitness = false;
    for (Row row : page.rows()) {
      if (row instanceof OutOfRangeRecord) {
        return null;
      }
      hasWitness = hasWitness || isWitness(row, request);
    }
    return hasWitness ? known.outcome() : null;
  }

  /**
   * Whether a row may prove the settings. One in the seconds beside a window is not of that: the
   * second would be requested that follows, which the API may fail to return.
   */
  private boolean isWitness(Row row, PageRequest request) {
    return row instanceof FeedRecord record
        && record.time() > request.from().getEpochSecond()
        && record.time() < request.to().getEpochSecond()
        && times.evidence(record) > 0;
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
    SettingsProof proof = proofs.get(period(request, times.asConfigured(record).time()));
    return proof != null && proof.isWithField();
  }

  private CompletableFuture<Void> proof(
      ProofPeriod period, List<FeedRecord> witnesses, PageRequest request) {
    SettingsProof proof = proofs.get(period);
    if (proof == null) {
      proof = new SettingsProof(loop, best(witnesses), request, patient, once);
      proofs.put(period, proof);
    } else if (!proof.outcome().isDone()) {
      proof.add(best(witnesses), request);
    }
    return proof.outcome();
  }

  private List<FeedRecord> best(List<FeedRecord> witnesses) {
    return witnesses.stream()
        .sorted(Comparator.comparing((FeedRecord record) -> -times.evidence(record)))
        .limit(MAX_WITNESSES)
        .toList();
  }
}
