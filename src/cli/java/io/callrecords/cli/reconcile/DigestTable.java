package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.cli.topic.TopicPlace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the topic has of one day: of each call the newest record, and how often it came. Some ninety
 * bytes a call, in a few arrays.
 */
final class DigestTable {
  private static final int NOWHERE = -1;
  private static final int MIN_SLOTS = 16;
  private static final int DIGEST = 4;

  private final int[] slots;
  private final long[] idHighs;
  private final long[] idLows;

  /** Four numbers of each. */
  private final long[] digests;

  private final int[] secondsOfDay;
  private final int[] partitions;
  private final long[] offsets;
  private final long[] timestamps;
  private final int[] counts;

  /** Of calls with several records, the order of their versions; null for none of such. */
  private final @Nullable VersionHistory[] histories;

  /** How many of them say that they were loaded again. */
  private final int[] replays;

  private final boolean[] seen;
  private int size;
  private long records;

  /**
   * Creates an empty table.
   *
   * @param capacity how many records are added at most
   */
  DigestTable(int capacity) {
    int wanted = Math.max(MIN_SLOTS, 2 * capacity);
    slots = new int[Integer.highestOneBit(wanted - 1) << 1];
    Arrays.fill(slots, NOWHERE);
    idHighs = new long[capacity];
    idLows = new long[capacity];
    digests = new long[capacity * DIGEST];
    secondsOfDay = new int[capacity];
    partitions = new int[capacity];
    offsets = new long[capacity];
    timestamps = new long[capacity];
    counts = new int[capacity];
    histories = new VersionHistory[capacity];
    replays = new int[capacity];
    seen = new boolean[capacity];
  }

  /** How many different calls there are. */
  int size() {
    return size;
  }

  /** How many records there are. */
  long records() {
    return records;
  }

  /** Adds a record; the records of a partition come in order. */
  void add(TopicEntry added) {
    IdDigest id = added.id();
    TopicPlace place = added.place();
    CallDigest digest = added.digest();
    records++;
    int entry = find(id);
    if (entry == NOWHERE) {
      entry = size++;
      slots[slot(id)] = entry;
      idHighs[entry] = id.high();
      idLows[entry] = id.low();
      put(entry, added);
    } else {
      // With the key's own partition, the order is that of the offsets.
      boolean isNewer =
          place.partition() == partitions[entry]
              ? place.offset() > offsets[entry]
              : place.timestamp() >= timestamps[entry];
      VersionHistory history = histories[entry];
      if (history == null) {
        history = new VersionHistory(digest(entry));
        histories[entry] = history;
      }
      history.add(digest, hasDigest(entry, digest), added.isReplayed());
      if (isNewer) {
        put(entry, added);
      }
    }
    counts[entry]++;
    replays[entry] += added.isReplayed() ? 1 : 0;
  }

  private void put(int entry, TopicEntry added) {
    TopicPlace place = added.place();
    secondsOfDay[entry] = added.secondOfDay();
    CallDigest digest = added.digest();
    int at = entry * DIGEST;
    digests[at] = digest.first();
    digests[at + 1] = digest.second();
    digests[at + 2] = digest.third();
    digests[at + 3] = digest.fourth();
    partitions[entry] = place.partition();
    offsets[entry] = place.offset();
    timestamps[entry] = place.timestamp();
  }

  /** The entry of a call; -1 where the topic has none. */
  int find(IdDigest id) {
    return slots[slot(id)];
  }

  /** The slot that an id has, or would get. */
  private int slot(IdDigest id) {
    int mask = slots.length - 1;
    int slot = (int) (id.high() ^ (id.high() >>> 32)) & mask;
    while (slots[slot] != NOWHERE
        && (idHighs[slots[slot]] != id.high() || idLows[slots[slot]] != id.low())) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Whether the newest record of a call has this digest. */
  boolean hasDigest(int entry, CallDigest digest) {
    return digest(entry).equals(digest);
  }

  /** The digest of the newest record of a call. */
  CallDigest digest(int entry) {
    int at = entry * DIGEST;
    return new CallDigest(digests[at], digests[at + 1], digests[at + 2], digests[at + 3]);
  }

  /** What stands for the call's id. */
  IdDigest id(int entry) {
    return new IdDigest(idHighs[entry], idLows[entry]);
  }

  /** Where the newest record of a call stands. */
  TopicPlace place(int entry) {
    return new TopicPlace(partitions[entry], offsets[entry], timestamps[entry]);
  }

  /** The second of the day in which the API finds a call, as the topic has it. */
  int secondOfDay(int entry) {
    return secondsOfDay[entry];
  }

  /** How many records a call has. */
  int count(int entry) {
    return counts[entry];
  }

  /**
   * How many records of a call there are too many, without a word that they were loaded again.
   *
   * @param updates whether there may be several versions of a call
   */
  int excess(int entry, boolean updates) {
    VersionHistory history = histories[entry];
    int repeats = history == null ? 0 : history.repeats();
    return updates ? repeats : Math.max(0, counts[entry] - 1 - replays[entry]);
  }

  /** How many records of a call say that they were loaded again. */
  int replays(int entry) {
    return replays[entry];
  }

  /** Marks a call as one that the API returns. */
  void markSeen(int entry) {
    seen[entry] = true;
  }

  /** Whether the API returns it. */
  boolean isSeen(int entry) {
    return seen[entry];
  }
}
