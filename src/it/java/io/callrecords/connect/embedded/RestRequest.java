package io.callrecords.connect.embedded;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.awaitility.Awaitility;

/**
 * A request to a worker's REST API, which is sent again as long as a rebalance is in its way, as
 * people would send it: at such a moment a worker does nothing.
 */
final class RestRequest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private RestRequest() {}

  /**
   * Sends a request.
   *
   * @throws ConnectRestException if the worker refuses it for another reason
   */
  static <T> T send(Callable<T> request) {
    return Awaitility.await("no rebalance")
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(RestRequest::isInTheWay)
        .until(request, answer -> true);
  }

  /** Sends a request whose answer says nothing. */
  static void run(Runnable request) {
    send(
        () -> {
          request.run();
          return true;
        });
  }

  /** A worker tells of it by 409 where another one may answer, else by 500 and words. */
  private static boolean isInTheWay(Throwable problem) {
    return problem instanceof ConnectRestException
        && String.valueOf(problem.getMessage()).contains("rebalance");
  }
}
