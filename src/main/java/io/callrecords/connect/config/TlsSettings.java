package io.callrecords.connect.config;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.SslConfigs;

/**
 * The {@code ssl} settings, which are those of Kafka's own clients: their names, types, defaults
 * and, unless something has to be added, documentation come from Kafka. What is added is a heading,
 * names to display, and validators that find a mistake before a task meets it.
 */
final class TlsSettings {
  /** The store type of text files and of inline certificates and keys. */
  static final String PEM = "PEM";

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1");

  private static final StringValidator FILE =
      StringValidator.notBlank("path of a file on every worker");
  private static final StringValidator STORE_TYPE =
      StringValidator.of(
          "JKS, PKCS12, PEM, or another type that the JVM knows", TlsSettings::validateStoreType);

  private final Map<String, ConfigKey> kafka = new ConfigDef().withClientSslSupport().configKeys();
  private final SettingGroup group;

  private TlsSettings(ConfigDef def) {
    group = new SettingGroup(def, "TLS");
  }

  static void define(ConfigDef def) {
    TlsSettings settings = new TlsSettings(def);
    settings.addTrustStore();
    settings.addKeyStore();
    settings.addHandshake();
    settings.addJvm();
  }

  /** Whether a setting belongs to these. */
  static boolean isOne(String name) {
    return name.startsWith("ssl.");
  }

  private void addTrustStore() {
    group.add(
        setting(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, Importance.MEDIUM)
            .display("Trust store", Width.LONG)
            .validator(FILE)
            .doc(
                "File with the trusted certificates, read when a task starts. If neither it nor"
                    + " <code>ssl.truststore.certificates</code> is set, the certificates that the"
                    + " JVM trusts apply."));
    group.add(
        setting(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, Importance.MEDIUM)
            .display("Trust store password", Width.MEDIUM)
            .validator(SecretValidator.notEmpty("password of the file"))
            .doc(
                "Password of the trust store. A JKS file can be read without it, a PKCS12 file only"
                    + " if its certificates are not encrypted. PEM has no password."));
    group.add(
        setting(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, Importance.MEDIUM)
            .display("Trust store type", Width.SHORT)
            .validator(STORE_TYPE)
            .doc(
                "File format of the trust store: <code>JKS</code>, <code>PKCS12</code> or"
                    + " <code>PEM</code>."));
    group.add(
        setting(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, Importance.LOW)
            .display("Trusted certificates", Width.LONG)
            .validator(SecretValidator.notEmpty("certificates in PEM form"))
            .doc(
                "Trusted certificates given inline instead of in a file. Requires"
                    + " <code>ssl.truststore.type=PEM</code>."));
  }

  private void addKeyStore() {
    group.add(
        setting(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, Importance.MEDIUM)
            .display("Key store", Width.LONG)
            .validator(FILE)
            .doc(
                "File with the client certificate, its chain and its private key, for an API that"
                    + " requires one. Read when a task starts."));
    group.add(
        setting(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, Importance.MEDIUM)
            .display("Key store password", Width.MEDIUM)
            .validator(SecretValidator.notEmpty("password of the file")));
    group.add(
        setting(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, Importance.MEDIUM)
            .display("Key store type", Width.SHORT)
            .validator(STORE_TYPE)
            .doc(
                "File format of the key store: <code>JKS</code>, <code>PKCS12</code> or"
                    + " <code>PEM</code>."));
    group.add(
        setting(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, Importance.LOW)
            .display("Private key", Width.LONG)
            .validator(SecretValidator.notEmpty("private key in PEM form, PKCS#8"))
            .doc(
                "Private key given inline instead of in a file. Requires"
                    + " <code>ssl.keystore.type=PEM</code> and"
                    + " <code>ssl.keystore.certificate.chain</code>."));
    group.add(
        setting(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, Importance.LOW)
            .display("Certificate chain", Width.LONG)
            .validator(SecretValidator.notEmpty("certificates in PEM form, the client's first"))
            .doc(
                "Client certificate and its chain given inline. Requires"
                    + " <code>ssl.keystore.key</code>."));
    group.add(
        setting(SslConfigs.SSL_KEY_PASSWORD_CONFIG, Importance.MEDIUM)
            .display("Key password", Width.MEDIUM)
            .validator(SecretValidator.notEmpty("password of the key")));
  }

  private void addHandshake() {
    group.add(
        setting(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, Importance.LOW)
            .display("Host name verification", Width.SHORT)
            .validator(
                StringValidator.of(
                    "https, or empty to disable", TlsSettings::validateEndpointIdentification))
            .doc(
                "Whether the API's certificate must name the host of <code>api.url</code>. An empty"
                    + " value disables this check, and anyone with a trusted certificate can then"
                    + " pose as the API."));
    group.add(
        setting(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, Importance.LOW)
            .display("Enabled protocols", Width.MEDIUM)
            .validator(StringValidator.each(StringValidator.oneOf(PROTOCOLS)))
            .doc("The TLS versions to offer, as far as the JVM enables them."));
    group.add(
        setting(SslConfigs.SSL_PROTOCOL_CONFIG, Importance.LOW)
            .display("Protocol", Width.SHORT)
            .oneOf(List.of("TLSv1.3", "TLSv1.2", "TLS", "TLSv1.1", "TLSv1"))
            .doc(
                "The newest TLS version to use. <code>ssl.enabled.protocols</code> selects from it"
                    + " and older ones."));
    group.add(
        setting(SslConfigs.SSL_CIPHER_SUITES_CONFIG, Importance.LOW)
            .display("Cipher suites", Width.LONG)
            .validator(
                StringValidator.each(StringValidator.notBlank("cipher suites by their JVM name")))
            .doc(
                "The cipher suites to offer, in order of preference. If not set, all that the JVM"
                    + " enables."));
  }

  private void addJvm() {
    group.add(
        setting(SslConfigs.SSL_PROVIDER_CONFIG, Importance.LOW)
            .display("Security provider", Width.SHORT)
            .validator(
                StringValidator.of(
                    "name of a security provider of the JVM", TlsSettings::validateProvider)));
    group.add(
        setting(SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG, Importance.LOW)
            .display("Trust manager algorithm", Width.SHORT)
            .validator(
                algorithm("trust manager algorithm of the JVM", TrustManagerFactory::getInstance)));
    group.add(
        setting(SslConfigs.SSL_KEYMANAGER_ALGORITHM_CONFIG, Importance.LOW)
            .display("Key manager algorithm", Width.SHORT)
            .validator(
                algorithm("key manager algorithm of the JVM", KeyManagerFactory::getInstance)));
  }

  private Setting setting(String name, Importance importance) {
    return Setting.ofKafka(Objects.requireNonNull(kafka.get(name), name), importance);
  }

  private static void validateEndpointIdentification(String text) {
    if (!text.isEmpty() && !text.equalsIgnoreCase("https")) {
      throw new IllegalArgumentException(
          "must be https or empty; remove the setting to verify host names");
    }
  }

  private static void validateProvider(String text) {
    if (Security.getProvider(text) == null) {
      String all =
          Arrays.stream(Security.getProviders())
              .map(Provider::getName)
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException("must be a security provider of this JVM: " + all);
    }
  }

  private static void validateStoreType(String text) {
    try {
      if (!text.equals(PEM)) {
        KeyStore.getInstance(text);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "must be a store type that this JVM knows; use JKS, PKCS12 or PEM", e);
    }
  }

  private static StringValidator algorithm(String rule, AlgorithmLookup lookup) {
    return StringValidator.of(
        rule,
        text -> {
          try {
            lookup.find(text);
          } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                "must be an algorithm that this JVM knows; remove the setting to use the default",
                e);
          }
        });
  }

  /** Finds an implementation of the JVM by the name of its algorithm. */
  private interface AlgorithmLookup {
    Object find(String name) throws GeneralSecurityException;
  }
}
