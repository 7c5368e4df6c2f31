package io.callrecords.connect.config;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;

/**
 * How the API is reached and spoken to.
 *
 * @param baseUrl base address with its path prefix, without a trailing slash
 * @param credentials what requests are signed with
 * @param zone the zone of the naive times in requests and records
 * @param pageSize records a page, 1 to 100
 * @param connectTimeout how long a connection may take to open
 * @param requestTimeout how long a request may take from its start to the last byte of its answer
 * @param maxConcurrentRequests requests in flight at once, in this task
 * @param requestsPerSecond the rate of all tasks together
 * @param share this task's share of it
 * @param userAgent what the connector calls itself
 * @param transport what lies between the connector and the API
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
    TransportOptions transport) {
  /** Without settings of the transport: it is as the JVM has it. */
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
        TransportOptions.DEFAULT);
  }

  /** The same with other timeouts. */
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
        transport);
  }

  /** The account's key and secret; its text form shows neither. */
  public record Credentials(String key, String secret) {
    @Override
    public String toString() {
      return "[hidden]";
    }
  }
}
