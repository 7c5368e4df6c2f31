package io.callrecords.connect.config;

import org.jspecify.annotations.Nullable;

/**
 * What lies between the connector and the API.
 *
 * @param tls how connections are encrypted
 * @param proxy the proxy, or null for those of the JVM
 */
public record TransportOptions(TlsOptions tls, @Nullable ProxyOptions proxy) {
  /** What applies when nothing is set: all as the JVM has it. */
  public static final TransportOptions DEFAULT = new TransportOptions(TlsOptions.DEFAULT, null);
}
