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
import io.callrecords.connect.config.LogText;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.fetch.IgnoredRangeException;
import io.callrecords.connect.fetch.TimeSettingsException;
import io.callrecords.connect.fetch.TimeSettingsVerifier;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.loop.ThreadLoop;
import io.callrecords.connect.schedule.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validates a configuration against the API before the connector is created: sends a request or two
 * and adds what goes wrong to the setting that is to be changed. An API that is down keeps nobody
 * from creating or changing a connector: one that has run has to survive that.
 */
final class ApiConnectionValidator {
  private static final Logger LOG = LoggerFactory.getLogger(ApiConnectionValidator.class);

  /** A person waits for the result. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(8);

  private static final Duration MAX_REQUEST_TIMEOUT = Duration.ofSeconds(4);

  /** The longest range of one request is 31 days, as the API's documentation says. */
  private static final Duration MAX_RANGE = Duration.ofDays(30);

  /** The oldest records that the API keeps may be gone when the request arrives. */
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
    this(clock, MAX_WAIT, MAX_REQUEST_TIMEOUT);
  }

  /**
   * Creates a validator.
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
   * Adds the errors that the API reports to the result of a validation.
   *
   * @param result a result without errors
   * @param settings what was validated
   */
  void validate(Config result, Map<String, String> settings) {
    CallRecordSourceConfig config = new CallRecordSourceConfig(settings);
    String name = LogText.of(settings.getOrDefault("name", "the connector"));
    try (ThreadLoop loop =
        new ThreadLoop("call-records-validate", clock, ApiConnectionValidator::logUnexpected)) {
      ApiOptions api = withShortTimeouts(config.api(TaskShare.ALONE, Version.userAgent()));
      try (OkHttpTransport transport = new OkHttpTransport(api, "call-records-validate-http")) {
        ConnectionProbe probe = new ConnectionProbe(name, config, api, transport, loop);
        CompletableFuture<Long> total = new CompletableFuture<>();
        loop.execute(() -> probe.send(total));
        long count = total.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        reportBacklog(name, api, probe, count);
      }
    } catch (ExecutionException e) {
      addErrors(new ErrorReport(result.configValues(), name), config, cause(e));
    } catch (TimeoutException e) {
      LOG.warn(
          "{}: the API did not respond within {} s, so the settings are not validated against it."
              + " The configuration is accepted all the same; the tasks validate the time settings"
              + " again.",
          name,
          timeout.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Limits how long a person waits. */
  private ApiOptions withShortTimeouts(ApiOptions options) {
    return options.withTimeouts(
        shorter(options.connectTimeout(), requestTimeout),
        shorter(options.requestTimeout(), requestTimeout));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Requests the newest records of the range, and verifies the time settings with one of them. */
  private final class ConnectionProbe {
    private final String name;
    private final ApiClient client;
    private final TimeSettingsVerifier verifier;
    private final PageRequest request;
    private final Instant start;
    private final boolean verifiesTimes;
    private final boolean isAboutAPerson;
    private final MalformedPolicy malformed;
    private boolean repeated;

    ConnectionProbe(
        String name,
        CallRecordSourceConfig config,
        ApiOptions api,
        OkHttpTransport transport,
        ThreadLoop loop) {
      this.name = name;
      malformed = config.malformed();
      // What the API returns for a number would tell whoever asks whether it had calls.
      isAboutAPerson = config.filtersByPerson();
      Feed feed = CallCenterFeed.create();
      FeedTimes times = new FeedTimes(feed, config.queryTimeField().field(), config.zone());
      client =
          new ApiClient(
              api,
              config.retry(),
              feed.path(),
              feed.filters().apply(config.filters()),
              RecordParser.of(feed, config),
              transport,
              loop,
              new SplittableRandom());
      // Probes pass the rate limiter by, so they keep their distance themselves.
      Duration spacing = Duration.ofNanos(Math.round(1e9 / api.requestsPerSecond()));
      // A low rate leaves no time for a second request; the tasks verify the times in any case.
      verifiesTimes = !isAboutAPerson && spacing.compareTo(MAX_REQUEST_TIMEOUT) < 0;
      Function<PageRequest, CompletableFuture<Page>> probe =
          wanted -> client.delay(spacing).thenCompose(rested -> client.probe(wanted));
      verifier =
          new TimeSettingsVerifier(
              loop, times, client.pageSize(), (wanted, mayGiveUp) -> probe.apply(wanted), probe);
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      Instant keptSince = now.minus(config.retention()).plus(RETENTION_MARGIN);
      Instant wanted = config.startTime().resolve(now, keptSince);
      Instant end = config.endTime();
      start = wanted.isBefore(keptSince) ? keptSince : wanted;
      // A range that has been read and has expired leaves nothing to ask for but the present.
      Instant to = end == null || end.isAfter(now) || !end.isAfter(start) ? now : end;
      Instant from = start.isBefore(to.minus(MAX_RANGE)) ? to.minus(MAX_RANGE) : start;
      request = new PageRequest(from.isBefore(to) ? from : to.minusSeconds(1), to, 1, 1);
    }

    /** Sends the request, and once more when the first response has corrected the clock. */
    // The handler sees every outcome; the future that whenComplete() returns has nothing to add.
    @SuppressWarnings("FutureReturnValueIgnored")
    void send(CompletableFuture<Long> total) {
      LOG.debug("{}: requesting a record from {} to {}", name, request.from(), request.to());
      client
          .probe(request)
          .thenApply(this::requireConvertible)
          .thenCompose(this::verifyTimes)
          .thenApply(Page::total)
          .whenComplete(
              (count, error) -> {
                if (error == null) {
                  total.complete(count);
                } else if (isExpired(error) && !repeated) {
                  repeated = true;
                  send(total);
                } else {
                  total.completeExceptionally(error);
                }
              });
    }

    /** A record that would stop the task at once is told before there is one. */
    private Page requireConvertible(Page page) {
      if (malformed == MalformedPolicy.FAIL && !isAboutAPerson) {
        page.rows().stream()
            .map(ConnectionProbe::malformed)
            .flatMap(Optional::stream)
            .findFirst()
            .ifPresent(
                row -> {
                  throw new DataException(
                      row.reason()
                          + ". The task would stop at it: have the provider of the API correct it,"
                          + " or set malformed.records to topic, which routes such records to"
                          + " malformed.topic, or to skip");
                });
      }
      return page;
    }

    private static Optional<MalformedRecord> malformed(Row row) {
      return row.match(record -> Optional.empty(), Optional::of, outOfRange -> Optional.empty());
    }

    private CompletableFuture<Page> verifyTimes(Page page) {
      LOG.debug(
          "{}: the API reports {} records; {} the time settings",
          name,
          page.total(),
          verifiesTimes ? "verifying" : "not verifying");
      return verifiesTimes
          ? verifier.checkTimes(page, request)
          : CompletableFuture.completedFuture(page);
    }

    private static boolean isExpired(Throwable error) {
      return StageErrors.unwrap(error) instanceof TransientApiException transientError
          && transientError.kind() == TransientFault.EXPIRED;
    }
  }

  private static void reportBacklog(
      String name, ApiOptions api, ConnectionProbe probe, long total) {
    if (probe.isAboutAPerson) {
      LOG.info("{}: the API accepts the settings.", name);
      return;
    }
    long sampled = ChronoUnit.SECONDS.between(probe.request.from(), probe.request.to());
    long all = Math.max(sampled, ChronoUnit.SECONDS.between(probe.start, probe.request.to()));
    long records = Math.round((double) total * all / sampled);
    // Each day costs a request and each week one to verify its times, however few calls they have;
    // where there are many, windows that are cut cost a tenth on top.
    long days = all / 86_400 + 1;
    long requests = records * 11 / 10 / api.pageSize() + days + days / 7 + 1;
    LOG.info(
        "{}: the API accepts the settings. It has {} records since {}{}. All of them take about {}"
            + " requests; at {} requests per second (requests.per.second) about {}. What has been"
            + " loaded is not loaded again.",
        name,
        records,
        probe.start,
        all > sampled ? ", estimated from the last " + sampled / 86_400 + " days" : "",
        requests,
        api.requestsPerSecond(),
        Progress.span(requests / api.requestsPerSecond()));
  }

  /** What the probe has failed with, without what its stages wrap around it. */
  private static @Nullable Throwable cause(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause == null ? null : StageErrors.unwrap(cause);
  }

  private void addErrors(
      ErrorReport report, CallRecordSourceConfig config, @Nullable Throwable cause) {
    if (cause instanceof RefusedException refused) {
      List<String> settings =
          refused.status() == ApiStatus.PARAMETER
              ? config.filtersSet()
              : refused.status().settings();
      report.add(settings, String.valueOf(refused.getMessage()));
    } else if (cause instanceof TransientApiException transientError) {
      String scheme = schemeProblem(config, transientError.kind());
      String setting =
          scheme == null ? transientError.kind().setting() : CallRecordSourceConfig.API_URL;
      report.add(
          setting == null ? List.of() : List.of(setting),
          scheme == null ? String.valueOf(transientError.getMessage()) : scheme);
    } else if (cause instanceof DataException malformed) {
      report.add(
          List.of(CallRecordSourceConfig.MALFORMED_RECORDS),
          String.valueOf(malformed.getMessage()));
    } else if (cause instanceof TimeSettingsException times) {
      times.changes().forEach((setting, change) -> report.add(List.of(setting), change));
    } else if (cause instanceof IgnoredRangeException ignored) {
      report.add(List.of(CallRecordSourceConfig.API_URL), String.valueOf(ignored.getMessage()));
    } else {
      logUnexpected(cause);
    }
  }

  /** What is wrong with the scheme of the address, where the server itself shows it. */
  private @Nullable String schemeProblem(CallRecordSourceConfig config, TransientFault fault) {
    if (!SchemeCheck.isSign(fault)) {
      return null;
    }
    ApiOptions api = withShortTimeouts(config.api(TaskShare.ALONE, Version.userAgent()));
    // Through a proxy, the server may be out of reach, and another one have its name.
    return api.transport().proxy() == null
        ? SchemeCheck.problem(api.baseUrl(), api.connectTimeout())
        : null;
  }

  private static void logUnexpected(@Nullable Throwable cause) {
    LOG.warn(
        "Validating the settings against the API failed unexpectedly. The configuration is accepted"
            + " all the same.",
        cause);
  }

  /** Reports each problem at the settings that it concerns. */
  private record ErrorReport(List<ConfigValue> values, String name) {
    /** Without the values: some are names and numbers of somebody. */
    @Override
    public String toString() {
      return "ErrorReport[" + name + "]";
    }

    /** Adds an error to each of the settings; a problem without any is logged. */
    void add(List<String> settings, String problem) {
      if (settings.isEmpty()) {
        LOG.warn(
            "{}: cannot validate the settings against the API: {}. The configuration is accepted all"
                + " the same; the tasks retry until the API responds. If nothing accepts the"
                + " connections of a connector that has never run, it fails after a minute.",
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
