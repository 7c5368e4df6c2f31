package io.callrecords.connect.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Request;
import okhttp3.Response;

/** Observes one HTTP request on its connection: when it is sent, and how it fails. */
final class CallObserver extends EventListener {
  private final Runnable onSent;
  private volatile boolean hasConnected;
  private volatile boolean isReused;
  private volatile boolean isAnswered;
  private volatile boolean isCanceled;

  /**
   * Creates an observer.
   *
   * @param onSent runs when the request is written to its connection, on a thread of the client
   */
  CallObserver(Runnable onSent) {
    this.onSent = onSent;
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    hasConnected = true;
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    isReused = !hasConnected;
  }

  @Override
  public void requestHeadersEnd(Call call, Request request) {
    onSent.run();
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    isAnswered = true;
  }

  @Override
  public void canceled(Call call) {
    isCanceled = true;
  }

  /**
   * Whether the connection is to blame for a failure, and not the API: it was kept since an earlier
   * request and closed meanwhile.
   */
  boolean isStale(IOException error) {
    // One that times out may be worked at, and what is no HTTP was received.
    return isReused
        && !isCanceled
        && !isAnswered
        && !(error instanceof InterruptedIOException)
        && !(error instanceof ProtocolException);
  }
}
