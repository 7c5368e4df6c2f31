package io.callrecords.connect.client;

import java.time.Instant;

/**
 * One page of a query.
 *
 * @param from {@code strTime}
 * @param to {@code endTime}; it is not documented whether the two bounds belong to the range
 * @param page {@code current}, from 1
 * @param size {@code size}
 */
public record PageRequest(Instant from, Instant to, int page, int size) {
  /** The same query's page with another number. */
  public PageRequest withPage(int newPage) {
    return new PageRequest(from, to, newPage, size);
  }
}
