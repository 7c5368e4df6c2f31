package io.callrecords.connect.client;

import java.time.Instant;
import java.util.Map;

/**
 * One page of a query.
 *
 * @param from {@code strTime}
 * @param to {@code endTime}; it is not documented whether the two bounds belong to the range
 * @param page {@code current}, from 1
 * @param size {@code size}
 * @param codes the only code that is requested, by parameter, in place of configured ones
 */
public record PageRequest(
    Instant from, Instant to, int page, int size, Map<String, Integer> codes) {
  /** A page of all records that the configured filters select. */
  public PageRequest(Instant from, Instant to, int page, int size) {
    this(from, to, page, size, Map.of());
  }

  /** The same query's page with another number. */
  public PageRequest withPage(int newPage) {
    return new PageRequest(from, to, newPage, size, codes);
  }

  /** The same page of those records only that have such codes. */
  public PageRequest withCodes(Map<String, Integer> newCodes) {
    return new PageRequest(from, to, page, size, newCodes);
  }
}
