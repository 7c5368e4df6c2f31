package io.callrecords.connect;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.ApiStatus;
import io.callrecords.connect.client.OkHttpTransport;
import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.client.TransientApiException;
import io.callrecords.connect.client.TransientFault;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.fetch.TimeSettingsException;
import io.callrecords.connect.fetch.TimeSettingsVerifier;
import io.callrecords.connect.loop.ThreadLoop;
import io.callrecords.connect.schedule.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API once before a connector is created, and ties what goes wrong to the setting that is
 * to be changed. An API that is down keeps nobody from creating a connector.
 */
final class ApiConnectionValidator {
  private static final Logger LOG = LoggerFactory.getLogger(ApiConnectionValidator.class);

  /** A person waits for the result. */
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(4);

  /** One query's longest range, as the API's documentation says, is 31 days. */
  private static final Duration LONGEST = Duration.ofDays(30);

  private static final Duration RETENTION_MARGIN = Duration.ofMinutes(10);

  private final Clock clock;
  private final Duration timeout;
  private final Duration requestTimeout;

  /**
   * Creates a check that a person can wait for.
   *
   * @param clock the worker's clock
   */
  ApiConnectionValidator(Clock clock) {
    this(clock, TIMEOUT, REQUEST_TIMEOUT);
  }

  /**
   * Creates a check.
   *
   * @param clock the worker's clock
   * @param timeout how long it waits for the API in all
   * @param requestTimeout how long it waits for one response, where the settings do not say less
   */
  ApiConnectionValidator(Clock clock, Duration timeout, Duration requestTimeout) {
    this.clock = clock;
    this.timeout = timeout;
    this.requestTimeout = requestTimeout;
  }

  /**
   * Adds to a validation result what the API says to its settings.
   *
   * @param result a result without errors
   * @param settings what was validated
   */
  void run(Config result, Map<String, String> settings) {
    CallRecordSourceConfig config = new CallRecordSourceConfig(settings);
    String name = settings.getOrDefault("name", "the connector");
    try (ThreadLoop loop =
        new ThreadLoop(
            "call-records-check",
            clock,
            cause -> LOG.warn("The check of the settings has met a fault of its own.", cause))) {
      ApiOptions api = withShortTimeouts(config.api(TaskShare.ALONE, Version.userAgent()));
      try (OkHttpTransport transport = new OkHttpTransport(api, "call-records-check-http")) {
        Probe probe = new Probe(config, api, transport, loop);
        CompletableFuture<Long> total = new CompletableFuture<>();
        loop.execute(() -> probe.ask(total));
        tell(name, api, probe, total.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
      }
    } catch (ExecutionException e) {
      explain(new Problems(result.configValues(), name), config, cause(e));
    } catch (TimeoutException e) {
      LOG.warn(
          "{}: the API was not done with answering after {} s. The connector may be created all the"
              + " same; it checks its settings again when it reads.",
          name,
          timeout.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a person's sake no longer than a few seconds. */
  private ApiOptions withShortTimeouts(ApiOptions options) {
    return options.withTimeouts(
        shorter(options.connectTimeout(), requestTimeout),
        shorter(options.requestTimeout(), requestTimeout));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** The question, and the range that it is about. */
  private final class Probe {
    private final ApiClient client;
    private final TimeSettingsVerifier proof;
    private final PageRequest request;
    private final Instant start;
    private final boolean proves;
    private boolean askedTwice;

    Probe(
        CallRecordSourceConfig config, ApiOptions api, OkHttpTransport transport, ThreadLoop loop) {
      Feed feed = CallCenterFeed.create();
      FeedTimes times = new FeedTimes(feed, config.queryTimeField().field(), config.zone());
      client =
          new ApiClient(
              api,
              config.retry(),
              feed.path(),
              feed.filters().apply(config.filters()),
              new RecordParser(feed, times.field(), times.zone()),
              transport,
              loop,
              new SplittableRandom());
      // Nobody else paces these.
      Duration spacing = Duration.ofNanos(Math.round(1e9 / api.requestsPerSecond()));
      // A low rate leaves no time for a second question: the task proves its times in any case.
      proves = spacing.compareTo(REQUEST_TIMEOUT) < 0;
      proof =
          new TimeSettingsVerifier(
              times, wanted -> client.delay(spacing).thenCompose(rested -> client.probe(wanted)));
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      Instant kept = now.minus(config.retention()).plus(RETENTION_MARGIN);
      Instant wanted = config.startTime().resolve(now, kept);
      Instant end = config.endTime();
      Instant to = end == null || end.isAfter(now) ? now : end;
      start = wanted.isBefore(kept) ? kept : wanted;
      Instant from = start.isBefore(to.minus(LONGEST)) ? to.minus(LONGEST) : start;
      request = new PageRequest(from.isBefore(to) ? from : to.minusSeconds(1), to, 1, 1);
    }

    /** Asks, once more when the first answer has put the clock right. */
    // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
    @SuppressWarnings("FutureReturnValueIgnored")
    void ask(CompletableFuture<Long> total) {
      client
          .probe(request)
          .thenCompose(
              page ->
                  proves ? proof.examine(page, request) : CompletableFuture.completedFuture(page))
          .thenApply(Page::total)
          .whenComplete(
              (count, error) -> {
                if (error == null) {
                  total.complete(count);
                } else if (isExpired(error) && !askedTwice) {
                  askedTwice = true;
                  ask(total);
                } else {
                  total.completeExceptionally(error);
                }
              });
    }

    private static boolean isExpired(Throwable error) {
      return error instanceof CompletionException wrapped
          && wrapped.getCause() instanceof TransientApiException trouble
          && trouble.trouble() == TransientFault.EXPIRED;
    }
  }

  private static void tell(String name, ApiOptions api, Probe probe, long total) {
    long asked = ChronoUnit.SECONDS.between(probe.request.from(), probe.request.to());
    long all = Math.max(asked, ChronoUnit.SECONDS.between(probe.start, probe.request.to()));
    long records = Math.round((double) total * all / asked);
    // A day of history costs a request and a week one to prove its times, however few calls it
    // has; where it has many, a tenth of the requests is for windows that are cut.
    long days = all / 86_400 + 1;
    long requests = records * 11 / 10 / api.pageSize() + days + days / 7 + 1;
    LOG.info(
        "{}: the API accepts the settings. From {} on it has {}{} records, which are about {}"
            + " requests; at {} a second (requests.per.second) the backlog takes about {}.",
        name,
        probe.start,
        all > asked ? "about " : "",
        records,
        requests,
        api.requestsPerSecond(),
        Progress.span(requests / api.requestsPerSecond()));
  }

  /** What the probe has failed with, out of what its stages wrap that into. */
  private static @Nullable Throwable cause(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause instanceof CompletionException ? cause.getCause() : cause;
  }

  private static void explain(
      Problems problems, CallRecordSourceConfig config, @Nullable Throwable cause) {
    if (cause instanceof RefusedException refused) {
      List<String> settings =
          refused.status() == ApiStatus.PARAMETER
              ? config.filtersSet()
              : refused.status().settings();
      problems.add(settings, String.valueOf(refused.getMessage()));
    } else if (cause instanceof TransientApiException trouble) {
      String setting = trouble.trouble().setting();
      problems.add(
          setting == null ? List.of() : List.of(setting), String.valueOf(trouble.getMessage()));
    } else if (cause instanceof TimeSettingsException times) {
      times.changes().forEach((setting, change) -> problems.add(List.of(setting), change));
    } else {
      LOG.warn("The check of the settings has met a fault of its own.", cause);
    }
  }

  /** The places where a validation result shows errors. */
  private record Problems(List<ConfigValue> values, String name) {
    /** Adds an error to each of the settings; where there is none, logs it. */
    void add(List<String> settings, String problem) {
      if (settings.isEmpty()) {
        LOG.warn(
            "{}: the API could not be asked whether the settings are right. {}. The connector may"
                + " be created all the same; it tries until it is answered.",
            name,
            problem);
      }
      values.stream()
          .filter(value -> settings.contains(value.name()))
          .forEach(
              value ->
                  value.addErrorMessage(
                      "Invalid value for configuration " + value.name() + ": " + problem + "."));
    }
  }
}
