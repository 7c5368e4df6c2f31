package io.callrecords.connect.client;

import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.TransportOptions;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** Sends requests over HTTP/1.1. Every task has its own, so that nothing outlives the task. */
public final class OkHttpTransport implements Transport {
  private static final MediaType JSON = MediaType.get("application/json;charset=UTF-8");

  /**
   * Less than lies between two polls: a worker may have hundreds of tasks that follow quiet
   * accounts.
   */
  private static final long IDLE_THREAD_SECONDS = 1;

  /** A cancelled request ends at once, unless the operating system looks up a host's address. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

  private final OverheadLimit overhead = new OverheadLimit();
  private final OkHttpClient client;

  /**
   * Creates a transport; no connection is opened yet.
   *
   * @param options timeouts, the number of concurrent requests, TLS and proxy
   * @param threadName the prefix of its threads' names
   */
  public OkHttpTransport(ApiOptions options, String threadName) {
    this(options, threadName, System::nanoTime);
  }

  /** Creates a transport whose connections age by the given time. */
  OkHttpTransport(ApiOptions options, String threadName, LongSupplier nanoTime) {
    int threads = options.maxConcurrentRequests();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, threadName);
              thread.setDaemon(true);
              // OkHttp rethrows what it has reported, with a message that quotes the server.
              thread.setUncaughtExceptionHandler((ended, reported) -> {});
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    Dispatcher dispatcher = new Dispatcher(executor);
    dispatcher.setMaxRequests(threads);
    dispatcher.setMaxRequestsPerHost(threads);
    TransportOptions between = options.transport();
    OkHttpClient.Builder builder =
        Tls.clientBuilder(between.tls())
            // Over HTTP/2, a server can exhaust the heap before any time-out.
            .protocols(List.of(Protocol.HTTP_1_1))
            .dispatcher(dispatcher)
            .connectionPool(new ConnectionPool())
            .connectTimeout(options.connectTimeout())
            .readTimeout(options.requestTimeout())
            .writeTimeout(options.requestTimeout())
            .callTimeout(options.requestTimeout())
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .eventListenerFactory(OkHttpTransport::observer)
            .socketFactory(overhead.sockets())
            .addInterceptor(overhead)
            .addNetworkInterceptor(new ConnectionAgeLimit(nanoTime));
    ProxySelector proxies = ProxySelector.getDefault();
    if (proxies != null) {
      // The JVM's own choice of now, and not of when the first client was made.
      builder.proxySelector(proxies);
    }
    Tls.apply(between.tls(), builder);
    if (between.proxy() != null) {
      HttpProxy.apply(between.proxy(), builder);
    }
    client = builder.build();
  }

  private static EventListener observer(Call call) {
    CallObserver observer = call.request().tag(CallObserver.class);
    return observer == null ? EventListener.NONE : observer;
  }

  @Override
  public <T> CompletableFuture<T> post(
      URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
    return post(url, headers, body, handler, () -> {});
  }

  @Override
  public <T> CompletableFuture<T> post(
      URI url,
      Map<String, String> headers,
      byte[] body,
      ResponseHandler<T> handler,
      Runnable onSent) {
    CompletableFuture<T> result = new CompletableFuture<>();
    CallObserver observer = new CallObserver(onSent);
    Request request =
        new Request.Builder()
            .url(url.toString())
            .headers(Headers.of(headers))
            .post(new OnceBody(body))
            .tag(CallObserver.class, observer)
            .build();
    client
        .newCall(request)
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {
                result.completeExceptionally(explained(e, observer));
              }

              @Override
              public void onResponse(Call call, Response response) {
                complete(result, response, handler);
              }
            });
    return result;
  }

  private IOException explained(IOException error, CallObserver observer) {
    if (!observer.isStale(error)) {
      return error;
    }
    // Its neighbours have been idle for as long, and the next request is to find a new one.
    client.connectionPool().evictAll();
    return new StaleConnectionException(error);
  }

  // Whatever the handler throws has to reach the one who waits: an Error, too.
  @SuppressWarnings("CatchingUnchecked")
  private <T> void complete(
      CompletableFuture<T> result, Response response, ResponseHandler<T> handler) {
    UnaryOperator<@Nullable String> header = response::header;
    try (response;
        InputStream body = new Body(response.body().byteStream(), overhead)) {
      result.complete(handler.handle(response.code(), header, body));
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  /** Cancels all requests, and waits a moment for their threads to end. */
  @Override
  public void close() {
    ExecutorService threads = client.dispatcher().executorService();
    // Before anything is cancelled: a request that fails makes room for the next, which would hang
    // until it times out, since an interrupt does not reach a thread that reads from a socket.
    threads.shutdown();
    client.dispatcher().cancelAll();
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Last: a request that just ended has given its connection back.
    client.connectionPool().evictAll();
  }

  /**
   * Turns OkHttp's unchecked exceptions about malformed HTTP into checked ones. What is read of it
   * is no overhead.
   */
  private static final class Body extends FilterInputStream {
    private final OverheadLimit overhead;

    Body(InputStream in, OverheadLimit overhead) {
      super(in);
      this.overhead = overhead;
    }

    @Override
    public int read() throws IOException {
      try {
        int next = super.read();
        if (next >= 0) {
          overhead.restart();
        }
        return next;
      } catch (RuntimeException e) {
        throw broken(e);
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        int count = super.read(target, offset, length);
        if (count > 0) {
          overhead.restart();
        }
        return count;
      } catch (RuntimeException e) {
        throw broken(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } catch (RuntimeException e) {
        throw broken(e);
      }
    }

    private static ProtocolException broken(RuntimeException e) {
      ProtocolException broken = new ProtocolException("The body is malformed HTTP");
      broken.initCause(e);
      return broken;
    }
  }

  /**
   * A body that can be written once only. This keeps OkHttp from resending a request by itself, on
   * a 503 with {@code Retry-After: 0} as well as on a broken connection.
   */
  private static final class OnceBody extends RequestBody {
    private final byte[] body;

    OnceBody(byte[] body) {
      this.body = body;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return body.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(body);
    }
  }
}
