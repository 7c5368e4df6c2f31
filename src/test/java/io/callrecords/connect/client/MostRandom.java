package io.callrecords.connect.client;

import java.util.random.RandomGenerator;

/** Always draws the largest number, so that a backoff waits for the whole of its bound. */
final class MostRandom implements RandomGenerator {
  @Override
  public long nextLong() {
    return Long.MAX_VALUE;
  }

  @Override
  public long nextLong(long bound) {
    return bound - 1;
  }
}
