package io.callrecords.connect.config;

import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy that all requests go through.
 *
 * @param host its name or address, an IPv6 one without brackets
 * @param port its port
 * @param credentials what it is told of who asks, or null when it asks nobody
 */
public record ProxyOptions(String host, int port, @Nullable Credentials credentials) {

  /** A user of the proxy; its text form shows nothing. */
  public record Credentials(String username, String password) {
    @Override
    public String toString() {
      return "[hidden]";
    }
  }
}
