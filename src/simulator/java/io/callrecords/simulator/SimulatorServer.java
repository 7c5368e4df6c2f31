package io.callrecords.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocketFactory;

/**
 * An HTTP/1.1 server on a loopback port that can do what no decent server does: reset a connection,
 * send half a body, hang. It has a thread per connection.
 */
public final class SimulatorServer implements AutoCloseable {
  private static final int BACKLOG = 256;

  private final SimulatedApi api;
  private final Faults faults;
  private final InstantSource clock;
  private final Duration latency;
  private final boolean tls;
  private final ServerSocket listener;
  private final ExecutorService threads;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final LongAccumulator maxInFlight = new LongAccumulator(Math::max, 0);
  private final LongAdder busyNanos = new LongAdder();

  /**
   * Listens at once.
   *
   * @param port a port of the loopback interface, or 0 for a free one
   * @param latency how long every answer is held back
   */
  SimulatorServer(
      SimulatedApi api,
      Faults faults,
      InstantSource clock,
      Duration latency,
      ServerSocketFactory factory,
      int port) {
    this.api = api;
    this.faults = faults;
    this.clock = clock;
    this.latency = latency;
    tls = factory instanceof SSLServerSocketFactory;
    listener = listen(factory, port);
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "simulator-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.execute(this::accept);
  }

  private static ServerSocket listen(ServerSocketFactory factory, int port) {
    try {
      ServerSocket listener = factory.createServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      return listener;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scheme, host and port, without a path. */
  public String origin() {
    return (tls ? "https" : "http") + "://127.0.0.1:" + listener.getLocalPort();
  }

  /** The connections that are open now. */
  public int connections() {
    return sockets.size();
  }

  /** The requests that wait for the end of their answer now. */
  public int inFlight() {
    return inFlight.get();
  }

  /** The most requests that ever waited at once. */
  public long maxInFlight() {
    return maxInFlight.get();
  }

  /**
   * The time that all answered requests have spent here: divided by the time, the mean in flight.
   */
  public Duration busyTime() {
    return Duration.ofNanos(busyNanos.sum());
  }

  /** Ends all connections at once, also hanging ones, and waits for their threads. */
  @Override
  public void close() {
    closing.countDown();
    closeQuietly(listener);
    sockets.forEach(SimulatorServer::closeQuietly);
    threads.shutdownNow();
    try {
      // They end at once; on a busy machine that may take a while.
      if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("A thread of the simulator does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!closed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException | RejectedExecutionException e) {
        // Closing, or a client that left at once: the loop's condition tells which.
      }
    }
    sockets.forEach(SimulatorServer::closeQuietly);
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      new HttpConnection(socket, this).serve();
    } catch (IOException e) {
      // The client left, or the server closes: nothing is owed to either.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(socket);
    }
  }

  Answer answer(String method, String path, Map<String, String> headers, byte[] body) {
    return api.answer(method, path, headers, body, api.serverTime(clock.instant()));
  }

  void begun() {
    maxInFlight.accumulate(inFlight.incrementAndGet());
  }

  void ended(long nanos) {
    inFlight.decrementAndGet();
    busyNanos.add(nanos);
  }

  boolean closed() {
    return closing.getCount() == 0;
  }

  long releases() {
    return faults.releases();
  }

  Duration latency() {
    return latency;
  }

  /** Waits, but not beyond the server's end. */
  void pause(Duration time) throws InterruptedException {
    if (!time.isZero() && closing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("The server closes");
    }
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // It is closed as far as it can be.
    }
  }
}
