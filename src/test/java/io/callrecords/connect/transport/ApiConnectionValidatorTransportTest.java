package io.callrecords.connect.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.TestSettings;
import io.callrecords.simulator.Simulator;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** What validating a configuration says when the API is out of reach for TLS or for a proxy. */
class ApiConnectionValidatorTransportTest {
  private static final String LOOPBACK = "127.0.0.1";

  private final HeldCertificate authority = Certificates.authority("authority");

  @Test
  void acceptsTheApiOverTlsWithItsOwnAuthority() {
    SSLContext server = Certificates.context(Certificates.server(authority, LOOPBACK), authority);
    try (Simulator api = Simulator.builder().sockets(server.getServerSocketFactory()).start()) {
      Map<String, String> settings = trusting();
      settings.put("api.url", api.url());
      settings.put("api.key", api.key());
      settings.put("api.secret", api.secret());

      assertThat(TestSettings.errors(settings)).isEmpty();
      assertThat(api.journal().count()).isEqualTo(1);
    }
  }

  @Test
  void tiesACertificateThatIsNotTrustedToTheTrustStore() throws Exception {
    SSLContext server = Certificates.context(Certificates.server(authority, LOOPBACK), authority);
    try (HttpsStub api = HttpsStub.of(server)) {
      expectError(
          TestSettings.with("api.url", url(api)),
          "ssl.truststore.location",
          "certificate is not trusted");
    }
  }

  @Test
  void tiesACertificateThatHasExpiredToTheTrustStore() throws Exception {
    SSLContext server = Certificates.context(Certificates.expired(authority, LOOPBACK), authority);
    try (HttpsStub api = HttpsStub.of(server)) {
      Map<String, String> settings = trusting();
      settings.put("api.url", url(api));

      expectError(
          settings, "ssl.truststore.location", "is not trusted, has expired, or is not valid yet");
    }
  }

  @Test
  void tiesACertificateOfAnotherHostToTheAddress() throws Exception {
    SSLContext server =
        Certificates.context(Certificates.server(authority, "other.example.com"), authority);
    try (HttpsStub api = HttpsStub.of(server)) {
      Map<String, String> settings = trusting();
      settings.put("api.url", url(api));

      expectError(settings, "api.url", "is for a host other than");
    }
  }

  @Test
  void tiesAServerWithoutTlsToTheAddress() throws Exception {
    ExecutorService server = Executors.newSingleThreadExecutor();
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Future<?> answered =
          server.submit(
              () -> {
                try (Socket client = plain.accept()) {
                  client
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                  return client.getInputStream().read();
                }
              });

      expectError(
          TestSettings.with("api.url", "https://127.0.0.1:" + plain.getLocalPort()),
          "api.url",
          "does not speak TLS");
      answered.get();
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void tiesCredentialsThatTheProxyRefusesToThem() throws Exception {
    String demanded =
        "Basic "
            + Base64.getEncoder().encodeToString("user:right".getBytes(StandardCharsets.UTF_8));
    try (Simulator api = Simulator.builder().start();
        RecordingProxy proxy = new RecordingProxy(demanded)) {
      for (String url : List.of(api.url(), "https://api.example.com/v3")) {
        Map<String, List<String>> errors =
            TestSettings.errors(
                TestSettings.with(
                    "api.url",
                    url,
                    "proxy.url",
                    proxy.url(),
                    "proxy.username",
                    "user",
                    "proxy.password",
                    "wrong-one"));

        assertThat(errors).as(url).containsOnlyKeys("proxy.username", "proxy.password");
        assertThat(errors.toString()).contains("HTTP 407").doesNotContain("wrong-one");
      }
      assertThat(api.journal().count()).isZero();
    }
  }

  @Test
  void tiesAProxyThatNobodyKnowsToItsAddress() {
    expectError(
        TestSettings.with("proxy.url", "http://no-such-host.invalid:3128"),
        "proxy.url",
        "the proxy's host is unknown");
  }

  private Map<String, String> trusting() {
    return TestSettings.with(
        "ssl.truststore.type", "PEM", "ssl.truststore.certificates", authority.certificatePem());
  }

  private static String url(HttpsStub api) {
    URI url = api.url(LOOPBACK);
    return "https://" + url.getHost() + ":" + url.getPort();
  }

  private static void expectError(Map<String, String> settings, String key, String problem) {
    Map<String, List<String>> errors = TestSettings.errors(settings);
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).singleElement().asString().contains(problem);
  }
}
