package io.callrecords.connect.read;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Insertion;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.NullStyle;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** An account and what happens to the connector that reads it, drawn from a seed. */
final class Life {
  private static final Duration LATE = Duration.ofMinutes(40);
  private static final Duration LONGEST_TALK = Duration.ofMinutes(30);
  private static final Instant BIRTH = Instant.parse("2026-03-03T21:30:00Z");
  private static final List<String> ZONES =
      List.of("+08:00", "UTC", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe");

  private final SplittableRandom random;
  private final Quirks quirks;
  private final VirtualLoop loop;
  private final CallStore store;
  private final Faults faults;
  private final VirtualWorker worker;
  private final Instant start;
  private final Instant horizon;
  private final List<String> story = new ArrayList<>();

  Life(long seed) {
    random = new SplittableRandom(seed);
    quirks = quirks();
    loop = new VirtualLoop(BIRTH.plusSeconds(random.nextInt(6 * 3600)));
    Instant birth = loop.wallClock();
    start = birth.minusSeconds(random.nextInt(60, 3 * 86_400));
    horizon = birth.plusSeconds(random.nextInt(600, 3 * 3600));
    store = new CallStore(quirks.filteredTime());
    faults = new Faults(seed);
    worker = new VirtualWorker(api(seed), loop, random, settings());
  }

  private Quirks quirks() {
    Quirks.Builder builder =
        Quirks.newBuilder()
            .filteredTime(random.nextBoolean() ? FilteredTime.CALL_START : FilteredTime.CALL_END)
            .bounds(pick(Bounds.values()))
            .order(pick(Order.values()))
            .emptyResult(pick(EmptyResult.values()))
            .nullStyle(pick(NullStyle.values()))
            .zone(ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))))
            .duplicateEvery(random.nextInt(4) == 0 ? random.nextInt(2, 50) : 0)
            .lag(Duration.ZERO, Duration.ofSeconds(random.nextInt(1, 300)))
            .recordsLast(random.nextBoolean());
    if (random.nextInt(3) == 0) {
      builder.insertion(
          new Insertion(
              random.nextInt(1, 6), random.nextInt(1, 4), pick(Insertion.Place.values()), 60));
    }
    return builder.build();
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private SimulatedApi api(long seed) {
    CallGenerator generator =
        CallGenerator.newBuilder()
            .seed(seed)
            .zone(quirks.zone())
            .lag(quirks.minLag(), quirks.maxLag())
            .longestTalk(LONGEST_TALK)
            .build();
    int count = random.nextInt(4) == 0 ? random.nextInt(20) : random.nextInt(1500);
    store.addAll(generator.realistic(count, start.minusSeconds(100), horizon));
    if (random.nextInt(3) == 0) {
      Instant second = start.plusSeconds(random.nextInt(3600));
      store.addAll(generator.inSecond(random.nextInt(1, 400), second));
    }
    if (random.nextInt(2) == 0) {
      faults.share(random.nextDouble(.3));
    }
    return new SimulatedApi(
        "/v3", "key", "secret", quirks, store, generator, Journal.countersOnly(), faults, seed);
  }

  private VirtualWorker.Settings settings() {
    Duration poll = Duration.ofSeconds(random.nextInt(5, 90));
    String timeField =
        quirks.filteredTime() == FilteredTime.CALL_START ? "callStartTime" : "callEndTime";
    return new VirtualWorker.Settings(
        new ReadOptions(start, null, Duration.ofDays(59), poll, LATE),
        timeField,
        quirks.zone(),
        random.nextBoolean() ? random.nextInt(1, 20) : 100,
        random.nextInt(2, 60),
        random.nextInt(10, 2000));
  }

  /** Runs the connector through restarts and crashes to the horizon, and until all is settled. */
  void live() {
    while (loop.wallClock().isBefore(horizon)) {
      int tasks = random.nextInt(1, 5);
      worker.start(tasks);
      boolean crash = random.nextBoolean();
      // Crashes come in quick succession, so that some hit a backlog that is not read yet.
      Duration span = Duration.ofMillis(random.nextInt(1, crash ? 60_000 : 3 * 3600_000));
      loop.runFor(span);
      story.add(tasks + " tasks for " + span + (crash ? ", crash" : ", stop"));
      if (crash) {
        worker.crash(Duration.ofMinutes(10));
      } else {
        worker.stop();
      }
      loop.runFor(Duration.ofSeconds(random.nextInt(60)));
    }
    faults.clear();
    worker.start(1);
    loop.runFor(LONGEST_TALK.plus(LATE).plusHours(2));
    worker.stop();
  }

  /** What is missing, what came twice, and what should not be there. */
  List<String> wrongs() {
    Set<String> expected = new TreeSet<>();
    for (Call call : store.visible(loop.wallClock(), start, horizon)) {
      Instant time = quirks.filteredTime().of(call);
      if (!call.appearsAt().isAfter(time.plus(LATE))) {
        expected.add(call.callSessionId());
      }
    }
    List<String> wrongs = new ArrayList<>();
    Map<String, Integer> topic = worker.topic();
    expected.forEach(
        id -> {
          if (!topic.containsKey(id)) {
            wrongs.add("missing " + id);
          }
        });
    topic.forEach(
        (id, count) -> {
          if (count > 1) {
            wrongs.add(count + " times " + id);
          }
        });
    if (worker.disordered() > 0) {
      wrongs.add(worker.disordered() + " batches out of order");
    }
    return wrongs.subList(0, Math.min(5, wrongs.size()));
  }

  @Override
  public String toString() {
    return quirks + ", from " + start + " to " + horizon + ", " + story;
  }
}
