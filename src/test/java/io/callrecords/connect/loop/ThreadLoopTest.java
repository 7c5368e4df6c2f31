package io.callrecords.connect.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.TimeLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Proves that a real loop keeps the order of its steps, survives their failures, and ends. */
class ThreadLoopTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final ThreadLoop loop =
      new ThreadLoop("loop-under-test", Clock.fixed(NOW, ZoneOffset.UTC), failures::add);

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  @Test
  void runsStepsOneByOneInTheirOrderOnItsOwnThread() throws Exception {
    List<Integer> numbers = IntStream.range(0, 1_000).boxed().toList();
    Queue<Integer> ran = new ConcurrentLinkedQueue<>();
    Queue<String> threads = new ConcurrentLinkedQueue<>();

    for (int number : numbers) {
      loop.execute(
          () -> {
            threads.add(Thread.currentThread().getName());
            ran.add(number);
          });
    }
    waitForTheLoop();

    assertThat(ran).containsExactlyElementsOf(numbers);
    assertThat(threads).containsOnly("loop-under-test");
  }

  @Test
  void whatItLogsIsMarkedAsWhatItsCreatorLogs() throws Exception {
    MDC.put("connector.context", "[calls|task-0] ");
    try (ThreadLoop marked = new ThreadLoop("marked", Clock.systemUTC(), failures::add)) {
      CompletableFuture<String> mark = new CompletableFuture<>();
      marked.execute(() -> mark.complete(MDC.get("connector.context")));

      assertThat(mark.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS))
          .isEqualTo("[calls|task-0] ");
    } finally {
      MDC.remove("connector.context");
    }
  }

  @Test
  void runsADelayedStepNoEarlierThanItsTime() throws Exception {
    Duration delay = Duration.ofMillis(20);
    CompletableFuture<Duration> ranAt = new CompletableFuture<>();
    Duration scheduledAt = loop.uptime();

    loop.schedule(delay, () -> ranAt.complete(loop.uptime()));

    assertThat(ranAt.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS))
        .isGreaterThanOrEqualTo(scheduledAt.plus(delay));
  }

  @Test
  void handsWhatAStepThrowsToItsHandlerAndGoesOn() throws Exception {
    IllegalStateException failure = new IllegalStateException("of a step");
    AssertionError error = new AssertionError("an Error of a delayed step");
    CountDownLatch delayed = new CountDownLatch(1);

    loop.execute(
        () -> {
          throw failure;
        });
    loop.schedule(
        Duration.ofMillis(1),
        () -> {
          delayed.countDown();
          throw error;
        });

    assertThat(delayed.await(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    waitForTheLoop();
    assertThat(failures).containsExactly(failure, error);
  }

  @Test
  void tellsTheClockOfTheMachine() {
    assertThat(loop.wallClock()).isEqualTo(NOW);
  }

  @Test
  void endsItsThreadAndDropsWhatWaitsOnceItIsClosed() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    Queue<String> ran = new ConcurrentLinkedQueue<>();
    loop.execute(() -> thread.complete(Thread.currentThread()));
    loop.schedule(Duration.ofHours(1), () -> ran.add("waiting"));
    Thread own = thread.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS);

    loop.close();

    assertThat(loop.awaitClosed(TimeLimits.LONG)).isTrue();
    own.join(TimeLimits.LONG.toMillis());
    assertThat(own.isAlive()).isFalse();
    loop.execute(() -> ran.add("later"));
    loop.schedule(Duration.ZERO, () -> ran.add("delayed"));
    assertThat(ran).isEmpty();
    assertThat(failures).isEmpty();
  }

  @Test
  void saysThatItHasNotEndedWhileAStepStillRuns() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    loop.execute(
        () -> {
          begun.countDown();
          awaitIgnoringInterrupts(mayEnd);
        });
    assertThat(begun.await(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

    loop.close();

    assertThat(loop.awaitClosed(Duration.ofMillis(20))).isFalse();
    mayEnd.countDown();
    assertThat(loop.awaitClosed(TimeLimits.LONG)).isTrue();
  }

  private static void awaitIgnoringInterrupts(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void waitForTheLoop() throws Exception {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    loop.execute(() -> reached.complete(null));
    reached.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS);
  }
}
