package io.callrecords.connect.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on loopback with tunnels and absolute addresses. Whatever host it is asked for, it
 * connects to the same port of loopback, so that only who leaves the looking up to it gets there.
 * It remembers all that it is sent.
 */
final class RecordingProxy implements AutoCloseable {
  private final @Nullable String demanded;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> heads = new ConcurrentLinkedQueue<>();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  /**
   * Listens at once.
   *
   * @param demanded the value of Proxy-Authorization that lets a request pass, or null for any
   */
  RecordingProxy(@Nullable String demanded) throws IOException {
    this.demanded = demanded;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** The heads of all requests that were for the proxy itself to read. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  /** Everything that clients have sent, what went through tunnels as well. */
  String received() {
    synchronized (received) {
      return received.toString(ISO_8859_1);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        // Closed: the loop's condition sees it.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      while (request(client)) {
        // One after another.
      }
    } catch (IOException e) {
      // Either side has left.
    }
  }

  /** Returns whether the connection may carry a further request. */
  private boolean request(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    String head = head(in);
    heads.add(head);
    byte[] body = in.readNBytes(length(head));
    record(head.getBytes(ISO_8859_1));
    record(body);
    String[] target = head.split(" ", 3);
    if (demanded != null && !head.contains("\r\nProxy-Authorization: " + demanded + "\r\n")) {
      answer(
          client,
          "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
              + "Content-Length: 0");
      return true;
    }
    if (target[0].equals("CONNECT")) {
      tunnel(client, Integer.parseInt(target[1].replaceAll(".*:", "")));
      return false;
    }
    URI url = URI.create(target[1]);
    try (Socket server = connect(url.getPort())) {
      OutputStream out = server.getOutputStream();
      out.write(forwarded(head, url).getBytes(ISO_8859_1));
      out.write(body);
      InputStream back = server.getInputStream();
      answer(client, head(back).strip().substring(9) + "\r\nConnection: close");
      back.transferTo(client.getOutputStream());
    }
    return false;
  }

  /** The head as it goes on: what is between client and proxy only, stays there. */
  private static String forwarded(String head, URI url) {
    return head.lines()
            .skip(1)
            .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("proxy-"))
            .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("connection:"))
            .filter(line -> !line.isEmpty())
            .collect(
                Collectors.joining(
                    "\r\n",
                    head.split(" ", 2)[0] + " " + url.getRawPath() + " HTTP/1.1\r\n",
                    "\r\nConnection: close\r\n"))
        + "\r\n";
  }

  private void tunnel(Socket client, int port) throws IOException {
    try (Socket server = connect(port)) {
      answer(client, "200 Connection established");
      InputStream back = server.getInputStream();
      OutputStream toClient = client.getOutputStream();
      threads.execute(
          () -> {
            try {
              back.transferTo(toClient);
              client.shutdownOutput();
            } catch (IOException e) {
              // Either side has left.
            }
          });
      InputStream in = client.getInputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        record(Arrays.copyOf(buffer, n));
        server.getOutputStream().write(buffer, 0, n);
      }
    }
  }

  private Socket connect(int port) throws IOException {
    Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(server);
    return server;
  }

  private static void answer(Socket client, String head) throws IOException {
    client.getOutputStream().write(("HTTP/1.1 " + head + "\r\n\r\n").getBytes(ISO_8859_1));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      text.append((char) next);
    }
    return text.toString();
  }

  private void record(byte[] bytes) {
    synchronized (received) {
      received.writeBytes(bytes);
    }
  }

  private static int length(String head) {
    return Arrays.stream(head.split("\r\n"))
        .map(line -> line.toLowerCase(Locale.ROOT))
        .filter(line -> line.startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
