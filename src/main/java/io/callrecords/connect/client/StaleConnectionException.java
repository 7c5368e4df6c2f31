package io.callrecords.connect.client;

import java.io.IOException;

/**
 * A request was sent over a kept connection that its other end had closed, or was closing: nothing
 * of a response was received, so it can be sent again at once.
 */
public final class StaleConnectionException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param cause what the connection failed with
   */
  public StaleConnectionException(IOException cause) {
    super("The kept connection was closed", cause);
  }
}
