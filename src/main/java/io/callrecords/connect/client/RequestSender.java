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
  private final Signer signer;
  private final Transport transport;
  private final ResponseReader reader;
  private final EventLoop loop;
  private final ServerClock clock;
  private final RequestCounts counts;

  RequestSender(
      ApiOptions options,
      Query query,
      Transport transport,
      ResponseReader reader,
      EventLoop loop,
      ServerClock clock,
      RequestCounts counts) {
    this.options = options;
    this.query = query;
    this.signer = new Signer(options.credentials());
    this.transport = transport;
    this.reader = reader;
    this.loop = loop;
    this.clock = clock;
    this.counts = counts;
  }

  /**
   * Sends a request.
   *
   * @param attempt which attempt of the request it is, from 1
   * @param onResult gets the outcome, on the loop
   * @param onBug gets an exception that is no outcome but a bug, on the loop
   */
  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  void send(
      PageRequest request, int attempt, Consumer<ApiResult> onResult, Consumer<Throwable> onBug) {
    loop.checkOnLoop();
    Attempt sent = new Attempt(request, attempt, loop.uptime());
    QueryRange range =
        new QueryRange(request.from().getEpochSecond(), request.to().getEpochSecond());
    transport
        .post(
            query.url(),
            headers(),
            query.body(request),
            (status, header, body) -> reader.read(range, status, header, body))
        .whenComplete(
            (response, error) ->
                loop.execute(
                    () -> {
                      if (response != null) {
                        onResult.accept(receive(response, sent));
                      } else if (error instanceof IOException failure) {
                        onResult.accept(receive(reader.failed(failure), sent));
                      } else {
                        onBug.accept(
                            error == null ? new IllegalStateException("No outcome") : error);
                      }
                    }));
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>(signer.headers(clock.forSigning()));
    headers.put("User-Agent", options.userAgent());
    headers.put("Accept", "application/json");
    return headers;
  }

  /**
   * One attempt that was sent.
   *
   * @param sentAt the loop's uptime
   */
  private record Attempt(PageRequest request, int number, Duration sentAt) {}

  private ApiResult receive(DatedResult response, Attempt attempt) {
    ApiResult result = response.result();
    if (response.date() != null) {
      syncClock(result, response.date(), attempt.sentAt());
    }
    return receive(result, attempt);
  }

  private void syncClock(ApiResult result, Instant date, Duration sentAt) {
    boolean isExpired =
        result.match(
            page -> false, fault -> fault.kind() == TransientFault.EXPIRED, refused -> false);
    if (isExpired) {
      clock.correct(date);
    } else {
      clock.observe(date, sentAt);
    }
    counts.clockOffset(Duration.between(loop.wallClock(), clock.now()));
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
