package io.callrecords.connect.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Carries a request to the API once, and its answer back. */
public interface Transport extends AutoCloseable {
  /**
   * Sends a POST, once: nothing is resent or redirected.
   *
   * @param url where to
   * @param headers what to send along
   * @param body the request's body
   * @param reader reads the answer, on a thread of the transport
   * @return what the reader returned; fails with what it threw, or with an {@link IOException} when
   *     there is no whole answer in time. It may complete on any thread.
   */
  <T> CompletableFuture<T> post(
      URI url, Map<String, String> headers, byte[] body, AnswerReader<T> reader);

  /** Ends all requests under way and frees everything; their futures may never complete. */
  @Override
  void close();

  /** Makes a value of an answer. */
  interface AnswerReader<T> {
    /**
     * Reads an answer.
     *
     * @param status the HTTP status
     * @param header finds a header's value by name, null when it is absent
     * @param body the body, whose reading may fail
     */
    T read(int status, UnaryOperator<@Nullable String> header, InputStream body) throws IOException;
  }
}
