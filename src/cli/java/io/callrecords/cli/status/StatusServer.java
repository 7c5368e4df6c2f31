package io.callrecords.cli.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.callrecords.cli.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Serves the page and its document, to whoever names this server by its address. */
final class StatusServer implements AutoCloseable {
  /** One that never ends its request must not keep the others waiting. */
  private static final int THREADS = 4;

  private static final int REQUEST_SECONDS = 10;
  private static final int RESPONSE_SECONDS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.]+(%\\w+)?]");
  private static final Pattern PORT = Pattern.compile(":[0-9]+$");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final String host;
  private final StatusWatch watch;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, task -> daemon(task, "status-page"));
  private final CountDownLatch closed = new CountDownLatch(1);

  static {
    // The JDK's server reads them once, and has no other way to be told.
    setUnlessSet("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
    setUnlessSet("sun.net.httpserver.maxRspTime", RESPONSE_SECONDS);
  }

  private StatusServer(HttpServer server, String host, StatusWatch watch) {
    this.server = server;
    this.host = host;
    this.watch = watch;
  }

  private static void setUnlessSet(String property, int seconds) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(seconds));
    }
  }

  static Thread daemon(Runnable task, String name) {
    Thread made = new Thread(task, name);
    made.setDaemon(true);
    return made;
  }

  /**
   * Starts to serve.
   *
   * @param host the address to serve at
   * @param port the port, or 0 for any that is free
   * @param look looks at the connector; called by one thread at a time
   * @throws CliException when the address cannot be used
   */
  static StatusServer start(String host, int port, Supplier<StatusReport> look) {
    try {
      if (port < 0 || port > 65_535) {
        throw CliException.usage("--serve " + port + " is no port: choose one up to 65535");
      }
      InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
      StatusServer made =
          new StatusServer(HttpServer.create(address, 0), host, new StatusWatch(look, PATIENCE));
      made.server.createContext("/", made::answer);
      made.server.setExecutor(made.threads);
      made.server.start();
      return made;
    } catch (UnknownHostException e) {
      throw CliException.usage("--host " + host + " is no address of this machine", e);
    } catch (IOException e) {
      throw CliException.usage(
          "The page cannot be served at "
              + host
              + ":"
              + port
              + ": "
              + e.getMessage()
              + ". Choose another --serve, or 0 for any that is free",
          e);
    }
  }

  /** Where the page is. */
  String address() {
    return "http://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + server.getAddress().getPort()
        + "/";
  }

  /** Waits until the process is told to end. */
  void await() throws InterruptedException {
    closed.await();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String method = exchange.getRequestMethod();
      if (!isAllowed(exchange.getRequestHeaders().getFirst("Host"), host)) {
        send(exchange, 421, "text/plain", "This page is served under its address only.\n");
      } else if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, "text/plain", "Only GET and HEAD are answered.\n");
      } else if (path.equals("/")) {
        page(exchange);
      } else if (path.equals("/status.json")) {
        document(exchange);
      } else {
        send(exchange, 404, "text/plain", "There is / and /status.json.\n");
      }
    }
  }

  /**
   * Whether a request names this server by what it is served at. A name that somebody else has made
   * to lead here (DNS rebinding) is none of that.
   */
  static boolean isAllowed(@Nullable String header, String host) {
    if (header == null) {
      return false;
    }
    String name = PORT.matcher(header.toLowerCase(Locale.ROOT)).replaceFirst("");
    return name.equals("localhost")
        || name.equals(host.toLowerCase(Locale.ROOT))
        || ADDRESS.matcher(name).matches();
  }

  private void page(HttpExchange exchange) throws IOException {
    StatusReport report = seen(exchange);
    if (report != null) {
      send(exchange, 200, "text/html", StatusPage.of(report, true));
    }
  }

  private void document(HttpExchange exchange) throws IOException {
    StatusReport report = seen(exchange);
    if (report != null) {
      send(exchange, 200, "application/json", json(report));
    }
  }

  /** What is known; null where nothing ever was, which is then answered. */
  private @Nullable StatusReport seen(HttpExchange exchange) throws IOException {
    try {
      StatusWatch.KnownStatus known = watch.current();
      if (known.report() == null) {
        send(exchange, 503, "text/plain", known.problem() + "\n");
      }
      return known.report();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static String json(StatusReport report) throws JsonProcessingException {
    return JSON.writeValueAsString(StatusDocument.of(report, null));
  }

  private static void send(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type + "; charset=utf-8");
    headers.set("Content-Security-Policy", StatusPage.policy(true) + "; frame-ancestors 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cache-Control", "no-store");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, isHead ? -1 : bytes.length);
    if (!isHead) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    watch.close();
    closed.countDown();
  }
}
