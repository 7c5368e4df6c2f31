package io.callrecords.connect.client;

/** Which requests go first when not all can: new calls, then rechecks, then the backlog. */
public enum Priority {
  LIVE(true),
  RECHECK(false),
  BACKLOG(false);

  private final boolean isRecheckedSoon;

  Priority(boolean isRecheckedSoon) {
    this.isRecheckedSoon = isRecheckedSoon;
  }

  /** Whether what is read is read again soon, so that a doubt need not be settled at once. */
  public boolean isRecheckedSoon() {
    return isRecheckedSoon;
  }
}
