package io.callrecords.connect.config;

import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_KEY_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_TYPE_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEY_PASSWORD_CONFIG;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Validates the settings of the client certificate, and loads it. */
record KeyStoreValidator(TlsConfigValues values) {
  static final List<String> KEYS =
      List.of(
          SSL_KEYSTORE_LOCATION_CONFIG,
          SSL_KEYSTORE_PASSWORD_CONFIG,
          SSL_KEYSTORE_TYPE_CONFIG,
          SSL_KEYSTORE_KEY_CONFIG,
          SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
          SSL_KEY_PASSWORD_CONFIG);

  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY-----";
  private static final String PKCS8 = "-----BEGIN PRIVATE KEY-----";

  /**
   * Validates what is set.
   *
   * @throws SettingException when the client certificate cannot be used
   */
  void validate() {
    boolean file = values.has(SSL_KEYSTORE_LOCATION_CONFIG);
    boolean inline =
        values.has(SSL_KEYSTORE_KEY_CONFIG) || values.has(SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG);
    if (inline) {
      validateInline(file);
    }
    validatePasswords(file, inline);
    values.validateFile(SSL_KEYSTORE_LOCATION_CONFIG);
    if (inline || file) {
      load();
    }
  }

  private void validateInline(boolean file) {
    if (!isPem()) {
      throw new SettingException(
          SSL_KEYSTORE_TYPE_CONFIG,
          values.shown(SSL_KEYSTORE_TYPE_CONFIG)
              + " does not support "
              + (values.has(SSL_KEYSTORE_KEY_CONFIG)
                  ? SSL_KEYSTORE_KEY_CONFIG
                  : SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG)
              + "; set it to PEM");
    }
    if (file) {
      throw new SettingException(
          SSL_KEYSTORE_LOCATION_CONFIG,
          location() + " is set together with an inline key or certificate; remove one of them");
    }
    if (!values.has(SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG)) {
      throw new SettingException(
          SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
          SSL_KEYSTORE_KEY_CONFIG
              + " needs "
              + SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG
              + "; set both or neither");
    }
    if (!values.has(SSL_KEYSTORE_KEY_CONFIG)) {
      throw new SettingException(
          SSL_KEYSTORE_KEY_CONFIG,
          SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG
              + " needs "
              + SSL_KEYSTORE_KEY_CONFIG
              + "; set both or neither");
    }
  }

  private void validatePasswords(boolean file, boolean inline) {
    boolean password = values.has(SSL_KEYSTORE_PASSWORD_CONFIG);
    if (password && isPem()) {
      throw new SettingException(
          SSL_KEYSTORE_PASSWORD_CONFIG,
          "a PEM key store has no password of its own; set "
              + SSL_KEY_PASSWORD_CONFIG
              + " instead");
    }
    if (password && !file) {
      throw new SettingException(
          SSL_KEYSTORE_PASSWORD_CONFIG,
          SSL_KEYSTORE_PASSWORD_CONFIG
              + " needs "
              + SSL_KEYSTORE_LOCATION_CONFIG
              + "; set both or neither");
    }
    if (file && !isPem() && !password) {
      throw new SettingException(
          SSL_KEYSTORE_PASSWORD_CONFIG, "the password of " + location() + " is missing; set it");
    }
    if (values.has(SSL_KEY_PASSWORD_CONFIG) && !file && !inline) {
      throw new SettingException(
          SSL_KEY_PASSWORD_CONFIG,
          SSL_KEY_PASSWORD_CONFIG
              + " needs a private key; set "
              + SSL_KEYSTORE_LOCATION_CONFIG
              + " or "
              + SSL_KEYSTORE_KEY_CONFIG
              + ", or remove it");
    }
  }

  private void load() {
    KeyStore store;
    try {
      store = values.load(KEYS).keystore();
    } catch (KafkaException e) {
      throw isPem() ? pemProblem(e) : problem(e);
    }
    if (!hasKey(store)) {
      throw new SettingException(
          SSL_KEYSTORE_LOCATION_CONFIG,
          location() + " contains no private key; add the key of the client certificate");
    }
  }

  private static boolean hasKey(@Nullable KeyStore store) {
    try {
      if (store != null) {
        for (String alias : Collections.list(store.aliases())) {
          if (store.isKeyEntry(alias)) {
            return true;
          }
        }
      }
      return false;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private SettingException problem(KafkaException error) {
    if (error.getCause() instanceof UnrecoverableKeyException) {
      return new SettingException(
          SSL_KEY_PASSWORD_CONFIG,
          values.has(SSL_KEY_PASSWORD_CONFIG)
              ? "this is not the password of the key in " + location() + "; correct it"
              : "the password of the key in "
                  + location()
                  + " is missing and differs from that of the store; set it");
    }
    if (TlsConfigValues.causedBy(error, UnrecoverableKeyException.class)) {
      return new SettingException(
          SSL_KEYSTORE_PASSWORD_CONFIG,
          "this is not the password of " + location() + "; correct it");
    }
    return new SettingException(
        SSL_KEYSTORE_LOCATION_CONFIG,
        location()
            + " is not a key store of type "
            + values.shown(SSL_KEYSTORE_TYPE_CONFIG)
            + "; correct "
            + SSL_KEYSTORE_TYPE_CONFIG
            + " or the file");
  }

  /** Finds out which part of a PEM key store is at fault, which the loader does not say. */
  private SettingException pemProblem(KafkaException error) {
    boolean file = values.has(SSL_KEYSTORE_LOCATION_CONFIG);
    String subject = file ? location() : "the value";
    String keyPlace = file ? SSL_KEYSTORE_LOCATION_CONFIG : SSL_KEYSTORE_KEY_CONFIG;
    boolean password = values.has(SSL_KEY_PASSWORD_CONFIG);
    if (holds(keyPlace, ENCRYPTED)) {
      return encryptedKeyProblem(error, keyPlace, subject);
    }
    if (!holds(keyPlace, PKCS8)) {
      return new SettingException(
          keyPlace,
          subject
              + " contains no private key in PEM form (PKCS#8), starting with"
              + " -----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----; convert"
              + " other forms with openssl pkcs8 -topk8");
    }
    if (password) {
      return new SettingException(
          SSL_KEY_PASSWORD_CONFIG, "the private key is not encrypted; remove it");
    }
    return new SettingException(
        file ? SSL_KEYSTORE_LOCATION_CONFIG : SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
        subject
            + " contains no certificate in PEM form, or a damaged certificate or key; a certificate"
            + " starts with -----BEGIN CERTIFICATE-----");
  }

  private SettingException encryptedKeyProblem(
      KafkaException error, String keyPlace, String subject) {
    if (!values.has(SSL_KEY_PASSWORD_CONFIG)) {
      return new SettingException(
          SSL_KEY_PASSWORD_CONFIG,
          "the private key is encrypted and its password is missing; set it");
    }
    if (TlsConfigValues.causedBy(error, NoSuchAlgorithmException.class)) {
      return new SettingException(
          keyPlace,
          subject
              + " contains a key that is encrypted in a way that this JVM cannot read from PEM; put"
              + " key and certificates into a PKCS12 store, or encrypt the key with openssl pkcs8"
              + " -topk8 -v1 PBE-SHA1-3DES");
    }
    return new SettingException(
        SSL_KEY_PASSWORD_CONFIG, "this is not the password of the private key; correct it");
  }

  private boolean holds(String key, String part) {
    String file = values.text(key);
    if (file == null) {
      return values.contains(key, part);
    }
    try {
      return Files.readString(Path.of(file)).contains(part);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isPem() {
    return TlsSettings.PEM.equals(values.text(SSL_KEYSTORE_TYPE_CONFIG));
  }

  private String location() {
    return values.shown(SSL_KEYSTORE_LOCATION_CONFIG);
  }
}
