package io.callrecords.connect.config;

import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with the settings of the trust store, by loading it. */
record TrustStoreCheck(TlsSource source) {
  static final List<String> KEYS =
      List.of(
          SSL_TRUSTSTORE_LOCATION_CONFIG,
          SSL_TRUSTSTORE_PASSWORD_CONFIG,
          SSL_TRUSTSTORE_TYPE_CONFIG,
          SSL_TRUSTSTORE_CERTIFICATES_CONFIG);

  /**
   * Tries what is set.
   *
   * @throws SettingException when it cannot be used
   */
  void run() {
    boolean inline = source.has(SSL_TRUSTSTORE_CERTIFICATES_CONFIG);
    boolean file = source.has(SSL_TRUSTSTORE_LOCATION_CONFIG);
    boolean pem = TransportSettings.PEM.equals(source.text(SSL_TRUSTSTORE_TYPE_CONFIG));
    if (inline && !pem) {
      throw new SettingException(
          SSL_TRUSTSTORE_TYPE_CONFIG,
          source.text(SSL_TRUSTSTORE_TYPE_CONFIG)
              + " does not go with "
              + SSL_TRUSTSTORE_CERTIFICATES_CONFIG
              + "; set it to PEM");
    }
    if (inline && file) {
      throw new SettingException(
          SSL_TRUSTSTORE_LOCATION_CONFIG,
          source.text(SSL_TRUSTSTORE_LOCATION_CONFIG)
              + " is set beside "
              + SSL_TRUSTSTORE_CERTIFICATES_CONFIG
              + "; leave out either");
    }
    if (source.has(SSL_TRUSTSTORE_PASSWORD_CONFIG) && (pem || !file)) {
      throw new SettingException(
          SSL_TRUSTSTORE_PASSWORD_CONFIG,
          pem
              ? "PEM has no password; leave it out"
              : "it is of no file; set " + SSL_TRUSTSTORE_LOCATION_CONFIG + ", or leave it out");
    }
    source.checkFile(SSL_TRUSTSTORE_LOCATION_CONFIG);
    if (inline || file) {
      load(file, pem);
    }
  }

  private void load(boolean file, boolean pem) {
    KeyStore store;
    try {
      store = source.load(KEYS).truststore();
    } catch (KafkaException e) {
      throw explained(e, file, pem);
    }
    if (isEmpty(store)) {
      boolean locked = !pem && !source.has(SSL_TRUSTSTORE_PASSWORD_CONFIG);
      throw locked
          ? new SettingException(
              SSL_TRUSTSTORE_PASSWORD_CONFIG,
              "without it, no certificate can be read from "
                  + source.text(SSL_TRUSTSTORE_LOCATION_CONFIG)
                  + "; set it")
          : new SettingException(
              SSL_TRUSTSTORE_LOCATION_CONFIG,
              source.text(SSL_TRUSTSTORE_LOCATION_CONFIG) + " holds no certificate; put in the CA");
    }
  }

  private static boolean isEmpty(@Nullable KeyStore store) {
    try {
      return store == null || store.size() == 0;
    } catch (GeneralSecurityException e) {
      return true;
    }
  }

  private SettingException explained(KafkaException error, boolean file, boolean pem) {
    if (!file) {
      return new SettingException(
          SSL_TRUSTSTORE_CERTIFICATES_CONFIG,
          "it holds no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----");
    }
    String location = source.text(SSL_TRUSTSTORE_LOCATION_CONFIG);
    if (pem) {
      return new SettingException(
          SSL_TRUSTSTORE_LOCATION_CONFIG,
          location
              + " holds no certificate in PEM form, which begins with"
              + " -----BEGIN CERTIFICATE-----; check "
              + SSL_TRUSTSTORE_TYPE_CONFIG);
    }
    if (TlsSource.causedBy(error, UnrecoverableKeyException.class)) {
      return new SettingException(
          SSL_TRUSTSTORE_PASSWORD_CONFIG, "it is not the password of " + location);
    }
    return new SettingException(
        SSL_TRUSTSTORE_LOCATION_CONFIG,
        location
            + " is not a trust store of the type "
            + source.text(SSL_TRUSTSTORE_TYPE_CONFIG)
            + "; check "
            + SSL_TRUSTSTORE_TYPE_CONFIG
            + " and the file");
  }
}
