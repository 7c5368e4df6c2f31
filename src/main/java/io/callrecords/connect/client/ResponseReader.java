package io.callrecords.connect.client;

import io.callrecords.connect.feed.QueryRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a reply of whatever an attempt came to: an answer of the API, one of something else, or
 * none. Nothing of what was received gets into a reply but records and the API's status codes.
 */
final class ResponseReader {
  /** A hundred records of the documented lengths take less than a tenth of it. */
  static final int MOST_BYTES = 4 * 1024 * 1024;

  private static final int LEAST_BYTES = 32 * 1024;
  private static final int MOST_KEPT_BYTES = 256 * 1024;

  private static final int PROXY_AUTHENTICATION = 407;

  private static final Pattern PROXY_STATUS =
      Pattern.compile("Unexpected response code for CONNECT: ([0-9]{3})");

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private static final Instant OLDEST_CLOCK = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant NEWEST_CLOCK = Instant.parse("2120-01-01T00:00:00Z");

  private final PageParser parser;
  private final boolean throughProxy;

  /** What the last body was read into, for the next one. */
  private final AtomicReference<byte @Nullable []> spare = new AtomicReference<>();

  /** Answers come faster than seconds pass. */
  private volatile @Nullable DateHeader lastDate;

  /**
   * Creates a reader of answers.
   *
   * @param throughProxy whether requests go through a proxy that the settings name
   */
  ResponseReader(PageParser parser, boolean throughProxy) {
    this.parser = parser;
    this.throughProxy = throughProxy;
  }

  /**
   * A reply and the time of day that came with it.
   *
   * @param date the {@code Date} of the API itself; null where it has none, and for what a gateway
   *     answers, which may come from anywhere
   */
  record Dated(ApiResult reply, @Nullable Instant date) {}

  /**
   * Reads an answer.
   *
   * @throws IOException when the body cannot be read to its end
   */
  Dated read(QueryRange asked, int status, UnaryOperator<@Nullable String> header, InputStream body)
      throws IOException {
    Instant date = date(header.apply("Date"));
    if (status != 200) {
      return new Dated(ofStatus(status, retryAfter(header.apply("Retry-After"), date)), null);
    }
    byte @Nullable [] used = spare.getAndSet(null);
    byte[] bytes = used == null ? new byte[LEAST_BYTES] : used;
    int length = body.readNBytes(bytes, 0, bytes.length);
    while (length == bytes.length && length <= MOST_BYTES) {
      bytes = Arrays.copyOf(bytes, Math.min(2 * length, MOST_BYTES + 1));
      length += body.readNBytes(bytes, length, bytes.length - length);
    }
    if (length > MOST_BYTES) {
      return new Dated(
          new ApiResult.Fault(
              TransientFault.TOO_LARGE, "an answer of more than " + (MOST_BYTES >> 20) + " MiB"),
          null);
    }
    try {
      ApiResult reply = parser.parse(bytes, length, asked);
      if (bytes.length <= MOST_KEPT_BYTES) {
        spare.set(bytes);
      }
      Duration pause = retryAfter(header.apply("Retry-After"), date);
      return new Dated(
          paused(reply, pause), reply instanceof ApiResult.Fault ? null : usable(date));
    } catch (RuntimeException e) {
      // Its message, and those of its causes, could quote the body.
      IllegalStateException fault =
          new IllegalStateException("Reading an answer failed: " + e.getClass().getName());
      fault.setStackTrace(e.getStackTrace());
      throw fault;
    }
  }

  /** The API's own troubles come with HTTP 200, and may say when to come again, too. */
  private static ApiResult paused(ApiResult reply, @Nullable Duration pause) {
    return pause != null && (reply instanceof ApiResult.TooMany || reply instanceof ApiResult.Fault)
        ? new ApiResult.TooMany(ApiResult.fault(reply), pause)
        : reply;
  }

  /** A clock that was never set, or that is ages ahead, tells nobody what time it is. */
  private static @Nullable Instant usable(@Nullable Instant date) {
    return date == null || date.isBefore(OLDEST_CLOCK) || date.isAfter(NEWEST_CLOCK) ? null : date;
  }

  private static ApiResult ofStatus(int status, @Nullable Duration retryAfter) {
    String detail = "HTTP " + status;
    if (status == 429) {
      return new ApiResult.TooMany(
          new ApiResult.Fault(TransientFault.TOO_OFTEN, detail), retryAfter);
    }
    if (status == PROXY_AUTHENTICATION) {
      return new ApiResult.Refused(ApiStatus.PROXY_CREDENTIALS, detail);
    }
    ApiResult.Fault fault = new ApiResult.Fault(ofStatus(status), detail);
    return retryAfter == null ? fault : new ApiResult.TooMany(fault, retryAfter);
  }

  private static TransientFault ofStatus(int status) {
    return switch (status) {
      case 401, 403, 451 -> TransientFault.FORBIDDEN;
      case 404, 405, 410 -> TransientFault.NOT_FOUND;
      case 408, 504 -> TransientFault.TIMEOUT;
      default ->
          switch (status / 100) {
            case 2 -> TransientFault.NOT_THE_API;
            case 3 -> TransientFault.REDIRECT;
            case 4 -> TransientFault.REFUSED_BY_GATEWAY;
            default -> TransientFault.BROKEN_SERVER;
          };
    };
  }

  /**
   * The reply for an attempt without an answer. The exception's message may quote what was
   * received, so that only its kind counts; OkHttp has no types of its own for what a proxy says.
   */
  ApiResult failed(IOException error) {
    String message = String.valueOf(error.getMessage());
    if (message.equals("Failed to authenticate with proxy")) {
      return ofStatus(PROXY_AUTHENTICATION, null);
    }
    Matcher proxyStatus = PROXY_STATUS.matcher(message);
    if (proxyStatus.matches()) {
      return ofStatus(Integer.parseInt(proxyStatus.group(1)), null);
    }
    return new ApiResult.Fault(kind(error), error.getClass().getSimpleName());
  }

  private TransientFault kind(IOException error) {
    if (error instanceof UnknownHostException) {
      return throughProxy ? TransientFault.UNKNOWN_PROXY : TransientFault.UNKNOWN_HOST;
    }
    if (error instanceof SSLPeerUnverifiedException) {
      return TransientFault.CERTIFICATE_OF_ANOTHER_HOST;
    }
    if (error instanceof ConnectException || error instanceof NoRouteToHostException) {
      return TransientFault.NO_CONNECTION;
    }
    if (error instanceof InterruptedIOException) {
      return TransientFault.TIMEOUT;
    }
    if (error instanceof ProtocolException
        && String.valueOf(error.getMessage()).startsWith("Unexpected status line")) {
      return TransientFault.NOT_THE_API;
    }
    if (error instanceof SSLException tls) {
      return ofTls(tls);
    }
    // A server may hang up on a certificate, and its reason may arrive after that.
    return Arrays.stream(error.getSuppressed())
        .filter(SSLException.class::isInstance)
        .map(late -> ofTls((SSLException) late))
        .findFirst()
        .orElse(TransientFault.BROKEN_CONNECTION);
  }

  private static TransientFault ofTls(SSLException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return TransientFault.CERTIFICATE_UNTRUSTED;
      }
      if (cause instanceof EOFException) {
        return TransientFault.BROKEN_CONNECTION;
      }
    }
    return String.valueOf(error.getMessage()).contains("Unsupported or unrecognized SSL message")
        ? TransientFault.NOT_TLS
        : TransientFault.HANDSHAKE_REFUSED;
  }

  private record DateHeader(String text, @Nullable Instant date) {}

  private @Nullable Instant date(@Nullable String text) {
    DateHeader last = lastDate;
    if (text == null) {
      return null;
    }
    if (last == null || !last.text.equals(text)) {
      last = new DateHeader(text, httpDate(text));
      lastDate = last;
    }
    return last.date;
  }

  private static @Nullable Instant httpDate(@Nullable String text) {
    try {
      return text == null
          ? null
          : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Reads both forms of Retry-After; a date counts from the answer's own. */
  private static @Nullable Duration retryAfter(@Nullable String text, @Nullable Instant now) {
    if (text == null) {
      return null;
    }
    if (SECONDS.matcher(text).matches()) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Instant until = httpDate(text);
    return until == null || now == null || until.isBefore(now)
        ? null
        : Duration.between(now, until);
  }
}
