package io.callrecords.cli.reconcile;

import java.util.Locale;

/** What is wrong with a call, when the topic is compared with the API. */
enum FindingKind {
  /** The API returns it, and the topic does not have it. */
  MISSING,
  /** The topic has it, and the API does not return it. */
  FOREIGN,
  /** The topic has it more than once, without a reason. */
  TWICE,
  /** Both have it, with other content. */
  DIFFERENT;

  /** The word for it in reports. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
