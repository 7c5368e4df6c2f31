package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.FetchResult;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the API returns of one day with what the topic has of it, window by window: the
 * digests of the day's records are in memory, and of the API one window at a time.
 */
final class DayComparison {
  /** As many as findings are kept. */
  private static final int MAX_DIFFERING = 100_000;

  private final Split day;
  private final TimeRange range;
  private final DigestTable topic;
  private final RecordDecoder decoder;
  private final CallDigests digests;
  private final ComparisonRules rules;
  private final RoutedRows routedRows;
  private final Deletions deletions;
  private final Findings findings;
  private final DayResult totals;
  private final MissingCauses causes;
  private final ContentDigest apiContent = new ContentDigest();
  private final List<Discrepancy> missing = new ArrayList<>();
  private final Set<IdDigest> malformedIds = new HashSet<>();
  private final Map<IdDigest, CallDigest> differing = new HashMap<>();
  private final List<TimeRange> expired = new ArrayList<>();
  private final List<TimeRange> unsteady = new ArrayList<>();
  private long coveredSeconds;

  /**
   * Begins a day.
   *
   * @param range what of it is compared
   * @param topic what the topic has of it
   * @param routedRows the malformed rows that were routed to their topic
   * @param deletions by which records of the topic count no more
   * @param findings where what is wrong goes
   */
  DayComparison(
      Split day,
      TimeRange range,
      DigestTable topic,
      RecordDecoder decoder,
      CallDigests digests,
      ComparisonRules rules,
      RoutedRows routedRows,
      Deletions deletions,
      Findings findings,
      DayResult totals) {
    this.day = day;
    this.range = range;
    this.topic = topic;
    this.decoder = decoder;
    this.digests = digests;
    this.rules = rules;
    this.routedRows = routedRows;
    this.deletions = deletions;
    this.findings = findings;
    this.totals = totals;
    causes = new MissingCauses(day, rules);
  }

  /** Takes what the API returned for a part of the day. */
  void accept(FetchResult result) {
    if (!result.expired().isEmpty()) {
      expired.add(result.expired());
      totals.expiredSeconds += result.expired().seconds();
      coveredSeconds += result.expired().seconds();
    }
    WindowSnapshot window = result.snapshot().orElse(null);
    if (window == null) {
      return;
    }
    coveredSeconds += window.range().seconds();
    if (!window.verified()) {
      unsteady.add(window.range());
      totals.isUnsteady = true;
      totals.hasNoData |= window.total() == WindowOffset.UNKNOWN;
    }
    totals.announced += unreturned(window);
    Instant readAt = window.requestedAt();
    for (Row row : window.records()) {
      causes.count(row.time());
      FeedRecord record =
          row.match(one -> one, malformed -> noteMalformed(malformed, readAt), one -> one.record());
      if (record != null) {
        compare(record, readAt);
      }
    }
  }

  /** How many rows a total announces beyond those that came, where nothing explains it. */
  private static long unreturned(WindowSnapshot window) {
    WindowAudit.Reconciliation sums = window.reconciliation();
    long rows = window.records().size() + sums.outside() + sums.duplicates();
    return sums.counted() ? 0 : Math.max(0, sums.total() - rows);
  }

  /** Whether all of the range was taken. */
  boolean isComplete() {
    return coveredSeconds >= range.seconds();
  }

  private @Nullable FeedRecord noteMalformed(MalformedRecord row, Instant readAt) {
    totals.malformed++;
    String key = row.key();
    IdDigest id = key == null ? null : digests.ofId(key);
    if (id != null) {
      malformedIds.add(id);
    }
    boolean isRouted = routedRows.take(key);
    int entry = id == null ? -1 : topic.find(id);
    boolean isInTopic = entry >= 0 && !isDeleted(entry);
    long millis = row.time() * 1000;
    totals.routed += isRouted && !isInTopic ? 1 : 0;
    if (isRouted || isInTopic) {
      return null;
    }
    FindingCause cause =
        rules.mayStillCome(millis, readAt) ? FindingCause.PENDING : FindingCause.MALFORMED;
    missing.add(missing(key, id, millis, null, null).because(cause));
    return null;
  }

  private void compare(FeedRecord record, Instant readAt) {
    CallFields expected = decoder.expected(record);
    CallDigest digest = digests.of(expected);
    String id = Objects.requireNonNullElse(expected.id(), record.id());
    IdDigest idDigest = digests.ofId(id);
    long millis = record.time() * 1000;
    totals.api++;
    apiContent.add(digest);
    int entry = topic.find(idDigest);
    boolean isDeleted = entry < 0 ? deletions.has(idDigest) : isDeleted(entry);
    if (entry < 0 || isDeleted) {
      // Of a day that is lost, not each call can be kept whole.
      boolean isKept = missing.size() < findings.detailed();
      missing.add(
          missing(id, idDigest, millis, isKept ? expected : null, digest)
              .because(isDeleted ? FindingCause.DELETED : causes.ofCall(expected, millis, readAt)));
      return;
    }
    topic.markSeen(entry);
    if (!topic.hasDigest(entry, digest)) {
      if (differing.size() < MAX_DIFFERING) {
        differing.put(idDigest, topic.digest(entry));
      }
      findings.add(
          new Discrepancy(
              FindingKind.DIFFERENT,
              rules.updates() && rules.mayStillCome(millis, readAt)
                  ? FindingCause.PENDING
                  : FindingCause.UNKNOWN,
              id,
              idDigest,
              day,
              millis,
              topic.place(entry),
              expected,
              digest,
              topic.count(entry),
              List.of()),
          totals);
    }
    countVersions(entry, id, millis);
  }

  /** Whether a record without a value follows a call's newest one. */
  private boolean isDeleted(int entry) {
    return deletions.isAfter(topic.id(entry), topic.place(entry));
  }

  private Discrepancy missing(
      @Nullable String id,
      @Nullable IdDigest idDigest,
      long millis,
      @Nullable CallFields expected,
      @Nullable CallDigest digest) {
    return new Discrepancy(
        FindingKind.MISSING,
        FindingCause.UNKNOWN,
        id,
        idDigest,
        day,
        millis,
        null,
        expected,
        digest,
        0,
        List.of());
  }

  /** Counts what the topic has beyond one record of a call; says what has no reason. */
  private void countVersions(int entry, @Nullable String id, @Nullable Long millis) {
    int further = topic.count(entry) - 1;
    if (further == 0) {
      return;
    }
    int excess = topic.excess(entry, rules.updates());
    long second = day.range().from().getEpochSecond() + topic.secondOfDay(entry);
    if (excess > 0 && rules.audits().isLoadedAgain(second)) {
      totals.replayed += further;
    } else {
      int replays = Math.min(further - excess, topic.replays(entry));
      totals.replayed += replays;
      totals.versions += further - excess - replays;
      if (excess > 0) {
        findings.add(
            new Discrepancy(
                FindingKind.TWICE,
                FindingCause.UNKNOWN,
                id,
                topic.id(entry),
                day,
                millis,
                topic.place(entry),
                null,
                null,
                topic.count(entry),
                List.of()),
            totals);
      }
    }
  }

  /** Ends the day: finds what only the topic has, and the causes of what it lacks. */
  void finish() {
    ContentDigest topicContent = new ContentDigest();
    for (int entry = 0; entry < topic.size(); entry++) {
      long second = day.range().from().getEpochSecond() + topic.secondOfDay(entry);
      if (isDeleted(entry)) {
        continue;
      }
      if (!topic.isSeen(entry) && expired.stream().anyMatch(part -> part.contains(second))) {
        totals.expired++;
        continue;
      }
      totals.topic++;
      totals.records += topic.count(entry);
      topicContent.add(topic.digest(entry));
      if (!topic.isSeen(entry)) {
        findings.add(foreign(entry, second), totals);
        countVersions(entry, null, second * 1000);
      }
    }
    for (Discrepancy one : missing) {
      boolean isKnown = one.cause() != FindingCause.UNKNOWN;
      long second = Math.floorDiv(Objects.requireNonNull(one.millis()), 1000L);
      findings.add(isKnown ? one : one.because(causes.byAudit(second)), totals);
    }
    totals.setDigests(apiContent.digest(), topicContent.digest());
    boolean mayBeSettled =
        totals.count(FindingKind.MISSING) + totals.count(FindingKind.DIFFERENT) > 0;
    if (mayBeSettled && findings.mayKeep(topicContent)) {
      totals.keepTopic(topicContent, differing);
    }
  }

  private Discrepancy foreign(int entry, long second) {
    FindingCause cause = FindingCause.UNKNOWN;
    if (malformedIds.contains(topic.id(entry))) {
      cause = FindingCause.MALFORMED;
    } else if (unsteady.stream().anyMatch(part -> part.contains(second))) {
      cause = FindingCause.UNSTEADY;
    }
    return new Discrepancy(
        FindingKind.FOREIGN,
        cause,
        null,
        topic.id(entry),
        day,
        second * 1000,
        topic.place(entry),
        null,
        topic.digest(entry),
        topic.count(entry),
        List.of());
  }
}
