package io.callrecords.connect.process;

import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * The simulated account that sinks and engines are compared with: days of calls, some that come
 * late, and some that people edit afterwards.
 */
final class ProofAccount implements AutoCloseable {
  private static final Duration HISTORY = Duration.ofDays(3);

  /** Longer than any call of the history, so that all of them are over. */
  private static final Duration SINCE_HISTORY = Duration.ofHours(5);

  /** What a window may still gain or change, so that all of it is over within minutes. */
  private static final long LATE_ARRIVAL_MS = 180_000;

  private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Simulator simulator;

  /**
   * Starts it.
   *
   * @param calls how many calls its history has
   */
  ProofAccount(int calls) {
    simulator =
        Simulator.builder()
            .quirks(Quirks.newBuilder().unknownFields(true).build())
            .calls(calls, begin.minus(HISTORY), endOfHistory())
            .start();
  }

  Simulator simulator() {
    return simulator;
  }

  /** When the last call of the history began, or somewhat later. */
  Instant endOfHistory() {
    return begin.minus(SINCE_HISTORY);
  }

  /** The settings of a connector that reads it, to be completed. */
  Map<String, String> source() {
    Map<String, String> settings = new HashMap<>();
    settings.put("api.url", simulator.url());
    settings.put("start.time", begin.minus(HISTORY).toString());
    settings.put("requests.per.second", "20");
    settings.put("poll.interval.ms", "1000");
    settings.put("emit.updates", "true");
    settings.put("late.arrival.ms", Long.toString(LATE_ARRIVAL_MS));
    return settings;
  }

  /** Adds calls that began up to 100 s ago and appear only now. */
  void addLate(int count) {
    addLate(count, (call, number) -> call);
  }

  /**
   * The same.
   *
   * @param change changes each of them, by its number from 0
   */
  void addLate(int count, BiFunction<Call, Integer, Call> change) {
    Instant now = simulator.now();
    simulator
        .store()
        .addAll(
            IntStream.range(0, count)
                .mapToObj(i -> change.apply(late(now, now.minusSeconds(30 + i * 70L / count)), i))
                .toList());
  }

  private Call late(Instant now, Instant start) {
    return simulator
        .generator()
        .starting(start, Duration.ofSeconds(20))
        .with(call -> call.appearsAt(now));
  }

  /**
   * Somebody labels calls and remarks on them, and a machine adds recordings.
   *
   * @param atMost how many of those that are visible
   * @param age how long ago they began at most
   * @return the calls, as they were before
   */
  List<Call> edit(int atMost, Duration age) {
    Instant now = simulator.now();
    List<Call> young =
        simulator.store().visible(now, now.minus(age), now).stream().limit(atMost).toList();
    for (Call call : young) {
      simulator
          .store()
          .edit(
              call.callSessionId(),
              now,
              edited ->
                  edited
                      .labels(List.of("Called back", "It's \"vip\", {really}", "重要"))
                      .remark("Said: \"tomorrow\"\nand 'then' \\ too 😀")
                      .voiceUrl("https://recordings.example/" + call.callSessionId()));
    }
    return young;
  }

  @Override
  public void close() {
    simulator.close();
  }
}
