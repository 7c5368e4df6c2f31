package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.connect.split.Split;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the calls of one day add up. */
final class DayResult {
  private final Split day;
  private final Map<FindingKind, Integer> findings = new EnumMap<>(FindingKind.class);

  /** Calls that the API returns. */
  long api;

  /** Different calls that the topic has, of those seconds that the API still returns. */
  long topic;

  /** Records that the topic has of them. */
  long records;

  /** Records that are earlier versions of a call. */
  long versions;

  /** Records that were loaded again by hand. */
  long replayed;

  /** Rows of the API that cannot be converted. */
  long malformed;

  /** Of these, those that are in their own topic and not in that of calls. */
  long routed;

  /** Calls of the topic that the API returns no more, since they are too old. */
  long expired;

  /** Calls that may still come or change, and are not in the topic yet as the API has them. */
  long pending;

  /** The seconds of the day that the API no longer returns. */
  long expiredSeconds;

  /** Whether the API's responses for a part of the day never agreed. */
  boolean isUnsteady;

  /** Whether the API answered without data for a part of the day, which says nothing. */
  boolean hasNoData;

  /** How many calls the API has announced and never returned. */
  long announced;

  private byte[] apiDigest = new byte[0];
  private byte[] topicDigest = new byte[0];
  private @Nullable ContentDigest topicContent;
  private Map<IdDigest, CallDigest> differing = Map.of();
  private boolean hasChanged;

  DayResult(Split day) {
    this.day = day;
  }

  Split day() {
    return day;
  }

  /** How often something is wrong. */
  int count(FindingKind kind) {
    return findings.getOrDefault(kind, 0);
  }

  /** How often anything is wrong. */
  int findings() {
    return findings.values().stream().mapToInt(Integer::intValue).sum();
  }

  void add(FindingKind kind, int change) {
    findings.merge(kind, change, Integer::sum);
  }

  /** Counts a record that settles what seemed wrong, since it came after the topic was read. */
  void countLater(Discrepancy settled) {
    records++;
    if (settled.kind() == FindingKind.MISSING) {
      topic++;
    } else {
      versions++;
    }
    ContentDigest content = topicContent;
    CallDigest digest = settled.digest();
    hasChanged = true;
    if (content != null && digest != null) {
      CallDigest before = settled.idDigest() == null ? null : differing.get(settled.idDigest());
      if (before != null) {
        content.remove(before);
      }
      content.add(digest);
    }
  }

  void setDigests(byte[] ofApi, byte[] ofTopic) {
    apiDigest = ofApi;
    topicDigest = ofTopic;
  }

  /**
   * Keeps what the topic's digest is made of, so that records that come later can be part of it.
   *
   * @param newDiffering the digests of the records that differ from what the API returns
   */
  void keepTopic(ContentDigest content, Map<IdDigest, CallDigest> newDiffering) {
    topicContent = content;
    differing = newDiffering;
  }

  /** Makes the topic's digest once nothing comes any more. */
  void settle() {
    ContentDigest content = topicContent;
    if (content != null) {
      topicDigest = content.digest();
      hasChanged = false;
      keepNothing();
    }
  }

  private void keepNothing() {
    topicContent = null;
    differing = Map.of();
  }

  /** Whether the topic's digest is without records that came after its first reading. */
  boolean hasOldDigest() {
    return hasChanged;
  }

  /** The digest over the ids and contents of all calls that the API returns, in hexadecimals. */
  String apiDigest() {
    return HexFormat.of().formatHex(apiDigest);
  }

  /** The digest over the ids and contents of all calls that the topic has, in hexadecimals. */
  String topicDigest() {
    return HexFormat.of().formatHex(topicDigest);
  }
}
