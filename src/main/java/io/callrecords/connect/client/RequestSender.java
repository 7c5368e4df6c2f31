package io.callrecords.connect.client;

import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.loop.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one attempt of a request: signs it, sends it, and brings its outcome back to the loop.
 * Neither waits nor retries. Runs on the loop.
 */
final class RequestSender {
  private static final Logger LOG = LoggerFactory.getLogger(RequestSender.class);

  private final ApiOptions options;
  private final Query query;
  private final CredentialSelector credentials;
  private final Transport transport;
  private final ResponseReader reader;
  private final EventLoop loop;
  private final ServerClock clock;
  private final ThrottleDetector throttles;
  private final RequestCounts counts;
  private final Consumer<Duration> onSent;

  /**
   * Creates a sender.
   *
   * @param onSent gets the uptime at which a request was written to its connection
   */
  RequestSender(
      ApiOptions options,
      Query query,
      CredentialSelector credentials,
      Transport transport,
      ResponseReader reader,
      EventLoop loop,
      ServerClock clock,
      ThrottleDetector throttles,
      RequestCounts counts,
      Consumer<Duration> onSent) {
    this.options = options;
    this.query = query;
    this.credentials = credentials;
    this.transport = transport;
    this.reader = reader;
    this.loop = loop;
    this.clock = clock;
    this.throttles = throttles;
    this.counts = counts;
    this.onSent = onSent;
  }

  /**
   * Sends a request.
   *
   * @param attempt which attempt of the request it is, from 1
   * @param onResult gets the outcome, on the loop
   * @param onBug gets an exception that is no outcome but a bug, on the loop
   */
  void send(
      PageRequest request, int attempt, Consumer<ApiResult> onResult, Consumer<Throwable> onBug) {
    loop.checkOnLoop();
    post(request, attempt, true, onResult, onBug);
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void post(
      PageRequest request,
      int number,
      boolean mayResend,
      Consumer<ApiResult> onResult,
      Consumer<Throwable> onBug) {
    Attempt sent =
        new Attempt(request, number, loop.uptime(), clock.forSigning(), credentials.current());
    ResponseLimits limits = reader.limits(request.size());
    QueryRange range =
        new QueryRange(request.from().getEpochSecond(), request.to().getEpochSecond());
    transport
        .post(
            query.url(),
            headers(sent),
            query.body(request),
            (status, header, body) -> reader.read(range, limits, status, header, body),
            this::noteSent)
        .whenComplete(
            (response, error) ->
                loop.execute(
                    () -> {
                      if (response != null) {
                        onResult.accept(receive(response, sent));
                      } else if (error instanceof StaleConnectionException && mayResend) {
                        // The API has seen nothing of it, so that it is no failure and costs
                        // nothing.
                        LOG.trace("The kept connection was closed: sending again, over a new one");
                        post(request, number, false, onResult, onBug);
                      } else if (error instanceof IOException failure) {
                        onResult.accept(receive(reader.failed(failure), sent));
                      } else {
                        onBug.accept(
                            error == null ? new IllegalStateException("No outcome") : error);
                      }
                    }));
  }

  private void noteSent() {
    Duration at = loop.uptime();
    if (loop.isOnLoop()) {
      onSent.accept(at);
    } else {
      loop.execute(() -> onSent.accept(at));
    }
  }

  private Map<String, String> headers(Attempt attempt) {
    Map<String, String> headers =
        new HashMap<>(credentials.headers(attempt.secret(), attempt.signedWith()));
    headers.put("User-Agent", options.userAgent());
    headers.put("Accept", "application/json");
    return headers;
  }

  /**
   * One attempt that was sent.
   *
   * @param sentAt the loop's uptime
   * @param signedWith the time of its signature
   * @param secret the number of the secret of its signature
   */
  private record Attempt(
      PageRequest request, int number, Duration sentAt, Instant signedWith, int secret) {}

  private ApiResult receive(DatedResult response, Attempt attempt) {
    ApiResult result = response.result();
    noteSignature(result, response.date(), attempt);
    return receive(throttles.examine(loop.uptime(), result), attempt);
  }

  private void noteSignature(ApiResult result, @Nullable Instant date, Attempt attempt) {
    result.handle(
        page -> {
          clock.accept(attempt.signedWith(), attempt.sentAt(), date);
          credentials.accept(attempt.secret());
        },
        fault -> {
          if (fault.kind() == TransientFault.EXPIRED) {
            clock.refuse(attempt.signedWith(), attempt.sentAt(), date);
          } else {
            observe(date, attempt);
          }
        },
        refused -> {
          observe(date, attempt);
          if (refused.status() == ApiStatus.AUTHENTICATION) {
            credentials.refuse(attempt.secret());
          }
        });
    if (date != null) {
      counts.clockOffset(clock.offset(date));
    }
  }

  private void observe(@Nullable Instant date, Attempt attempt) {
    if (date != null) {
      clock.observe(date, attempt.sentAt());
    }
  }

  private ApiResult receive(ApiResult result, Attempt attempt) {
    Duration took = loop.uptime().minus(attempt.sentAt());
    counts.ended(result, took);
    log(attempt, result, took);
    return result.match(
        page -> page.withRequestedAt(clock.at(attempt.sentAt())),
        fault -> fault,
        refused -> refused);
  }

  private static void log(Attempt attempt, ApiResult result, Duration took) {
    if (LOG.isDebugEnabled()) {
      PageRequest request = attempt.request();
      LOG.debug(
          "Requested {} to {}, page {} of size {}, attempt {}: {} after {} ms",
          request.from(),
          request.to(),
          request.page(),
          request.size(),
          attempt.number(),
          result.summary(),
          took.toMillis());
    }
  }
}
