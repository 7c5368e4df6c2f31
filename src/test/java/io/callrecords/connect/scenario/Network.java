package io.callrecords.connect.scenario;

/**
 * What lies between a task and the API.
 *
 * @param concurrentRequests how many requests a task may have under way
 * @param leastMillis how long an answer takes at least
 * @param mostMillis how long an answer takes at most
 */
public record Network(int concurrentRequests, int leastMillis, int mostMillis) {
  /** A task with the default number of requests, whose answers take up to so long. */
  public static Network upTo(int mostMillis) {
    return new Network(4, 0, mostMillis);
  }
}
