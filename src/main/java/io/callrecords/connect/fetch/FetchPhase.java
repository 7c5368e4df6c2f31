package io.callrecords.connect.fetch;

/** How far a range has come on its way to a result. */
enum FetchPhase {
  /** Nothing of it is requested. */
  WAITING,
  /** Its first page is requested. */
  OPENING,
  /** Its first page is there; the others wait until there is room for them. */
  OPENED,
  /** Its other pages are requested. */
  READING,
  /** The API refuses it although it is young; its last second is requested until returned. */
  REFUSED_RETRYING,
  /** Its result is there. */
  DONE,
  /** Smaller ranges have taken its place. */
  CUT;

  /** Whether it is not known yet how many records it has, or these wait for room. */
  boolean isOpen() {
    return switch (this) {
      case WAITING, OPENING, OPENED -> true;
      case READING, REFUSED_RETRYING, DONE, CUT -> false;
    };
  }

  /** Whether the results of later ranges wait for its own: a refusal may take days to pass. */
  boolean holdsUpOthers() {
    return switch (this) {
      case WAITING, OPENING, OPENED, READING, DONE -> true;
      case REFUSED_RETRYING, CUT -> false;
    };
  }

  /** Whether nothing more comes of it. */
  boolean isFinal() {
    return switch (this) {
      case DONE, CUT -> true;
      case WAITING, OPENING, OPENED, READING, REFUSED_RETRYING -> false;
    };
  }
}
