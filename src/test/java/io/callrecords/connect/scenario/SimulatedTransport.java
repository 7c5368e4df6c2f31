package io.callrecords.connect.scenario;

import io.callrecords.connect.client.Transport;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.simulator.Answer;
import io.callrecords.simulator.SimulatedApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPInputStream;

/**
 * Carries requests to the simulated API without a socket, in made-up time: the API sees a request
 * half of the latency after it was sent.
 */
public final class SimulatedTransport implements Transport {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int PROXY_AUTHENTICATION = 407;

  private final SimulatedApi api;
  private final VirtualLoop loop;
  private final RandomGenerator random;
  private final Network network;
  private final Traffic traffic;
  private boolean closed;

  public SimulatedTransport(
      SimulatedApi api,
      VirtualLoop loop,
      RandomGenerator random,
      Network network,
      Traffic traffic) {
    this.api = api;
    this.loop = loop;
    this.random = random;
    this.network = network;
    this.traffic = traffic;
  }

  @Override
  public <T> CompletableFuture<T> post(
      URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Map<String, String> sent = new HashMap<>(headers);
    traffic.begun();
    sent.put("Content-Type", "application/json;charset=UTF-8");
    loop.schedule(
        halfWay(),
        () -> {
          if (closed) {
            traffic.ended();
            return;
          }
          Answer answer =
              api.answer("POST", url.getPath(), sent, body, api.serverTime(loop.wallClock()));
          loop.schedule(
              wayBack(answer),
              () -> {
                traffic.ended();
                deliver(answer, handler, result);
              });
        });
    return result;
  }

  private Duration halfWay() {
    int least = network.leastMillis() / 2;
    return Duration.ofMillis(least + random.nextInt(network.mostMillis() / 2 + 1 - least));
  }

  private Duration wayBack(Answer answer) {
    return switch (answer.delivery()) {
      case WHOLE, RESET, TRUNCATED -> halfWay().plus(answer.delay());
      case HANGING, STALLED, ENDLESS -> TIMEOUT;
    };
  }

  private <T> void deliver(Answer answer, ResponseHandler<T> handler, CompletableFuture<T> result) {
    if (closed) {
      return;
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(answer.headers());
    byte[] body = answer.body();
    try {
      switch (answer.delivery()) {
        case WHOLE ->
            result.complete(
                handler.handle(answer.httpStatus(), headers::get, opened(answer, headers, body)));
        case TRUNCATED ->
            result.complete(
                handler.handle(
                    answer.httpStatus(),
                    headers::get,
                    new Truncated(Arrays.copyOf(body, body.length / 2))));
        default -> throw new IOException("The connection broke");
      }
    } catch (IOException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /** What an HTTP client does with an answer before anybody sees it. */
  private static InputStream opened(Answer answer, Map<String, String> headers, byte[] body)
      throws IOException {
    if (answer.httpStatus() == PROXY_AUTHENTICATION) {
      throw new ProtocolException("A proxy's answer without a proxy");
    }
    InputStream bytes = new ByteArrayInputStream(body);
    return "gzip".equals(headers.get("Content-Encoding")) ? new GZIPInputStream(bytes) : bytes;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** A body whose connection breaks where its bytes end. */
  private static final class Truncated extends InputStream {
    private final InputStream bytes;

    Truncated(byte[] bytes) {
      this.bytes = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() throws IOException {
      int next = bytes.read();
      if (next < 0) {
        throw new IOException("The body ended early");
      }
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = bytes.read(target, offset, length);
      if (count < 0) {
        throw new IOException("The body ended early");
      }
      return count;
    }
  }
}
