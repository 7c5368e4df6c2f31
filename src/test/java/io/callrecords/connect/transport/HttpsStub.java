package io.callrecords.connect.transport;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** A server on loopback that remembers with which headers, and how, each request came. */
final class HttpsStub implements AutoCloseable {
  private final HttpServer server;
  private final boolean tls;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

  /**
   * A request.
   *
   * @param protocol the version of TLS, empty without
   * @param suite the cipher suite, empty without
   */
  record Seen(Headers headers, String protocol, String suite) {}

  /**
   * Listens at once.
   *
   * @param context what TLS takes, or null to serve clear text
   * @param change changes the parameters of TLS
   * @param status the status of each answer
   * @param headers the headers of each answer
   */
  private HttpsStub(
      @Nullable SSLContext context,
      Consumer<SSLParameters> change,
      int status,
      Map<String, String> headers)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    tls = context != null;
    if (context == null) {
      server = HttpServer.create(address, 0);
    } else {
      HttpsServer https = HttpsServer.create(address, 0);
      https.setHttpsConfigurator(configurator(context, change));
      server = https;
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          String protocol = "";
          String suite = "";
          if (exchange instanceof HttpsExchange https) {
            protocol = https.getSSLSession().getProtocol();
            suite = https.getSSLSession().getCipherSuite();
          }
          seen.add(new Seen(exchange.getRequestHeaders(), protocol, suite));
          headers.forEach(exchange.getResponseHeaders()::add);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  static HttpsStub clear() throws IOException {
    return new HttpsStub(null, parameters -> {}, 200, Map.of());
  }

  static HttpsStub of(SSLContext context) throws IOException {
    return of(context, parameters -> {});
  }

  static HttpsStub of(SSLContext context, Consumer<SSLParameters> change) throws IOException {
    return new HttpsStub(context, change, 200, Map.of());
  }

  static HttpsStub answering(SSLContext context, int status) throws IOException {
    return new HttpsStub(context, parameters -> {}, status, Map.of());
  }

  static HttpsStub redirecting(SSLContext context, int status, URI to) throws IOException {
    return new HttpsStub(context, parameters -> {}, status, Map.of("Location", to.toString()));
  }

  private static HttpsConfigurator configurator(
      SSLContext context, Consumer<SSLParameters> change) {
    return new HttpsConfigurator(context) {
      @Override
      public void configure(HttpsParameters params) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        change.accept(parameters);
        params.setSSLParameters(parameters);
      }
    };
  }

  /** All requests so far. */
  Queue<Seen> seen() {
    return seen;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Its address under a name. */
  URI url(String host) {
    return URI.create((tls ? "https" : "http") + "://" + host + ":" + port() + "/v3");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
