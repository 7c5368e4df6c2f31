package io.callrecords.connect.client;

/** Which requests go first when not all can: what is new before what may have changed. */
public enum Priority {
  LIVE,
  LOOK,
  BACKLOG
}
