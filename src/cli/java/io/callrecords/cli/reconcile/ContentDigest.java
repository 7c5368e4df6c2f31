package io.callrecords.cli.reconcile;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The digest over the digests of many calls, in whichever order they come: sorted first, so that
 * two runs over the same calls give the same.
 */
final class ContentDigest {
  private static final int INITIAL = 1024;

  private CallDigest[] digests = new CallDigest[INITIAL];
  private int size;

  /** Adds a call's digest. */
  void add(CallDigest digest) {
    if (size == digests.length) {
      digests = Arrays.copyOf(digests, 2 * size);
    }
    digests[size++] = digest;
  }

  /** Takes one away that was added. */
  void remove(CallDigest digest) {
    for (int i = 0; i < size; i++) {
      if (digests[i].equals(digest)) {
        digests[i] = digests[--size];
        return;
      }
    }
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** The digest over all of them. */
  byte[] digest() {
    Arrays.sort(digests, 0, size);
    MessageDigest sha = CallDigests.sha256();
    ByteBuffer bytes = ByteBuffer.allocate(CallDigest.LENGTH);
    for (int i = 0; i < size; i++) {
      bytes.clear();
      digests[i].putInto(bytes);
      sha.update(bytes.flip());
    }
    return sha.digest();
  }
}
