package io.callrecords.simulator;

/** The order in which a query lists its records, by the filtered time. */
public enum Order {
  NEWEST_FIRST,
  OLDEST_FIRST,
  /** Shuffled anew for every request, so that two pages may overlap and may miss records. */
  RANDOM
}
