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
 * Makes a result of whatever an attempt ends with: a response of the API, one of something else, or
 * none. Of what was received, a result holds records and status codes only. Any thread may use it.
 */
final class ResponseReader {
  /** A hundred records of the documented lengths take less than a tenth of it. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final int MIN_BYTES = 32 * 1024;
  private static final int MAX_SPARE_BYTES = 256 * 1024;

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

  /**
   * Creates a reader of responses.
   *
   * @param throughProxy whether requests go through a proxy that the settings name
   */
  ResponseReader(PageParser parser, boolean throughProxy) {
    this.parser = parser;
    this.throughProxy = throughProxy;
  }

  /**
   * Reads a response.
   *
   * @param range the range that was requested
   * @param status the HTTP status
   * @param header finds a header's value by name
   * @throws IOException when the body cannot be read to its end
   */
  DatedResult read(
      QueryRange range, int status, UnaryOperator<@Nullable String> header, InputStream body)
      throws IOException {
    Instant date = httpDate(header.apply("Date"));
    if (status != 200) {
      return new DatedResult(ofStatus(status, retryAfter(header.apply("Retry-After"), date)), null);
    }
    byte @Nullable [] used = spare.getAndSet(null);
    byte[] bytes = used == null ? new byte[MIN_BYTES] : used;
    int length = body.readNBytes(bytes, 0, bytes.length);
    while (length == bytes.length && length <= MAX_BYTES) {
      bytes = Arrays.copyOf(bytes, Math.min(2 * length, MAX_BYTES + 1));
      length += body.readNBytes(bytes, length, bytes.length - length);
    }
    if (length > MAX_BYTES) {
      return new DatedResult(
          new ApiResult.Failure(
              TransientFault.TOO_LARGE, "a response of more than " + (MAX_BYTES >> 20) + " MiB"),
          null);
    }
    try {
      ApiResult result = parser.parse(bytes, length, range);
      if (bytes.length <= MAX_SPARE_BYTES) {
        spare.set(bytes);
      }
      Duration pause = retryAfter(header.apply("Retry-After"), date);
      return new DatedResult(
          withRetryAfter(result, pause), isOfTheApi(result) ? usable(date) : null);
    } catch (RuntimeException e) {
      // Its message, and those of its causes, could quote the body.
      IllegalStateException fault =
          new IllegalStateException("Reading a response failed: " + e.getClass().getName());
      fault.setStackTrace(e.getStackTrace());
      throw fault;
    }
  }

  /** The API's own faults come with HTTP 200, and may say how long to wait, too. */
  private static ApiResult withRetryAfter(ApiResult result, @Nullable Duration pause) {
    return result.match(
        page -> page,
        fault ->
            // A new signature is all that it needs.
            fault.kind() == TransientFault.EXPIRED ? fault : fault.withRetryAfter(pause),
        refused -> refused);
  }

  /** Whether the API itself has responded, and without a fault that casts doubt on its clock. */
  private static boolean isOfTheApi(ApiResult result) {
    return result.match(
        page -> true,
        fault ->
            fault.kind() == TransientFault.EXPIRED
                || fault.kind() == TransientFault.TOO_MANY_REQUESTS,
        refused -> true);
  }

  /** A clock that was never set, or that is ages ahead, does not tell the time. */
  private static @Nullable Instant usable(@Nullable Instant date) {
    return date == null || date.isBefore(OLDEST_CLOCK) || date.isAfter(NEWEST_CLOCK) ? null : date;
  }

  private static ApiResult ofStatus(int status, @Nullable Duration retryAfter) {
    String detail = "HTTP " + status;
    if (status == 429) {
      return new ApiResult.Failure(TransientFault.TOO_MANY_REQUESTS, detail, retryAfter);
    }
    if (status == PROXY_AUTHENTICATION) {
      return new ApiResult.Refused(ApiStatus.PROXY_CREDENTIALS, detail);
    }
    return new ApiResult.Failure(ofStatus(status), detail, retryAfter);
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
            case 4 -> TransientFault.REJECTED;
            default -> TransientFault.SERVER_ERROR;
          };
    };
  }

  /**
   * The result of an attempt without a response. The exception's message may quote what was
   * received, so that only its kind counts; OkHttp has no types of its own for a proxy's refusal.
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
    return new ApiResult.Failure(kind(error), error.getClass().getSimpleName());
  }

  private TransientFault kind(IOException error) {
    if (error instanceof UnknownHostException) {
      return throughProxy ? TransientFault.UNKNOWN_PROXY : TransientFault.UNKNOWN_HOST;
    }
    if (error instanceof SSLPeerUnverifiedException) {
      return TransientFault.CERTIFICATE_FOR_OTHER_HOST;
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
    // A server may close the connection because of a certificate before its reason arrives.
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

  private static @Nullable Instant httpDate(@Nullable String text) {
    try {
      return text == null
          ? null
          : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Reads both forms of Retry-After; a date counts from the response's own. */
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
