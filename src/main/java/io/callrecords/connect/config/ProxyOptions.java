package io.callrecords.connect.config;

import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy for all requests.
 *
 * @param host host name or IP address; IPv6 without brackets
 * @param port port, 1 to 65535
 * @param credentials what authenticates the connector, or null if the proxy requires nothing
 */
public record ProxyOptions(String host, int port, @Nullable ProxyCredentials credentials) {

  /** User name and password for the proxy; the text form shows neither. */
  public record ProxyCredentials(String username, String password) {
    @Override
    public String toString() {
      return "[hidden]";
    }
  }
}
