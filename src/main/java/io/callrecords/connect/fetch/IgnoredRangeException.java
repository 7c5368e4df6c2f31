package io.callrecords.connect.fetch;

import io.callrecords.connect.client.PageRequest;
import java.time.Instant;
import org.apache.kafka.connect.errors.ConnectException;

/** The API does not honour the range of a request, so that nothing can be read completely. */
public final class IgnoredRangeException extends ConnectException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param parameters the parameters that the API ignores or changes
   * @param request what was asked
   * @param first the earliest time that came
   * @param last the latest time that came
   */
  IgnoredRangeException(String parameters, PageRequest request, Instant first, Instant last) {
    super(
        "The API does not honour the range of a request ("
            + parameters
            + "): asked for calls of "
            + request.from()
            + " to "
            + request.to()
            + ", it returned calls of "
            + first
            + " to "
            + last
            + ", and returns some of them for another range as well. What it has cannot be read"
            + " range by range. Check that api.url leads to the API itself, and not to a gateway"
            + " that changes or caches requests, and ask the platform which form of "
            + parameters
            + " it takes");
  }
}
