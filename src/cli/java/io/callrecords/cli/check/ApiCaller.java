package io.callrecords.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.cli.CliException;
import io.callrecords.connect.client.HttpDate;
import io.callrecords.connect.client.Signer;
import io.callrecords.connect.client.Transport;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.feed.Feed;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the API one thing after another, within the rate, and keeps what came as it came: what the
 * connector's own client smooths over is what a check wants to see.
 */
final class ApiCaller {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EXPIRED = "-16";
  private static final Set<String> TOO_OFTEN = Set.of("-15");
  private static final Set<String> TRANSIENT = Set.of("-12", "-18");
  private static final Set<String> PAGE_KEYS =
      Set.of("records", "total", "size", "current", "pages");
  private static final int MAX_ATTEMPTS = 6;
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private final ApiOptions options;
  private final Map<String, Object> filters;
  private final Feed feed;
  private final Transport transport;
  private final CheckClock clock;
  private final Signer signer;
  private final URI url;
  private final List<ApiAnswer> answers = new ArrayList<>();
  private final List<ApiAnswer> limits = new ArrayList<>();
  private Duration spacing;
  private Duration ahead = Duration.ZERO;
  private long next;
  private Runnable onAnswer = () -> {};

  /**
   * Creates a caller; nothing is asked yet.
   *
   * @param filters request parameters that go with every request
   */
  ApiCaller(
      ApiOptions options,
      Map<String, Object> filters,
      Feed feed,
      Transport transport,
      CheckClock clock) {
    this.options = options;
    this.filters = filters;
    this.feed = feed;
    this.transport = transport;
    this.clock = clock;
    signer = new Signer(options.credentials());
    url = URI.create(options.baseUrl() + "/" + feed.path());
    spacing = Duration.ofNanos(Math.round(1e9 / options.requestsPerSecond()));
    next = clock.nanos();
  }

  /** The time with which requests are signed and taken, which is the API's by and large. */
  Instant now() {
    return clock.now().plus(ahead);
  }

  /** The time by the API's Date header; that of a gateway at times, whose clock is another one. */
  @Nullable Instant dateNow() {
    Double seconds = ClockProbe.ahead(answers);
    return seconds == null ? null : clock.now().plusSeconds(Math.round(seconds));
  }

  /** Runs something after each answer. */
  void onAnswer(Runnable action) {
    onAnswer = action;
  }

  /** All pages and refusals so far, in their order. */
  List<ApiAnswer> answers() {
    return List.copyOf(answers);
  }

  /** The answers so far that ask for fewer requests. */
  List<ApiAnswer> limits() {
    return List.copyOf(limits);
  }

  /**
   * Asks, and once more where something has gone wrong that may pass.
   *
   * @throws CliException when it does not pass
   */
  ApiAnswer ask(ApiQuestion question) throws InterruptedException {
    String last = "";
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      awaitTurn();
      try {
        ApiAnswer answer = send(question);
        if (isTooOften(answer)) {
          limits.add(answer);
          spacing = spacing.multipliedBy(2);
        } else if (EXPIRED.equals(answer.status()) && question.signedAhead().isZero()) {
          correctClock(answer);
        } else if (answer.status() != null && !TRANSIENT.contains(answer.status())) {
          answers.add(answer);
          onAnswer.run();
          return answer;
        }
        last = answer.text();
      } catch (ExecutionException e) {
        last = failure(e.getCause());
      }
      clock.pause(spacing.multipliedBy(1L << attempt));
    }
    throw CliException.unseen(
        "The API at "
            + url
            + " does not answer: "
            + last
            + ", "
            + MAX_ATTEMPTS
            + " times. Check api.url, proxy.url and the way to the host; try again later");
  }

  private static String failure(@Nullable Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "its host's name is not known";
    }
    if (cause instanceof ConnectException) {
      return "the connection is refused";
    }
    if (cause instanceof InterruptedIOException) {
      return "nothing comes in time";
    }
    if (cause instanceof SSLException) {
      return "TLS fails, " + cause.getMessage();
    }
    return cause == null || cause.getMessage() == null
        ? "the connection breaks"
        : cause.getMessage();
  }

  private void awaitTurn() throws InterruptedException {
    long wait = next - clock.nanos();
    if (wait > 0) {
      clock.pause(Duration.ofNanos(wait));
    }
    next = clock.nanos() + spacing.toNanos();
  }

  private static boolean isTooOften(ApiAnswer answer) {
    return answer.httpStatus() == 429
        || answer.httpStatus() == 503
        || (answer.status() != null && TOO_OFTEN.contains(answer.status()));
  }

  private void correctClock(ApiAnswer answer) {
    Instant date = answer.date();
    // The header is of a gateway at times, whose clock is another one.
    boolean isCorrected = !ahead.isZero();
    ahead = date == null || isCorrected ? Duration.ZERO : Duration.between(answer.sentAt(), date);
  }

  private ApiAnswer send(ApiQuestion question) throws InterruptedException, ExecutionException {
    Instant sentAt = clock.now();
    long begin = clock.nanos();
    Map<String, String> headers =
        new TreeMap<>(signer.headers(sentAt.plus(ahead).plus(question.signedAhead())));
    headers.put("Content-Type", "application/json;charset=UTF-8");
    headers.put("User-Agent", options.userAgent());
    CompletableFuture<ApiAnswer> answer =
        transport.post(
            url,
            headers,
            body(question),
            (status, header, body) ->
                read(
                    question,
                    status,
                    header,
                    body,
                    sentAt,
                    () -> Duration.ofNanos(clock.nanos() - begin)));
    return answer.get();
  }

  private byte[] body(ApiQuestion question) {
    ObjectNode body = JSON.createObjectNode();
    body.put("current", question.page());
    body.put("size", question.size());
    ObjectNode params = body.putObject("params");
    params.put("strTime", question.fromText());
    params.put("endTime", question.toText());
    filters.forEach((name, value) -> params.set(name, JSON.valueToTree(value)));
    try {
      return JSON.writeValueAsBytes(body);
    } catch (IOException e) {
      throw new IllegalStateException("A body can always be written", e);
    }
  }

  /** How long something took. */
  private interface Elapsed {
    Duration get();
  }

  private ApiAnswer read(
      ApiQuestion question,
      int httpStatus,
      UnaryOperator<@Nullable String> header,
      InputStream body,
      Instant sentAt,
      Elapsed elapsed)
      throws IOException {
    byte[] bytes = body.readNBytes(MAX_BYTES);
    Duration took = elapsed.get();
    JsonNode root = httpStatus == 200 ? tree(bytes) : JSON.nullNode();
    JsonNode data = root.path("data");
    JsonNode status = root.path("status");
    List<SeenRow> rows = new ArrayList<>();
    data.path("records").forEach(row -> rows.add(SeenRow.of(row, feed)));
    List<String> others = new ArrayList<>();
    data.fieldNames()
        .forEachRemaining(
            name -> {
              if (!PAGE_KEYS.contains(name)) {
                others.add(name);
              }
            });
    JsonNode total = data.path("total");
    return new ApiAnswer(
        question,
        httpStatus,
        status.isValueNode() && !status.isNull() ? SafeText.status(status.asText().strip()) : null,
        new ApiAnswer.AnswerEnvelope(
            status.isTextual(), form(data), form(data.path("records")), List.copyOf(others)),
        total.isMissingNode() || total.isNull() ? null : (Long) total.asLong(),
        number(data.path("size")),
        number(data.path("pages")),
        List.copyOf(rows),
        HttpDate.parse(header.apply("Date")),
        sentAt,
        took);
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      // Not the API: an answer without a status.
      return JSON.nullNode();
    }
  }

  private static @Nullable Integer number(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? null : (Integer) node.asInt();
  }

  private static String form(JsonNode node) {
    return switch (node.getNodeType()) {
      case MISSING -> "absent";
      case NULL -> "null";
      case ARRAY -> "list";
      case OBJECT -> "object";
      case STRING -> "text";
      default -> "value";
    };
  }
}
