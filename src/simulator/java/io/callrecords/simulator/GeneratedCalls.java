package io.callrecords.simulator;

import java.time.Instant;
import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * Many drawn calls in some twenty bytes each: a list that makes each {@link Call} when it is asked
 * for, always the same one.
 */
public final class GeneratedCalls extends AbstractList<Call> implements RandomAccess {
  private final CallDetails details;
  private final Lag lag;
  private final long seed;
  private final int[] starts;
  private final int[] rings;
  private final int[] talks;
  private final int[] numbers;

  /** No call takes longer than this, in seconds. */
  private final long longest;

  /** The arrays are handed over, not copied: starts in rising order, in epoch seconds. */
  GeneratedCalls(
      CallDetails details,
      Lag lag,
      long seed,
      int[] starts,
      int[] rings,
      int[] talks,
      int[] numbers) {
    this.details = details;
    this.lag = lag;
    this.seed = seed;
    this.starts = starts;
    this.rings = rings;
    this.talks = talks;
    this.numbers = numbers;
    long most = 0;
    for (int i = 0; i < starts.length; i++) {
      most = Math.max(most, end(i) - starts[i]);
    }
    longest = most;
  }

  @Override
  public int size() {
    return starts.length;
  }

  @Override
  public Call get(int index) {
    return details.call(
        draw(index),
        starts[index],
        rings[index],
        talks[index],
        numbers[index],
        Instant.ofEpochSecond(appearsAt(index)));
  }

  /** The filtered time of a call, in epoch seconds. */
  long second(FilteredTime time, int index) {
    return switch (time) {
      case CALL_START -> starts[index];
      case CALL_END -> end(index);
      case CREATION -> appearsAt(index);
    };
  }

  /** From when on queries find a call, in epoch seconds. */
  long appearsAt(int index) {
    return end(index) + lag.seconds(draw(index));
  }

  /** Where the call with a session id is, or -1. */
  int find(String id) {
    int number = SessionIds.number(id);
    for (long end : number < 0 ? new long[0] : details.ends(id)) {
      for (int i = firstNotBefore(end - longest); i < starts.length && starts[i] <= end; i++) {
        if (numbers[i] == number && end(i) == end) {
          return i;
        }
      }
    }
    return -1;
  }

  private int firstNotBefore(long start) {
    int low = 0;
    int high = starts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts[middle] < start) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long end(int index) {
    return (long) starts[index] + rings[index] + Math.max(talks[index], 0);
  }

  private long draw(int index) {
    return Mixing.of(seed + index);
  }
}
