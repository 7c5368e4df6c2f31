package io.callrecords.connect.config;

import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted, and who is trusted.
 *
 * @param material what was loaded, or null for the JVM's default trust and no client certificate
 * @param protocols the versions of TLS that are offered, by their names in the JVM
 * @param cipherSuites the cipher suites that are offered, or empty for all that the JVM enables
 * @param checkHostName whether the server's certificate has to name its host
 */
public record TlsOptions(
    @Nullable Material material,
    List<String> protocols,
    List<String> cipherSuites,
    boolean checkHostName) {
  /** What applies when nothing is set. */
  public static final TlsOptions DEFAULT =
      new TlsOptions(null, List.of("TLSv1.2", "TLSv1.3"), List.of(), true);

  /**
   * A context that is ready for use.
   *
   * @param context opens the sockets
   * @param trust the trust manager that is inside of it
   */
  public record Material(SSLContext context, X509TrustManager trust) {}
}
