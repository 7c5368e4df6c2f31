package io.callrecords.connect.client;

import org.apache.kafka.connect.errors.ConnectException;

/** A request has failed with a transient fault, and is not retried any more. */
public final class TransientApiException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final TransientFault kind;

  TransientApiException(TransientFault kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What went wrong. */
  public TransientFault kind() {
    return kind;
  }
}
