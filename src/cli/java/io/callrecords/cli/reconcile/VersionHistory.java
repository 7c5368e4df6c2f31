package io.callrecords.cli.reconcile;

import java.util.Arrays;

/**
 * The versions of one call in the order in which they came, to tell a change back, after which
 * other versions follow, from a run of versions that was written once more.
 */
final class VersionHistory {
  /** The beginnings of the digests of all versions that differ. */
  private long[] versions;

  /** How many versions in a row, up to the last one, had come before. */
  private int run;

  private int repeats;

  /** Begins with a call's first record. */
  VersionHistory(CallDigest first) {
    versions = new long[] {first.first()};
  }

  /**
   * Adds a record.
   *
   * @param isSame whether it is the same as the one before
   * @param isReplayed whether it says of itself that it was loaded again
   */
  void add(CallDigest digest, boolean isSame, boolean isReplayed) {
    if (isSame) {
      repeats += isReplayed ? 0 : 1;
    } else if (Arrays.stream(versions).noneMatch(known -> known == digest.first())) {
      versions = Arrays.copyOf(versions, versions.length + 1);
      versions[versions.length - 1] = digest.first();
      run = 0;
    } else if (isReplayed) {
      run = 0;
    } else {
      run++;
      // One that came before may be a change back; two in a row are a run that came again.
      repeats += run == 1 ? 0 : run == 2 ? 2 : 1;
    }
  }

  /** How many records there are too many. */
  int repeats() {
    return repeats;
  }
}
