package io.callrecords.connect.client;

import org.apache.kafka.connect.errors.ConnectException;

/**
 * The API goes on failing to answer a request, and answers others. It is no outage: whoever made
 * the request asks for the same records in other pieces, so that one that the API cannot return
 * holds up no other.
 */
public final class FailingRequestException extends ConnectException {
  private static final long serialVersionUID = 1;

  FailingRequestException(String problem, String description) {
    super(problem + ", while the API answers other requests. " + description);
  }
}
