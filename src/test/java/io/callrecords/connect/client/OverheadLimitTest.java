package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.TimeLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a socket receives counts, in whatever way it is taken from there. */
class OverheadLimitTest {
  private static final int TOO_MUCH = OverheadLimit.MAX_BYTES * 3;

  private final OverheadLimit limit = new OverheadLimit();
  private ServerSocket server;
  private CompletableFuture<Void> sending;
  private Socket socket;

  @BeforeEach
  void send() throws Exception {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    socket = limit.sockets().createSocket();
    socket.connect(server.getLocalSocketAddress());
    Socket accepted = server.accept();
    sending =
        CompletableFuture.runAsync(
            () -> {
              try (accepted) {
                accepted.getOutputStream().write(new byte[TOO_MUCH]);
              } catch (IOException e) {
                // The other end has had enough.
              }
            });
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    sending.join();
    server.close();
  }

  private void awaitMore(InputStream in) {
    Awaitility.await().atMost(TimeLimits.LONG).until(() -> in.available() > 0);
  }

  @Test
  void whatIsSkippedCounts() throws Exception {
    InputStream in = socket.getInputStream();

    assertThatThrownBy(
            () -> {
              while (true) {
                assertThat(in.skip(Long.MAX_VALUE)).isPositive();
              }
            })
        .isInstanceOf(ResponseOverheadException.class);
  }

  @Test
  void nothingIsThereToBeReadOnceItWasTooMuch() throws Exception {
    InputStream in = socket.getInputStream();
    awaitMore(in);
    assertThatThrownBy(() -> in.readNBytes(TOO_MUCH)).isInstanceOf(ResponseOverheadException.class);

    assertThat(in.available()).isZero();

    limit.restart();
    awaitMore(in);
    assertThat(in.skip(0)).isZero();
    assertThat(in.skip(1)).isOne();
  }
}
