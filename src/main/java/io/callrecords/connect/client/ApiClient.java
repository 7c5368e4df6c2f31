package io.callrecords.connect.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.feed.Asked;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.EventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API for pages: signs every attempt anew, keeps to the rate, and retries what may pass
 * until it has passed. Runs on the loop.
 */
public final class ApiClient {
  private static final Logger LOG = LoggerFactory.getLogger(ApiClient.class);
  private static final int FAILURES_WORTH_A_LINE = 3;

  /** No answer of a gateway silences the connector for longer. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private final ApiOptions options;
  private final URI url;
  private final Map<String, Object> filters;
  private final Transport transport;
  private final EventLoop loop;
  private final ServerClock clock;
  private final Signer signer;
  private final RequestGate gate;
  private final Backoff backoff;
  private final PageParser parser;
  private final JsonFactory json = new JsonFactory();
  private Duration troubleSince = Duration.ZERO;
  private int inTrouble;

  /**
   * Creates a client; nothing is sent yet.
   *
   * @param path path of the query below the base address
   * @param filters request parameters that go with every query
   */
  public ApiClient(
      ApiOptions options,
      RetryOptions retry,
      String path,
      Map<String, Object> filters,
      RecordParser records,
      Transport transport,
      EventLoop loop,
      RandomGenerator random) {
    this.options = options;
    this.url = URI.create(options.baseUrl() + "/" + path);
    this.filters = filters;
    this.transport = transport;
    this.loop = loop;
    this.clock = new ServerClock(loop);
    this.signer = new Signer(options.credentials());
    this.gate =
        new RequestGate(
            loop, options.maxConcurrentRequests(), options.requestsPerSecond(), options.share());
    this.backoff = new Backoff(retry, random);
    this.parser = new PageParser(records);
  }

  /** The API's time of day. */
  public ServerClock clock() {
    return clock;
  }

  /** The page size to ask with. */
  public int pageSize() {
    return options.pageSize();
  }

  /**
   * Asks for a page, for as long as it takes.
   *
   * @return the page, on the loop; fails with a {@link RefusedException} when the API refuses for
   *     good, and with a {@link DataException} when a record cannot be converted
   */
  public CompletableFuture<Page> fetch(PageRequest request, Priority priority) {
    Exchange exchange = new Exchange(request);
    gate.enter(priority, request.from(), exchange::attempt);
    return exchange.result;
  }

  private Reply read(
      Asked asked, int status, UnaryOperator<@Nullable String> header, InputStream body)
      throws IOException {
    if (status == 200) {
      Reply reply = parser.parse(body, asked);
      hear(reply, header.apply("Date"));
      return reply;
    }
    if (status == 429) {
      return new Reply.TooMany(
          "HTTP 429", retryAfter(header.apply("Retry-After"), header.apply("Date")));
    }
    return new Reply.Fault("HTTP " + status + hint(status));
  }

  private static String hint(int status) {
    if (status / 100 == 3) {
      return " (a redirect, which is not followed: check api.url)";
    }
    return status == 404 ? " (check api.url)" : "";
  }

  /** The API itself tells its time; a gateway's error page, which may come from anywhere, not. */
  private void hear(Reply reply, @Nullable String date) {
    Instant heard = date == null ? null : httpDate(date);
    if (heard != null && reply instanceof Reply.Expired) {
      loop.execute(() -> clock.corrected(heard));
    } else if (heard != null && !(reply instanceof Reply.Fault)) {
      loop.execute(() -> clock.heard(heard));
    }
  }

  private static @Nullable Instant httpDate(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Reads both forms of Retry-After; a date counts from the answer's own. */
  private static @Nullable Duration retryAfter(@Nullable String text, @Nullable String date) {
    if (text == null) {
      return null;
    }
    if (SECONDS.matcher(text).matches()) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Instant until = httpDate(text);
    Instant now = date == null ? null : httpDate(date);
    return until == null || now == null || until.isBefore(now)
        ? null
        : Duration.between(now, until);
  }

  private byte[] body(PageRequest request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = json.createGenerator(out)) {
      generator.writeStartObject();
      generator.writeNumberField("current", request.page());
      generator.writeNumberField("size", request.size());
      generator.writeObjectFieldStart("params");
      generator.writeStringField("strTime", TIME.format(request.from().atZone(options.zone())));
      generator.writeStringField("endTime", TIME.format(request.to().atZone(options.zone())));
      for (Map.Entry<String, Object> filter : filters.entrySet()) {
        generator.writeFieldName(filter.getKey());
        write(generator, filter.getValue());
      }
      generator.writeEndObject();
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail", e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator generator, Object value) throws IOException {
    if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object item : list) {
        write(generator, item);
      }
      generator.writeEndArray();
    } else if (value instanceof Integer number) {
      generator.writeNumber(number);
    } else {
      generator.writeString(value.toString());
    }
  }

  /** Says so when the first request is in trouble, whatever else is answered meanwhile. */
  private void troubled(String what) {
    if (inTrouble++ == 0) {
      troubleSince = loop.uptime();
      LOG.warn("The API does not answer as it should: {}. Trying on until it does.", what);
    }
  }

  /** Says so when the last request has come out of trouble. */
  private void outOfTrouble() {
    if (--inTrouble == 0) {
      LOG.info("The API answers again, after {} s.", loop.uptime().minus(troubleSince).toSeconds());
    }
  }

  /**
   * One request and all its attempts. It keeps its place at the gate while it waits to try again.
   */
  private final class Exchange {
    final CompletableFuture<Page> result = new CompletableFuture<>();
    private final PageRequest request;
    private int failures;

    Exchange(PageRequest request) {
      this.request = request;
    }

    // The handler below sees every outcome; the future that handle() returns has nothing to tell.
    @SuppressWarnings("FutureReturnValueIgnored")
    void attempt() {
      Map<String, String> headers = new HashMap<>(signer.headers(clock.now()));
      headers.put("User-Agent", options.userAgent());
      headers.put("Accept", "application/json");
      Duration sent = loop.uptime();
      Asked asked = new Asked(request.from().getEpochSecond(), request.to().getEpochSecond());
      transport
          .post(
              url,
              headers,
              body(request),
              (status, header, body) -> read(asked, status, header, body))
          .whenComplete((reply, error) -> loop.execute(() -> settle(reply, error, sent)));
    }

    private void settle(@Nullable Reply reply, @Nullable Throwable error, Duration sent) {
      if (error instanceof IOException) {
        // Its message may quote what was read, so its kind has to do.
        retry(error.getClass().getSimpleName());
      } else if (error instanceof DataException) {
        fail(new DataException(error.getMessage() + ". " + asked()));
      } else if (error != null || reply == null) {
        fail(error == null ? new IllegalStateException("Neither reply nor error") : error);
      } else if (reply instanceof Reply.Records records) {
        succeed(records, sent);
      } else if (reply instanceof Reply.Refused refused) {
        fail(new RefusedException(refused.status(), refused.code(), asked()));
      } else if (reply instanceof Reply.TooMany tooMany) {
        Duration delay = retry(tooMany.what());
        gate.pause(pause(tooMany, delay));
      } else if (reply instanceof Reply.Expired expired) {
        retry(expired.what());
      } else if (reply instanceof Reply.Fault fault) {
        retry(fault.what());
      }
    }

    private Duration pause(Reply.TooMany tooMany, Duration delay) {
      Duration wanted = tooMany.retryAfter() == null ? delay : tooMany.retryAfter();
      if (wanted.compareTo(LONGEST_PAUSE) <= 0) {
        return wanted;
      }
      LOG.warn(
          "The API asks for a pause of {}; it is asked again after {}.", wanted, LONGEST_PAUSE);
      return LONGEST_PAUSE;
    }

    private void succeed(Reply.Records records, Duration sent) {
      leave();
      Instant askedAt = clock.now().minus(loop.uptime().minus(sent));
      result.complete(new Page(records.total(), records.records(), askedAt));
    }

    private void leave() {
      if (failures >= FAILURES_WORTH_A_LINE) {
        outOfTrouble();
      }
      gate.leave();
    }

    private void fail(Throwable error) {
      leave();
      result.completeExceptionally(error);
    }

    /** What was asked, without a word of what was filtered by or answered. */
    private String asked() {
      return "Asked at "
          + url
          + " for "
          + TIME.format(request.from().atZone(options.zone()))
          + " to "
          + TIME.format(request.to().atZone(options.zone()))
          + ", page "
          + request.page()
          + ", size "
          + request.size()
          + (filters.isEmpty() ? "" : ", with " + String.join(", ", filters.keySet()));
    }

    /** Tries again after a backoff, which it returns. */
    private Duration retry(String what) {
      failures++;
      if (failures == FAILURES_WORTH_A_LINE) {
        troubled(what);
      }
      Duration delay = backoff.delay(failures);
      // In a step of its own, since a pause may come with this answer.
      loop.execute(gate::rest);
      loop.schedule(delay, () -> gate.again(this::attempt));
      return delay;
    }
  }
}
