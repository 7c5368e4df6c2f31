package io.callrecords.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallStoreTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private final CallStore store = new CallStore(FilteredTime.CALL_START);

  @ParameterizedTest
  @EnumSource(FilteredTime.class)
  void indexedCountsEqualBruteForceWhileTimePasses(FilteredTime time) {
    for (long seed = 0; seed < 20; seed++) {
      new StoreScenario(time, seed).live();
    }
  }

  @Test
  void aCallAppearsAtItsMoment() {
    Call call = Probe.call(1, START).with(to -> to.appearsAt(START.plusMillis(60_500)));
    store.add(call);

    assertThat(store.visibleIds(START.plusMillis(60_499))).isEmpty();
    assertThat(store.find("call-1", START.plusMillis(60_499))).isEmpty();
    assertThat(store.visibleIds(START.plusMillis(60_500))).containsExactly("call-1");
    assertThat(store.find("call-1", START.plusMillis(60_500))).contains(call);
  }

  @Test
  void anEditShowsFromItsMomentOn() {
    store.add(Probe.call(1, START));
    Instant edited = START.plusSeconds(100);
    store.edit("call-1", edited, call -> call.remark("later"));
    store.edit("call-1", edited.minusSeconds(50), call -> call.remark("sooner").cost("1.00"));

    assertThat(remark(START.plusSeconds(20))).isEmpty();
    assertThat(remark(START.plusSeconds(50))).isEqualTo("sooner");
    assertThat(remark(edited)).isEqualTo("later");
    assertThat(store.find("call-1", edited).orElseThrow().cost()).isEqualTo("1.00");
    assertThat(store.versions("call-1"))
        .extracting(version -> version.call().remark())
        .containsExactly("", "sooner", "later");
  }

  @Test
  void anEditBeforeTheAppearanceIsNeverSeenAsAVersion() {
    store.add(Probe.call(1, START));
    store.edit("call-1", START.plusSeconds(1), call -> call.remark("early"));

    assertThat(store.versions("call-1"))
        .containsExactly(
            new CallVersion(
                START.plusSeconds(10), Probe.call(1, START).with(call -> call.remark("early"))));
  }

  @Test
  void anEditOfTheFilteredTimeMovesTheCall() {
    Instant later = START.plusSeconds(3600);
    store.add(Probe.call(1, START));
    Instant now = START.plusSeconds(100);
    assertThat(store.count(now, START, START.plusSeconds(1))).isEqualTo(1);
    store.edit("call-1", now.plusSeconds(1), call -> call.start(later));

    assertThat(store.count(now, START, START.plusSeconds(1))).isEqualTo(1);
    Instant after = now.plusSeconds(1);
    assertThat(store.count(after, START, START.plusSeconds(1))).isZero();
    assertThat(store.count(after, later, later.plusSeconds(1))).isEqualTo(1);
  }

  @Test
  void anIdIsThereOnlyOnce() {
    GeneratedCalls calls =
        CallGenerator.newBuilder().build().uniform(100, START, START.plusSeconds(9));
    store.addAll(calls);
    store.add(Probe.call(1, START));

    assertThatThrownBy(() -> store.add(Probe.call(1, START)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.add(calls.get(50))).isInstanceOf(IllegalArgumentException.class);
    assertThat(store.size()).isEqualTo(101);
  }

  @Test
  void callsMayBeAddedWhileTheyAreCounted() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    Instant now = START.plusSeconds(1000);
    try {
      List<Future<?>> adding = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        int from = t * 2000;
        adding.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 2000; i++) {
                    store.add(Probe.call(from + i, START.plusSeconds(i % 60)));
                  }
                }));
      }
      Future<?> counting =
          threads.submit(
              () -> {
                int before = 0;
                while (before < 4000) {
                  int count = store.count(now, START, START.plusSeconds(60));
                  assertThat(count).isGreaterThanOrEqualTo(before);
                  before = count;
                }
              });
      for (Future<?> thread : adding) {
        thread.get();
      }
      counting.get();
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.visibleIds(now)).hasSize(4000);
  }

  private String remark(Instant now) {
    return store.find("call-1", now).orElseThrow().remark();
  }

  /** One seeded account: calls of all sources, edits and moves, compared at rising moments. */
  private static final class StoreScenario {
    private final FilteredTime time;
    private final Random random;
    private final CallStore store;
    private final CallGenerator generator;
    private final List<String> ids = new ArrayList<>();

    StoreScenario(FilteredTime time, long seed) {
      this.time = time;
      random = new Random(seed);
      store = new CallStore(time);
      generator =
          CallGenerator.newBuilder().seed(seed).lag(Duration.ZERO, Duration.ofMinutes(9)).build();
    }

    void live() {
      add(generator.realistic(400, START, START.plusSeconds(3600)));
      Instant now = START;
      while (now.isBefore(START.plusSeconds(5000))) {
        now = now.plusMillis(random.nextInt(300_000));
        switch (random.nextInt(4)) {
          case 0 -> add(List.of(generator.starting(now, Duration.ofMinutes(5))));
          case 1 -> add(generator.inSecond(20, now.plusSeconds(random.nextInt(100))));
          default -> edit(now);
        }
        compare(now);
      }
    }

    private void add(List<Call> calls) {
      store.addAll(calls);
      calls.forEach(call -> ids.add(call.callSessionId()));
    }

    private void edit(Instant now) {
      String id = ids.get(random.nextInt(ids.size()));
      Instant at = now.plusSeconds(random.nextInt(600) - 300);
      Instant moved = START.plusSeconds(random.nextInt(3600));
      boolean moves = random.nextBoolean();
      store.edit(
          id, at, call -> moves ? call.start(moved).end(moved).created(moved) : call.remark("new"));
    }

    private void compare(Instant now) {
      Instant from = START.plusSeconds(random.nextInt(3600));
      Instant to = from.plusSeconds(random.nextInt(3600));
      List<String> expected = new ArrayList<>();
      for (String id : ids) {
        store
            .find(id, now)
            .filter(call -> !time.of(call).isBefore(from) && time.of(call).isBefore(to))
            .ifPresent(call -> expected.add(id));
      }
      assertThat(store.count(now, from, to)).isEqualTo(expected.size());
      assertThat(store.visibleIds(now, from, to)).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(store.visible(now, from, to))
          .isSortedAccordingTo((a, b) -> time.of(a).compareTo(time.of(b)));
    }
  }
}
