package io.callrecords.connect.client;

/** Which requests go first when not all can: the live edge before the backlog. */
public enum Priority {
  LIVE,
  BACKLOG
}
