package io.callrecords.connect;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.callrecords.connect.client.TransientFault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the server at {@code api.url} speaks TLS where the scheme is http, or the other
 * way round. Sends nothing of the account: what it sends would be read by anybody.
 */
final class SchemeCheck {
  /** A server that can be asked so answers within a round trip or two; others say nothing. */
  private static final int MAX_WAIT_MILLIS = 1_000;

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  /** What an answer without TLS begins with; servers answer 400 where they expect TLS. */
  private static final Pattern CLEAR_TEXT = Pattern.compile("HTTP/1\\.[01] (?!400)[1-5][0-9]{2}");

  private static final int CLEAR_TEXT_LENGTH = "HTTP/1.1 200".length();

  /** The first bytes of a TLS record: an alert or a handshake, and the major version. */
  private static final byte ALERT = 21;

  private static final byte HANDSHAKE = 22;
  private static final byte MAJOR_VERSION = 3;

  /** How a request ends that is sent to a server of the other scheme, beside other reasons. */
  private static final Set<TransientFault> SIGNS =
      EnumSet.of(
          TransientFault.BROKEN_CONNECTION,
          TransientFault.TIMEOUT,
          TransientFault.REJECTED,
          TransientFault.NOT_THE_API);

  private SchemeCheck() {}

  /** Whether a request that failed so may have been sent by the wrong scheme. */
  static boolean isSign(TransientFault fault) {
    return SIGNS.contains(fault);
  }

  /**
   * Connects to the server directly.
   *
   * @param url the value of {@code api.url}
   * @param timeout how long it waits for a connection, and for an answer, but a second at most
   * @return what is wrong with the scheme; null where the server does not show that it is
   */
  static @Nullable String problem(URI url, Duration timeout) {
    boolean isEncrypted = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() > 0 ? url.getPort() : isEncrypted ? HTTPS_PORT : HTTP_PORT;
    String host = url.getHost().replaceAll("^\\[|]$", "");
    try {
      if (isEncrypted) {
        byte[] head = ("HEAD / HTTP/1.0\r\nHost: " + url.getHost() + "\r\n\r\n").getBytes(US_ASCII);
        byte[] answer = answer(host, port, head, CLEAR_TEXT_LENGTH, timeout);
        return CLEAR_TEXT.matcher(new String(answer, US_ASCII)).matches()
            ? "the server at port "
                + port
                + " speaks http without TLS: correct the port, or the scheme; by http, the key and"
                + " all calls go in clear text"
            : null;
      }
      byte[] answer = answer(host, port, greeting(host, port), 2, timeout);
      return answer.length == 2
              && (answer[0] == ALERT || answer[0] == HANDSHAKE)
              && answer[1] == MAJOR_VERSION
          ? "the server at port " + port + " speaks TLS: begin the address with https"
          : null;
    } catch (IOException | NoSuchAlgorithmException e) {
      return null;
    }
  }

  /** What a TLS client says first, and the end of a request for a server that waits for it. */
  private static byte[] greeting(String host, int port)
      throws IOException, NoSuchAlgorithmException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine(host, port);
    engine.setUseClientMode(true);
    engine.beginHandshake();
    ByteBuffer greeting = ByteBuffer.allocate(engine.getSession().getPacketBufferSize() + 4);
    engine.wrap(ByteBuffer.allocate(0), greeting);
    greeting.put("\r\n\r\n".getBytes(US_ASCII)).flip();
    byte[] bytes = new byte[greeting.remaining()];
    greeting.get(bytes);
    return bytes;
  }

  /** The first bytes of an answer, fewer if it ends before. */
  private static byte[] answer(String host, int port, byte[] sent, int length, Duration timeout)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
      socket.setSoTimeout((int) Math.min(MAX_WAIT_MILLIS, timeout.toMillis()));
      socket.getOutputStream().write(sent);
      return socket.getInputStream().readNBytes(length);
    }
  }
}
