package io.callrecords.cli;

import java.io.Serial;

/**
 * Ends a command with a text for people: what is wrong, the value, and the way out. No stack trace
 * is shown for it.
 */
public final class CliException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  private CliException(ExitStatus status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  private CliException(ExitStatus status, String message) {
    super(message);
    this.status = status;
  }

  /** The command line or a configuration is wrong. */
  public static CliException usage(String message) {
    return new CliException(ExitStatus.USAGE, message);
  }

  /** The command line or a configuration is wrong, as something else has said. */
  public static CliException usage(String message, Throwable cause) {
    return new CliException(ExitStatus.USAGE, message, cause);
  }

  /** What was asked for could not be seen. */
  public static CliException unseen(String message) {
    return new CliException(ExitStatus.UNSEEN, message);
  }

  /** What was asked for could not be seen, as something else has said. */
  public static CliException unseen(String message, Throwable cause) {
    return new CliException(ExitStatus.UNSEEN, message, cause);
  }

  /** What the process ends with. */
  public ExitStatus status() {
    return status;
  }
}
