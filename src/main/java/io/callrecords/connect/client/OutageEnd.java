package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Notices the end of an outage: with the first page, all requests are tried again that have waited
 * since before. Runs on the loop.
 */
final class OutageEnd {
  private final EventLoop loop;
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private long pages;

  OutageEnd(EventLoop loop) {
    this.loop = loop;
  }

  /** How many pages there were so far. */
  long pages() {
    return pages;
  }

  /** Has a request that waits try again with the next page, if it has not done so before. */
  void add(Runnable attempt) {
    waiting.add(attempt);
  }

  /** Records a page: the API responds. */
  void recordPage() {
    pages++;
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    // In steps of their own: each may start a request.
    all.forEach(loop::execute);
  }
}
