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

/** Says what is wrong with the settings of the client certificate, by loading it. */
record KeyStoreCheck(TlsSource source) {
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
   * Tries what is set.
   *
   * @throws SettingException when it cannot be used
   */
  void run() {
    boolean file = source.has(SSL_KEYSTORE_LOCATION_CONFIG);
    boolean inline =
        source.has(SSL_KEYSTORE_KEY_CONFIG) || source.has(SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG);
    if (inline) {
      checkInline(file);
    }
    checkPasswords(file, inline);
    source.checkFile(SSL_KEYSTORE_LOCATION_CONFIG);
    if (inline || file) {
      load();
    }
  }

  private void checkInline(boolean file) {
    if (!isPem()) {
      throw new SettingException(
          SSL_KEYSTORE_TYPE_CONFIG,
          source.text(SSL_KEYSTORE_TYPE_CONFIG)
              + " does not go with "
              + (source.has(SSL_KEYSTORE_KEY_CONFIG)
                  ? SSL_KEYSTORE_KEY_CONFIG
                  : SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG)
              + "; set it to PEM");
    }
    if (file) {
      throw new SettingException(
          SSL_KEYSTORE_LOCATION_CONFIG,
          location() + " is set beside a key or certificate of its own; leave out either");
    }
    if (!source.has(SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG)) {
      throw new SettingException(
          SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
          "it is missing beside " + SSL_KEYSTORE_KEY_CONFIG + "; set the key's certificate");
    }
    if (!source.has(SSL_KEYSTORE_KEY_CONFIG)) {
      throw new SettingException(
          SSL_KEYSTORE_KEY_CONFIG,
          "it is missing beside "
              + SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG
              + "; set the certificate's key");
    }
  }

  private void checkPasswords(boolean file, boolean inline) {
    boolean password = source.has(SSL_KEYSTORE_PASSWORD_CONFIG);
    if (password && isPem()) {
      throw new SettingException(
          SSL_KEYSTORE_PASSWORD_CONFIG,
          "PEM has no password but its key's; set " + SSL_KEY_PASSWORD_CONFIG + " instead");
    }
    if (password && !file) {
      throw new SettingException(
          SSL_KEYSTORE_PASSWORD_CONFIG,
          "it is of no file; set " + SSL_KEYSTORE_LOCATION_CONFIG + ", or leave it out");
    }
    if (file && !isPem() && !password) {
      throw new SettingException(
          SSL_KEYSTORE_PASSWORD_CONFIG, "it is missing; set the password of " + location());
    }
    if (source.has(SSL_KEY_PASSWORD_CONFIG) && !file && !inline) {
      throw new SettingException(
          SSL_KEY_PASSWORD_CONFIG,
          "it is of no key; set " + SSL_KEYSTORE_LOCATION_CONFIG + ", or leave it out");
    }
  }

  private void load() {
    KeyStore store;
    try {
      store = source.load(KEYS).keystore();
    } catch (KafkaException e) {
      throw isPem() ? pemExplained(e) : explained(e);
    }
    if (!hasKey(store)) {
      throw new SettingException(
          SSL_KEYSTORE_LOCATION_CONFIG,
          location() + " holds no private key; put in the key of the client certificate");
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

  private SettingException explained(KafkaException error) {
    if (error.getCause() instanceof UnrecoverableKeyException) {
      return new SettingException(
          SSL_KEY_PASSWORD_CONFIG,
          source.has(SSL_KEY_PASSWORD_CONFIG)
              ? "it is not the password of the key in " + location()
              : "it is missing; the password of "
                  + location()
                  + " is not the one of the key inside");
    }
    if (TlsSource.causedBy(error, UnrecoverableKeyException.class)) {
      return new SettingException(
          SSL_KEYSTORE_PASSWORD_CONFIG, "it is not the password of " + location());
    }
    return new SettingException(
        SSL_KEYSTORE_LOCATION_CONFIG,
        location()
            + " is not a key store of the type "
            + source.text(SSL_KEYSTORE_TYPE_CONFIG)
            + "; check "
            + SSL_KEYSTORE_TYPE_CONFIG
            + " and the file");
  }

  /** Which part of a PEM key store is at fault, the loader does not say. */
  private SettingException pemExplained(KafkaException error) {
    boolean file = source.has(SSL_KEYSTORE_LOCATION_CONFIG);
    String subject = file ? location() : "it";
    String keyPlace = file ? SSL_KEYSTORE_LOCATION_CONFIG : SSL_KEYSTORE_KEY_CONFIG;
    boolean password = source.has(SSL_KEY_PASSWORD_CONFIG);
    if (holds(keyPlace, ENCRYPTED)) {
      return encryptedExplained(error, keyPlace, subject);
    }
    if (!holds(keyPlace, PKCS8)) {
      return new SettingException(
          keyPlace,
          subject
              + " holds no private key in PEM form and PKCS#8, which begins with"
              + " -----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----; openssl"
              + " pkcs8 -topk8 converts others");
    }
    if (password) {
      return new SettingException(
          SSL_KEY_PASSWORD_CONFIG, "the key is not encrypted; leave it out");
    }
    return new SettingException(
        file ? SSL_KEYSTORE_LOCATION_CONFIG : SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
        subject
            + " holds no certificate in PEM form, or it or the key is damaged; a certificate begins"
            + " with -----BEGIN CERTIFICATE-----");
  }

  private SettingException encryptedExplained(
      KafkaException error, String keyPlace, String subject) {
    if (!source.has(SSL_KEY_PASSWORD_CONFIG)) {
      return new SettingException(
          SSL_KEY_PASSWORD_CONFIG, "it is missing; the private key is encrypted");
    }
    if (TlsSource.causedBy(error, NoSuchAlgorithmException.class)) {
      return new SettingException(
          keyPlace,
          subject
              + " holds a key that is encrypted in a way which this JVM cannot read from PEM; put"
              + " key and certificates into a PKCS12 store, or encrypt the key with openssl pkcs8"
              + " -topk8 -v1 PBE-SHA1-3DES");
    }
    return new SettingException(
        SSL_KEY_PASSWORD_CONFIG, "it is not the password of the private key");
  }

  private boolean holds(String key, String part) {
    String file = source.text(key);
    if (file == null) {
      return source.contains(key, part);
    }
    try {
      return Files.readString(Path.of(file)).contains(part);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isPem() {
    return TransportSettings.PEM.equals(source.text(SSL_KEYSTORE_TYPE_CONFIG));
  }

  private String location() {
    return String.valueOf(source.text(SSL_KEYSTORE_LOCATION_CONFIG));
  }
}
