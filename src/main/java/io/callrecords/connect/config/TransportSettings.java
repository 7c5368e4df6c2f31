package io.callrecords.connect.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The settings of what lies between the connector and the API: TLS, by the names that Kafka's own
 * clients use, and a proxy.
 */
public final class TransportSettings {

  /** The type of a store that is text. */
  static final String PEM = "PEM";

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1");
  private static final String PROXY_RULE = "http://host:port";

  private TransportSettings() {}

  static void tls(Settings.Group group) {
    trustStore(group);
    keyStore(group);
    handshake(group);
    jvm(group);
  }

  private static void trustStore(Settings.Group group) {
    group.add(
        new Settings.Key(
                SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
                ConfigDef.Type.STRING,
                null,
                Importance.MEDIUM)
            .named("Trust store", Width.LONG)
            .checked(StringValidator.of("path of a file on every worker", Settings::checkNotBlank))
            .doc(
                "File with the certificates that are trusted. Without it (and without"
                    + " <code>ssl.truststore.certificates</code>) those of the JVM are. It is read"
                    + " when a task starts."));
    group.add(
        secret(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, Importance.MEDIUM)
            .named("Trust store password", Width.MEDIUM)
            .checked(SecretValidator.of("password of the file"))
            .doc(
                "Password of the trust store. A JKS file can be read without, a PKCS12 file only"
                    + " when its certificates are not encrypted, and PEM has none."));
    group.add(
        storeType(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, SslConfigs.DEFAULT_SSL_TRUSTSTORE_TYPE)
            .named("Trust store type", Width.SHORT)
            .doc("Format of the trust store."));
    group.add(
        secret(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, Importance.LOW)
            .named("Trusted certificates", Width.LONG)
            .checked(SecretValidator.of("certificates in PEM form"))
            .doc(
                "The trusted certificates themselves, instead of a file. With"
                    + " <code>ssl.truststore.type=PEM</code> only."));
  }

  private static void keyStore(Settings.Group group) {
    group.add(
        new Settings.Key(
                SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG,
                ConfigDef.Type.STRING,
                null,
                Importance.MEDIUM)
            .named("Key store", Width.LONG)
            .checked(StringValidator.of("path of a file on every worker", Settings::checkNotBlank))
            .doc(
                "File with the client certificate, its chain and its private key, for an API that"
                    + " demands one. It is read when a task starts."));
    group.add(
        secret(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, Importance.MEDIUM)
            .named("Key store password", Width.MEDIUM)
            .checked(SecretValidator.of("password of the file"))
            .doc("Password of the key store. PEM has none."));
    group.add(
        storeType(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, SslConfigs.DEFAULT_SSL_KEYSTORE_TYPE)
            .named("Key store type", Width.SHORT)
            .doc("Format of the key store."));
    group.add(
        secret(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, Importance.LOW)
            .named("Private key", Width.LONG)
            .checked(SecretValidator.of("private key in PEM form, PKCS#8"))
            .doc(
                "The private key itself, instead of a file. With"
                    + " <code>ssl.keystore.type=PEM</code> and"
                    + " <code>ssl.keystore.certificate.chain</code> only."));
    group.add(
        secret(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, Importance.LOW)
            .named("Certificate chain", Width.LONG)
            .checked(SecretValidator.of("certificates in PEM form, the client's first"))
            .doc("The client certificate and its chain, beside <code>ssl.keystore.key</code>."));
    group.add(
        secret(SslConfigs.SSL_KEY_PASSWORD_CONFIG, Importance.MEDIUM)
            .named("Key password", Width.MEDIUM)
            .checked(SecretValidator.of("password of the key"))
            .doc(
                "Password of the private key, where it is not the key store's, or where a PEM key"
                    + " is encrypted."));
  }

  private static void handshake(Settings.Group group) {
    group.add(
        new Settings.Key(
                SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG,
                ConfigDef.Type.STRING,
                SslConfigs.DEFAULT_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM,
                Importance.LOW)
            .named("Host name check", Width.SHORT)
            .checked(
                StringValidator.of(
                    "https, or empty for no check", TransportSettings::checkHostCheck))
            .doc(
                "Whether the API's certificate has to name the host of <code>api.url</code>. Empty"
                    + " switches the check off: then anyone who has a trusted certificate can pose"
                    + " as the API."));
    group.add(
        new Settings.Key(
                SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG,
                ConfigDef.Type.LIST,
                SslConfigs.DEFAULT_SSL_ENABLED_PROTOCOLS,
                Importance.LOW)
            .named("Enabled protocols", Width.MEDIUM)
            .checked(StringValidator.each(StringValidator.oneOf(PROTOCOLS)))
            .doc("The versions of TLS that are offered, as far as the JVM has them enabled."));
    group.add(
        new Settings.Key(
                SslConfigs.SSL_PROTOCOL_CONFIG,
                ConfigDef.Type.STRING,
                SslConfigs.DEFAULT_SSL_PROTOCOL,
                Importance.LOW)
            .named("Protocol", Width.SHORT)
            .words(List.of("TLSv1.3", "TLSv1.2", "TLS", "TLSv1.1", "TLSv1"))
            .doc(
                "The newest version of TLS that there is; <code>ssl.enabled.protocols</code> chooses"
                    + " among it and older ones."));
    group.add(
        new Settings.Key(
                SslConfigs.SSL_CIPHER_SUITES_CONFIG, ConfigDef.Type.LIST, List.of(), Importance.LOW)
            .named("Cipher suites", Width.LONG)
            .checked(
                StringValidator.each(
                    StringValidator.of("cipher suites by their JVM name", Settings::checkNotBlank)))
            .doc(
                "The cipher suites that are offered, the preferred first. Without it all that the"
                    + " JVM enables are."));
  }

  private static void jvm(Settings.Group group) {
    group.add(
        new Settings.Key(
                SslConfigs.SSL_PROVIDER_CONFIG, ConfigDef.Type.STRING, null, Importance.LOW)
            .named("Security provider", Width.SHORT)
            .checked(
                StringValidator.of(
                    "name of a security provider of the JVM", TransportSettings::checkProvider))
            .doc("Security provider to use for TLS. Without it the JVM chooses."));
    group.add(
        new Settings.Key(
                SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG,
                ConfigDef.Type.STRING,
                SslConfigs.DEFAULT_SSL_TRUSTMANAGER_ALGORITHM,
                Importance.LOW)
            .named("Trust manager algorithm", Width.SHORT)
            .checked(known("trust manager algorithm of the JVM", TrustManagerFactory::getInstance))
            .doc("How certificates are verified. The default is the JVM's."));
    group.add(
        new Settings.Key(
                SslConfigs.SSL_KEYMANAGER_ALGORITHM_CONFIG,
                ConfigDef.Type.STRING,
                SslConfigs.DEFAULT_SSL_KEYMANGER_ALGORITHM,
                Importance.LOW)
            .named("Key manager algorithm", Width.SHORT)
            .checked(known("key manager algorithm of the JVM", KeyManagerFactory::getInstance))
            .doc("How the client certificate is chosen. The default is the JVM's."));
  }

  static void proxy(Settings.Group group) {
    group.add(
        new Settings.Key(
                CallRecordSourceConfig.PROXY_URL, ConfigDef.Type.STRING, null, Importance.MEDIUM)
            .named("Proxy URL", Width.LONG)
            .checked(StringValidator.of(PROXY_RULE, TransportSettings::proxyAddress))
            .doc(
                "The HTTP proxy that all requests go through, such as"
                    + " <code>http://proxy.example.com:3128</code>. Without it the JVM's own"
                    + " settings apply (<code>https.proxyHost</code> and the like)."));
    group.add(
        new Settings.Key(
                CallRecordSourceConfig.PROXY_USERNAME,
                ConfigDef.Type.STRING,
                null,
                Importance.MEDIUM)
            .named("Proxy user", Width.MEDIUM)
            .checked(
                StringValidator.hidden("name without a colon", TransportSettings::checkUsername))
            .doc("User of the proxy. It is told to the proxy only, never to the API."));
    group.add(
        secret(CallRecordSourceConfig.PROXY_PASSWORD, Importance.MEDIUM)
            .named("Proxy password", Width.MEDIUM)
            .checked(SecretValidator.of("the user's password"))
            .doc("Password of <code>proxy.username</code>."));
  }

  private static Settings.Key secret(String name, Importance importance) {
    return new Settings.Key(name, ConfigDef.Type.PASSWORD, null, importance);
  }

  private static Settings.Key storeType(String name, String defaultValue) {
    return new Settings.Key(name, ConfigDef.Type.STRING, defaultValue, Importance.MEDIUM)
        .checked(
            StringValidator.of(
                "JKS, PKCS12, PEM, or another type that the JVM knows",
                TransportSettings::checkStoreType));
  }

  /** The names of all settings of TLS. */
  static Set<String> tlsNames() {
    return namesOf(Settings.GROUP_TLS);
  }

  /** The names of all settings of the proxy. */
  static Set<String> proxyNames() {
    return namesOf(Settings.GROUP_PROXY);
  }

  private static Set<String> namesOf(String group) {
    return Settings.definition().configKeys().values().stream()
        .filter(key -> key.group.equals(group))
        .map(key -> key.name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The proxy that valid settings name, or null when they name none. */
  static @Nullable ProxyOptions proxy(Function<String, @Nullable Object> settings) {
    if (!(settings.apply(CallRecordSourceConfig.PROXY_URL) instanceof String url)) {
      return null;
    }
    URI address = proxyAddress(url);
    String host = address.getHost().replaceAll("^\\[|]$", "");
    ProxyOptions.Credentials credentials = null;
    if (settings.apply(CallRecordSourceConfig.PROXY_USERNAME) instanceof String username) {
      String password =
          settings.apply(CallRecordSourceConfig.PROXY_PASSWORD) instanceof Password given
              ? given.value()
              : "";
      credentials = new ProxyOptions.Credentials(username, password);
    }
    return new ProxyOptions(host, address.getPort(), credentials);
  }

  /** What is wrong with settings of the proxy that are right each by itself. */
  static List<SettingException> proxyProblems(Function<String, @Nullable Object> settings) {
    List<SettingException> problems = new ArrayList<>();
    boolean named = settings.apply(CallRecordSourceConfig.PROXY_USERNAME) != null;
    if (settings.apply(CallRecordSourceConfig.PROXY_PASSWORD) != null && !named) {
      problems.add(
          new SettingException(
              CallRecordSourceConfig.PROXY_PASSWORD,
              "it is of no user; set "
                  + CallRecordSourceConfig.PROXY_USERNAME
                  + " too, or leave it out"));
    }
    if (named && settings.apply(CallRecordSourceConfig.PROXY_URL) == null) {
      problems.add(
          new SettingException(
              CallRecordSourceConfig.PROXY_USERNAME,
              "it is of no proxy; set "
                  + CallRecordSourceConfig.PROXY_URL
                  + " too, or leave it out"));
    }
    return problems;
  }

  private static URI proxyAddress(String text) {
    URI url;
    try {
      url = new URI(text.trim());
    } catch (URISyntaxException e) {
      // Not as the cause: its message quotes the address, in which there may be a password.
      throw new IllegalArgumentException("is not of the form " + PROXY_RULE);
    }
    if (url.getRawUserInfo() != null || text.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "may not hold credentials; set "
              + CallRecordSourceConfig.PROXY_USERNAME
              + " and "
              + CallRecordSourceConfig.PROXY_PASSWORD);
    }
    if (!"http".equalsIgnoreCase(url.getScheme())) {
      throw new IllegalArgumentException(
          "does not begin with http://, the only way in which a proxy is spoken to");
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException(
          "names no host, or one with other characters than letters, digits, dots and dashes");
    }
    if (url.getPort() < 1 || url.getPort() > 65_535) {
      throw new IllegalArgumentException("names no port between 1 and 65535");
    }
    boolean noPath = url.getRawPath().isEmpty() || url.getRawPath().equals("/");
    if (!noPath || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException("may hold host and port only");
    }
    return url;
  }

  private static void checkUsername(String text) {
    Settings.checkNotBlank(text);
    if (text.indexOf(':') >= 0) {
      throw new IllegalArgumentException("holds a colon, which Basic authentication cannot carry");
    }
  }

  private static void checkHostCheck(String text) {
    if (!text.isEmpty() && !text.equalsIgnoreCase("https")) {
      throw new IllegalArgumentException(
          "is neither https nor empty; leave the setting out to have host names checked");
    }
  }

  private static void checkProvider(String text) {
    if (Security.getProvider(text) == null) {
      String all =
          Arrays.stream(Security.getProviders())
              .map(provider -> provider.getName())
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException("is not one of this JVM, which has " + all);
    }
  }

  private static void checkStoreType(String text) {
    try {
      if (!text.equals(PEM)) {
        KeyStore.getInstance(text);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("is not known to this JVM; use JKS, PKCS12 or PEM", e);
    }
  }

  private static StringValidator known(String rule, Lookup lookup) {
    Consumer<String> test =
        text -> {
          try {
            lookup.find(text);
          } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                "is not known to this JVM; leave the setting out to have the JVM's default", e);
          }
        };
    return StringValidator.of(rule, test);
  }

  /** Finds an implementation of the JVM by name. */
  private interface Lookup {
    Object find(String name) throws GeneralSecurityException;
  }
}
