package io.callrecords.connect.fetch;

import java.time.Instant;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The records of one second, which cannot be cut any further, take more of the heap than a task may
 * have: it stops before the worker dies of it.
 */
public final class SecondTooHeavyException extends ConnectException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param second the second
   * @param maxWeight how much its records may take, in bytes
   */
  SecondTooHeavyException(Instant second, long maxWeight) {
    super(
        "The API returns more calls for the second "
            + second
            + " than fit into the "
            + maxWeight / (1024 * 1024)
            + " MiB of memory that a task may use. If there are so many, give the worker a larger"
            + " heap, or lower tasks.max, and restart the task: nothing is lost meanwhile. If not,"
            + " check that api.url leads to the API itself");
  }
}
