package io.callrecords.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The call-records API without a network: a request and the server's time in, an answer out.
 * Thread-safe.
 */
public final class SimulatedApi {
  private static final String PATH = "/voice/ccRecordQuery";
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);
  private static final JsonMapper JSON = new JsonMapper();

  private final String prefix;
  private final Signature signature;
  private final Quirks quirks;
  private final Journal journal;
  private final Faults faults;
  private final Inspector inspector;
  private final Selection selection;
  private final PageWriter writer;
  private final Inserter inserter;
  private final @Nullable Throttle throttle;
  private final AtomicLong requests = new AtomicLong();

  /**
   * An API over a store.
   *
   * @param prefix the path before {@code /voice}, empty or with a leading slash
   * @param generator draws the calls that enter between page reads, and must be the one of the
   *     store's other calls
   * @param seed decides random orders and where calls enter
   */
  public SimulatedApi(
      String prefix,
      String key,
      String secret,
      Quirks quirks,
      CallStore store,
      CallGenerator generator,
      Journal journal,
      Faults faults,
      long seed) {
    if (store.filteredTime() != quirks.filteredTime()) {
      throw new IllegalArgumentException("The store is indexed by " + store.filteredTime());
    }
    this.prefix = prefix;
    signature = new Signature(key, secret);
    this.quirks = quirks;
    this.journal = journal;
    this.faults = faults;
    inspector = new Inspector(quirks);
    selection = new Selection(store, quirks, seed);
    writer = new PageWriter(quirks);
    inserter = new Inserter(store, generator, quirks, seed);
    RateLimit limit = quirks.rateLimit();
    throttle = limit == null ? null : new Throttle(limit);
  }

  /** The server's time while the machine's is this. */
  public Instant serverTime(Instant machineTime) {
    return machineTime.plus(quirks.clockOffset());
  }

  /**
   * Answers one request.
   *
   * @param headers the request's headers by name, in any letter case
   * @param serverNow the server's time, which decides what is visible and which timestamps hold
   */
  public Answer answer(
      String method, String path, Map<String, String> headers, byte[] body, Instant serverNow) {
    ApiRequest request = read(method, path, headers, body, serverNow);
    Fault fault = faults.draw(request);
    Outcome outcome =
        fault == null
            ? outcome(request, serverNow)
            : fault.reachesApi()
                ? outcome(fault.asked().apply(request), serverNow)
                : outcomeOfGateway(fault);
    journal.add(
        new Journal.Entry(
            request, fault, outcome.httpStatus, outcome.status, outcome.total, outcome.rows));
    return finish(outcome, fault, serverNow);
  }

  /** A moment in the form of HTTP's headers. */
  public static String httpDate(Instant moment) {
    return HTTP_DATE.format(moment);
  }

  private ApiRequest read(
      String method, String path, Map<String, String> headers, byte[] body, Instant now) {
    String key = header(headers, "Api-Key");
    String timestamp = header(headers, "Timestamp");
    String sign = header(headers, "Sign");
    return new ApiRequest(
        requests.incrementAndGet(),
        now,
        method,
        path,
        header(headers, "Content-Type"),
        key,
        timestamp,
        sign,
        signature.matches(key, timestamp, sign),
        parse(body));
  }

  private static JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable String header(Map<String, String> headers, String name) {
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (header.getKey().equalsIgnoreCase(name)) {
        return header.getValue();
      }
    }
    return null;
  }

  private Outcome outcome(ApiRequest request, Instant now) {
    int http = httpStatus(request);
    if (http != 200) {
      return new Outcome(http, null, gatewayPage(http), Map.of());
    }
    RateLimit limit = quirks.rateLimit();
    boolean atGateway = limit != null && limit.refusal() == RateLimit.Refusal.HTTP_503;
    if (atGateway && isTooOften(now)) {
      return refusedAsTooOften(now);
    }
    int refusal = inspector.sender(request, now);
    if (refusal == 0 && !atGateway && isTooOften(now)) {
      return refusedAsTooOften(now);
    }
    refusal = refusal == 0 ? inspector.question(request, now) : refusal;
    return refusal == 0 ? page(request, now) : refused(refusal);
  }

  private boolean isTooOften(Instant now) {
    return throttle != null && !throttle.admits(now);
  }

  private int httpStatus(ApiRequest request) {
    if (!request.path().equals(prefix + PATH)) {
      return 404;
    }
    if (!request.method().equals("POST")) {
      return 405;
    }
    String type = request.contentType();
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json") ? 200 : 415;
  }

  private Outcome page(ApiRequest request, Instant now) {
    Instant from = request.from();
    Instant to = request.to();
    if (from == null || to == null) {
      return refused(Inspector.PARAMETER);
    }
    if (quirks.rangeUse().isReversed(request)) {
      return refused(Inspector.PARAMETER);
    }
    Selection.Seconds seconds = selection.seconds(from, to);
    long kept = inspector.oldest(now).getEpochSecond();
    Selection.Seconds shown =
        inspector.tooLong(from, to)
            ? new Selection.Seconds(0, -1)
            : new Selection.Seconds(Math.max(seconds.first(), kept), seconds.last());
    Filters filters = new Filters(request.params());
    LongPredicate isShown = quirks.rangeUse().test(request, quirks.bounds(), quirks.zone());
    int counted =
        quirks.pagination().twoMoments()
            ? countedBefore(request, shown, filters, isShown, now)
            : -1;
    Selection.Found found =
        selection.find(now, shown, filters, isShown, request.current(), request.size(), counted);
    byte[] body = writer.page(found);
    if (counted < 0 && found.more()) {
      // After the last page nothing could be between two page reads any more.
      inserter.letIn(shown, now);
    }
    return new Outcome(200, 0, body, Map.of(), found.total(), found.rows().size());
  }

  /** Counts, and lets calls in before the rows are looked for. */
  private int countedBefore(
      ApiRequest request,
      Selection.Seconds shown,
      Filters filters,
      LongPredicate isShown,
      Instant now) {
    int counted = selection.count(now, shown, filters, isShown);
    if (counted > (request.current() - 1L) * quirks.pagination().pageSize(request.size())) {
      inserter.letIn(shown, now);
    }
    return counted;
  }

  private Outcome refused(int status) {
    return new Outcome(200, status, writer.status(status), Map.of());
  }

  private Outcome refusedAsTooOften(Instant now) {
    RateLimit limit = quirks.rateLimit();
    if (limit == null || limit.refusal() == RateLimit.Refusal.STATUS) {
      return refused(Inspector.TOO_OFTEN);
    }
    Duration pause = limit.retryAfter();
    Map<String, String> headers =
        switch (limit.refusal()) {
          case HTTP_429_SECONDS -> Map.of("Retry-After", Long.toString(pause.toSeconds()));
          case HTTP_429_DATE -> Map.of("Retry-After", HTTP_DATE.format(now.plus(pause)));
          default -> Map.of();
        };
    int http = limit.refusal() == RateLimit.Refusal.HTTP_503 ? 503 : 429;
    return new Outcome(http, null, gatewayPage(http), headers);
  }

  private Outcome outcomeOfGateway(Fault fault) {
    Integer status = fault.status();
    byte[] body = status == null ? new byte[0] : writer.status(status);
    return new Outcome(fault.httpStatus(), status, body, Map.of());
  }

  private Answer finish(Outcome outcome, @Nullable Fault fault, Instant now) {
    Map<String, String> headers = new LinkedHashMap<>();
    boolean json = outcome.status != null;
    headers.put("Content-Type", json ? "application/json;charset=UTF-8" : "text/html");
    if (quirks.dateHeader()) {
      headers.put("Date", HTTP_DATE.format(now.plus(quirks.dateOffset())));
    }
    headers.putAll(outcome.headers);
    if (fault == null) {
      return new Answer(
          outcome.httpStatus, headers, outcome.body, Answer.Delivery.WHOLE, Duration.ZERO);
    }
    headers.putAll(fault.headers().apply(now));
    return new Answer(
        outcome.httpStatus,
        headers,
        fault.rewritten(outcome.body),
        fault.delivery(),
        fault.delay());
  }

  private static byte[] gatewayPage(int httpStatus) {
    return Fault.http(httpStatus).rewritten(new byte[0]);
  }

  /** What the API or a gateway in front of it answers, before anything goes wrong on the way. */
  private static final class Outcome {
    private final int httpStatus;
    private final @Nullable Integer status;
    private final byte[] body;
    private final Map<String, String> headers;
    private final int total;
    private final int rows;

    Outcome(
        int httpStatus,
        @Nullable Integer status,
        byte[] body,
        Map<String, String> headers,
        int total,
        int rows) {
      this.httpStatus = httpStatus;
      this.status = status;
      this.body = body;
      this.headers = headers;
      this.total = total;
      this.rows = rows;
    }

    Outcome(int httpStatus, @Nullable Integer status, byte[] body, Map<String, String> headers) {
      this(httpStatus, status, body, headers, -1, -1);
    }
  }
}
