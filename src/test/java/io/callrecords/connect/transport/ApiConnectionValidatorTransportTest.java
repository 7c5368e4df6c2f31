package io.callrecords.connect.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.TestSettings;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
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
import java.util.function.IntFunction;
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

  /** What comes through a tunnel is of the API, or of a gateway before it, and not of the proxy. */
  @Test
  void tiesAResponse407OfTheApiToNoPasswordOfTheProxy() throws Exception {
    SSLContext server = Certificates.context(Certificates.server(authority, LOOPBACK), authority);
    String credentials =
        "Basic " + Base64.getEncoder().encodeToString("user:word".getBytes(US_ASCII));
    try (HttpsStub api = HttpsStub.answering(server, 407);
        RecordingProxy proxy = new RecordingProxy(credentials);
        LogCapture log = new LogCapture("io.callrecords.connect.ApiConnectionValidator")) {
      Map<String, String> settings = trusting();
      settings.put("api.url", url(api));
      settings.put("proxy.url", proxy.url());
      settings.put("proxy.username", "user");
      settings.put("proxy.password", "word");

      assertThat(TestSettings.errors(settings)).isEmpty();
      assertThat(log.lines())
          .anyMatch(line -> line.contains("HTTP 407 (the API or a gateway in front of it rejects"));
      assertThat(api.seen()).hasSize(1);
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
  void tellsHttpFromHttpsWhereTheServerSpeaksTls() throws Exception {
    SSLContext server = Certificates.context(Certificates.server(authority, LOOPBACK), authority);
    try (HttpsStub api = HttpsStub.of(server)) {
      expectError(
          TestSettings.with("api.url", "http://127.0.0.1:" + api.port()),
          "api.url",
          "the server at port " + api.port() + " speaks TLS: begin the address with https");
      assertThat(api.seen()).isEmpty();
    }
  }

  /** As nginx and others do, which answer clear text at a port for TLS. */
  @Test
  void tellsHttpFromHttpsWhereTheServerRejectsClearText() throws Exception {
    byte[] alert = {21, 3, 3, 0, 2, 2, 40};
    try (AnsweringServer api =
        new AnsweringServer(
            first -> first == 22 ? alert : "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII))) {
      expectError(
          TestSettings.with("api.url", "http://127.0.0.1:" + api.port()),
          "api.url",
          " speaks TLS: begin the address with https");
    }
  }

  @Test
  void tellsHttpsFromHttpWhereTheServerSpeaksClearText() throws Exception {
    try (HttpsStub api = HttpsStub.clear();
        Simulator other = Simulator.builder().start()) {
      for (int port : List.of(api.port(), URI.create(other.url()).getPort())) {
        expectError(
            TestSettings.with("api.url", "https://127.0.0.1:" + port, "request.timeout.ms", "300"),
            "api.url",
            "port " + port + " speaks http without TLS: correct the port, or the scheme");
      }
    }
  }

  /** A server for TLS that is down for the moment says 400 to whoever speaks without it. */
  @Test
  void blamesNoSchemeThatMayBeRight() throws Exception {
    byte[] rejection = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII);
    try (AnsweringServer encrypted =
            new AnsweringServer(first -> first == 22 ? new byte[0] : rejection);
        AnsweringServer clear = new AnsweringServer(first -> rejection)) {
      assertThat(
              TestSettings.errors(
                  TestSettings.with("api.url", "https://127.0.0.1:" + encrypted.port())))
          .isEmpty();
      assertThat(
              TestSettings.errors(TestSettings.with("api.url", "http://127.0.0.1:" + clear.port())))
          .isEmpty();
    }
  }

  /** Answers each connection by the first byte that comes, and closes it. */
  private static final class AnsweringServer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    AnsweringServer(IntFunction<byte[]> answer) throws IOException {
      thread.execute(
          () -> {
            while (!listening.isClosed()) {
              try (Socket client = listening.accept()) {
                byte[] received = new byte[65_536];
                int length = client.getInputStream().read(received);
                client.getOutputStream().write(answer.apply(length > 0 ? received[0] : -1));
                client.shutdownOutput();
                // What is left unread would make a reset of the end, and undo the answer.
                client.getInputStream().readAllBytes();
              } catch (IOException e) {
                // The client, or the test, is done.
              }
            }
          });
    }

    int port() {
      return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listening.close();
      thread.shutdownNow();
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
