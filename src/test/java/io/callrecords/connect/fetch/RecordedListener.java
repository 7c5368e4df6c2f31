package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.split.TimeRange;
import java.util.ArrayList;
import java.util.List;

/** Stands for the queue of a range, and keeps what it hears. */
final class RecordedListener implements FetchEnvironment.Listener {
  final List<Throwable> failures = new ArrayList<>();
  final List<List<TimeRange>> replacements = new ArrayList<>();
  int ready;
  int progress;
  boolean isStart;
  boolean expectsRecords;
  boolean isolates = true;

  /** The environment of ranges that stand in it. */
  FetchEnvironment environment(FetchFixture fixture, Priority priority) {
    return new FetchEnvironment(
        fixture.loop,
        fixture.reader,
        priority,
        fixture.retention,
        new WindowCutter(fixture.facts, priority),
        this);
  }

  @Override
  public boolean isStart(RangeFetch fetch) {
    return isStart;
  }

  @Override
  public void recordsExpected() {
    expectsRecords = true;
  }

  @Override
  public boolean isolates(RangeFetch fetch) {
    return isolates;
  }

  @Override
  public void replace(RangeFetch fetch, List<FetchOrder> pieces) {
    replacements.add(pieces.stream().map(FetchOrder::range).toList());
  }

  @Override
  public void progressed() {
    progress++;
  }

  @Override
  public void ready() {
    ready++;
  }

  @Override
  public void failed(Throwable cause) {
    failures.add(cause);
  }
}
