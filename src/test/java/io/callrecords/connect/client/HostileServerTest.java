package io.callrecords.connect.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.TimeLimits;
import io.callrecords.connect.config.ApiFacts;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.MemoryBudget;
import io.callrecords.connect.config.ProxyOptions;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.config.TlsOptions;
import io.callrecords.connect.config.TransportOptions;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.ThreadLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that break the rules of HTTP itself: each is a trouble of a known kind, and no timeout is
 * needed to see it.
 */
class HostileServerTest {
  private static final String PAGE = "{\"status\":\"0\",\"data\":{\"total\":0,\"records\":[]}}";
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final PageRequest REQUEST =
      new PageRequest(
          Instant.parse("2026-10-31T16:00:00Z"), Instant.parse("2026-11-01T16:00:00Z"), 1, 50);

  private static final HeldCertificate CERTIFICATE =
      new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();

  private static final HandshakeCertificates HANDSHAKE =
      new HandshakeCertificates.Builder()
          .heldCertificate(CERTIFICATE)
          .addTrustedCertificate(CERTIFICATE.certificate())
          .build();

  private static final TlsOptions TRUSTED =
      new TlsOptions(
          new TlsOptions.Material(HANDSHAKE.sslContext(), HANDSHAKE.trustManager()),
          TlsOptions.DEFAULT.protocols(),
          List.of(),
          true);

  /** Many times what is received of a line, and what the operating system buffers of it. */
  /** More than the buffers of two connections hold, each of which may grow to 36 MiB. */
  private static final int LONG_LINE = 128 << 20;

  private static final String ZIPPED =
      OK + "Content-Encoding: gzip\r\nConnection: close\r\n\r\n\u001f\u008b\b";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

  /** How the server is reached. */
  private enum Way {
    CLEAR,
    TLS,
    TUNNEL
  }

  /** What is written once a request was read; it may go on until the connection is closed. */
  private interface ServerScript {
    void write(OutputStream out) throws IOException;
  }

  /** What is done once a request was read. */
  private interface SocketScript {
    void write(Socket socket) throws IOException;
  }

  /** A line that ends somewhere, far beyond what may be received of it. */
  private static final class LongLine implements SocketScript {
    private static final int PART = 512 * 1024;

    private final String first;
    private final boolean updatesKeys;
    private final CompletableFuture<Integer> sent = new CompletableFuture<>();

    LongLine(String first, boolean updatesKeys) {
      this.first = first;
      this.updatesKeys = updatesKeys;
    }

    @Override
    public void write(Socket socket) throws IOException {
      byte[] bytes = "a".repeat(PART).getBytes(ISO_8859_1);
      int count = 0;
      try {
        socket.getOutputStream().write(first.getBytes(ISO_8859_1));
        while (count < LONG_LINE) {
          socket.getOutputStream().write(bytes);
          count += PART;
          if (updatesKeys) {
            // The client has to answer with an update of its own.
            ((SSLSocket) socket).startHandshake();
          }
        }
      } finally {
        sent.complete(count);
      }
    }
  }

  private static ServerScript text(String... parts) {
    return out -> {
      for (String part : parts) {
        out.write(part.getBytes(ISO_8859_1));
      }
    };
  }

  private static ServerScript forEver(String first, String again) {
    byte[] bytes = again.repeat(100).getBytes(ISO_8859_1);
    return out -> {
      out.write(first.getBytes(ISO_8859_1));
      while (true) {
        out.write(bytes);
      }
    };
  }

  private static String body(String json) {
    return "Content-Length: " + json.length() + "\r\n\r\n" + json;
  }

  private static void zipped(OutputStream out, String what, int mebibytes) throws IOException {
    out.write((OK + "Content-Encoding: gzip\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
    byte[] mebibyte = what.repeat((1 << 20) / what.length()).getBytes(ISO_8859_1);
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      for (int i = 0; i < mebibytes; i++) {
        zip.write(mebibyte);
      }
    }
  }

  private static byte[] zip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(ISO_8859_1));
    }
    return bytes.toByteArray();
  }

  private static Arguments of(String name, ServerScript script, TransientFault... any) {
    return Arguments.of(Named.of(name, script), any);
  }

  static Stream<Arguments> servers() {
    return Stream.of(
        of("right", text(OK, body(PAGE))),
        of(
            "right, in chunks of one byte with much beside them",
            out -> {
              out.write((OK + CHUNKED).getBytes(ISO_8859_1));
              String extension = ";padding=" + "p".repeat(1_000) + "\r\n";
              for (char next : (" ".repeat(3_000) + PAGE).toCharArray()) {
                out.write(("1" + extension + next + "\r\n").getBytes(ISO_8859_1));
              }
              out.write("0\r\n\r\n".getBytes(ISO_8859_1));
            }),
        of("right after an early hint", text("HTTP/1.1 103 Early Hints\r\n\r\n", OK, body(PAGE))),
        of("a zip bomb", out -> zipped(out, " ", 4_000), TransientFault.TOO_LARGE),
        of(
            "a zip that ends early",
            out -> {
              out.write(
                  (OK + "Content-Encoding: gzip\r\nConnection: close\r\n\r\n")
                      .getBytes(ISO_8859_1));
              byte[] zip = zip(PAGE);
              out.write(zip, 0, zip.length - 9);
            },
            TransientFault.BROKEN_CONNECTION),
        of(
            "a zip that is none",
            text(OK, "Content-Encoding: gzip\r\n", body(PAGE)),
            TransientFault.BROKEN_CONNECTION),
        of(
            "an encoding nobody asked for",
            text(OK, "Content-Encoding: br\r\n", body("\u0001\u0002\u0003")),
            TransientFault.NOT_THE_API),
        of(
            "headers without end",
            forEver(OK, "X-Padding: aaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
            TransientFault.BROKEN_CONNECTION),
        of(
            "a header without end",
            forEver(OK + "X-Padding: ", "aaaaaaaaaaaaaaa"),
            TransientFault.BROKEN_CONNECTION),
        of(
            "a status line without end",
            forEver("HTTP/1.1 200 ", "aaaaaaaaaaaaaaa"),
            TransientFault.BROKEN_CONNECTION),
        of(
            "continue without end",
            forEver("", "HTTP/1.1 100 Continue\r\n\r\n"),
            TransientFault.SERVER_ERROR,
            TransientFault.BROKEN_CONNECTION),
        of(
            "hints without end",
            forEver("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
            TransientFault.SERVER_ERROR,
            TransientFault.BROKEN_CONNECTION),
        of(
            "another protocol",
            text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
            TransientFault.SERVER_ERROR,
            TransientFault.BROKEN_CONNECTION),
        of(
            "no content, but some",
            text("HTTP/1.1 204 No Content\r\n", body(PAGE)),
            TransientFault.BROKEN_CONNECTION),
        of(
            "HTTP/2 only",
            text("\0\0\0\4\0\0\0\0\0", "\0\0\u0008\7\0\0\0\0\0\0\0\0\0\0\0\0\1"),
            TransientFault.NOT_THE_API,
            TransientFault.BROKEN_CONNECTION),
        of("HTTP/0.9", text(PAGE), TransientFault.NOT_THE_API, TransientFault.BROKEN_CONNECTION),
        of("another service", text("SSH-2.0-OpenSSH_9.6\r\n"), TransientFault.NOT_THE_API),
        of("status 999", text("HTTP/1.1 999 No\r\n", body("")), TransientFault.SERVER_ERROR),
        of(
            "status 99999",
            text("HTTP/1.1 99999 No\r\n", body("")),
            TransientFault.NOT_THE_API,
            TransientFault.BROKEN_CONNECTION),
        of(
            "status -20",
            text("HTTP/1.1 -20 No\r\n", body("")),
            TransientFault.NOT_THE_API,
            TransientFault.BROKEN_CONNECTION),
        of(
            "a negative length",
            text(OK, "Content-Length: -5\r\n\r\n", PAGE),
            TransientFault.BROKEN_CONNECTION),
        of("a length beyond all", text(OK, "Content-Length: 99999999999999999999\r\n\r\n", PAGE)),
        of(
            "more promised than sent",
            text(OK, "Content-Length: 9000000000000000000\r\n\r\n", PAGE),
            TransientFault.BROKEN_CONNECTION),
        of(
            "two lengths",
            text(OK, "Content-Length: 3\r\nContent-Length: " + PAGE.length() + "\r\n\r\n", PAGE)),
        of(
            "a chunk that is none",
            text(OK, "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", PAGE),
            TransientFault.BROKEN_CONNECTION),
        of(
            "a chunk beyond all",
            text(OK, "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n", PAGE),
            TransientFault.BROKEN_CONNECTION),
        of(
            "a negative chunk",
            text(OK, "Transfer-Encoding: chunked\r\n\r\n-1\r\n", PAGE),
            TransientFault.BROKEN_CONNECTION),
        of(
            "trailers without end",
            forEver(OK + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n", "X: y\r\n"),
            TransientFault.BROKEN_CONNECTION,
            TransientFault.MALFORMED_RESPONSE),
        of(
            "a header that is none",
            text(OK, "no colon\r\n: no name\r\nX\u0001Y: \u00ff\u0000\r\n", body(PAGE))),
        of(
            "a cookie and a challenge",
            text(
                "HTTP/1.1 401 No\r\nSet-Cookie: a=b\r\nWWW-Authenticate: Basic realm=x\r\n",
                body("")),
            TransientFault.FORBIDDEN),
        of("a hang-up", text(""), TransientFault.BROKEN_CONNECTION));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void isATroubleOfAKnownKindWithoutATimeout(ServerScript script, TransientFault[] any)
      throws Exception {
    expect(any, outcome(socket -> script.write(socket.getOutputStream()), Way.CLEAR));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void isTheSameTroubleOverTls(ServerScript script, TransientFault[] any) throws Exception {
    expect(any, outcome(socket -> script.write(socket.getOutputStream()), Way.TLS));
  }

  static Stream<Arguments> longLines() {
    return Stream.of(
            Named.of("a chunk's extension", OK + CHUNKED + "1;"),
            Named.of("what follows a chunk", OK + CHUNKED + "1\r\n{"),
            Named.of("the name in a zip", ZIPPED + "\b\0\0\0\0\0\0"),
            Named.of("the comment in a zip", ZIPPED + "\u0010\0\0\0\0\0\0"))
        .flatMap(first -> Stream.of(Way.values()).map(way -> Arguments.of(first, way)));
  }

  /** Of a few MiB beside the body, not all is received. */
  @ParameterizedTest
  @MethodSource("longLines")
  void whatComesBesideTheBodyIsBounded(String first, Way way) throws Exception {
    LongLine line = new LongLine(first, false);

    expectTooMuch(outcome(line, way));
    assertThat(sent(line)).isLessThan(LONG_LINE);
  }

  /** What a client sends meanwhile is no new request. */
  @Test
  void itIsBoundedWhileKeysAreUpdated() throws Exception {
    LongLine line = new LongLine(OK + CHUNKED + "1;", true);

    expectTooMuch(outcome(line, Way.TLS));
    assertThat(sent(line)).isLessThan(LONG_LINE);
  }

  private static int sent(LongLine line) throws Exception {
    return line.sent.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static void expectTooMuch(Object outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            TransientApiException.class,
            trouble ->
                assertThat(trouble)
                    .hasMessageStartingWith("a response with more than 1 MiB beside its body (")
                    .hasMessageNotContaining("aaa"));
  }

  private static void expect(TransientFault[] any, Object outcome) {
    if (any.length == 0) {
      assertThat(outcome).isInstanceOf(Page.class);
    } else {
      assertThat(outcome)
          .isInstanceOfSatisfying(
              TransientApiException.class,
              trouble -> assertThat(trouble.kind()).isIn((Object[]) any));
    }
  }

  private static Object outcome(SocketScript script, Way way) throws Exception {
    try (ServerSocket server = listen(way);
        ThreadLoop loop = new ThreadLoop("hostile", Clock.systemUTC(), e -> {})) {
      Thread thread = new Thread(() -> serve(server, script, way), "hostile-server");
      thread.setDaemon(true);
      thread.start();
      ApiOptions options =
          new ApiOptions(
              URI.create(
                  (way == Way.CLEAR ? "http" : "https") + "://127.0.0.1:" + server.getLocalPort()),
              new Credentials("key", "secret"),
              ZoneOffset.UTC,
              100,
              TimeLimits.NEVER,
              TimeLimits.NEVER,
              2,
              100,
              TaskShare.ALONE,
              "agent",
              new TransportOptions(
                  TRUSTED,
                  way == Way.TUNNEL
                      ? new ProxyOptions("127.0.0.1", server.getLocalPort(), null)
                      : null),
              MemoryBudget.ofTask(1L << 28, 1, 2),
              ApiFacts.NONE);
      try (OkHttpTransport transport = new OkHttpTransport(options, "hostile-http")) {
        ApiClient client =
            new ApiClient(
                options,
                new RetryOptions(Duration.ofMillis(1), Duration.ofMillis(1), null),
                "voice/ccRecordQuery",
                Map.of(),
                new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.UTC),
                transport,
                loop,
                new SplittableRandom(1));
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        loop.execute(() -> ask(client, outcome));
        return outcome.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private static ServerSocket listen(Way way) throws IOException {
    ServerSocketFactory sockets =
        way == Way.TLS
            ? HANDSHAKE.sslContext().getServerSocketFactory()
            : ServerSocketFactory.getDefault();
    return sockets.createServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void ask(ApiClient client, CompletableFuture<Object> outcome) {
    client
        .probe(REQUEST)
        .whenComplete((page, error) -> outcome.complete(page != null ? page : error));
  }

  private static void serve(ServerSocket server, SocketScript script, Way way) {
    try {
      while (true) {
        try (Socket accepted = server.accept();
            Socket socket = way == Way.TUNNEL ? throughTunnel(accepted) : accepted) {
          receive(socket.getInputStream(), "}}");
          script.write(socket);
        } catch (IOException e) {
          if (server.isClosed()) {
            return;
          }
        }
      }
    } catch (RuntimeException e) {
      // The socket was closed.
      return;
    }
  }

  /** Lets a tunnel end where it begins. */
  private static Socket throughTunnel(Socket proxied) throws IOException {
    receive(proxied.getInputStream(), "\r\n\r\n");
    proxied.getOutputStream().write((OK + "\r\n").getBytes(ISO_8859_1));
    SSLSocket socket =
        (SSLSocket)
            HANDSHAKE
                .sslContext()
                .getSocketFactory()
                .createSocket(proxied, "127.0.0.1", proxied.getPort(), true);
    socket.setUseClientMode(false);
    return socket;
  }

  private static void receive(InputStream in, String end) throws IOException {
    byte[] request = new byte[8192];
    int length = 0;
    while (!new String(request, 0, length, ISO_8859_1).endsWith(end)) {
      int count = in.read(request, length, request.length - length);
      if (count < 0) {
        break;
      }
      length += count;
    }
  }
}
