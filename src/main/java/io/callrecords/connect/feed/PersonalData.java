package io.callrecords.connect.feed;

/** Whether a field of a record says something of a person. */
public enum PersonalData {
  /** It names or numbers a person, may do so, is free text about one, or leads to a voice. */
  YES("yes"),
  /** Together with other fields, or with other data, it tells whose call it was. */
  INDIRECT("indirectly"),
  /** Hardly. */
  NO("no"),
  /** It holds whatever the API sends. */
  UNKNOWN("may be anything");

  private final String word;

  PersonalData(String word) {
    this.word = word;
  }

  /** The word for it in documentation. */
  public String word() {
    return word;
  }
}
