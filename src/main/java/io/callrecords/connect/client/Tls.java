package io.callrecords.connect.client;

import io.callrecords.connect.config.TlsOptions;
import java.util.List;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;

/** Applies the TLS options to an HTTP client. */
final class Tls {
  private Tls() {}

  static void apply(TlsOptions options, OkHttpClient.Builder client) {
    ConnectionSpec.Builder spec =
        new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
            .tlsVersions(options.protocols().toArray(String[]::new));
    if (options.cipherSuites().isEmpty()) {
      spec.allEnabledCipherSuites();
    } else {
      spec.cipherSuites(options.cipherSuites().toArray(String[]::new));
    }
    // The settings have been checked for whether clear text is allowed.
    client.connectionSpecs(List.of(spec.build(), ConnectionSpec.CLEARTEXT));
    TlsOptions.Material material = options.material();
    if (material != null) {
      client.sslSocketFactory(material.context().getSocketFactory(), material.trust());
    }
    if (!options.checkHostName()) {
      client.hostnameVerifier((host, session) -> true);
    }
  }
}
