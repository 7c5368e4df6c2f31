package io.callrecords.connect.config;

import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted, and which servers are trusted.
 *
 * @param material the loaded stores, or null for the JVM's trusted certificates and no client
 *     certificate
 * @param protocols TLS versions to offer, by their names in the JVM
 * @param cipherSuites cipher suites to offer, or empty for all that the JVM enables
 * @param checkHostName whether the server's certificate must name its host
 */
public record TlsOptions(
    @Nullable Material material,
    List<String> protocols,
    List<String> cipherSuites,
    boolean checkHostName) {
  /** The defaults of the settings. */
  public static final TlsOptions DEFAULT =
      new TlsOptions(null, List.of("TLSv1.2", "TLSv1.3"), List.of(), true);

  /**
   * A TLS context made of the loaded stores.
   *
   * @param context creates the sockets
   * @param trust the trust manager of the context
   */
  public record Material(SSLContext context, X509TrustManager trust) {}
}
