package io.callrecords.connect.client;

import org.apache.kafka.connect.errors.ConnectException;

/** A request was refused in a way that trying again does not change; says what to do. */
public final class RefusedException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final ApiStatus status;

  RefusedException(ApiStatus status, String code, String asked) {
    super(code + ": " + status.advice() + ". " + asked);
    this.status = status;
  }

  /** What was said. */
  public ApiStatus status() {
    return status;
  }
}
