package io.callrecords.connect.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.transport.HttpsStub.Seen;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves over real sockets whom the connector trusts, and how it shows who it is. */
class TlsTest {
  private static final String LOOPBACK = "127.0.0.1";

  @TempDir private Path folder;
  private final HeldCertificate authority = Certificates.authority("authority");
  private final HeldCertificate client = Certificates.client(authority);
  private final SSLContext serverContext =
      Certificates.context(Certificates.server(authority, LOOPBACK), authority);

  // ---- whom it trusts

  @ParameterizedTest
  @ValueSource(strings = {"JKS", "PKCS12", "PEM", "inline"})
  void trustsAnAuthorityThatIsSet(String form) throws Exception {
    try (HttpsStub server = HttpsStub.of(serverContext)) {
      assertThat(Caller.post(trust(form), server.url(LOOPBACK))).isEqualTo(200);
    }
  }

  @Test
  void readsACertificateAmongOtherText() throws Exception {
    Map<String, String> settings = trust("inline");
    settings.put(
        "ssl.truststore.certificates",
        "# ours\n"
            + Certificates.authority("another").certificatePem()
            + "# theirs\r\n"
            + authority.certificatePem().replace("\n", "\r\n"));
    try (HttpsStub server = HttpsStub.of(serverContext)) {
      assertThat(Caller.post(settings, server.url(LOOPBACK))).isEqualTo(200);
    }
  }

  @Test
  void trustsNobodyElse() throws Exception {
    HeldCertificate another = Certificates.authority("another");
    try (HttpsStub server = HttpsStub.of(serverContext)) {
      Map<String, String> settings = new HashMap<>();
      assertThat(Caller.failure(settings, server.url(LOOPBACK)))
          .as("of the JVM's own")
          .isInstanceOf(SSLHandshakeException.class)
          .hasRootCauseInstanceOf(CertPathBuilderException.class);
      settings.put("ssl.truststore.type", "PEM");
      settings.put("ssl.truststore.certificates", another.certificatePem());
      assertThat(Caller.failure(settings, server.url(LOOPBACK)))
          .isInstanceOf(SSLHandshakeException.class)
          .hasRootCauseInstanceOf(Exception.class);
      assertThat(server.seen()).isEmpty();
    }
  }

  @Test
  void keepsToTheTrustOfTheJvmWhenOnlyAKeyIsSet() throws Exception {
    try (HttpsStub server = HttpsStub.of(serverContext)) {
      assertThat(Caller.failure(key(Form.PKCS12), server.url(LOOPBACK)))
          .isInstanceOf(SSLHandshakeException.class)
          .hasRootCauseInstanceOf(CertPathBuilderException.class);
    }
  }

  @Test
  void refusesACertificateThatHasExpired() throws Exception {
    SSLContext expired = Certificates.context(Certificates.expired(authority, LOOPBACK), authority);
    try (HttpsStub server = HttpsStub.of(expired)) {
      Map<String, String> settings = trust("PEM");
      settings.put("ssl.endpoint.identification.algorithm", "");
      assertThat(Caller.failure(settings, server.url(LOOPBACK)))
          .isInstanceOf(SSLHandshakeException.class)
          .hasRootCauseInstanceOf(CertificateExpiredException.class);
      assertThat(server.seen()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.example.com", "127.0.0.2"})
  void refusesACertificateForAnotherHostUnlessTheCheckIsSwitchedOff(String host) throws Exception {
    SSLContext another = Certificates.context(Certificates.server(authority, host), authority);
    try (HttpsStub server = HttpsStub.of(another)) {
      Map<String, String> settings = trust("PEM");
      assertThat(Caller.failure(settings, server.url(LOOPBACK)))
          .isInstanceOf(SSLPeerUnverifiedException.class);
      assertThat(server.seen()).isEmpty();

      settings.put("ssl.endpoint.identification.algorithm", "");
      assertThat(Caller.post(settings, server.url(LOOPBACK))).isEqualTo(200);
    }
  }

  @Test
  void stillRefusesAnUnknownAuthorityWhenTheHostIsNotChecked() throws Exception {
    try (HttpsStub server = HttpsStub.of(serverContext)) {
      assertThat(
              Caller.failure(
                  Map.of("ssl.endpoint.identification.algorithm", ""), server.url(LOOPBACK)))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  /** The server would rather speak HTTP/2, and could not speak it: it is never offered. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void offersHttp11OnlyWhateverTheServerWouldRatherSpeak(String protocol) throws Exception {
    Consumer<SSLParameters> eager =
        parameters -> {
          parameters.setProtocols(new String[] {protocol});
          parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        };
    try (HttpsStub server = HttpsStub.of(serverContext, eager);
        Caller caller = new Caller(trust("PEM"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(caller.post(server.url(LOOPBACK))).isEqualTo(200);
      }
      assertThat(server.seen()).hasSize(3);
    }
  }

  @Test
  void refusesAServerThatSpeaksHttp2Only() throws Exception {
    Consumer<SSLParameters> http2 =
        parameters -> parameters.setApplicationProtocols(new String[] {"h2"});
    try (HttpsStub server = HttpsStub.of(serverContext, http2)) {
      assertThat(Caller.failure(trust("PEM"), server.url(LOOPBACK)))
          .isInstanceOf(SSLException.class);
      assertThat(server.seen()).isEmpty();
    }
  }

  // ---- who it is

  @ParameterizedTest
  @EnumSource(Form.class)
  void showsItsCertificateToAServerThatDemandsOne(Form form) throws Exception {
    for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (HttpsStub server = demandingCertificates(protocol)) {
        Map<String, String> settings = trust("JKS");
        settings.putAll(key(form));
        assertThat(Caller.post(settings, server.url(LOOPBACK))).as(protocol).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void isRefusedWithoutACertificateWhereOneIsDemanded(String protocol) throws Exception {
    try (HttpsStub server = demandingCertificates(protocol)) {
      assertThat(Caller.failure(trust("JKS"), server.url(LOOPBACK)))
          .isInstanceOf(IOException.class);
      assertThat(server.seen()).isEmpty();
    }
  }

  @Test
  void isRefusedWithACertificateOfAnotherAuthority() throws Exception {
    HeldCertificate another = Certificates.authority("another");
    Map<String, String> settings = trust("JKS");
    settings.putAll(
        Map.of(
            "ssl.keystore.type", "PEM",
            "ssl.keystore.key", Certificates.client(another).privateKeyPkcs8Pem(),
            "ssl.keystore.certificate.chain", Certificates.client(another).certificatePem()));
    try (HttpsStub server = demandingCertificates("TLSv1.2")) {
      assertThat(Caller.failure(settings, server.url(LOOPBACK))).isInstanceOf(IOException.class);
      assertThat(server.seen()).isEmpty();
    }
  }

  // ---- how it is encrypted

  @ParameterizedTest
  @CsvSource({
    "'TLSv1.2,TLSv1.3', TLSv1.3",
    "TLSv1.3, TLSv1.3",
    "TLSv1.2, TLSv1.2",
    "'TLSv1.2, TLSv1.1', TLSv1.2"
  })
  void offersTheProtocolsThatAreEnabled(String enabled, String spoken) throws Exception {
    Map<String, String> settings = trust("PEM");
    settings.put("ssl.enabled.protocols", enabled);
    try (HttpsStub server = HttpsStub.of(serverContext)) {
      assertThat(Caller.post(settings, server.url(LOOPBACK))).isEqualTo(200);
      assertThat(server.seen()).extracting(Seen::protocol).containsExactly(spoken);
    }
  }

  @Test
  void offersNothingNewerThanTheProtocol() throws Exception {
    Map<String, String> settings = trust("PEM");
    settings.put("ssl.protocol", "TLSv1.2");
    try (HttpsStub server = HttpsStub.of(serverContext)) {
      assertThat(Caller.post(settings, server.url(LOOPBACK))).isEqualTo(200);
      assertThat(server.seen()).extracting(Seen::protocol).containsExactly("TLSv1.2");
    }
  }

  @Test
  void isRefusedByAServerThatSpeaksNoEnabledProtocol() throws Exception {
    Map<String, String> settings = trust("PEM");
    settings.put("ssl.enabled.protocols", "TLSv1.3");
    try (HttpsStub server = HttpsStub.of(serverContext, p -> p.setProtocols(of("TLSv1.2")))) {
      assertThat(Caller.failure(settings, server.url(LOOPBACK))).isInstanceOf(SSLException.class);
      assertThat(server.seen()).isEmpty();
    }
  }

  @Test
  void offersTheCipherSuitesThatAreSet() throws Exception {
    String suite = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256";
    Map<String, String> settings = trust("PEM");
    settings.put("ssl.enabled.protocols", "TLSv1.2");
    settings.put("ssl.cipher.suites", suite);
    try (HttpsStub server = HttpsStub.of(serverContext)) {
      assertThat(Caller.post(settings, server.url(LOOPBACK))).isEqualTo(200);
      assertThat(server.seen()).extracting(Seen::suite).containsExactly(suite);
    }
  }

  @Test
  void offersAllCipherSuitesOfTheJvmUnlessSomeAreSet() throws Exception {
    String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384";
    try (HttpsStub server =
        HttpsStub.of(
            serverContext,
            p -> {
              p.setProtocols(of("TLSv1.2"));
              p.setCipherSuites(of(suite));
            })) {
      assertThat(Caller.post(trust("PEM"), server.url(LOOPBACK))).isEqualTo(200);
      assertThat(server.seen()).extracting(Seen::suite).containsExactly(suite);
    }
  }

  // ---- where it goes

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void takesNothingToWhereItIsRedirected(int status) throws Exception {
    HeldCertificate both = Certificates.server(authority, LOOPBACK, "localhost");
    SSLContext context = Certificates.context(both, authority);
    try (HttpsStub other = HttpsStub.of(context);
        HttpsStub clear = HttpsStub.clear();
        HttpsStub toOther = HttpsStub.redirecting(context, status, other.url("localhost"));
        HttpsStub toClear = HttpsStub.redirecting(context, status, clear.url(LOOPBACK))) {
      assertThat(Caller.post(trust("PEM"), other.url("localhost"))).as("reachable").isEqualTo(200);
      other.seen().clear();

      assertThat(Caller.post(trust("PEM"), toOther.url(LOOPBACK))).isEqualTo(status);
      assertThat(Caller.post(trust("PEM"), toClear.url(LOOPBACK))).isEqualTo(status);
      assertThat(other.seen()).isEmpty();
      assertThat(clear.seen()).isEmpty();
    }
  }

  @Test
  void needsNoneOfItForClearText() throws Exception {
    Map<String, String> settings = trust("JKS");
    settings.putAll(key(Form.PKCS12));
    try (HttpsStub server = HttpsStub.clear()) {
      assertThat(Caller.post(settings, server.url(LOOPBACK))).isEqualTo(200);
    }
  }

  @Test
  void reachesTheSimulatedApi() throws Exception {
    try (Simulator simulator =
        Simulator.builder().sockets(serverContext.getServerSocketFactory()).start()) {
      URI url = URI.create(simulator.url() + "/voice/ccRecordQuery");
      assertThat(url).hasScheme("https");
      assertThat(Caller.post(trust("PKCS12"), url)).isEqualTo(200);
      assertThat(simulator.journal().entries()).hasSize(1);
    }
  }

  // ---- helpers

  /** The forms in which a client certificate can be given. */
  private enum Form {
    PKCS12,
    JKS,
    JKS_WITH_A_KEY_PASSWORD,
    PEM_FILE,
    PEM_FILE_ENCRYPTED,
    PEM_INLINE,
    PEM_INLINE_ENCRYPTED
  }

  private static String[] of(String... values) {
    return values;
  }

  private HttpsStub demandingCertificates(String protocol) throws IOException {
    return HttpsStub.of(
        serverContext,
        parameters -> {
          parameters.setProtocols(of(protocol));
          parameters.setNeedClientAuth(true);
        });
  }

  private Map<String, String> trust(String form) throws Exception {
    Map<String, String> settings = new HashMap<>();
    switch (form) {
      case "PEM" -> {
        Path file = folder.resolve("trust.pem");
        Files.writeString(file, authority.certificatePem());
        settings.put("ssl.truststore.location", file.toString());
      }
      case "inline" -> settings.put("ssl.truststore.certificates", authority.certificatePem());
      default -> {
        settings.put("ssl.truststore.location", Stores.trust(folder, form, authority).toString());
        settings.put("ssl.truststore.password", Stores.PASSWORD);
      }
    }
    settings.put("ssl.truststore.type", form.equals("inline") ? "PEM" : form);
    return settings;
  }

  private Map<String, String> key(Form form) throws Exception {
    Map<String, String> settings = new LinkedHashMap<>();
    String chain = Stores.chain(client, authority);
    String type = form.name().replaceAll("_.*", "");
    settings.put("ssl.keystore.type", type);
    switch (form) {
      case PKCS12, JKS -> {
        Path file = Stores.keys(folder, type, client, authority, Stores.PASSWORD);
        settings.put("ssl.keystore.location", file.toString());
        settings.put("ssl.keystore.password", Stores.PASSWORD);
      }
      case JKS_WITH_A_KEY_PASSWORD -> {
        Path file = Stores.keys(folder, type, client, authority, Stores.KEY_PASSWORD);
        settings.put("ssl.keystore.location", file.toString());
        settings.put("ssl.keystore.password", Stores.PASSWORD);
        settings.put("ssl.key.password", Stores.KEY_PASSWORD);
      }
      case PEM_FILE -> settings.put("ssl.keystore.location", pem(client.privateKeyPkcs8Pem()));
      case PEM_FILE_ENCRYPTED -> {
        settings.put("ssl.keystore.location", pem(Stores.encryptedKey(client)));
        settings.put("ssl.key.password", Stores.KEY_PASSWORD);
      }
      case PEM_INLINE -> {
        settings.put("ssl.keystore.key", client.privateKeyPkcs8Pem());
        settings.put("ssl.keystore.certificate.chain", chain);
      }
      case PEM_INLINE_ENCRYPTED -> {
        settings.put("ssl.keystore.key", Stores.encryptedKey(client));
        settings.put("ssl.keystore.certificate.chain", chain);
        settings.put("ssl.key.password", Stores.KEY_PASSWORD);
      }
    }
    return settings;
  }

  private String pem(String key) throws IOException {
    Path file = folder.resolve("keys.pem");
    Files.writeString(file, key + Stores.chain(client, authority));
    return file.toString();
  }
}
