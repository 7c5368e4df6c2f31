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

/** Loads what the {@code ssl} settings name, or reports which of them is wrong. */
final class TlsLoader {
  private static final List<String> CONTEXT_KEYS =
      List.of(
          SSL_PROTOCOL_CONFIG,
          SSL_PROVIDER_CONFIG,
          SSL_KEYMANAGER_ALGORITHM_CONFIG,
          SSL_TRUSTMANAGER_ALGORITHM_CONFIG);

  private final TlsConfigValues values;

  TlsLoader(Function<String, @Nullable Object> settings) {
    values = new TlsConfigValues(settings);
  }

  /** The problems of settings that are valid individually; loads the stores that they name. */
  List<SettingException> problems() {
    List<SettingException> problems = new ArrayList<>();
    List<Runnable> validators =
        List.of(
            new TrustStoreValidator(values)::validate,
            new KeyStoreValidator(values)::validate,
            this::validateHandshake);
    for (Runnable validator : validators) {
      try {
        validator.run();
      } catch (SettingException e) {
        problems.add(e);
      }
    }
    return problems;
  }

  /**
   * Loads the stores that the settings name.
   *
   * @throws ConfigException when a setting or a store cannot be used
   */
  TlsOptions load() {
    List<SettingException> problems = problems();
    if (!problems.isEmpty()) {
      throw problems.get(0);
    }
    return new TlsOptions(
        isDefault() ? null : material(),
        values.list(SSL_ENABLED_PROTOCOLS_CONFIG).stream().sorted().toList(),
        values.list(SSL_CIPHER_SUITES_CONFIG),
        checksHostName());
  }

  /** Whether the server's certificate must name its host. */
  boolean checksHostName() {
    return !"".equals(values.text(SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG));
  }

  private boolean isDefault() {
    return Stream.of(
                SSL_TRUSTSTORE_LOCATION_CONFIG,
                SSL_TRUSTSTORE_CERTIFICATES_CONFIG,
                SSL_KEYSTORE_LOCATION_CONFIG,
                SSL_KEYSTORE_KEY_CONFIG,
                SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
                SSL_PROVIDER_CONFIG)
            .noneMatch(values::has)
        && DEFAULT_SSL_PROTOCOL.equals(values.text(SSL_PROTOCOL_CONFIG))
        && DEFAULT_SSL_KEYMANGER_ALGORITHM.equals(values.text(SSL_KEYMANAGER_ALGORITHM_CONFIG))
        && DEFAULT_SSL_TRUSTMANAGER_ALGORITHM.equals(
            values.text(SSL_TRUSTMANAGER_ALGORITHM_CONFIG));
  }

  private TlsOptions.Material material() {
    try {
      DefaultSslEngineFactory loaded =
          values.load(
              Stream.of(TrustStoreValidator.KEYS, KeyStoreValidator.KEYS, CONTEXT_KEYS)
                  .flatMap(List::stream)
                  .toList());
      return new TlsOptions.Material(loaded.sslContext(), trust(loaded.truststore()));
    } catch (KafkaException | GeneralSecurityException e) {
      // Without the cause, which may quote what was read.
      throw new ConfigException(
          "Cannot create a TLS context from the ssl settings; check "
              + SSL_PROVIDER_CONFIG
              + ", "
              + SSL_KEYMANAGER_ALGORITHM_CONFIG
              + " and "
              + SSL_TRUSTMANAGER_ALGORITHM_CONFIG);
    }
  }

  /** A second trust manager, since the loader does not expose its own. */
  private X509TrustManager trust(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(
            Objects.requireNonNull(values.text(SSL_TRUSTMANAGER_ALGORITHM_CONFIG)));
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("No trust manager for certificates"));
  }

  /** Protocols and cipher suites that the JVM does not enable would only fail with each request. */
  private void validateHandshake() {
    SSLParameters enabled = enabled();
    List<String> protocols = values.list(SSL_ENABLED_PROTOCOLS_CONFIG);
    if (Collections.disjoint(protocols, List.of(enabled.getProtocols()))) {
      throw new SettingException(
          SSL_ENABLED_PROTOCOLS_CONFIG,
          LogText.of(protocols.toString())
              + " contains no protocol that this JVM enables with "
              + SSL_PROTOCOL_CONFIG
              + "="
              + values.shown(SSL_PROTOCOL_CONFIG)
              + "; use one of "
              + String.join(", ", enabled.getProtocols()));
    }
    List<String> suites = List.of(enabled.getCipherSuites());
    for (String suite : values.list(SSL_CIPHER_SUITES_CONFIG)) {
      if (!suites.contains(suite)) {
        throw new SettingException(
            SSL_CIPHER_SUITES_CONFIG,
            LogText.of(suite)
                + " is not enabled in this JVM; use only "
                + String.join(", ", suites));
      }
    }
  }

  private SSLParameters enabled() {
    String protocol = Objects.requireNonNull(values.text(SSL_PROTOCOL_CONFIG));
    String provider = values.text(SSL_PROVIDER_CONFIG);
    try {
      SSLContext context =
          provider == null
              ? SSLContext.getInstance(protocol)
              : SSLContext.getInstance(protocol, provider);
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context.getDefaultSSLParameters();
    } catch (GeneralSecurityException e) {
      throw provider == null
          ? new SettingException(
              SSL_PROTOCOL_CONFIG,
              values.shown(SSL_PROTOCOL_CONFIG) + " is not supported by this JVM; use another one")
          : new SettingException(
              SSL_PROVIDER_CONFIG,
              values.shown(SSL_PROVIDER_CONFIG)
                  + " does not support "
                  + values.shown(SSL_PROTOCOL_CONFIG)
                  + "; remove it or use another provider");
    }
  }
}
