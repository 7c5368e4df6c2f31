package io.callrecords.cli;

/** What a command ends with, for scripts. */
public enum ExitStatus {
  /** All is well. */
  WELL(0),

  /** The question was answered, and the answer is bad. */
  BAD(1),

  /** The command line or a configuration is wrong. */
  USAGE(2),

  /** What was asked for could not be seen: the API, Connect or Kafka is out of reach. */
  UNSEEN(3);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /** The number that the process ends with. */
  public int code() {
    return code;
  }
}
