package io.callrecords.connect.client;

/** Which requests go first when not all can: new calls, then rechecks, then the backlog. */
public enum Priority {
  LIVE,
  RECHECK,
  BACKLOG
}
