package io.callrecords.cli.reconcile;

import java.nio.ByteBuffer;

/**
 * The digest of a whole call, SHA-256.
 *
 * @param first its first eight bytes
 * @param second the next eight
 * @param third the next eight
 * @param fourth the last eight
 */
record CallDigest(long first, long second, long third, long fourth)
    implements Comparable<CallDigest> {
  /** Bytes of a digest. */
  static final int LENGTH = 32;

  /** The digest with such bytes. */
  static CallDigest of(byte[] bytes) {
    ByteBuffer digest = ByteBuffer.wrap(bytes);
    return new CallDigest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
  }

  /** Appends its bytes. */
  void putInto(ByteBuffer target) {
    target.putLong(first).putLong(second).putLong(third).putLong(fourth);
  }

  /** In the order of the bytes. */
  @Override
  public int compareTo(CallDigest other) {
    if (first != other.first) {
      return Long.compareUnsigned(first, other.first);
    }
    if (second != other.second) {
      return Long.compareUnsigned(second, other.second);
    }
    return third == other.third
        ? Long.compareUnsigned(fourth, other.fourth)
        : Long.compareUnsigned(third, other.third);
  }
}
