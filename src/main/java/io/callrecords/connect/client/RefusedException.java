package io.callrecords.connect.client;

import org.apache.kafka.connect.errors.ConnectException;

/** A request was refused for good, so that retrying is of no use; the message says what to do. */
public final class RefusedException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final ApiStatus status;

  RefusedException(ApiStatus status, String code, String request) {
    super(code + ": " + status.advice() + ". " + request);
    this.status = status;
  }

  /** Why it was refused. */
  public ApiStatus status() {
    return status;
  }
}
