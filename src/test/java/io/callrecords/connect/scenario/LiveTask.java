package io.callrecords.connect.scenario;

import io.callrecords.connect.client.ApiClient;
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
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.schedule.TaskReader;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.state.Batch;
import io.callrecords.simulator.Answer;
import io.callrecords.simulator.SimulatedApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A task that follows a simulated API in made-up time and on the caller's thread, and takes account
 * of what of that thread's time the API has used.
 */
public final class LiveTask {
  private static final Duration LATENCY = Duration.ofMillis(50);

  private final SimulatedApi api;
  private final VirtualLoop loop;
  private final LongSupplier processorTime;
  private final TaskReader scheduler;
  private long nanosOfApi;

  /**
   * Starts a task.
   *
   * @param from where its range begins, on the day of the present
   * @param stored finds what it resumes from
   * @param processorTime the nanoseconds that the thread has used
   */
  public LiveTask(
      SimulatedApi api,
      VirtualLoop loop,
      Instant from,
      Function<Collection<Split>, ResumeState> stored,
      LongSupplier processorTime) {
    this.api = api;
    this.loop = loop;
    this.processorTime = processorTime;
    Feed feed = CallCenterFeed.create();
    ZoneOffset zone = ZoneOffset.ofHours(8);
    ApiOptions options =
        new ApiOptions(
            URI.create("http://127.0.0.1/v3"),
            new Credentials("key", "secret"),
            zone,
            100,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            4,
            20,
            TaskShare.ALONE,
            "live");
    ApiClient client =
        new ApiClient(
            options,
            new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null),
            feed.path(),
            Map.of(),
            new RecordParser(feed, "callStartTime", zone),
            new Direct(),
            loop,
            new SplittableRandom(1));
    ReadOptions read =
        new ReadOptions(
            from,
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofDays(1),
            false,
            false,
            MalformedPolicy.FAIL);
    scheduler =
        new TaskReader(
            read,
            new Assignment(List.of(), Split.of(from)),
            days -> CompletableFuture.completedFuture(stored.apply(days)),
            new FeedTimes(feed, "callStartTime", zone),
            client,
            loop);
    loop.execute(scheduler::start);
  }

  /** What is ready to be sent; null when nothing is. */
  public @Nullable Batch poll() throws InterruptedException {
    return scheduler.poll(Duration.ZERO);
  }

  /** Takes note that Kafka has all batches up to a number. */
  public void acknowledged(long batch) {
    scheduler.delivery().acknowledged(batch);
  }

  /** Nanoseconds that the API's work has taken of the thread. */
  public long nanosOfApi() {
    return nanosOfApi;
  }

  /** Asks the API on the loop, half of the latency before the answer is there. */
  private final class Direct implements Transport {
    @Override
    public <T> CompletableFuture<T> post(
        URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
      CompletableFuture<T> result = new CompletableFuture<>();
      Map<String, String> sent = new HashMap<>(headers);
      sent.put("Content-Type", "application/json;charset=UTF-8");
      loop.schedule(
          LATENCY,
          () -> {
            long begin = processorTime.getAsLong();
            Answer answer =
                api.answer("POST", url.getPath(), sent, body, api.serverTime(loop.wallClock()));
            byte[] bytes = answer.body();
            nanosOfApi += processorTime.getAsLong() - begin;
            try {
              result.complete(
                  handler.handle(
                      answer.httpStatus(),
                      name -> answer.headers().get(name),
                      new ByteArrayInputStream(bytes)));
            } catch (IOException e) {
              result.completeExceptionally(e);
            }
          });
      return result;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
