package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stored offsets are read off the caller's thread, and nothing of that outlives its task. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OffsetLookupThreadTest {
  private static final Instant NOW = Instant.parse("2026-11-10T12:00:00Z");
  private static final Split DAY = Split.of(NOW);
  private static final String NAME = "offsets-under-test";

  /** What is promised of {@code stop()}. */
  private static final Duration IN_TIME = Duration.ofSeconds(2);

  /** A busy machine delays some runs; a task that waits for Kafka delays each of them. */
  private static final int MOST_RUNS = 20;

  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final Map<Map<String, ?>, Map<String, Object>> stored = new HashMap<>();
  private final Worker worker = new Worker();
  private final OffsetLookupThread lookup =
      new OffsetLookupThread(
          NAME,
          new OffsetStore(worker, codec, Duration.ofHours(1), Clock.fixed(NOW, ZoneOffset.UTC)));

  @AfterEach
  void close() {
    worker.hangs.countDown();
    lookup.close();
  }

  @Test
  void findsWhatIsStoredOnAThreadOfItsOwn() throws Exception {
    SplitOffset offset = new SplitOffset(DAY.range().from(), NOW, List.of());
    stored.put(codec.partition(DAY), codec.encode(offset));

    Map<Split, SplitOffset> found =
        lookup.lookUp(List.of(DAY)).get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS).offsets();

    assertThat(found).containsOnlyKeys(DAY);
    assertThat(found.get(DAY).settled()).isEqualTo(NOW);
    assertThat(worker.thread.get()).isNotSameAs(Thread.currentThread());
  }

  @Test
  void anotherAttemptMayMendWhatTheWorkerThrows() {
    worker.action = () -> new ConnectException("Failed to fetch offsets.");

    assertThatThrownBy(
            () -> lookup.lookUp(List.of(DAY)).get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS))
        .hasCauseInstanceOf(RetriableException.class);
  }

  @Test
  void noAttemptMendsAnOffsetThatCannotBeUsed() {
    stored.put(codec.partition(DAY), Map.of("version", 99L));

    assertThatThrownBy(
            () -> lookup.lookUp(List.of(DAY)).get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("cannot be used")
        .cause()
        .isInstanceOf(ConnectException.class)
        .isNotInstanceOf(RetriableException.class);
  }

  @Test
  void endsWhileKafkaHangs() {
    worker.action = worker::hang;
    CompletableFuture<ResumeState> result = lookup.lookUp(List.of(DAY));
    await().atMost(TimeLimits.LONG).until(() -> worker.thread.get() != null);

    lookup.close();

    await("the thread ends").atMost(TimeLimits.LONG).until(() -> !worker.thread.get().isAlive());
    assertThat(lookup.lookUp(List.of(DAY))).isNotDone();
    assertThat(result.isCompletedExceptionally()).isTrue();
  }

  @Test
  void aTaskStopsInTimeWhileKafkaHangs() {
    List<Duration> runs = new ArrayList<>();
    do {
      assertThat(runs).as("runs of which none has stopped in time").hasSizeLessThan(MOST_RUNS);
      runs.add(stopWhileKafkaHangs());
    } while (runs.get(runs.size() - 1).compareTo(IN_TIME) >= 0);
  }

  /** Returns how long it took. */
  private Duration stopWhileKafkaHangs() {
    worker.thread.set(null);
    worker.action = worker::hang;
    Map<String, String> settings = TestSettings.with("start.time", "2026-11-01T00:00:00Z");
    settings.put("name", NAME);
    settings.put("task.splits", "2026-11-01/..");
    settings.put("task.count", "1");
    settings.put("task.index", "0");
    settings.put("task.start", "2026-11-01T00:00:00Z");
    CallRecordSourceTask task = new CallRecordSourceTask();
    task.initialize(new OldWorker(worker, error -> {}));
    task.start(settings);
    await().atMost(TimeLimits.LONG).until(() -> worker.thread.get() != null);
    long begin = System.nanoTime();

    task.stop();

    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    await("threads end").atMost(TimeLimits.LONG).until(() -> TaskRun.threads(NAME).isEmpty());
    return took;
  }

  /** The worker's side: finds what is stored, fails, or hangs. */
  private final class Worker implements OffsetStorageReader {
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private volatile Supplier<@Nullable RuntimeException> action = () -> null;

    @Override
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      thread.set(Thread.currentThread());
      RuntimeException failure = action.get();
      if (failure != null) {
        throw failure;
      }
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, stored.get(partition)));
      return found;
    }

    private @Nullable RuntimeException hang() {
      try {
        hangs.await();
        return null;
      } catch (InterruptedException e) {
        return new ConnectException("Failed to fetch offsets.", e);
      }
    }
  }
}
