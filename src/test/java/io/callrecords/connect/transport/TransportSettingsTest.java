package io.callrecords.connect.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.TestSettings;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.TaskShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proves that a wrong setting of TLS or of the proxy is refused at its own key, with what is wrong
 * and the way out, and never with a secret.
 */
class TransportSettingsTest {
  private static final String WRONG = "wrong-password-2342";

  @TempDir private Path folder;
  private final HeldCertificate authority = Certificates.authority("authority");
  private final HeldCertificate client = Certificates.client(authority);

  // ---- each by itself

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ssl.truststore.type | jks",
        "ssl.keystore.type | PEM",
        "ssl.endpoint.identification.algorithm | ''",
        "ssl.endpoint.identification.algorithm | HTTPS",
        "ssl.enabled.protocols | TLSv1.3",
        "ssl.enabled.protocols | TLSv1.2, TLSv1.1",
        "ssl.protocol | TLSv1.2",
        "ssl.cipher.suites | TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256",
        "ssl.cipher.suites | ''",
        "ssl.provider | SunJSSE",
        "ssl.trustmanager.algorithm | PKIX",
        "ssl.keymanager.algorithm | NewSunX509",
        "proxy.url | http://proxy.example.com:3128",
        "proxy.url | HTTP://10.0.0.1:80/",
        "proxy.url | http://[::1]:3128"
      })
  void acceptsARightValue(String name, String value) {
    assertThat(errors(Map.of(name, value))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ssl.truststore.type | JSK | use JKS, PKCS12 or PEM",
        "ssl.keystore.type | pem | use JKS, PKCS12 or PEM",
        "ssl.endpoint.identification.algorithm | none | https or empty",
        "ssl.enabled.protocols | TLSv1.4 | one of TLSv1.3, TLSv1.2",
        "ssl.enabled.protocols | TLSv1.3,SSLv3 | one of TLSv1.3, TLSv1.2",
        "ssl.enabled.protocols | TLSv1.1 | TLSv1.3, TLSv1.2",
        "ssl.protocol | TLSv2 | TLSv1.3, TLSv1.2, TLS",
        "ssl.cipher.suites | TLS_MADE_UP | TLS_AES_256_GCM_SHA384",
        "ssl.cipher.suites | TLS_RSA_WITH_NULL_SHA256 | TLS_AES_256_GCM_SHA384",
        "ssl.provider | MoonJSSE | SunJSSE",
        "ssl.provider | SUN | remove it",
        "ssl.trustmanager.algorithm | FAITH | remove the setting",
        "ssl.keymanager.algorithm | FAITH | remove the setting",
        "ssl.truststore.location | /no/such/trust.jks | copy the file to every worker",
        "ssl.truststore.location | /tmp | is not a file",
        "ssl.truststore.location | '' | remove the setting",
        "proxy.url | proxy.example.com:3128 | http://",
        "proxy.url | proxy.example.com | http://",
        "proxy.url | https://proxy.example.com:3128 | http://",
        "proxy.url | socks5://proxy.example.com:1080 | http://",
        "proxy.url | http://proxy.example.com | port",
        "proxy.url | http://proxy.example.com:0 | port",
        "proxy.url | http://proxy.example.com:65536 | port",
        "proxy.url | http://my_proxy:3128 | letters, digits, dots and dashes",
        "proxy.url | http://proxy.example.com:3128/x | scheme, host and port only",
        "proxy.url | http://proxy.example.com:3128?x=1 | scheme, host and port only",
        "proxy.url | http://proxy example.com:3128 | http://host:port"
      })
  void refusesAWrongValueAtItsKeyWithTheValueAndTheWayOut(
      String name, String value, String wayOut) {
    // A query may hold a secret.
    String wrong =
        value.substring(value.lastIndexOf(',') + 1).replaceFirst("([?#]).*", "$1[hidden]");
    assertThat(error(name, Map.of(name, value))).contains(wrong, wayOut);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:wrong-password-2342@proxy.example.com:3128",
        "http://user:wrong-password-2342/x@proxy.example.com:3128",
        "http://us er:wrong-password-2342@proxy.example.com:3128",
        "http://user:x@wrong-password-2342@proxy.example.com:3128",
        "https://user:wrong-password-2342@proxy.example.com:3128",
        "user:wrong-password-2342@proxy.example.com:3128"
      })
  void refusesCredentialsInTheAddressOfAProxyWithoutShowingThem(String url) {
    assertThat(error("proxy.url", Map.of("proxy.url", url)))
        .contains("[hidden]@proxy.example.com:3128");
  }

  @ParameterizedTest
  @CsvSource({
    "ssl.truststore.password, ''",
    "ssl.keystore.key, ' '",
    "ssl.key.password, '${env:KEY_PASSWORD}'",
    "proxy.password, '${env:PROXY_PASSWORD}'"
  })
  void refusesASecretThatIsNone(String name, String value) {
    assertThat(errors(Map.of(name, value))).containsOnlyKeys(name);
  }

  // ---- the proxy's

  @Test
  void refusesAPasswordWithoutAUser() {
    assertThat(
            error(
                "proxy.password",
                Map.of("proxy.url", "http://10.0.0.1:80", "proxy.password", WRONG)))
        .contains("proxy.username");
  }

  @Test
  void refusesAUserWithoutAProxy() {
    assertThat(error("proxy.username", Map.of("proxy.username", "u", "proxy.password", WRONG)))
        .contains("proxy.url");
  }

  @Test
  void refusesAUserWithAColonWithoutShowingIt() {
    assertThat(
            error(
                "proxy.username",
                Map.of("proxy.url", "http://10.0.0.1:80", "proxy.username", "u:" + WRONG)))
        .contains("colon");
  }

  // ---- the trust store

  @ParameterizedTest
  @ValueSource(strings = {"JKS", "PKCS12"})
  void refusesAWrongPasswordOfTheTrustStore(String type) throws Exception {
    Map<String, String> settings = trust(type);
    settings.put("ssl.truststore.password", WRONG);

    assertThat(error("ssl.truststore.password", settings))
        .contains("not the password of", settings.get("ssl.truststore.location"));
  }

  @Test
  void readsCertificatesThatAreNotEncryptedWithoutAPassword() throws Exception {
    Map<String, String> settings = trust("JKS");
    settings.remove("ssl.truststore.password");

    assertThat(errors(settings)).isEmpty();
  }

  @Test
  void wantsThePasswordOfCertificatesThatAreEncrypted() throws Exception {
    Map<String, String> settings = trust("PKCS12");
    settings.remove("ssl.truststore.password");

    assertThat(error("ssl.truststore.password", settings))
        .contains("no certificate can be read", settings.get("ssl.truststore.location"));
  }

  @Test
  void refusesATrustStoreOfAnotherType() throws Exception {
    Path pem = file("trust.pem", authority.certificatePem());
    Map<String, String> settings =
        Map.of(
            "ssl.truststore.location", pem.toString(), "ssl.truststore.password", Stores.PASSWORD);

    assertThat(error("ssl.truststore.location", settings))
        .contains(pem.toString(), "JKS", "ssl.truststore.type");
  }

  @Test
  void refusesAFileThatIsNoPem() throws Exception {
    Map<String, String> settings = trust("JKS");
    settings.remove("ssl.truststore.password");
    settings.put("ssl.truststore.type", "PEM");

    assertThat(error("ssl.truststore.location", settings))
        .contains(settings.get("ssl.truststore.location"), "-----BEGIN CERTIFICATE-----");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrong-password-2342",
        "-----BEGIN CERTIFICATE-----\nd3JvbmctcGFzc3dvcmQtMjM0Mg==\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nwrong-password-2342\n-----END CERTIFICATE-----"
      })
  void refusesInlineCertificatesThatAreNoneWithoutShowingThem(String pem) {
    assertThat(
            error(
                "ssl.truststore.certificates",
                Map.of("ssl.truststore.type", "PEM", "ssl.truststore.certificates", pem)))
        .contains("-----BEGIN CERTIFICATE-----")
        .doesNotContain("d3Jvbm");
  }

  @Test
  void refusesInlineCertificatesWithATypeThatIsAFile() {
    assertThat(
            error(
                "ssl.truststore.type",
                Map.of("ssl.truststore.certificates", authority.certificatePem())))
        .contains("JKS", "ssl.truststore.certificates", "set it to PEM");
  }

  @Test
  void refusesATrustStoreThatIsGivenTwice() throws Exception {
    Map<String, String> settings = trust("PEM");
    settings.put("ssl.truststore.certificates", authority.certificatePem());

    assertThat(error("ssl.truststore.location", settings)).contains("remove one of them");
  }

  @Test
  void refusesAPasswordOfNoTrustStore() throws Exception {
    assertThat(error("ssl.truststore.password", Map.of("ssl.truststore.password", Stores.PASSWORD)))
        .contains("ssl.truststore.location");
    Map<String, String> pem = trust("PEM");
    pem.put("ssl.truststore.password", Stores.PASSWORD);
    assertThat(error("ssl.truststore.password", pem)).contains("remove it");
  }

  // ---- the key store

  @ParameterizedTest
  @ValueSource(strings = {"JKS", "PKCS12"})
  void refusesAWrongPasswordOfTheKeyStore(String type) throws Exception {
    Map<String, String> settings = keys(type, Stores.PASSWORD);
    settings.put("ssl.keystore.password", WRONG);

    assertThat(error("ssl.keystore.password", settings))
        .contains("not the password of", settings.get("ssl.keystore.location"));
  }

  @Test
  void wantsThePasswordOfTheKeyStore() throws Exception {
    Map<String, String> settings = keys("JKS", Stores.PASSWORD);
    settings.remove("ssl.keystore.password");

    assertThat(error("ssl.keystore.password", settings)).contains("missing");
  }

  @Test
  void refusesAWrongPasswordOfTheKey() throws Exception {
    Map<String, String> settings = keys("JKS", Stores.KEY_PASSWORD);
    assertThat(error("ssl.key.password", settings)).contains("missing");

    settings.put("ssl.key.password", WRONG);
    assertThat(error("ssl.key.password", settings)).contains("not the password of the key");
  }

  @Test
  void refusesAKeyStoreWithoutAKey() throws Exception {
    Map<String, String> settings =
        Map.of(
            "ssl.keystore.location",
            Stores.trust(folder, "JKS", authority).toString(),
            "ssl.keystore.password",
            Stores.PASSWORD);

    assertThat(error("ssl.keystore.location", settings)).contains("contains no private key");
  }

  @Test
  void refusesAKeyStoreOfAnotherType() throws Exception {
    Path pem = file("keys.pem", client.privateKeyPkcs8Pem());
    Map<String, String> settings =
        Map.of("ssl.keystore.location", pem.toString(), "ssl.keystore.password", Stores.PASSWORD);

    assertThat(error("ssl.keystore.location", settings))
        .contains(pem.toString(), "JKS", "ssl.keystore.type");
  }

  @Test
  void refusesAKeyWithoutItsCertificateAndTheOtherWayRound() {
    Map<String, String> settings = inline(client.privateKeyPkcs8Pem());
    settings.remove("ssl.keystore.certificate.chain");
    assertThat(error("ssl.keystore.certificate.chain", settings)).contains("ssl.keystore.key");

    settings = inline(client.privateKeyPkcs8Pem());
    settings.remove("ssl.keystore.key");
    assertThat(error("ssl.keystore.key", settings)).contains("ssl.keystore.certificate.chain");
  }

  @Test
  void refusesAnInlineKeyWithATypeThatIsAFile() {
    Map<String, String> settings = inline(client.privateKeyPkcs8Pem());
    settings.put("ssl.keystore.type", "PKCS12");

    assertThat(error("ssl.keystore.type", settings)).contains("PKCS12", "set it to PEM");
  }

  @Test
  void refusesAKeyThatIsGivenTwice() throws Exception {
    Map<String, String> settings = inline(client.privateKeyPkcs8Pem());
    settings.put("ssl.keystore.location", file("k.pem", "").toString());

    assertThat(error("ssl.keystore.location", settings)).contains("remove one of them");
  }

  @Test
  void refusesAKeyThatIsNotPkcs8() {
    HeldCertificate rsa =
        new HeldCertificate.Builder().signedBy(authority).rsa2048().commonName("c").build();

    assertThat(error("ssl.keystore.key", inline(rsa.privateKeyPkcs1Pem())))
        .contains("PKCS#8", "openssl pkcs8 -topk8");
    assertThat(error("ssl.keystore.key", inline("x"))).contains("-----BEGIN PRIVATE KEY-----");
  }

  @Test
  void refusesACertificateThatIsNone() {
    Map<String, String> settings = inline(client.privateKeyPkcs8Pem());
    settings.put("ssl.keystore.certificate.chain", WRONG);

    assertThat(error("ssl.keystore.certificate.chain", settings))
        .contains("-----BEGIN CERTIFICATE-----");
  }

  @Test
  void refusesAWrongPasswordOfAPemKey() throws Exception {
    Map<String, String> settings = inline(Stores.encryptedKey(client));
    assertThat(error("ssl.key.password", settings)).contains("missing", "encrypted");

    settings.put("ssl.key.password", WRONG);
    assertThat(error("ssl.key.password", settings)).contains("not the password");

    settings = inline(client.privateKeyPkcs8Pem());
    settings.put("ssl.key.password", Stores.KEY_PASSWORD);
    assertThat(error("ssl.key.password", settings)).contains("not encrypted", "remove it");
  }

  @Test
  void namesAWayOutWhereTheJvmCannotReadHowAPemKeyIsEncrypted() throws Exception {
    Map<String, String> settings = inline(Stores.encryptedKeyOfSecondGeneration(client));
    settings.put("ssl.key.password", Stores.KEY_PASSWORD);

    assumeThat(errors(settings)).as("younger JVMs can").isNotEmpty();
    assertThat(error("ssl.keystore.key", settings)).contains("PKCS12", "PBE-SHA1-3DES");
  }

  @Test
  void refusesPasswordsOfNoKey() {
    assertThat(error("ssl.keystore.password", Map.of("ssl.keystore.password", WRONG)))
        .contains("ssl.keystore.location");
    assertThat(error("ssl.key.password", Map.of("ssl.key.password", WRONG)))
        .contains("ssl.keystore.location");
    Map<String, String> settings = inline(client.privateKeyPkcs8Pem());
    settings.put("ssl.keystore.password", WRONG);
    assertThat(error("ssl.keystore.password", settings)).contains("ssl.key.password");
  }

  // ---- together

  @Test
  void namesWhatIsWrongWithEachOfTheStores() {
    assertThat(
            errors(
                Map.of(
                    "ssl.truststore.location", "/no/trust",
                    "ssl.keystore.location", "/no/keys",
                    "ssl.keystore.password", WRONG,
                    "ssl.enabled.protocols", "TLSv1.3",
                    "ssl.protocol", "TLSv1.2")))
        .containsOnlyKeys(
            "ssl.truststore.location", "ssl.keystore.location", "ssl.enabled.protocols");
  }

  @Test
  void acceptsThemForAnAddressThatNeedsNone() throws Exception {
    Map<String, String> settings = keys("PKCS12", Stores.PASSWORD);
    settings.putAll(trust("PKCS12"));
    settings.put("api.url", "http://localhost:8080");

    assertThat(errors(settings)).isEmpty();
  }

  @Test
  void failsAtTheStartOfATaskAsWell() throws Exception {
    Map<String, String> settings = all(trust("JKS"));
    settings.put("ssl.truststore.password", WRONG);

    assertThatThrownBy(() -> new CallRecordSourceConfig(settings).api(TaskShare.ALONE, "agent"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("ssl.truststore.password")
        .hasNoCause();
  }

  @Test
  void showsNoSecretInTextFormsAndLogs() throws Exception {
    try (LogCapture log = new LogCapture(DefaultSslEngineFactory.class)) {
      Map<String, String> settings = all(inline(Stores.encryptedKey(client)));
      settings.put("ssl.key.password", Stores.KEY_PASSWORD);
      settings.putAll(trust("JKS"));
      CallRecordSourceConfig config = new CallRecordSourceConfig(settings);

      String text =
          config.values() + " " + config.api(TaskShare.ALONE, "agent") + " " + log.lines();

      assertThat(text)
          .contains("ssl.key.password")
          .doesNotContain(Stores.PASSWORD, Stores.KEY_PASSWORD, "BEGIN");
    }
  }

  // ---- helpers

  private Map<String, String> trust(String type) throws Exception {
    Map<String, String> settings = new HashMap<>(Map.of("ssl.truststore.type", type));
    if (type.equals("PEM")) {
      settings.put(
          "ssl.truststore.location", file("trust.pem", authority.certificatePem()).toString());
    } else {
      settings.put("ssl.truststore.location", Stores.trust(folder, type, authority).toString());
      settings.put("ssl.truststore.password", Stores.PASSWORD);
    }
    return settings;
  }

  private Map<String, String> keys(String type, String keyPassword) throws Exception {
    Path store = Stores.keys(folder, type, client, authority, keyPassword);
    return new HashMap<>(
        Map.of(
            "ssl.keystore.type",
            type,
            "ssl.keystore.location",
            store.toString(),
            "ssl.keystore.password",
            Stores.PASSWORD));
  }

  private Map<String, String> inline(String key) {
    return new HashMap<>(
        Map.of(
            "ssl.keystore.type",
            "PEM",
            "ssl.keystore.key",
            key,
            "ssl.keystore.certificate.chain",
            Stores.chain(client, authority)));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Map<String, String> all(Map<String, String> settings) {
    Map<String, String> all = TestSettings.minimal();
    all.putAll(settings);
    return all;
  }

  /**
   * The only error there is, which stands at the given setting and shows no secret; that of a
   * secret stands at {@code api.url} as well.
   */
  private static String error(String name, Map<String, String> settings) {
    Map<String, List<String>> errors = errors(settings);
    List<String> copies = errors.remove("api.url");
    if (copies != null) {
      assertThat(copies)
          .singleElement()
          .asString()
          .startsWith(errors.get(name).get(0).replaceFirst("\\.$", ""))
          .doesNotContain(WRONG, Stores.PASSWORD, Stores.KEY_PASSWORD);
    }
    assertThat(errors).containsOnlyKeys(name);
    assertThat(errors.get(name))
        .singleElement()
        .asString()
        .contains("configuration " + name)
        .doesNotContain(WRONG, Stores.PASSWORD, Stores.KEY_PASSWORD)
        .doesNotContain(settings.getOrDefault("ssl.keystore.key", WRONG));
    return errors.get(name).get(0);
  }

  private static Map<String, List<String>> errors(Map<String, String> settings) {
    return TestSettings.errorsWithoutProbe(all(settings));
  }
}
