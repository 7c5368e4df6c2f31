package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.cli.reconcile.Discrepancy.FieldDifference;
import io.callrecords.cli.topic.TopicPlace;
import io.callrecords.cli.topic.TopicReading;
import io.callrecords.cli.topic.UnreadableRecordException;
import io.callrecords.connect.feed.Feed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Looks into what differs, once all days have been compared: at what the topic has gained since, at
 * calls that it has at another time, and at the whole records of those that are listed.
 */
final class SecondLook {
  /** What people and machines add to a call after it has ended. */
  private static final Set<String> CHANGEABLE = Set.of("labels", "remark", "voiceUrl", "extra");

  private final ReconcileRequest request;
  private final Feed feed;
  private final TopicReading reading;
  private final RecordDecoder decoder;
  private final CallDigests digests;
  private final ComparisonRules rules;
  private final Deletions deletions;
  private final Findings findings;
  private final RangeResult days;

  /** A version of a call that was found in the topic. */
  private record FoundVersion(CallDigest digest, TopicPlace place) {}

  SecondLook(
      ReconcileRequest request,
      Feed feed,
      TopicReading reading,
      RecordDecoder decoder,
      CallDigests digests,
      ComparisonRules rules,
      Deletions deletions,
      Findings findings,
      RangeResult days) {
    this.request = request;
    this.feed = feed;
    this.reading = reading;
    this.decoder = decoder;
    this.digests = digests;
    this.rules = rules;
    this.deletions = deletions;
    this.findings = findings;
    this.days = days;
  }

  /**
   * Looks.
   *
   * @param ends where the reading of the topic ended
   * @return how many requests it took
   */
  long run(Map<Integer, Long> ends) throws InterruptedException {
    settleByTail(ends);
    settleWithinRange();
    dropPending();
    settleOutsideOfRange();
    long requests = new UnfilteredLook(request, feed, digests, findings, days).run();
    addDetails();
    return requests;
  }

  private Set<IdDigest> ids(FindingKind... kinds) {
    Set<IdDigest> ids = new HashSet<>();
    for (Discrepancy one : findings.kept()) {
      IdDigest id = one.idDigest();
      if (id != null && Arrays.asList(kinds).contains(one.kind())) {
        ids.add(id);
      }
    }
    return ids;
  }

  /** What the connector has written since the topic was read counts. */
  private void settleByTail(Map<Integer, Long> ends) {
    Set<IdDigest> ids = ids(FindingKind.MISSING, FindingKind.DIFFERENT);
    if (ids.isEmpty()) {
      return;
    }
    Map<IdDigest, FoundVersion> tail = new HashMap<>();
    reading.readOn(
        request.config().topic(),
        ends,
        (place, headers, key, value) -> find(ids, tail, place, headers, value));
    findings.replaceAll(
        days,
        one -> {
          FoundVersion found = one.idDigest() == null ? null : tail.get(one.idDigest());
          boolean concerns =
              one.kind() == FindingKind.MISSING || one.kind() == FindingKind.DIFFERENT;
          if (found == null || !concerns) {
            return one;
          }
          if (found.digest().equals(one.digest())) {
            days.of(one.day()).countLater(one);
            return null;
          }
          boolean mayStillChange = one.cause() == FindingCause.PENDING;
          return one.movedTo(found.place())
              .because(mayStillChange ? FindingCause.PENDING : FindingCause.UNKNOWN);
        });
  }

  private @Nullable CallFields find(
      Set<IdDigest> ids,
      Map<IdDigest, FoundVersion> found,
      TopicPlace place,
      Headers headers,
      byte @Nullable [] value) {
    CallFields call = decoded(headers, value);
    String id = call == null ? null : call.id();
    if (call == null || id == null) {
      return null;
    }
    IdDigest idDigest = digests.ofId(id);
    if (ids.contains(idDigest) && !deletions.isAfter(idDigest, place)) {
      found.put(idDigest, new FoundVersion(digests.of(call), place));
      return call;
    }
    return null;
  }

  private @Nullable CallFields decoded(Headers headers, byte @Nullable [] value) {
    try {
      return value == null ? null : decoder.call(headers, value);
    } catch (UnreadableRecordException e) {
      return null;
    }
  }

  /** A call that is missing on one day and foreign on another one has moved. */
  private void settleWithinRange() {
    Set<IdDigest> missing = ids(FindingKind.MISSING);
    Map<IdDigest, FoundVersion> foreign = new HashMap<>();
    for (Discrepancy one : findings.kept()) {
      IdDigest id = one.idDigest();
      TopicPlace place = one.place();
      CallDigest digest = one.digest();
      boolean isBoth = one.kind() == FindingKind.FOREIGN && id != null && missing.contains(id);
      if (isBoth && id != null && place != null && digest != null) {
        foreign.put(id, new FoundVersion(digest, place));
      }
    }
    settle(foreign);
  }

  private void settle(Map<IdDigest, FoundVersion> moved) {
    if (moved.isEmpty()) {
      return;
    }
    findings.replaceAll(
        days,
        one -> {
          FoundVersion found = one.idDigest() == null ? null : moved.get(one.idDigest());
          if (found == null
              || one.kind() == FindingKind.TWICE
              || one.kind() == FindingKind.DIFFERENT) {
            return one;
          }
          boolean isSame = found.digest().equals(one.digest());
          if (isSame && one.kind() == FindingKind.MISSING) {
            days.of(one.day()).countLater(one);
          }
          return one.kind() == FindingKind.FOREIGN || isSame ? null : one.movedTo(found.place());
        });
  }

  /** The topic is read once more for what is missing: it may have it at a time out of the range. */
  private void settleOutsideOfRange() {
    Set<IdDigest> missing = ids(FindingKind.MISSING);
    if (missing.isEmpty()) {
      return;
    }
    Map<IdDigest, FoundVersion> elsewhere = new HashMap<>();
    reading.read(
        request.config().topic(),
        null,
        (place, headers, key, value) -> find(missing, elsewhere, place, headers, value));
    settle(elsewhere);
  }

  private void dropPending() {
    findings.replaceAll(
        days,
        one -> {
          if (one.cause() != FindingCause.PENDING) {
            return one;
          }
          days.of(one.day()).pending++;
          return null;
        });
  }

  /** Fetches the whole records of those that are listed. */
  private void addDetails() {
    Map<FindingKind, Integer> listed = new EnumMap<>(FindingKind.class);
    findings.replaceAll(
        days,
        one -> {
          boolean isListed = listed.merge(one.kind(), 1, Integer::sum) <= request.limit();
          return isListed && one.place() != null ? detailed(one, one.place()) : one;
        });
  }

  private @Nullable CallFields whole(TopicPlace place) {
    AtomicReference<@Nullable CallFields> found = new AtomicReference<>();
    reading.readAt(
        request.config().topic(),
        place,
        (same, headers, key, value) -> found.set(decoded(headers, value)));
    return found.get();
  }

  private Discrepancy detailed(Discrepancy one, TopicPlace place) {
    CallFields inTopic = whole(place);
    if (inTopic == null) {
      return one;
    }
    List<FieldDifference> differences = new ArrayList<>();
    CallFields expected = one.expected();
    if (expected != null) {
      for (String field : expected.differing(inTopic)) {
        differences.add(new FieldDifference(field, expected.text(field), inTopic.text(field)));
      }
    }
    Discrepancy detailed =
        one.with(inTopic.id(), one.millis() == null ? inTopic.millis() : null, differences);
    boolean mayHaveChanged =
        one.kind() == FindingKind.DIFFERENT
            && one.cause() == FindingCause.UNKNOWN
            && !differences.isEmpty()
            && differences.stream().allMatch(other -> CHANGEABLE.contains(other.field()));
    return mayHaveChanged
        ? detailed.because(rules.updates() ? FindingCause.LATE_CHANGE : FindingCause.CHANGED)
        : detailed;
  }
}
