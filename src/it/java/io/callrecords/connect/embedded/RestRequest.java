package io.callrecords.connect.embedded;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.awaitility.Awaitility;

/**
 * A request to a worker's REST API, which is sent again as long as a rebalance is in its way, or
 * the offsets that it asks for appear or disappear, as people would send it: at such a moment a
 * worker does nothing.
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
    return Awaitility.await("a worker that is not busy")
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

  /**
   * A worker tells of a rebalance by 409 where another one may answer, else by 500 and words. It
   * walks through a connector's partitions while another thread changes them, and answers by 500.
   */
  private static boolean isInTheWay(Throwable problem) {
    String words = String.valueOf(problem.getMessage());
    return problem instanceof ConnectRestException
        && (words.contains("rebalance") || words.contains("Failed to retrieve offsets"));
  }
}
