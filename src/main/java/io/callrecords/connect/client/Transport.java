package io.callrecords.connect.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Sends a request to the API once, and brings the response back. */
public interface Transport extends AutoCloseable {
  /**
   * Sends a POST, once: nothing is resent or redirected.
   *
   * @param url where to
   * @param headers the request's headers
   * @param body the request's body
   * @param handler reads the response, on a thread of the transport
   * @return what the handler returned; fails with what it threw, or with an {@link IOException}
   *     when there is no complete response in time: a {@link StaleConnectionException} where only
   *     the connection is to blame. It may complete on any thread.
   */
  <T> CompletableFuture<T> post(
      URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler);

  /**
   * Sends a POST as {@link #post(URI, Map, byte[], ResponseHandler)} does, and says when it is on
   * its way.
   *
   * @param onSent runs when the request is written to its connection, on any thread
   */
  default <T> CompletableFuture<T> post(
      URI url,
      Map<String, String> headers,
      byte[] body,
      ResponseHandler<T> handler,
      Runnable onSent) {
    onSent.run();
    return post(url, headers, body, handler);
  }

  /** Ends all requests in flight and frees everything; their futures may never complete. */
  @Override
  void close();

  /** Makes a value of a response. */
  interface ResponseHandler<T> {
    /**
     * Reads a response.
     *
     * @param status the HTTP status
     * @param header finds a header's value by name, null when it is absent
     * @param body the body, whose reading may fail
     */
    T handle(int status, UnaryOperator<@Nullable String> header, InputStream body)
        throws IOException;
  }
}
