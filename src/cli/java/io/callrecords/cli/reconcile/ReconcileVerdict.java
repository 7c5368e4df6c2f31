package io.callrecords.cli.reconcile;

import io.callrecords.cli.ExitStatus;
import java.util.Locale;

/** What a comparison comes to. */
enum ReconcileVerdict {
  /** All was seen, and nothing is wrong. */
  WELL(ExitStatus.WELL),

  /** Something is wrong, whether all was seen or not. */
  BAD(ExitStatus.BAD),

  /** Nothing is known to be wrong, and not all could be seen. */
  UNSEEN(ExitStatus.UNSEEN);

  private final ExitStatus status;

  ReconcileVerdict(ExitStatus status) {
    this.status = status;
  }

  /** What the command ends with. */
  ExitStatus status() {
    return status;
  }

  /** The word for it in documents. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
