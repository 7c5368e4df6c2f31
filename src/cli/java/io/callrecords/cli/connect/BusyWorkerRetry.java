package io.callrecords.cli.connect;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Sends a request again that a worker did nothing about, since something was going on that is over
 * in a moment:
 *
 * <ul>
 *   <li>a rebalance, which is told by 409 or 500 and words;
 *   <li>offsets that appear or disappear while they are listed: Kafka Connect walks through a
 *       connector's partitions while another thread changes them, and answers by 500.
 * </ul>
 *
 * <p>An answer that is still the same after the patience is returned as it is.
 */
final class BusyWorkerRetry implements Interceptor {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final int CONFLICT = 409;
  private static final int SERVER_ERROR = 500;

  /** Longer than any answer that says why. */
  private static final long MAX_REASON_BYTES = 64 * 1024L;

  private final Duration patience;

  BusyWorkerRetry(Duration patience) {
    this.patience = patience;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    long start = System.nanoTime();
    while (true) {
      Response response = chain.proceed(chain.request());
      if (!isBusy(chain.request().method(), response)
          || System.nanoTime() - start >= patience.toNanos()) {
        return response;
      }
      response.close();
      pause();
    }
  }

  private static boolean isBusy(String method, Response response) throws IOException {
    int code = response.code();
    if (code != CONFLICT && code != SERVER_ERROR) {
      return false;
    }
    String reason = ErrorMessage.of(response.peekBody(MAX_REASON_BYTES).string());
    return reason.contains("rebalance")
        || (code == SERVER_ERROR
            && method.equals("GET")
            && reason.startsWith("Failed to retrieve offsets"));
  }

  private static void pause() throws InterruptedIOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
