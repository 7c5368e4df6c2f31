package io.callrecords.connect.client;

import java.io.IOException;

/** More was received beside a response's body than any response needs. */
final class ResponseOverheadException extends IOException {
  private static final long serialVersionUID = 1;

  ResponseOverheadException() {
    super("More than " + ResponseLimits.describe(OverheadLimit.MAX_BYTES) + " beside the body");
  }

  /** Whether it is what an attempt failed with: TLS wraps what it fails with itself. */
  static boolean isCauseOf(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ResponseOverheadException) {
        return true;
      }
    }
    return false;
  }
}
