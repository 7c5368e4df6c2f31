package io.callrecords.cli.topic;

/** A value of a topic that the converter cannot read, or that is no record. */
public final class UnreadableRecordException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says what is wrong, without anything of the value. */
  public UnreadableRecordException(String message) {
    super(message);
  }
}
