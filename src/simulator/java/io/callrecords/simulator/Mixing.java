package io.callrecords.simulator;

/** Spreads neighbouring numbers over all longs, so that an index can be a seed. */
final class Mixing {
  private Mixing() {}

  /** The finaliser of SplitMix64. */
  static long of(long number) {
    long z = number * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
