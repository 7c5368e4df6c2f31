package io.callrecords.connect.client;

import org.apache.kafka.connect.errors.ConnectException;

/** A request has met a trouble that may pass. */
public final class TroubleException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final Trouble trouble;

  TroubleException(Trouble trouble, String message) {
    super(message);
    this.trouble = trouble;
  }

  /** What went wrong. */
  public Trouble trouble() {
    return trouble;
  }
}
