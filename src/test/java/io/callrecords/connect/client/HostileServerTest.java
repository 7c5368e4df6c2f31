package io.callrecords.connect.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.TimeLimits;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
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
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Named;
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

  /** What is written once a request was read; it may go on until the connection is closed. */
  private interface ServerScript {
    void write(OutputStream out) throws IOException;
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
    Object outcome = outcome(script);
    if (any.length == 0) {
      assertThat(outcome).isInstanceOf(Page.class);
    } else {
      assertThat(outcome).isIn((Object[]) any);
    }
  }

  private static Object outcome(ServerScript script) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ThreadLoop loop = new ThreadLoop("hostile", Clock.systemUTC(), e -> {})) {
      Thread thread = new Thread(() -> serve(server, script), "hostile-server");
      thread.setDaemon(true);
      thread.start();
      ApiOptions options =
          new ApiOptions(
              URI.create("http://127.0.0.1:" + server.getLocalPort()),
              new Credentials("key", "secret"),
              ZoneOffset.UTC,
              100,
              TimeLimits.NEVER,
              TimeLimits.NEVER,
              2,
              100,
              TaskShare.ALONE,
              "agent");
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

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void ask(ApiClient client, CompletableFuture<Object> outcome) {
    client
        .probe(REQUEST)
        .whenComplete(
            (page, error) ->
                outcome.complete(
                    page != null
                        ? page
                        : error instanceof TransientApiException trouble ? trouble.kind() : error));
  }

  private static void serve(ServerSocket server, ServerScript script) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          InputStream in = socket.getInputStream();
          byte[] request = new byte[8192];
          int length = 0;
          while (!new String(request, 0, length, ISO_8859_1).endsWith("}}")) {
            int count = in.read(request, length, request.length - length);
            if (count < 0) {
              break;
            }
            length += count;
          }
          script.write(socket.getOutputStream());
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
}
