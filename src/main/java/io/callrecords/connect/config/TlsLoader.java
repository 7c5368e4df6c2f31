package io.callrecords.connect.config;

import static org.apache.kafka.common.config.SslConfigs.DEFAULT_SSL_KEYMANGER_ALGORITHM;
import static org.apache.kafka.common.config.SslConfigs.DEFAULT_SSL_PROTOCOL;
import static org.apache.kafka.common.config.SslConfigs.DEFAULT_SSL_TRUSTMANAGER_ALGORITHM;
import static org.apache.kafka.common.config.SslConfigs.SSL_CIPHER_SUITES_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYMANAGER_ALGORITHM_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_KEY_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_PROTOCOL_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_PROVIDER_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/** Makes options of the {@code ssl} settings, or says which of them is wrong. */
final class TlsLoader {
  private static final List<String> CONTEXT_KEYS =
      List.of(
          SSL_PROTOCOL_CONFIG,
          SSL_PROVIDER_CONFIG,
          SSL_KEYMANAGER_ALGORITHM_CONFIG,
          SSL_TRUSTMANAGER_ALGORITHM_CONFIG);

  private final TlsSource source;

  TlsLoader(Function<String, @Nullable Object> settings) {
    source = new TlsSource(settings);
  }

  /** What is wrong with settings that are right each by itself; loads what they name. */
  List<SettingException> problems() {
    List<SettingException> problems = new ArrayList<>();
    List<Runnable> checks =
        List.of(
            new TrustStoreCheck(source)::run, new KeyStoreCheck(source)::run, this::checkOffered);
    for (Runnable check : checks) {
      try {
        check.run();
      } catch (SettingException e) {
        problems.add(e);
      }
    }
    return problems;
  }

  /**
   * Loads what the settings name.
   *
   * @throws ConfigException when that cannot be done
   */
  TlsOptions load() {
    List<SettingException> problems = problems();
    if (!problems.isEmpty()) {
      throw problems.get(0);
    }
    return new TlsOptions(
        isDefault() ? null : material(),
        source.list(SSL_ENABLED_PROTOCOLS_CONFIG).stream().sorted().toList(),
        source.list(SSL_CIPHER_SUITES_CONFIG),
        !"".equals(source.text(SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG)));
  }

  private boolean isDefault() {
    return Stream.of(
                SSL_TRUSTSTORE_LOCATION_CONFIG,
                SSL_TRUSTSTORE_CERTIFICATES_CONFIG,
                SSL_KEYSTORE_LOCATION_CONFIG,
                SSL_KEYSTORE_KEY_CONFIG,
                SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
                SSL_PROVIDER_CONFIG)
            .noneMatch(source::has)
        && DEFAULT_SSL_PROTOCOL.equals(source.text(SSL_PROTOCOL_CONFIG))
        && DEFAULT_SSL_KEYMANGER_ALGORITHM.equals(source.text(SSL_KEYMANAGER_ALGORITHM_CONFIG))
        && DEFAULT_SSL_TRUSTMANAGER_ALGORITHM.equals(
            source.text(SSL_TRUSTMANAGER_ALGORITHM_CONFIG));
  }

  private TlsOptions.Material material() {
    try {
      DefaultSslEngineFactory loaded =
          source.load(
              Stream.of(TrustStoreCheck.KEYS, KeyStoreCheck.KEYS, CONTEXT_KEYS)
                  .flatMap(List::stream)
                  .toList());
      return new TlsOptions.Material(loaded.sslContext(), trust(loaded.truststore()));
    } catch (KafkaException | GeneralSecurityException e) {
      // Without the cause, which may quote what was read.
      throw new ConfigException(
          "The ssl settings give no TLS context; check "
              + SSL_PROVIDER_CONFIG
              + ", "
              + SSL_KEYMANAGER_ALGORITHM_CONFIG
              + " and "
              + SSL_TRUSTMANAGER_ALGORITHM_CONFIG);
    }
  }

  /** The loader does not give out the trust manager that it made, so this is a second one. */
  private X509TrustManager trust(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(
            Objects.requireNonNull(source.text(SSL_TRUSTMANAGER_ALGORITHM_CONFIG)));
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("No trust manager for certificates"));
  }

  /** A version or cipher suite that the JVM has not enabled would fail at each request only. */
  private void checkOffered() {
    SSLParameters enabled = enabled();
    List<String> protocols = source.list(SSL_ENABLED_PROTOCOLS_CONFIG);
    if (Collections.disjoint(protocols, List.of(enabled.getProtocols()))) {
      throw new SettingException(
          SSL_ENABLED_PROTOCOLS_CONFIG,
          protocols
              + " holds nothing that this JVM enables with "
              + SSL_PROTOCOL_CONFIG
              + "="
              + source.text(SSL_PROTOCOL_CONFIG)
              + ", which is "
              + String.join(", ", enabled.getProtocols()));
    }
    List<String> suites = List.of(enabled.getCipherSuites());
    for (String suite : source.list(SSL_CIPHER_SUITES_CONFIG)) {
      if (!suites.contains(suite)) {
        throw new SettingException(
            SSL_CIPHER_SUITES_CONFIG,
            suite + " is not enabled in this JVM, which has " + String.join(", ", suites));
      }
    }
  }

  private SSLParameters enabled() {
    String protocol = Objects.requireNonNull(source.text(SSL_PROTOCOL_CONFIG));
    String provider = source.text(SSL_PROVIDER_CONFIG);
    try {
      SSLContext context =
          provider == null
              ? SSLContext.getInstance(protocol)
              : SSLContext.getInstance(protocol, provider);
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context.getDefaultSSLParameters();
    } catch (GeneralSecurityException e) {
      throw provider == null
          ? new SettingException(SSL_PROTOCOL_CONFIG, protocol + " is not known to this JVM")
          : new SettingException(
              SSL_PROVIDER_CONFIG, provider + " does not offer " + protocol + "; leave it out");
    }
  }
}
