package io.callrecords.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an account, found by their filtered time from the moment on at which they appear.
 *
 * <p>Thread-safe: calls may be added and edited while queries run. Time must not run backwards: a
 * query may see what an earlier query with a later {@code now} has seen.
 */
public final class CallStore {
  private final FilteredTime time;
  private final Object lock = new Object();
  private final Upcoming upcoming = new Upcoming();

  /** Each call that was added singly, by its handle. */
  private final Map<Integer, Call> singles = new ConcurrentHashMap<>();

  private final Map<String, Integer> handles = new ConcurrentHashMap<>();

  /** The versions of each call that was edited. */
  private final Map<Integer, History> histories = new ConcurrentHashMap<>();

  /** The filtered second under which each edited and visible call stands in the index. */
  private final Map<Integer, Long> editedSeconds = new HashMap<>();

  private volatile List<CallBatch> batches = List.of();
  private volatile TimeIndex index = TimeIndex.EMPTY;
  private volatile Instant next = Instant.MAX;
  private int size;

  public CallStore(FilteredTime time) {
    this.time = time;
  }

  /** Which time of a call the ranges of this store mean. */
  public FilteredTime filteredTime() {
    return time;
  }

  /** All calls, also those that have not appeared yet. */
  public int size() {
    synchronized (lock) {
      return size;
    }
  }

  /**
   * Adds a call, which appears at its own {@code appearsAt}, or at once when that has passed.
   *
   * @throws IllegalArgumentException when its session id is there already
   */
  public void add(Call call) {
    addAll(List.of(call));
  }

  /**
   * Adds calls. Generated ones stay as small as they are, and are known to have ids of their own as
   * long as they come from one generator; the others are looked up.
   *
   * @throws IllegalArgumentException when a session id is there already
   */
  public void addAll(Collection<Call> calls) {
    synchronized (lock) {
      if (calls instanceof GeneratedCalls batch) {
        addBatch(batch);
      } else {
        calls.forEach(this::addSingle);
      }
      next = upcoming.next();
    }
  }

  private void addBatch(GeneratedCalls calls) {
    if (calls.isEmpty()) {
      return;
    }
    List<CallBatch> more = new ArrayList<>(batches);
    more.add(new CallBatch(size, calls));
    batches = List.copyOf(more);
    upcoming.addAll(calls, size);
    size += calls.size();
  }

  private void addSingle(Call call) {
    if (handle(call.callSessionId()) != null) {
      throw new IllegalArgumentException("Two calls have the id " + call.callSessionId());
    }
    handles.put(call.callSessionId(), size);
    singles.put(size, call);
    upcoming.add(call.appearsAt(), size);
    size++;
  }

  /**
   * Changes a call from a moment on: any field but its id and its appearance.
   *
   * @throws IllegalArgumentException when no call has the id
   */
  public void edit(String callSessionId, Instant at, UnaryOperator<Call.CallBuilder> change) {
    synchronized (lock) {
      Integer handle = handle(callSessionId);
      if (handle == null) {
        throw new IllegalArgumentException("No call has the id " + callSessionId);
      }
      edit(handle, at, change);
      next = upcoming.next();
    }
  }

  private void edit(int handle, Instant at, UnaryOperator<Call.CallBuilder> change) {
    History history = histories.get(handle);
    if (history == null) {
      Call original = original(handle);
      long second = time.of(original).getEpochSecond();
      if (index.contains(TimeIndex.key(second, handle))) {
        editedSeconds.put(handle, second);
      }
      history = History.of(original);
    }
    histories.put(handle, history.plus(at, change));
    upcoming.add(at, handle);
  }

  /** Adds calls, some of which change later by a plan. */
  void addAll(GeneratedCalls calls, EditPlan plan) {
    synchronized (lock) {
      int first = size;
      addBatch(calls);
      for (int i = 0; i < calls.size(); i++) {
        Instant at = plan.moment(i, calls.appearsAt(i));
        if (at != null) {
          edit(first + i, at, plan.change(i));
        }
      }
      next = upcoming.next();
    }
  }

  /** How many visible calls have their filtered time in {@code [from, to)}. */
  public int count(Instant now, Instant from, Instant to) {
    return range(now, from.getEpochSecond(), to.getEpochSecond() - 1).size();
  }

  /** The session ids of all visible calls. */
  public Set<String> visibleIds(Instant now) {
    return visibleIds(now, Instant.EPOCH, Instant.ofEpochSecond(Integer.MAX_VALUE));
  }

  /** The session ids of the visible calls whose filtered time lies in {@code [from, to)}. */
  public Set<String> visibleIds(Instant now, Instant from, Instant to) {
    Set<String> ids = new HashSet<>();
    visible(now, from, to).forEach(call -> ids.add(call.callSessionId()));
    return ids;
  }

  /** The visible calls whose filtered time lies in {@code [from, to)}, the oldest first. */
  public List<Call> visible(Instant now, Instant from, Instant to) {
    TimeIndex.Range range = range(now, from.getEpochSecond(), to.getEpochSecond() - 1);
    List<Call> calls = new ArrayList<>(range.size());
    for (int handle : range.handles(0, range.size())) {
      calls.add(call(handle, now));
    }
    return calls;
  }

  /** The version of a call that is visible at a moment. */
  public Optional<Call> find(String callSessionId, Instant now) {
    Integer handle = handle(callSessionId);
    return handle == null
        ? Optional.empty()
        : Optional.of(call(handle, now)).filter(call -> !call.appearsAt().isAfter(now));
  }

  /** All versions of a call that were or will be shown, the oldest first; empty for no call. */
  public List<CallVersion> versions(String callSessionId) {
    Integer handle = handle(callSessionId);
    if (handle == null) {
      return List.of();
    }
    History history = histories.get(handle);
    if (history != null) {
      return history.shown();
    }
    Call call = original(handle);
    return List.of(new CallVersion(call.appearsAt(), call));
  }

  /** The visible calls whose filtered second lies between two, both included. */
  TimeIndex.Range range(Instant now, long firstSecond, long lastSecond) {
    if (!now.isBefore(next)) {
      showDue(now);
    }
    return index.range(firstSecond, lastSecond);
  }

  /** The version that is shown at a moment of the call that the index calls by a handle. */
  Call call(int handle, Instant now) {
    History history = histories.isEmpty() ? null : histories.get(handle);
    return history == null ? original(handle) : history.at(now);
  }

  private void showDue(Instant now) {
    synchronized (lock) {
      LongStream.Builder come = LongStream.builder();
      LongStream.Builder gone = LongStream.builder();
      upcoming.drain(
          now,
          handle -> {
            if (histories.containsKey(handle)) {
              showEdited(handle, now, come, gone);
            } else {
              come.add(TimeIndex.key(second(handle), handle));
            }
          });
      TimeIndex kept = index;
      for (long key : gone.build().toArray()) {
        kept = kept.minus(key);
      }
      index = kept.plus(come.build().sorted().toArray());
      next = upcoming.next();
    }
  }

  /** An edited call is due for its appearance and for each edit, and these may be one moment. */
  private void showEdited(
      int handle, Instant now, LongStream.Builder come, LongStream.Builder gone) {
    Call call = call(handle, now);
    if (call.appearsAt().isAfter(now)) {
      return;
    }
    long second = time.of(call).getEpochSecond();
    Long before = editedSeconds.put(handle, second);
    if (before != null && before != second) {
      gone.add(TimeIndex.key(before, handle));
    }
    if (before == null || before != second) {
      come.add(TimeIndex.key(second, handle));
    }
  }

  private long second(int handle) {
    Call single = singles.get(handle);
    if (single != null) {
      return time.of(single).getEpochSecond();
    }
    CallBatch batch = batch(handle);
    return batch.calls.second(time, handle - batch.first);
  }

  private Call original(int handle) {
    Call single = singles.isEmpty() ? null : singles.get(handle);
    if (single != null) {
      return single;
    }
    CallBatch batch = batch(handle);
    return batch.calls.get(handle - batch.first);
  }

  private CallBatch batch(int handle) {
    List<CallBatch> all = batches;
    int last = all.size() - 1;
    while (all.get(last).first > handle) {
      last--;
    }
    return all.get(last);
  }

  private @Nullable Integer handle(String id) {
    Integer single = handles.get(id);
    if (single != null) {
      return single;
    }
    for (CallBatch batch : batches) {
      int position = batch.calls.find(id);
      if (position >= 0) {
        return batch.first + position;
      }
    }
    return null;
  }

  private record CallBatch(int first, GeneratedCalls calls) {}
}
