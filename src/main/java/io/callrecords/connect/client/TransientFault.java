package io.callrecords.connect.client;

import io.callrecords.connect.config.CallRecordSourceConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * What may go wrong with a request and may pass by itself; says where to look should it not.
 *
 * <p>The API's public pages name its own status codes only; everything that they do not name, and
 * everything that a gateway or the network does, is tried again.
 */
public enum TransientFault {
  UNKNOWN_HOST(
      "the host is not known: check the host in api.url, and the worker's name service",
      CallRecordSourceConfig.API_URL),
  UNKNOWN_PROXY(
      "the proxy's host is not known: check the host in proxy.url, and the worker's name service",
      CallRecordSourceConfig.PROXY_URL),
  NO_CONNECTION(
      "nothing takes the connection: check host and port in api.url (or proxy.url), and whether the"
          + " worker may reach them",
      null),
  TIMEOUT(
      "there is no whole answer in time: see connect.timeout.ms and request.timeout.ms, and scheme"
          + " and port in api.url",
      null),
  BROKEN_CONNECTION("the connection broke before the answer was whole", null),
  CERTIFICATE_UNTRUSTED(
      "the server's certificate is not trusted, or no longer or not yet valid: have it renewed, or"
          + " name the authority that has issued it in ssl.truststore.location",
      SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG),
  CERTIFICATE_OF_ANOTHER_HOST(
      "the server's certificate is for another host than the one in api.url",
      CallRecordSourceConfig.API_URL),
  HANDSHAKE_REFUSED(
      "the server refuses the TLS handshake: it may ask for a certificate"
          + " (ssl.keystore.location), or for another protocol (ssl.enabled.protocols)",
      SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG),
  NOT_TLS(
      "the server does not speak TLS: check scheme and port in api.url",
      CallRecordSourceConfig.API_URL),
  REDIRECT(
      "the answer is a redirect, which is not followed: put the address that the API has now into"
          + " api.url",
      CallRecordSourceConfig.API_URL),
  NOT_FOUND(
      "nothing answers at this path: check the path prefix in api.url",
      CallRecordSourceConfig.API_URL),
  FORBIDDEN(
      "a gateway in front of the API does not let the request pass: check api.url, and whether the"
          + " worker's address is allowed there",
      CallRecordSourceConfig.API_URL),
  REFUSED_BY_GATEWAY("a gateway or the API does not take the request", null),
  BROKEN_SERVER("the API or a gateway in front of it has failed", null),
  NOT_THE_API(
      "the answer is not the API's JSON: check api.url, and whether a proxy or gateway answers"
          + " instead of the API",
      CallRecordSourceConfig.API_URL),
  NOT_WHOLE("the answer's JSON is broken or ends early", null),
  TOO_LARGE("the answer is larger or deeper than any page of the API is", null),
  CONTRADICTION("the answer contradicts itself", null),
  BROKEN_API("the API reports a fault of its own", null),
  UNKNOWN_STATUS("the API sends a status that its documentation does not name", null),
  OUT_OF_RANGE(
      "the API calls a young range too old, as often as it is asked: lower api.retention.days",
      null),
  EXPIRED(
      "the API calls the request's timestamp expired: the worker's clock is wrong, and the answer"
          + " has no usable Date header to correct it by",
      null),
  TOO_OFTEN(
      "the API is queried too often: the rate is lowered for now; lower requests.per.second, or see"
          + " what else uses the account",
      null);

  private final String advice;
  private final @Nullable String setting;

  TransientFault(String advice, @Nullable String setting) {
    this.advice = advice;
    this.setting = setting;
  }

  /** What is wrong and where to look. */
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
}
