package io.callrecords.connect.state;

/** Which version of a call a record is. */
public enum RowVersion {
  /** The first that is emitted, as its window is read for the first time. */
  FIRST("first"),
  /** The first that is emitted, found by a recheck. */
  LATE("late"),
  /** A further one: the call has changed. */
  UPDATED("updated"),
  /** One of a range that a person has had loaded again. */
  REPLAYED("replayed");

  private final String text;

  RowVersion(String text) {
    this.text = text;
  }

  /** The word for it in records. */
  public String text() {
    return text;
  }
}
