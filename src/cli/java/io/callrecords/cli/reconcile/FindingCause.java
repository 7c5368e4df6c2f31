package io.callrecords.cli.reconcile;

/** Why something is wrong with a call, as far as that is known. */
enum FindingCause {
  UNKNOWN("unknown", "the reason is not known"),
  PENDING("pending", "it may still come, or change"),
  MALFORMED("malformed", "its row cannot be converted"),
  LATE("late", "it appeared after its window had been settled, or may have: see late.arrival.ms"),
  DRIFTED("drifted", "the audit says that its window has grown since it was settled"),
  EXPIRED("expired", "its window could not be read to the end any more, says the audit"),
  NOT_READ("not read", "no audit record covers it: it has not been read yet, or not settled"),
  LOST(
      "lost",
      "the audit says that all of its window was emitted: it has gone from the topic, or on the way"
          + " to it"),
  DELETED("deleted", "a record without a value follows it in the topic, which deletes it there"),
  RETENTION("retention", "the topic no longer has its oldest records"),
  FILTERED("filtered", "the filters of the configuration leave it out; without them, it is there"),
  GONE("gone", "the API does not return it"),
  UNREADABLE("unreadable", "the converter cannot read the record"),
  MOVED("moved", "the topic has it at another time"),
  CHANGED("changed", "it may have changed since; emit.updates is off"),
  LATE_CHANGE(
      "changed late", "it may have changed after late.arrival.ms, when nothing is read again"),
  UNSTEADY("unsteady", "the API's responses for it did not agree");

  private final String word;
  private final String explanation;

  FindingCause(String word, String explanation) {
    this.word = word;
    this.explanation = explanation;
  }

  /** The word for it in reports. */
  String word() {
    return word;
  }

  /** What it means. */
  String explanation() {
    return explanation;
  }
}
