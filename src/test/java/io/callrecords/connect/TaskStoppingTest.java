package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.callrecords.connect.FaultyApiFixture.Phase;
import io.callrecords.simulator.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A task ends at once whatever it waits for, leaves nothing behind, and its successor goes on where
 * it was.
 */
class TaskStoppingTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(2);
  private static final String LOGGED = "io.callrecords.connect";
  private static final String LONG = "60000";

  private final FaultyApiFixture account = new FaultyApiFixture();

  @BeforeAll
  static void silence() {
    Configurator.setLevel(LOGGED, Level.OFF);
  }

  @AfterAll
  static void speak() {
    Configurator.setLevel(LOGGED, (Level) null);
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void whileARequestHangs(Phase phase) {
    account.strike(phase, Integer.MAX_VALUE, Fault.hang());

    stops(Map.of(), () -> account.simulator().server().inFlight() > 0 && account.struck() > 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FIRST_PAGE"})
  void whileAnAnswerStalls(Phase phase) {
    account.strike(phase, Integer.MAX_VALUE, Fault.stall());

    stops(Map.of(), () -> account.simulator().server().inFlight() > 0 && account.struck() > 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FIRST_PAGE", "LIVE_EDGE"})
  void inALongBackoff(Phase phase) {
    account.strike(phase, Integer.MAX_VALUE, Fault.http(500));

    stops(
        Map.of("retry.backoff.ms", LONG, "retry.backoff.max.ms", LONG),
        () -> account.struck() > 0 && account.simulator().server().inFlight() == 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FIRST_PAGE", "LIVE_EDGE"})
  void inALongPauseThatTheApiAsksFor(Phase phase) {
    account.strike(phase, Integer.MAX_VALUE, Fault.retryAfter(429, Duration.ofHours(1)));

    stops(Map.of(), () -> account.struck() > 0 && account.simulator().server().inFlight() == 0);
  }

  @Test
  void whileItWaitsForTheRate() {
    stops(Map.of("requests.per.second", "0.01"), () -> !threads().isEmpty());

    assertThat(account.struck()).isZero();
  }

  @Test
  void whileAConnectionOpens() throws IOException {
    try (ServerSocket deaf = new ServerSocket()) {
      deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      List<Socket> waiting = fill(deaf);
      try {
        String url = "http://127.0.0.1:" + deaf.getLocalPort();
        stops(
            Map.of("api.url", url + "/v3"), () -> !TaskRun.threadsThatCarry(url + "/v3").isEmpty());
        assertThat(TaskRun.threadsThatCarry(url + "/v3")).isEmpty();
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }

  /** Connects until a listener that accepts nobody lets nobody in any more. */
  private static List<Socket> fill(ServerSocket deaf) throws IOException {
    List<Socket> waiting = new ArrayList<>();
    while (waiting.size() < 100) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(deaf.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return waiting;
      }
    }
    throw new IllegalStateException("The queue of connections has no end");
  }

  @Test
  void inTheMiddleOfSending() {
    stops(Map.of("requests.per.second", "20"), () -> false, 1);
  }

  @Test
  void aTaskThatWasNeverStartedAndTwice() {
    CallRecordSourceTask task = new CallRecordSourceTask();

    assertThatCode(task::stop).doesNotThrowAnyException();
    assertThatCode(task::stop).doesNotThrowAnyException();
  }

  private List<Thread> threads() {
    return TaskRun.threads(account.name());
  }

  private void stops(Map<String, String> change, BooleanSupplier waits) {
    stops(change, waits, Integer.MAX_VALUE);
  }

  private void stops(Map<String, String> change, BooleanSupplier waits, int orSent) {
    Map<String, String> settings = account.settings();
    Map<String, String> patient = new HashMap<>(settings);
    patient.put("connect.timeout.ms", LONG);
    patient.put("request.timeout.ms", LONG);
    patient.putAll(change);
    TaskRun first = new TaskRun(patient);
    assertThat(first.await(() -> waits.getAsBoolean() || first.topic().size() >= orSent)).isTrue();

    assertThat(first.stop()).isLessThan(AT_ONCE);

    String url = patient.get("api.url");
    await("threads end")
        .atMost(AT_ONCE)
        .until(() -> threads().isEmpty() && TaskRun.threadsThatCarry(url).isEmpty());
    await("connections end")
        .atMost(AT_ONCE)
        .until(() -> account.simulator().server().connections() == 0);
    assertThat(first.failure()).isNull();
    goesOn(settings, first);
  }

  /** A task that starts from the stored offsets delivers the rest, once. */
  private void goesOn(Map<String, String> settings, TaskRun first) {
    account.simulator().faults().clear();
    Map<String, Integer> topic = new HashMap<>(first.topic());
    try (TaskRun next = new TaskRun(settings, first.offsets())) {
      account.ring();
      next.await(() -> topic.size() + next.topic().size() >= account.ids().size());
      long before = account.simulator().journal().count();
      next.await(() -> account.simulator().journal().count() > before + 1);
      next.topic().forEach((id, count) -> topic.merge(id, count, Integer::sum));
    }
    assertThat(topic).containsOnlyKeys(account.ids());
    assertThat(topic.values()).containsOnly(1);
  }
}
