package io.callrecords.connect.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.TestSettings;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.TaskShare;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a proxy is used as it is set, and that nobody learns what is none of theirs. */
class ProxyTest {
  private static final String USER = "proxy-user";
  private static final String PASSWORD = "pröxy:password";

  // A name that nothing but the proxy can find.
  private static final String HOST = "api.call-records.invalid";

  private final HeldCertificate authority = Certificates.authority("authority");
  private HttpsStub https;
  private HttpsStub http;
  private RecordingProxy proxy;

  @BeforeEach
  void start() throws Exception {
    https = HttpsStub.of(Certificates.context(Certificates.server(authority, HOST), authority));
    http = HttpsStub.clear();
    proxy =
        new RecordingProxy(
            "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8)));
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    http.close();
    https.close();
  }

  @Test
  void opensATunnelForHttpsInWhichItSeesNothing() throws Exception {
    try (Caller caller = new Caller(settings())) {
      assertThat(caller.post(https.url(HOST))).isEqualTo(200);
      assertThat(caller.post(https.url(HOST))).isEqualTo(200);
    }

    assertThat(proxy.heads())
        .singleElement()
        .asString()
        .startsWith("CONNECT " + HOST + ":" + https.port() + " ");
    assertThat(proxy.received())
        .doesNotContainIgnoringCase("api-key")
        .doesNotContainIgnoringCase("sign:")
        .doesNotContain(TestSettings.KEY);
    assertThat(https.seen())
        .hasSize(2)
        .allSatisfy(
            request ->
                assertThat(request.headers())
                    .containsEntry("Api-key", List.of(TestSettings.KEY))
                    .doesNotContainKey("Proxy-authorization"));
  }

  @Test
  void sendsRequestsOverHttpThroughItWithCredentialsAtOnce() throws Exception {
    try (Caller caller = new Caller(settings())) {
      assertThat(caller.post(http.url(HOST))).isEqualTo(200);
      assertThat(caller.post(http.url(HOST))).isEqualTo(200);
    }

    assertThat(proxy.heads())
        .hasSize(2)
        .allSatisfy(head -> assertThat(head).startsWith("POST " + http.url(HOST) + " "));
    assertThat(http.seen())
        .hasSize(2)
        .allSatisfy(
            request -> assertThat(request.headers()).doesNotContainKey("Proxy-authorization"));
  }

  @Test
  void needsNoCredentialsForAProxyThatAsksForNone() throws Exception {
    try (RecordingProxy open = new RecordingProxy(null)) {
      Map<String, String> settings = trusting(Map.of("proxy.url", open.url() + "/"));

      assertThat(Caller.post(settings, https.url(HOST))).isEqualTo(200);
      assertThat(Caller.post(settings, http.url(HOST))).isEqualTo(200);
      assertThat(open.heads()).hasSize(2);
      assertThat(open.received()).doesNotContainIgnoringCase("proxy-authorization");
    }
  }

  @Test
  void passesOnThatTheProxyRefusesTheCredentials() throws Exception {
    Map<String, String> settings = settings();
    settings.put("proxy.password", "another-0815");

    assertThat(Caller.post(settings, http.url(HOST))).isEqualTo(407);
    Throwable failure = Caller.failure(settings, https.url(HOST));
    assertThat(failure).isInstanceOf(IOException.class);
    assertShowsNothing(failure, "another-0815");
    assertThat(http.seen()).isEmpty();
    assertThat(https.seen()).isEmpty();
    assertThat(proxy.heads()).as("one request each").hasSize(2);
  }

  @Test
  void passesOnThatTheProxyWantsCredentials() throws Exception {
    Map<String, String> settings = trusting(Map.of("proxy.url", proxy.url()));

    assertThat(Caller.post(settings, http.url(HOST))).isEqualTo(407);
    assertThat(Caller.failure(settings, https.url(HOST))).isInstanceOf(IOException.class);
    assertThat(proxy.heads()).as("one request each").hasSize(2);
  }

  @Test
  void fallsBackToNoDirectConnectionWhenTheProxyIsGone() throws Exception {
    Map<String, String> settings = trusting(Map.of("proxy.url", "http://" + TestSettings.NOBODY));

    assertThat(Caller.failure(settings, http.url("127.0.0.1"))).isInstanceOf(IOException.class);
    assertThat(http.seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesTheChoiceToTheJvmUnlessOneIsSet(boolean set) throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    try (RecordingProxy ofTheJvm = new RecordingProxy(null)) {
      ProxySelector.setDefault(always(URI.create(ofTheJvm.url())));
      Map<String, String> settings = set ? settings() : trusting(Map.of());

      assertThat(Caller.post(settings, https.url(HOST))).isEqualTo(200);
      assertThat(ofTheJvm.heads()).hasSize(set ? 0 : 1);
      assertThat(proxy.heads()).hasSize(set ? 1 : 0);
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void showsNoCredentialsInAnyTextForm() {
    ApiOptions options = new CallRecordSourceConfig(all(settings())).api(TaskShare.ALONE, "agent");

    assertThat(options.transport().proxy().credentials().password()).isEqualTo(PASSWORD);
    assertThat(options.toString()).contains("127.0.0.1").doesNotContain(USER, PASSWORD);
  }

  private static void assertShowsNothing(Throwable failure, String... secrets) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      assertThat(e.toString()).doesNotContain(secrets).doesNotContain(encoded(secrets[0]));
    }
  }

  private static String encoded(String password) {
    return Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(ISO_8859_1));
  }

  private static ProxySelector always(URI proxy) {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return List.of(
            new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort())));
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException e) {
        throw new AssertionError(e);
      }
    };
  }

  private Map<String, String> settings() {
    return trusting(
        Map.of("proxy.url", proxy.url(), "proxy.username", USER, "proxy.password", PASSWORD));
  }

  private Map<String, String> trusting(Map<String, String> others) {
    Map<String, String> settings = new HashMap<>(others);
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.certificates", authority.certificatePem());
    return settings;
  }

  private static Map<String, String> all(Map<String, String> settings) {
    Map<String, String> all = TestSettings.minimal();
    all.putAll(settings);
    return all;
  }
}
