package io.callrecords.connect.client;

import io.callrecords.connect.feed.QueryRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.ref.WeakReference;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
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
  private static final int MIN_BYTES = 32 * 1024;
  private static final int MAX_SPARE_BYTES = 256 * 1024;

  private static final int PROXY_AUTHENTICATION = 407;

  private static final Pattern PROXY_STATUS =
      Pattern.compile("Unexpected response code for CONNECT: ([0-9]{3})");

  /** What OkHttp says where nobody is known who could have sent it but the API. */
  private static final String NO_PROXY =
      "Received HTTP_PROXY_AUTH (" + PROXY_AUTHENTICATION + ") code while not using proxy";

  private static final String OVERHEAD =
      "a response with more than "
          + ResponseLimits.describe(OverheadLimit.MAX_BYTES)
          + " beside its body";

  private static final Pattern SECONDS = Pattern.compile("[0-9]+");

  /** Whoever obeys it has a limit of his own, long before this. */
  private static final int MAX_DIGITS = 9;

  private static final long MAX_WAIT_SECONDS = 999_999_999;

  private static final Instant OLDEST_CLOCK = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant NEWEST_CLOCK = Instant.parse("2120-01-01T00:00:00Z");

  private static final WeakReference<byte[]> NOTHING = new WeakReference<>(null);

  private final PageParser parser;
  private final boolean throughProxy;
  private final boolean isEncrypted;

  private final ResponseLimits usualLimits;

  /** Bodies that are longer than those of usual pages are received one at a time. */
  private final Semaphore longBody;

  /** What the last body was read into, for the next one, unless it is long in coming. */
  private final AtomicReference<WeakReference<byte[]>> spare = new AtomicReference<>(NOTHING);

  /**
   * Creates a reader of responses.
   *
   * @param throughProxy whether requests go through a proxy that the settings name
   * @param isEncrypted whether requests are encrypted, so that a proxy can read none, nor answer it
   * @param usualLimits the limits of a page of several records
   * @param longBody permits one longer body at a time to all who share it
   */
  ResponseReader(
      PageParser parser,
      boolean throughProxy,
      boolean isEncrypted,
      ResponseLimits usualLimits,
      Semaphore longBody) {
    this.longBody = longBody;
    this.parser = parser;
    this.throughProxy = throughProxy;
    this.isEncrypted = isEncrypted;
    this.usualLimits = usualLimits;
  }

  /** The limits of a response to a request for pages of a size. */
  ResponseLimits limits(int pageSize) {
    return pageSize == 1 ? usualLimits.ofOne() : usualLimits;
  }

  /**
   * Reads a response to a request for a page of several records.
   *
   * @param range the range that was requested
   * @param status the HTTP status
   * @param header finds a header's value by name
   * @throws IOException when the body cannot be read to its end
   */
  DatedResult read(
      QueryRange range, int status, UnaryOperator<@Nullable String> header, InputStream body)
      throws IOException {
    return read(range, usualLimits, status, header, body);
  }

  /**
   * Reads a response.
   *
   * @param range the range that was requested
   * @param limits how much of it is received
   * @param status the HTTP status
   * @param header finds a header's value by name
   * @throws IOException when the body cannot be read to its end
   */
  DatedResult read(
      QueryRange range,
      ResponseLimits limits,
      int status,
      UnaryOperator<@Nullable String> header,
      InputStream body)
      throws IOException {
    Instant date = HttpDate.parse(header.apply("Date"));
    if (status != 200) {
      return new DatedResult(
          ofResponse(status, retryAfter(header.apply("Retry-After"), date)), null);
    }
    byte @Nullable [] used = spare.getAndSet(NOTHING).get();
    byte[] bytes = used == null ? new byte[MIN_BYTES] : used;
    int length = body.readNBytes(bytes, 0, bytes.length);
    boolean isLong = false;
    try {
      while (length == bytes.length && length <= limits.maxBytes()) {
        if (!isLong && length > usualLimits.maxBytes()) {
          awaitLongBody();
          isLong = true;
        }
        // Growing step by step would take half as much again for a while.
        int size = isLong ? limits.maxBytes() : Math.min(2 * length, limits.maxBytes());
        bytes = Arrays.copyOf(bytes, size + 1);
        length += body.readNBytes(bytes, length, bytes.length - length);
      }
      if (length > limits.maxBytes()) {
        return new DatedResult(
            new ApiResult.Failure(
                TransientFault.TOO_LARGE,
                "a response of more than " + ResponseLimits.describe(limits.maxBytes())),
            null);
      }
      ApiResult result = parse(bytes, length, range, limits);
      Duration pause = retryAfter(header.apply("Retry-After"), date);
      return new DatedResult(
          withRetryAfter(result, pause), isOfTheApi(result) ? usable(date) : null);
    } finally {
      if (isLong) {
        longBody.release();
      }
    }
  }

  private void awaitLongBody() throws InterruptedIOException {
    try {
      longBody.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted before a long body");
    }
  }

  private ApiResult parse(byte[] bytes, int length, QueryRange range, ResponseLimits limits) {
    try {
      ApiResult result = parser.parse(bytes, length, range, limits.maxWeight());
      if (bytes.length <= MAX_SPARE_BYTES) {
        spare.set(new WeakReference<>(bytes));
      }
      return result;
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

  /** The result of a response: what came encrypted is not of a proxy, whatever it says. */
  private ApiResult ofResponse(int status, @Nullable Duration retryAfter) {
    return isEncrypted ? ofTheApi(status, retryAfter) : ofProxyOrApi(status, retryAfter);
  }

  private static ApiResult ofProxyOrApi(int status, @Nullable Duration retryAfter) {
    return status == PROXY_AUTHENTICATION
        ? new ApiResult.Refused(ApiStatus.PROXY_CREDENTIALS, detail(status))
        : ofTheApi(status, retryAfter);
  }

  private static ApiResult ofTheApi(int status, @Nullable Duration retryAfter) {
    TransientFault kind = status == 429 ? TransientFault.TOO_MANY_REQUESTS : ofStatus(status);
    return new ApiResult.Failure(kind, detail(status), retryAfter);
  }

  private static String detail(int status) {
    return "HTTP " + status;
  }

  private static TransientFault ofStatus(int status) {
    return switch (status) {
      case 401, 403, 451 -> TransientFault.FORBIDDEN;
      case 404, 405, 410 -> TransientFault.NOT_FOUND;
      case 408, 504 -> TransientFault.TIMEOUT;
      case 503 -> TransientFault.UNAVAILABLE;
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
      return ofProxyOrApi(PROXY_AUTHENTICATION, null);
    }
    if (message.equals(NO_PROXY)) {
      return ofTheApi(PROXY_AUTHENTICATION, null);
    }
    Matcher proxyStatus = PROXY_STATUS.matcher(message);
    if (proxyStatus.matches()) {
      return ofProxyOrApi(Integer.parseInt(proxyStatus.group(1)), null);
    }
    if (ResponseOverheadException.isCauseOf(error)) {
      return new ApiResult.Failure(TransientFault.BROKEN_CONNECTION, OVERHEAD);
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

  /** Reads both forms of Retry-After; a date counts from the response's own. */
  private static @Nullable Duration retryAfter(@Nullable String text, @Nullable Instant now) {
    if (text == null) {
      return null;
    }
    if (SECONDS.matcher(text).matches()) {
      String digits = text.replaceFirst("^0+(?=.)", "");
      return Duration.ofSeconds(
          digits.length() > MAX_DIGITS ? MAX_WAIT_SECONDS : Long.parseLong(digits));
    }
    Instant until = HttpDate.parse(text);
    return until == null || now == null || until.isBefore(now)
        ? null
        : Duration.between(now, until);
  }
}
