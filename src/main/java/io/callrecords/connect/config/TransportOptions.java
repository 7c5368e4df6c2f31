package io.callrecords.connect.config;

import org.jspecify.annotations.Nullable;

/**
 * TLS and proxy between the connector and the API.
 *
 * @param tls how connections are encrypted
 * @param proxy the proxy, or null for the proxy settings of the JVM
 */
public record TransportOptions(TlsOptions tls, @Nullable ProxyOptions proxy) {
  /** The defaults of the JVM. */
  public static final TransportOptions DEFAULT = new TransportOptions(TlsOptions.DEFAULT, null);
}
