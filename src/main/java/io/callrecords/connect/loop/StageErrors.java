package io.callrecords.connect.loop;

import java.util.concurrent.CompletionException;

/** Takes off, and puts on, what the stages of a future wrap around the error of an earlier one. */
public final class StageErrors {
  private StageErrors() {}

  /** The error itself. */
  public static Throwable unwrap(Throwable error) {
    Throwable cause = error.getCause();
    return error instanceof CompletionException && cause != null ? cause : error;
  }

  /** An error as a stage passes it on. */
  public static CompletionException wrap(Throwable error) {
    return error instanceof CompletionException wrapped ? wrapped : new CompletionException(error);
  }
}
