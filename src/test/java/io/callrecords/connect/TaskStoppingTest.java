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
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A task ends at once whatever it waits for, leaves nothing behind, and its successor goes on where
 * it was.
 */
class TaskStoppingTest {
  /** What is promised of {@code poll()}. */
  private static final Duration POLL = Duration.ofSeconds(1);

  /** What is promised of {@code stop()}. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  /** A busy machine delays some runs; a task that waits for something delays each of them. */
  private static final int MOST_RUNS = 20;

  private static final String LOGGED = "io.callrecords.connect";
  private static final String NEVER = Long.toString(TimeLimits.NEVER.toMillis());

  @BeforeAll
  static void silence() {
    Configurator.setLevel(LOGGED, Level.OFF);
  }

  @AfterAll
  static void speak() {
    Configurator.setLevel(LOGGED, (Level) null);
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void whileARequestHangs(Phase phase) {
    stops(
        account -> account.strike(phase, Integer.MAX_VALUE, Fault.hang()),
        Map.of(),
        account -> account.simulator().server().inFlight() > 0 && account.struck() > 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FIRST_PAGE"})
  void whileAnAnswerStalls(Phase phase) {
    stops(
        account -> account.strike(phase, Integer.MAX_VALUE, Fault.stall()),
        Map.of(),
        account -> account.simulator().server().inFlight() > 0 && account.struck() > 0);
  }

  @Test
  void whileAnAnswerStallsOverTls() {
    stops(
        FaultyApiFixture::overTls,
        account -> account.strike(Phase.FIRST_PAGE, Integer.MAX_VALUE, Fault.stall()),
        Map.of(),
        account -> account.simulator().server().inFlight() > 0 && account.struck() > 0,
        Integer.MAX_VALUE);
  }

  @Test
  void inTheMiddleOfSendingOverTls() {
    stops(
        FaultyApiFixture::overTls,
        account -> {},
        Map.of("requests.per.second", "20"),
        account -> false,
        1);
  }

  @ParameterizedTest
  @EnumSource(names = {"FIRST_PAGE", "LIVE_EDGE"})
  void inALongBackoff(Phase phase) {
    stops(
        account -> account.strike(phase, Integer.MAX_VALUE, Fault.http(500)),
        Map.of("retry.backoff.ms", NEVER, "retry.backoff.max.ms", NEVER),
        account -> account.struck() > 0 && account.simulator().server().inFlight() == 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FIRST_PAGE", "LIVE_EDGE"})
  void inALongPauseThatTheApiAsksFor(Phase phase) {
    stops(
        account ->
            account.strike(phase, Integer.MAX_VALUE, Fault.retryAfter(429, TimeLimits.NEVER)),
        Map.of(),
        account -> account.struck() > 0 && account.simulator().server().inFlight() == 0);
  }

  @Test
  void whileItWaitsForTheRate() {
    stops(
        account -> {},
        Map.of("requests.per.second", "0.01"),
        account -> !TaskRun.threads(account.name()).isEmpty());
  }

  @Test
  void whileAConnectionOpens() throws IOException {
    try (ServerSocket deaf = new ServerSocket()) {
      deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      List<Socket> waiting = fill(deaf);
      try {
        String url = "http://127.0.0.1:" + deaf.getLocalPort();
        stops(
            account -> {},
            Map.of("api.url", url + "/v3"),
            account -> !TaskRun.threadsThatCarry(url + "/v3").isEmpty());
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
    stops(
        FaultyApiFixture::new,
        account -> {},
        Map.of("requests.per.second", "20"),
        account -> false,
        1);
  }

  @Test
  void aTaskThatWasNeverStartedAndTwice() {
    CallRecordSourceTask task = new CallRecordSourceTask();

    assertThatCode(task::stop).doesNotThrowAnyException();
    assertThatCode(task::stop).doesNotThrowAnyException();
  }

  private static void stops(
      Consumer<FaultyApiFixture> faults,
      Map<String, String> change,
      Predicate<FaultyApiFixture> waits) {
    stops(FaultyApiFixture::new, faults, change, waits, Integer.MAX_VALUE);
  }

  /**
   * Stops a task in the middle of something, until one run of it has kept the promise; whatever
   * else is expected holds for each run.
   */
  private static void stops(
      Supplier<FaultyApiFixture> api,
      Consumer<FaultyApiFixture> faults,
      Map<String, String> change,
      Predicate<FaultyApiFixture> waits,
      int orSent) {
    List<Stopped> runs = new ArrayList<>();
    do {
      assertThat(runs).as("runs of which none has stopped at once").hasSizeLessThan(MOST_RUNS);
      try (FaultyApiFixture account = api.get()) {
        faults.accept(account);
        runs.add(stopOnce(account, change, waits, orSent));
      }
    } while (!runs.get(runs.size() - 1).atOnce());
  }

  /**
   * How a task has stopped.
   *
   * @param longestPoll the longest that {@code poll()} took
   * @param stop how long {@code stop()} took
   * @param threads how long, from its beginning on, the task's threads lived
   */
  private record Stopped(Duration longestPoll, Duration stop, Duration threads) {
    boolean atOnce() {
      return longestPoll.compareTo(POLL) < 0 && threads.compareTo(AT_ONCE) < 0;
    }
  }

  private static Stopped stopOnce(
      FaultyApiFixture account,
      Map<String, String> change,
      Predicate<FaultyApiFixture> waits,
      int orSent) {
    Map<String, String> settings = account.settings();
    Map<String, String> patient = new HashMap<>(settings);
    patient.put("connect.timeout.ms", NEVER);
    patient.put("request.timeout.ms", NEVER);
    patient.putAll(change);
    String url = patient.get("api.url");
    TaskRun first = TaskRun.timed(patient);
    assertThat(first.await(() -> waits.test(account) || first.topic().size() >= orSent)).isTrue();

    assertThat(first.stop()).as("stop() returns").isTrue();
    long returned = System.nanoTime();
    awaitEnd(threads(account.name(), url));
    Duration later = Duration.ofNanos(System.nanoTime() - returned);

    await("connections end")
        .atMost(TimeLimits.LONG)
        .until(() -> account.simulator().server().connections() == 0);
    assertThat(first.failure()).isNull();
    goesOn(account, settings, first);
    return new Stopped(first.longestPoll(), first.stopTook(), first.stopTook().plus(later));
  }

  private static void awaitEnd(List<Thread> threads) {
    for (Thread thread : threads) {
      assertThatCode(() -> thread.join(TimeLimits.LONG.toMillis())).doesNotThrowAnyException();
      assertThat(thread.isAlive()).as("%s lives", thread).isFalse();
    }
  }

  private static List<Thread> threads(String connector, String url) {
    List<Thread> threads = new ArrayList<>(TaskRun.threads(connector));
    threads.addAll(TaskRun.threadsThatCarry(url));
    return threads;
  }

  /** A task that starts from the stored offsets delivers the rest, once. */
  private static void goesOn(
      FaultyApiFixture account, Map<String, String> settings, TaskRun first) {
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
