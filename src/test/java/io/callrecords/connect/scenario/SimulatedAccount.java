package io.callrecords.connect.scenario;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;

/** An account of the simulated API with a worker that reads it, in made-up time. */
public final class SimulatedAccount {
  public static final Instant NOW = Instant.parse("2026-11-10T12:00:00Z");

  public final VirtualLoop loop;
  public final CallGenerator calls;
  public final Journal journal = Journal.complete();
  public final Faults faults = new Faults(7);
  public final CallStore store;
  public final VirtualWorker worker;

  /** An account that is read from a time back from now on. */
  public SimulatedAccount(
      Duration back, Duration pollInterval, Duration late, double requestsPerSecond) {
    this(
        Quirks.defaults(),
        new ReadOptions(
            NOW.minus(back),
            null,
            Duration.ofDays(59),
            pollInterval,
            late,
            false,
            true,
            MalformedPolicy.FAIL),
        requestsPerSecond);
  }

  /** The same, without audits. */
  static SimulatedAccount withoutAudits(
      Duration back, Duration pollInterval, Duration late, double requestsPerSecond) {
    return new SimulatedAccount(
        Quirks.defaults(),
        ReadOptionsBuilder.startingAt(NOW.minus(back))
            .pollInterval(pollInterval)
            .lateArrival(late)
            .build(),
        requestsPerSecond);
  }

  /** An account of an API of a certain kind. */
  public SimulatedAccount(Quirks quirks, ReadOptions read, double requestsPerSecond) {
    this(quirks, read, requestsPerSecond, ZoneOffset.ofHours(8), NOW, Network.upTo(200));
  }

  /** An account whose times are of a certain zone, at a certain moment. */
  public SimulatedAccount(
      Quirks quirks, ReadOptions read, double requestsPerSecond, ZoneId zone, Instant machineTime) {
    this(quirks, read, requestsPerSecond, zone, machineTime, Network.upTo(200));
  }

  /** An account whose times are of a certain zone, at a certain moment, over a certain network. */
  public SimulatedAccount(
      Quirks quirks,
      ReadOptions read,
      double requestsPerSecond,
      ZoneId zone,
      Instant machineTime,
      Network network) {
    this(quirks, read, requestsPerSecond, zone, machineTime, network, 100);
  }

  /** The same, of which pages of a certain size are requested. */
  SimulatedAccount(
      Quirks quirks,
      ReadOptions read,
      double requestsPerSecond,
      ZoneId zone,
      Instant machineTime,
      Network network,
      int pageSize) {
    loop = new VirtualLoop(machineTime);
    calls = CallGenerator.newBuilder().seed(7).zone(zone).build();
    store = new CallStore(quirks.filteredTime());
    SimulatedApi api =
        new SimulatedApi("/v3", "key", "secret", quirks, store, calls, journal, faults, 7);
    worker =
        new VirtualWorker(
            api,
            loop,
            new SplittableRandom(7),
            new VirtualWorker.WorkerOptions(
                read, "callStartTime", zone, pageSize, requestsPerSecond, network));
  }

  /** A call that started a while ago and appears at a moment. */
  public Call late(Instant start, Instant appears) {
    return calls.starting(start, Duration.ofSeconds(20)).with(c -> c.appearsAt(appears));
  }

  /** Runs until the topic holds as many records. */
  public boolean runUntilSent(int records, Duration limit) {
    return loop.runUntil(() -> worker.topic().size() >= records, limit);
  }
}
