package io.callrecords.cli.status;

import java.util.ArrayList;
import java.util.List;

/** What could not be seen, and why; some of it was asked for. */
final class UnseenThings {
  private final List<String> texts = new ArrayList<>();
  private boolean isPartial;

  /** Takes what nobody has asked for, or what is not to be had. */
  void add(String text) {
    texts.add(text);
  }

  /** Takes what was asked for. */
  void miss(String text) {
    texts.add(text);
    isPartial = true;
  }

  /** All of it. */
  List<String> texts() {
    return texts;
  }

  /** Whether some of it was asked for. */
  boolean isPartial() {
    return isPartial;
  }
}
