package io.callrecords.connect.client;

import io.callrecords.connect.config.TlsOptions;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Applies the TLS options to an HTTP client. */
final class Tls {
  private Tls() {}

  /**
   * A client that trusts the JVM's own certificates, which take more memory than all else of an
   * idle client.
   *
   * @param store the file that has them
   * @param modified when it was changed last, in milliseconds since 1970
   */
  private record JvmTrust(File store, long modified, OkHttpClient client) {}

  private static final AtomicReference<@Nullable JvmTrust> JVM_TRUST = new AtomicReference<>();

  /**
   * Begins a client. Those without certificates of their own share what trusts the JVM's, for as
   * long as its file is the same.
   */
  static OkHttpClient.Builder clientBuilder(TlsOptions options) {
    if (options.material() != null) {
      return new OkHttpClient.Builder();
    }
    File store = jvmStore();
    JvmTrust trust = JVM_TRUST.get();
    if (trust == null || !trust.store.equals(store) || trust.modified != store.lastModified()) {
      trust = new JvmTrust(store, store.lastModified(), new OkHttpClient());
      JVM_TRUST.set(trust);
    }
    return trust.client.newBuilder();
  }

  /** Where the JVM looks for certificates (JSSE Reference Guide, "trust store"). */
  private static File jvmStore() {
    String set = System.getProperty("javax.net.ssl.trustStore");
    if (set != null) {
      return new File(set);
    }
    File folder = Path.of(System.getProperty("java.home"), "lib", "security").toFile();
    File own = new File(folder, "jssecacerts");
    return own.exists() ? own : new File(folder, "cacerts");
  }

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
