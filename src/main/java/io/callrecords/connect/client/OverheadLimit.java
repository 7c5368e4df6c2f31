package io.callrecords.connect.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Bounds what is received for a request without becoming part of its response's body, which the
 * limit of the body does not count.
 *
 * <p>The sockets count what they receive, whatever is layered over them, such as TLS. Each request,
 * and each part of a body that is read, begins a new count; what is sent does not. OkHttp reads all
 * of a response over HTTP/1.1 on one thread, so that each thread has a count of its own. Any thread
 * may use it.
 */
final class OverheadLimit implements Interceptor {
  /**
   * Several times what TLS handshake, headers, early hints and a proxy's response may have: OkHttp
   * allows 256 KiB of headers each.
   */
  static final int MAX_BYTES = 1024 * 1024;

  private static final int SKIPPED_AT_ONCE = 8192;

  private final ThreadLocal<Count> counts = ThreadLocal.withInitial(Count::new);

  /** How much one thread has received since its count began. */
  private static final class Count {
    private int bytes;

    boolean isFull() {
      return bytes >= MAX_BYTES;
    }

    void add(int received) throws ResponseOverheadException {
      bytes += received;
      if (bytes > MAX_BYTES) {
        // It stays beyond the limit: what is closed may be read on for a moment, to be used again.
        bytes = MAX_BYTES;
        throw new ResponseOverheadException();
      }
    }
  }

  /** Begins a new count for a request. */
  @Override
  public Response intercept(Chain chain) throws IOException {
    restart();
    return chain.proceed(chain.request());
  }

  /** Begins a new count, since some of the body has been read. */
  void restart() {
    counts.get().bytes = 0;
  }

  /** Makes the sockets that count. */
  SocketFactory sockets() {
    return new CountedSocketFactory();
  }

  /** Makes sockets that OkHttp connects, which is all that it uses of a factory. */
  private final class CountedSocketFactory extends SocketFactory {
    @Override
    public Socket createSocket() {
      return new CountedSocket();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
      throw new UnsupportedOperationException();
    }
  }

  /** A socket as any other, but for what it receives. */
  private final class CountedSocket extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new CountedStream(super.getInputStream());
    }
  }

  /** Counts what is read. */
  private final class CountedStream extends FilterInputStream {
    CountedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      if (next >= 0) {
        counts.get().add(1);
      }
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count > 0) {
        counts.get().add(count);
      }
      return count;
    }

    /** Reads, so that what is skipped counts as well. */
    @Override
    public long skip(long length) throws IOException {
      byte[] skipped = new byte[(int) Math.max(0, Math.min(SKIPPED_AT_ONCE, length))];
      return skipped.length == 0 ? 0 : Math.max(0, read(skipped, 0, skipped.length));
    }

    /** Whoever empties the socket to close it has nothing more to read once it was too much. */
    @Override
    public int available() throws IOException {
      return counts.get().isFull() ? 0 : super.available();
    }
  }
}
