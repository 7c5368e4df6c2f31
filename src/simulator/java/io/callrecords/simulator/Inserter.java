package io.callrecords.simulator;

import java.time.Instant;
import java.util.SplittableRandom;

/** Lets new calls into the range of a multi-page read, so that its pages shift. */
final class Inserter {
  private final CallStore store;
  private final CallGenerator generator;
  private final Quirks quirks;
  private final SplittableRandom random;
  private int pages;
  private int inserted;

  Inserter(CallStore store, CallGenerator generator, Quirks quirks, long seed) {
    this.store = store;
    this.generator = generator;
    this.quirks = quirks;
    random = new SplittableRandom(seed);
  }

  /** To be called after a page of several was built, or before its rows are looked for. */
  void letIn(Selection.Seconds range, Instant now) {
    Insertion insertion = quirks.insertion();
    if (insertion != null) {
      insert(insertion, range, now);
    }
  }

  private synchronized void insert(Insertion insertion, Selection.Seconds range, Instant now) {
    pages++;
    long last = Math.min(range.last(), now.getEpochSecond());
    if (pages % insertion.everyPages() != 0 || last < range.first()) {
      return;
    }
    for (int i = 0; i < insertion.calls() && inserted < insertion.atMost(); i++) {
      long second =
          insertion.place() == Insertion.InsertionPoint.NEWEST_END
              ? last
              : random.nextLong(range.first(), last + 1);
      store.add(generator.at(quirks.filteredTime(), Instant.ofEpochSecond(second), now));
      inserted++;
    }
  }
}
