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

/** Validates the settings of the trust store, and loads it. */
record TrustStoreValidator(TlsConfigValues values) {
  static final List<String> KEYS =
      List.of(
          SSL_TRUSTSTORE_LOCATION_CONFIG,
          SSL_TRUSTSTORE_PASSWORD_CONFIG,
          SSL_TRUSTSTORE_TYPE_CONFIG,
          SSL_TRUSTSTORE_CERTIFICATES_CONFIG);

  /**
   * Validates what is set.
   *
   * @throws SettingException when the trust store cannot be used
   */
  void validate() {
    boolean inline = values.has(SSL_TRUSTSTORE_CERTIFICATES_CONFIG);
    boolean file = values.has(SSL_TRUSTSTORE_LOCATION_CONFIG);
    boolean pem = TlsSettings.PEM.equals(values.text(SSL_TRUSTSTORE_TYPE_CONFIG));
    if (inline && !pem) {
      throw new SettingException(
          SSL_TRUSTSTORE_TYPE_CONFIG,
          values.shown(SSL_TRUSTSTORE_TYPE_CONFIG)
              + " does not support "
              + SSL_TRUSTSTORE_CERTIFICATES_CONFIG
              + "; set it to PEM");
    }
    if (inline && file) {
      throw new SettingException(
          SSL_TRUSTSTORE_LOCATION_CONFIG,
          values.shown(SSL_TRUSTSTORE_LOCATION_CONFIG)
              + " is set together with "
              + SSL_TRUSTSTORE_CERTIFICATES_CONFIG
              + "; remove one of them");
    }
    if (values.has(SSL_TRUSTSTORE_PASSWORD_CONFIG) && (pem || !file)) {
      throw new SettingException(
          SSL_TRUSTSTORE_PASSWORD_CONFIG,
          pem
              ? "a PEM trust store has no password; remove it"
              : SSL_TRUSTSTORE_PASSWORD_CONFIG
                  + " needs "
                  + SSL_TRUSTSTORE_LOCATION_CONFIG
                  + "; set both or neither");
    }
    values.validateFile(SSL_TRUSTSTORE_LOCATION_CONFIG);
    if (inline || file) {
      load(file, pem);
    }
  }

  private void load(boolean file, boolean pem) {
    KeyStore store;
    try {
      store = values.load(KEYS).truststore();
    } catch (KafkaException e) {
      throw problem(e, file, pem);
    }
    if (isEmpty(store)) {
      boolean locked = !pem && !values.has(SSL_TRUSTSTORE_PASSWORD_CONFIG);
      throw locked
          ? new SettingException(
              SSL_TRUSTSTORE_PASSWORD_CONFIG,
              "no certificate can be read from "
                  + values.shown(SSL_TRUSTSTORE_LOCATION_CONFIG)
                  + " without a password; set it")
          : new SettingException(
              SSL_TRUSTSTORE_LOCATION_CONFIG,
              values.shown(SSL_TRUSTSTORE_LOCATION_CONFIG)
                  + " contains no certificate; add the certificate of the CA");
    }
  }

  private static boolean isEmpty(@Nullable KeyStore store) {
    try {
      return store == null || store.size() == 0;
    } catch (GeneralSecurityException e) {
      return true;
    }
  }

  private SettingException problem(KafkaException error, boolean file, boolean pem) {
    if (!file) {
      return new SettingException(
          SSL_TRUSTSTORE_CERTIFICATES_CONFIG,
          "must contain a certificate in PEM form, starting with -----BEGIN CERTIFICATE-----");
    }
    String location = values.shown(SSL_TRUSTSTORE_LOCATION_CONFIG);
    if (pem) {
      return new SettingException(
          SSL_TRUSTSTORE_LOCATION_CONFIG,
          location
              + " contains no certificate in PEM form, starting with -----BEGIN CERTIFICATE-----;"
              + " correct the file or "
              + SSL_TRUSTSTORE_TYPE_CONFIG);
    }
    if (TlsConfigValues.causedBy(error, UnrecoverableKeyException.class)) {
      return new SettingException(
          SSL_TRUSTSTORE_PASSWORD_CONFIG,
          "this is not the password of " + location + "; correct it");
    }
    return new SettingException(
        SSL_TRUSTSTORE_LOCATION_CONFIG,
        location
            + " is not a trust store of type "
            + values.shown(SSL_TRUSTSTORE_TYPE_CONFIG)
            + "; correct "
            + SSL_TRUSTSTORE_TYPE_CONFIG
            + " or the file");
  }
}
