package io.callrecords.connect.config;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the API and how to request from it.
 *
 * @param baseUrl base URL with its path prefix, without a trailing slash
 * @param credentials what requests are signed with
 * @param zone zone of the naive times in requests and records
 * @param pageSize records per page, 1 to 100
 * @param connectTimeout how long to wait for a connection to open
 * @param requestTimeout how long a request may take, up to the last byte of its response
 * @param maxConcurrentRequests maximum number of requests that the task has in flight
 * @param requestsPerSecond maximum rate of all tasks together
 * @param share this task's share of that rate
 * @param userAgent value of the User-Agent header
 * @param transport TLS and proxy
 * @param memory how much of the heap what a task receives may take
 * @param facts what is known of the API before it is asked
 */
public record ApiOptions(
    URI baseUrl,
    Credentials credentials,
    ZoneId zone,
    int pageSize,
    Duration connectTimeout,
    Duration requestTimeout,
    int maxConcurrentRequests,
    double requestsPerSecond,
    TaskShare share,
    String userAgent,
    TransportOptions transport,
    MemoryBudget memory,
    ApiFacts facts) {
  /** With the JVM's defaults for TLS and proxy, in a large heap. */
  public ApiOptions(
      URI baseUrl,
      Credentials credentials,
      ZoneId zone,
      int pageSize,
      Duration connectTimeout,
      Duration requestTimeout,
      int maxConcurrentRequests,
      double requestsPerSecond,
      TaskShare share,
      String userAgent) {
    this(
        baseUrl,
        credentials,
        zone,
        pageSize,
        connectTimeout,
        requestTimeout,
        maxConcurrentRequests,
        requestsPerSecond,
        share,
        userAgent,
        TransportOptions.DEFAULT,
        MemoryBudget.ample(maxConcurrentRequests),
        ApiFacts.NONE);
  }

  /** A copy with other timeouts. */
  public ApiOptions withTimeouts(Duration connect, Duration request) {
    return new ApiOptions(
        baseUrl,
        credentials,
        zone,
        pageSize,
        connect,
        request,
        maxConcurrentRequests,
        requestsPerSecond,
        share,
        userAgent,
        transport,
        memory,
        facts);
  }

  /** A copy for so many requests, of which that many are in flight at most. */
  public ApiOptions withRate(double perSecond, int concurrentRequests) {
    return new ApiOptions(
        baseUrl,
        credentials,
        zone,
        pageSize,
        connectTimeout,
        requestTimeout,
        concurrentRequests,
        perSecond,
        share,
        userAgent,
        transport,
        memory,
        facts);
  }

  /** A copy with another budget. */
  public ApiOptions withMemory(MemoryBudget budget) {
    return new ApiOptions(
        baseUrl,
        credentials,
        zone,
        pageSize,
        connectTimeout,
        requestTimeout,
        maxConcurrentRequests,
        requestsPerSecond,
        share,
        userAgent,
        transport,
        budget,
        facts);
  }

  /** A copy that begins with other facts. */
  public ApiOptions withFacts(ApiFacts known) {
    return new ApiOptions(
        baseUrl,
        credentials,
        zone,
        pageSize,
        connectTimeout,
        requestTimeout,
        maxConcurrentRequests,
        requestsPerSecond,
        share,
        userAgent,
        transport,
        memory,
        known);
  }

  /**
   * API key and secret of the account; the text form shows neither.
   *
   * @param previousSecret the secret that the account had before, or will have until it is changed;
   *     null where there is one secret only
   */
  public record Credentials(String key, String secret, @Nullable String previousSecret) {
    /** With one secret. */
    public Credentials(String key, String secret) {
      this(key, secret, null);
    }

    @Override
    public String toString() {
      return "[hidden]";
    }
  }
}
