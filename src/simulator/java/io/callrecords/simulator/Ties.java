package io.callrecords.simulator;

/** In which order the calls of one second come. */
public enum Ties {
  /** In the same order each time. */
  STABLE,
  /**
   * In an order of its own for each page and size, so that a second that lies on several pages has
   * calls on two of them and others on none: the same ones for the same size each time.
   */
  BY_PAGE
}
