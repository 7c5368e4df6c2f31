package io.callrecords.simulator;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One client's connection: reads requests one after another and delivers their answers. */
final class HttpConnection {
  private static final int MAX_REQUEST = 1 << 20;
  private static final int LOOK_MILLIS = 20;

  private final Socket socket;
  private final SimulatorServer server;
  private final InputStream in;
  private final OutputStream out;
  private byte[] input = new byte[8192];
  private int filled;

  HttpConnection(Socket socket, SimulatorServer server) throws IOException {
    this.socket = socket;
    this.server = server;
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** Serves until either side ends the connection. */
  void serve() throws IOException, InterruptedException {
    while (!server.closed()) {
      int head = readHead();
      if (head < 0) {
        return;
      }
      String[] lines = new String(input, 0, head, StandardCharsets.ISO_8859_1).split("\r\n", -1);
      Map<String, String> headers = headers(lines);
      byte[] body = readBody(head + 4, headers);
      server.begun();
      long start = System.nanoTime();
      try {
        if (!answer(lines[0].split(" ", 3), headers, body)) {
          return;
        }
      } finally {
        server.ended(System.nanoTime() - start);
      }
    }
  }

  /** Returns whether the connection goes on. */
  private boolean answer(String[] target, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    if (target.length != 3) {
      throw new ProtocolException("No request line");
    }
    long releases = server.releases();
    Answer answer = server.answer(target[0], target[1], headers, body);
    server.pause(server.latency());
    if (!answer.delay().isZero()) {
      hold(System.nanoTime() + answer.delay().toNanos(), releases, false);
    }
    boolean last = "close".equalsIgnoreCase(headers.get("connection"));
    return deliver(answer, last, releases) && !last;
  }

  private boolean deliver(Answer answer, boolean last, long releases)
      throws IOException, InterruptedException {
    byte[] body = answer.sharedBody();
    switch (answer.delivery()) {
      case RESET -> {
        socket.setSoLinger(true, 0);
        return false;
      }
      case TRUNCATED -> {
        send(answer, body.length, body.length / 2, true);
        return false;
      }
      case ENDLESS -> sendWithoutEnd(answer);
      case HANGING -> {
        hold(Long.MAX_VALUE, releases, true);
        send(answer, body.length, body.length, last);
      }
      case STALLED -> {
        send(answer, body.length, body.length / 2, last);
        hold(Long.MAX_VALUE, releases, true);
        out.write(body, body.length / 2, body.length - body.length / 2);
      }
      case WHOLE -> send(answer, body.length, body.length, last);
    }
    return true;
  }

  /** Sends a head that promises some bytes, and the first few of them, in one write. */
  private void send(Answer answer, long promised, int sent, boolean last) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(answer.httpStatus()).append(" Status\r\n");
    answer.headers().forEach((name, value) -> field(head, name, value));
    field(head, "Content-Length", Long.toString(promised));
    field(head, "Connection", last ? "close" : "keep-alive");
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(start, start.length + sent);
    System.arraycopy(answer.sharedBody(), 0, all, start.length, sent);
    out.write(all);
    out.flush();
  }

  private static void field(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private void sendWithoutEnd(Answer answer) throws IOException {
    byte[] body = answer.sharedBody();
    send(answer, Long.MAX_VALUE, body.length, true);
    byte[] more = body.length == 0 ? new byte[1024] : body;
    while (!server.closed()) {
      out.write(more);
    }
  }

  /** Waits for a moment or for a release, and notices when the client does not wait any longer. */
  private void hold(long until, long releases, boolean endsByRelease)
      throws IOException, InterruptedException {
    while (System.nanoTime() - until < 0) {
      if (endsByRelease && server.releases() != releases) {
        return;
      }
      long left = Duration.ofNanos(until - System.nanoTime()).toMillis() + 1;
      socket.setSoTimeout((int) Math.min(left, LOOK_MILLIS));
      try {
        if (!fill()) {
          throw new EOFException("The client left");
        }
      } catch (SocketTimeoutException e) {
        server.pause(Duration.ZERO);
      } finally {
        socket.setSoTimeout(0);
      }
    }
  }

  private int readHead() throws IOException {
    int searched = 0;
    while (true) {
      for (int i = searched; i + 3 < filled; i++) {
        if (input[i] == '\r'
            && input[i + 1] == '\n'
            && input[i + 2] == '\r'
            && input[i + 3] == '\n') {
          return i;
        }
      }
      searched = Math.max(0, filled - 3);
      if (!fill()) {
        return -1;
      }
    }
  }

  private byte[] readBody(int from, Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      throw new ProtocolException("Only bodies of a known length");
    }
    int to = from + Integer.parseInt(headers.getOrDefault("content-length", "0"));
    if (to > MAX_REQUEST) {
      throw new ProtocolException("Too long");
    }
    while (filled < to) {
      if (!fill()) {
        throw new EOFException("Half a request");
      }
    }
    byte[] body = Arrays.copyOfRange(input, from, to);
    System.arraycopy(input, to, input, 0, filled - to);
    filled -= to;
    return body;
  }

  private boolean fill() throws IOException {
    if (filled == input.length) {
      if (filled >= MAX_REQUEST) {
        throw new ProtocolException("Too long");
      }
      input = Arrays.copyOf(input, filled * 2);
    }
    int read = in.read(input, filled, input.length - filled);
    filled += Math.max(read, 0);
    return read >= 0;
  }

  private static Map<String, String> headers(String[] lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
        headers.put(name, lines[i].substring(colon + 1).trim());
      }
    }
    return headers;
  }
}
