package io.callrecords.connect.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.callrecords.connect.TimeLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that promises to keep a connection, and closes it after its first response. */
final class BriefServer implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: ([0-9]+)");
  private static final String PAGE = "{\"status\":\"0\",\"data\":{\"total\":0,\"records\":[]}}";

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Semaphore closed = new Semaphore(0);
  private final AtomicInteger received = new AtomicInteger();

  BriefServer(Executor threads) throws IOException {
    threads.execute(this::serve);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/x");
  }

  /** Requests that it has read. */
  int received() {
    return received.get();
  }

  /** Waits until so many more connections are closed. */
  void awaitClosed(int connections) throws InterruptedException {
    if (!closed.tryAcquire(connections, TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("No connection was closed");
    }
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        read(connection.getInputStream());
        received.incrementAndGet();
        String response =
            "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: "
                + PAGE.length()
                + "\r\n\r\n"
                + PAGE;
        connection.getOutputStream().write(response.getBytes(ISO_8859_1));
      } catch (IOException e) {
        // The client has left, or the test is over.
      } finally {
        closed.release();
      }
    }
  }

  private static void read(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The client has left");
      }
      text.append((char) next);
    }
    Matcher length = LENGTH.matcher(text);
    in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
