package io.callrecords.connect.scenario;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.Priority;
import io.callrecords.connect.client.Transport;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.fetch.PagingFacts;
import io.callrecords.connect.fetch.WindowReader;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.ZoneTransitions;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.EmittedIdIndex;
import io.callrecords.connect.state.OffsetJournal;
import io.callrecords.connect.state.ReadCounts;
import io.callrecords.connect.state.RecheckPolicy;
import io.callrecords.connect.state.SplitScope;
import io.callrecords.connect.state.SplitState;
import io.callrecords.connect.state.TaskCounts;
import io.callrecords.connect.state.VersionClock;
import io.callrecords.connect.state.WindowSnapshot;
import io.callrecords.simulator.Answer;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * A window of the backlog whose answers were recorded once, so that the connector's own work on
 * them can be repeated without the API's: from the bytes to what is handed over.
 */
public final class RecordedWindow {
  private static final Instant FROM = Instant.parse("2026-11-01T03:00:00Z");
  private static final TimeRange RANGE = new TimeRange(FROM, FROM.plusSeconds(1800));
  private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
  private static final int PAGE = 100;

  private final Feed feed = CallCenterFeed.create();
  private final Split split = Split.of(FROM);
  private final VirtualLoop loop = new VirtualLoop(NOW);
  private final ReadOptions options;
  private final RecheckPolicy lateness;
  private final Map<String, Recorded> answers = new LinkedHashMap<>();
  private final WindowReader reader;

  /**
   * Records a window.
   *
   * @param pages how many pages it has; the last one lacks a record, so that none is requested
   *     behind it
   * @param quirks the form of the answers
   */
  public RecordedWindow(int pages, Quirks quirks) {
    options =
        new ReadOptions(
            split.range().from(),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofDays(1),
            false,
            false,
            MalformedPolicy.FAIL);
    lateness =
        new RecheckPolicy(options.pollInterval(), options.lateArrival(), ZoneTransitions.NONE);
    CallGenerator calls = CallGenerator.newBuilder().seed(1).zone(quirks.zone()).build();
    CallStore store = new CallStore(quirks.filteredTime());
    store.addAll(calls.realistic(pages * PAGE - 1, RANGE.from(), RANGE.to()));
    SimulatedApi api =
        new SimulatedApi(
            "/v3", "key", "secret", quirks, store, calls, Journal.countersOnly(), new Faults(0), 1);
    ApiOptions apiOptions =
        new ApiOptions(
            URI.create("http://127.0.0.1/v3"),
            new Credentials("key", "secret"),
            quirks.zone(),
            PAGE,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            4,
            1e6,
            TaskShare.ALONE,
            "recorded");
    ApiClient client =
        new ApiClient(
            apiOptions,
            new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null),
            feed.path(),
            Map.of(),
            new RecordParser(feed, "callStartTime", quirks.zone()),
            new Recording(api),
            loop,
            new SplittableRandom(1));
    reader =
        new WindowReader(
            loop,
            client,
            new PagingFacts(PAGE),
            new FeedTimes(feed, "callStartTime", quirks.zone()));
    // The first reading also proves the times, which is done once a week.
    read();
    answers.clear();
    read();
  }

  /** The feed of its records. */
  public Feed feed() {
    return feed;
  }

  /** What its pages were asked for. */
  public QueryRange asked() {
    return new QueryRange(RANGE.from().getEpochSecond() - 1, RANGE.to().getEpochSecond());
  }

  /** The split that it is a part of. */
  public Split split() {
    return split;
  }

  /** The answers' bytes, one page each. */
  public List<byte[]> bodies() {
    return answers.values().stream().map(answer -> answer.body).toList();
  }

  /** Reads it as a task does that meets it for the first time. */
  public Batch read() {
    List<WindowSnapshot> done = new ArrayList<>(1);
    CompletableFuture<Void> reading = new CompletableFuture<>();
    loop.execute(() -> read(done, reading));
    loop.runUntil(reading::isDone, Duration.ofMinutes(1));
    reading.join();
    SplitState state =
        new SplitState(
            new SplitScope(split, split.range(), options, Instant.EPOCH),
            null,
            lateness,
            new EmittedIdIndex(),
            new ReadCounts(),
            () -> SettledDays.NONE,
            OffsetJournal.disabled(),
            new VersionClock(),
            loop.invariants());
    Batch batch = state.apply(done.get(0), new TaskCounts());
    if (batch == null || !done.get(0).verified()) {
      throw new IllegalStateException("The window was not read");
    }
    return batch;
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void read(List<WindowSnapshot> done, CompletableFuture<Void> reading) {
    reader
        .open(RANGE, Priority.BACKLOG)
        .thenCompose(
            opening ->
                reader.readRemaining(
                    opening, new WindowReader.ReadLimits(20 * PAGE, 1, true), () -> false))
        .thenAccept(done::add)
        .whenComplete(
            (nothing, error) -> {
              if (error == null) {
                reading.complete(null);
              } else {
                reading.completeExceptionally(error);
              }
            });
  }

  /** An answer; the simulator's own copies its body for everybody who asks for it. */
  private static final class Recorded {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    Recorded(Answer answer) {
      this.status = answer.httpStatus();
      this.headers = answer.headers();
      this.body = answer.body();
    }
  }

  /** A body that comes as a connection brings it: some kilobytes at a time. */
  private static final class Arriving extends InputStream {
    private static final int SEGMENT = 8192;

    private final ByteArrayInputStream bytes;

    Arriving(byte[] bytes) {
      this.bytes = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return bytes.read(target, offset, Math.min(length, SEGMENT));
    }
  }

  /** Answers from what the API has answered to the same request before. */
  private final class Recording implements Transport {
    private final SimulatedApi api;

    Recording(SimulatedApi api) {
      this.api = api;
    }

    @Override
    public <T> CompletableFuture<T> post(
        URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
      Recorded answer =
          answers.computeIfAbsent(
              new String(body, StandardCharsets.ISO_8859_1),
              request ->
                  new Recorded(api.answer("POST", url.getPath(), withType(headers), body, NOW)));
      try {
        return CompletableFuture.completedFuture(
            handler.handle(
                answer.status, name -> answer.headers.get(name), new Arriving(answer.body)));
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    private static Map<String, String> withType(Map<String, String> headers) {
      Map<String, String> all = new LinkedHashMap<>(headers);
      all.put("Content-Type", "application/json;charset=UTF-8");
      return all;
    }

    @Override
    public void close() {
      answers.clear();
    }
  }
}
