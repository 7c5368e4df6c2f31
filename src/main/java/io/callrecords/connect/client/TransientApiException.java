package io.callrecords.connect.client;

import org.apache.kafka.connect.errors.ConnectException;

/** A request has met a trouble that may pass. */
public final class TransientApiException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final TransientFault trouble;

  TransientApiException(TransientFault trouble, String message) {
    super(message);
    this.trouble = trouble;
  }

  /** What went wrong. */
  public TransientFault trouble() {
    return trouble;
  }
}
