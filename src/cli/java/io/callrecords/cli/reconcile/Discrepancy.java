package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.cli.topic.TopicPlace;
import io.callrecords.connect.split.Split;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a call.
 *
 * @param id its id; null while that is not known
 * @param idDigest what stands for the id; null where it has none
 * @param day the day that it belongs to
 * @param millis its time, in milliseconds since the epoch; null where it is not known
 * @param place where its newest record stands; null where the topic has none
 * @param expected what the API returns; null where it returns nothing, or that is not kept
 * @param digest the digest of what the API returns, or of what the topic has where that is nothing
 * @param times how many records of it the topic has
 * @param differences the fields that differ
 */
record Discrepancy(
    FindingKind kind,
    FindingCause cause,
    @Nullable String id,
    @Nullable IdDigest idDigest,
    Split day,
    @Nullable Long millis,
    @Nullable TopicPlace place,
    @Nullable CallFields expected,
    @Nullable CallDigest digest,
    int times,
    List<FieldDifference> differences) {

  /**
   * A field that differs.
   *
   * @param api the text that it has in the API
   * @param topic the text that it has in the topic
   */
  record FieldDifference(String field, @Nullable String api, @Nullable String topic) {}

  /** The same with a cause. */
  Discrepancy because(FindingCause newCause) {
    return new Discrepancy(
        kind, newCause, id, idDigest, day, millis, place, expected, digest, times, differences);
  }

  /** The same with what the topic says of it. */
  Discrepancy with(@Nullable String newId, @Nullable Long newMillis, List<FieldDifference> fields) {
    return new Discrepancy(
        kind,
        cause,
        newId == null ? id : newId,
        idDigest,
        day,
        newMillis == null ? millis : newMillis,
        place,
        expected,
        digest,
        times,
        fields);
  }

  /** A call that the topic has, and at another time than the API says. */
  Discrepancy movedTo(TopicPlace found) {
    return new Discrepancy(
        FindingKind.DIFFERENT,
        FindingCause.MOVED,
        id,
        idDigest,
        day,
        millis,
        found,
        expected,
        digest,
        times,
        differences);
  }

  /** The same without the fields, which take memory. */
  Discrepancy compact() {
    return new Discrepancy(
        kind, cause, id, idDigest, day, millis, place, null, digest, times, differences);
  }
}
