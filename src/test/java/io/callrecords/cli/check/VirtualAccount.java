package io.callrecords.cli.check;

import io.callrecords.connect.client.Transport;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.simulator.Answer;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A simulated account that is checked in made-up time, without a network. */
final class VirtualAccount implements CheckClock, Transport {
  static final double PER_SECOND = 5;
  private static final Instant START = Instant.parse("2026-11-20T09:00:00Z");
  private static final Duration LATENCY = Duration.ofMillis(50);
  private static final int PER_DAY = 12;
  private static final int DAYS = 70;

  private final SimulatedApi api;
  private final CallStore store;
  private final CallGenerator generator;
  private Instant now = START;

  VirtualAccount(Quirks quirks, long seed) {
    generator =
        CallGenerator.newBuilder()
            .seed(seed)
            .zone(quirks.zone())
            .lag(quirks.minLag(), quirks.maxLag())
            .build();
    store = new CallStore(quirks.filteredTime());
    store.addAll(generator.realistic(PER_DAY * DAYS, START.minus(Duration.ofDays(DAYS)), START));
    store.addAll(generator.realistic(400, START.minus(Duration.ofDays(1)), START));
    for (int minutes = 200; minutes < 260; minutes += 15) {
      store.addAll(generator.inSecond(4, START.minus(Duration.ofMinutes(minutes))));
    }
    api =
        new SimulatedApi(
            "/v3",
            "key",
            "secret",
            quirks,
            store,
            generator,
            Journal.countersOnly(),
            new Faults(seed),
            seed);
  }

  /** Adds calls of one second that lie some time back. */
  void addInSecond(int calls, Duration back) {
    store.addAll(generator.inSecond(calls, START.minus(back)));
  }

  /** A caller of it, as the command makes one. */
  ApiCaller caller() {
    return caller(this);
  }

  /** A caller that reaches it by way of something. */
  ApiCaller caller(Transport transport) {
    ApiOptions options =
        new ApiOptions(
            URI.create("http://127.0.0.1/v3"),
            new Credentials("key", "secret"),
            ZoneOffset.ofHours(8),
            100,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            4,
            PER_SECOND,
            TaskShare.ALONE,
            "check");
    return new ApiCaller(options, Map.of(), CallCenterFeed.create(), transport, this);
  }

  Survey survey(ApiCaller caller) {
    return new Survey(
        caller, CallCenterFeed.create(), ZoneOffset.ofHours(8), Duration.ofDays(59), now);
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public long nanos() {
    return Duration.between(START, now).toNanos();
  }

  @Override
  public void pause(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public <T> CompletableFuture<T> post(
      URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
    Answer answer = api.answer("POST", url.getPath(), headers, body, api.serverTime(now));
    now = now.plus(LATENCY);
    try {
      return CompletableFuture.completedFuture(
          handler.handle(
              answer.httpStatus(),
              name -> answer.headers().get(name),
              new ByteArrayInputStream(answer.body())));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
