package io.callrecords.connect.client;

import org.apache.kafka.connect.errors.ConnectException;

/**
 * A page of several records is larger than a response may be, in each of a few attempts. It is no
 * outage, and the request is not retried any more: whoever made it asks for the same records in
 * smaller pages, down to one record. For that one a response may be larger, and one that is larger
 * still is a transient fault.
 */
public final class PageTooLargeException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final int size;

  PageTooLargeException(PageRequest request, String problem, String description) {
    super(problem + ": the page has to be requested in smaller ones. " + description);
    this.size = request.size();
  }

  /** The page size that was requested; it is larger than 1. */
  public int size() {
    return size;
  }
}
