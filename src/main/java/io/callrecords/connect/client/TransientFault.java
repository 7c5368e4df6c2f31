package io.callrecords.connect.client;

import io.callrecords.connect.config.CallRecordSourceConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * A kind of failure of a request that may pass by itself, with advice in case it does not.
 *
 * <p>The API's documentation lists its own status codes only; a status that it does not list, and
 * every failure of a gateway or the network, is retried.
 */
public enum TransientFault {
  UNKNOWN_HOST(
      "the host is unknown: check the host in api.url and the worker's DNS",
      CallRecordSourceConfig.API_URL),
  UNKNOWN_PROXY(
      "the proxy's host is unknown: check the host in proxy.url and the worker's DNS",
      CallRecordSourceConfig.PROXY_URL),
  NO_CONNECTION(
      "no connection: check host and port in api.url (or proxy.url), and whether a firewall lets"
          + " the worker reach them",
      null),
  TIMEOUT(
      "no complete response in time: check scheme and port in api.url; if the API is slow, raise"
          + " connect.timeout.ms or request.timeout.ms",
      null),
  BROKEN_CONNECTION(
      "the connection was closed before the response was complete: if it always is, check scheme and"
          + " port in api.url",
      null),
  CERTIFICATE_UNTRUSTED(
      "the server's certificate is not trusted, has expired, or is not valid yet: have it renewed,"
          + " or add the CA that issued it to ssl.truststore.location",
      SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG),
  CERTIFICATE_FOR_OTHER_HOST(
      "the server's certificate is for a host other than the one in api.url",
      CallRecordSourceConfig.API_URL),
  HANDSHAKE_REFUSED(
      "the server rejects the TLS handshake: it may require a client certificate"
          + " (ssl.keystore.location) or another protocol version (ssl.enabled.protocols)",
      SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG),
  NOT_TLS(
      "the server does not speak TLS: check scheme and port in api.url",
      CallRecordSourceConfig.API_URL),
  REDIRECT(
      "the response is a redirect, which the connector does not follow: set api.url to the API's"
          + " new address",
      CallRecordSourceConfig.API_URL),
  NOT_FOUND(
      "there is nothing at this path: check the path prefix in api.url",
      CallRecordSourceConfig.API_URL),
  FORBIDDEN(
      "a gateway in front of the API rejects the request: check api.url, and whether the gateway"
          + " allows the worker's IP address",
      CallRecordSourceConfig.API_URL),
  REJECTED(
      "the API or a gateway in front of it rejects the request: if it always does, check scheme and"
          + " port in api.url",
      null),
  SERVER_ERROR("the API or a gateway in front of it has failed", null),
  UNAVAILABLE("the API or a gateway in front of it takes no requests at the moment", null),
  NOT_THE_API(
      "the response is not the API's JSON: check api.url, and whether a proxy or gateway responds"
          + " in place of the API",
      CallRecordSourceConfig.API_URL),
  MALFORMED_RESPONSE("the response's JSON is malformed or truncated", null),
  TOO_LARGE("the response is larger than any record of the API", null),
  NO_DATA(
      "the API reports success and returns no data, although its other responses show that it"
          + " should: it fails, or what stands behind it does",
      null),
  CONTRADICTORY_RESPONSE("the response contradicts itself", null),
  API_ERROR("the API reports an internal error", null),
  UNKNOWN_STATUS("the API returns a status that its documentation does not list", null),
  OUT_OF_RANGE("the API keeps refusing a recent range as too old: lower api.retention.days", null),
  EXPIRED(
      "the API rejects the request's timestamp as expired, whether it is made of the worker's clock"
          + " or of the Date header of its responses: synchronize the worker's clock (NTP)",
      null),
  UNEXPECTED_REFUSAL(
      "the API refuses what it has accepted before, so the connector tries again for a while",
      null),
  TOO_MANY_REQUESTS(
      "too many requests, so the connector lowers its rate for now: lower requests.per.second, or"
          + " find out what else uses the account",
      null);

  private final String advice;
  private final @Nullable String setting;

  TransientFault(String advice, @Nullable String setting) {
    this.advice = advice;
    this.setting = setting;
  }

  /** What is wrong and what to do about it. */
  public String advice() {
    return advice;
  }

  /**
   * The setting that is likely wrong, or null when it is more likely that the API or the network is
   * down.
   */
  public @Nullable String setting() {
    return setting;
  }

  /**
   * Whether it is one of the API or the way to it, so that it ends for all requests at once; others
   * are faults of a request or of its response, which say nothing about others.
   */
  boolean mayEndForAll() {
    return switch (this) {
      case MALFORMED_RESPONSE,
          TOO_LARGE,
          CONTRADICTORY_RESPONSE,
          OUT_OF_RANGE,
          EXPIRED,
          UNEXPECTED_REFUSAL,
          TOO_MANY_REQUESTS ->
          false;
      default -> true;
    };
  }
}
