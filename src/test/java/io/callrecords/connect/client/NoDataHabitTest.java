package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A habit of returning no data, and what disproves it. */
class NoDataHabitTest {
  private static final Instant AT = Instant.parse("2026-11-01T00:00:00Z");

  private final VirtualLoop loop = new VirtualLoop(AT);
  private final ResponseEvidence evidence = new ResponseEvidence();
  private final EmptyResponsePolicy policy = new EmptyResponsePolicy(loop, evidence, false);

  private static PageRequest hour(int hour) {
    Instant from = AT.plusSeconds(3_600L * hour);
    return new PageRequest(from, from.plusSeconds(3_599), 1, 50);
  }

  private static Page page(boolean withoutData) {
    return new Page(0, List.of(), withoutData, AT);
  }

  private EmptyResponsePolicy.Belief after(
      EmptyResponsePolicy.Examination examination, Duration time) {
    CompletableFuture<EmptyResponsePolicy.Belief> belief = new CompletableFuture<>();
    loop.runFor(time);
    loop.execute(
        () -> {
          // Another request is answered meanwhile.
          evidence.returnedRows();
          belief.complete(examination.examine(page(true)));
        });
    loop.runFor(Duration.ofMillis(1));
    return belief.join();
  }

  /** A habit was learned from an outage of one store: a proper empty page disproves it. */
  @Test
  void aProperEmptyPageDisprovesAHabit() {
    EmptyResponsePolicy.Examination outage = policy.examine(hour(1), Priority.BACKLOG);
    for (int i = 0; i < 6; i++) {
      after(outage, Duration.ofSeconds(70));
    }
    assertThat(evidence.returnsNoData(hour(1))).isTrue();
    policy.examine(hour(2), Priority.BACKLOG).examine(page(false));

    EmptyResponsePolicy.Examination next = policy.examine(hour(3), Priority.BACKLOG);
    after(next, Duration.ofSeconds(1));
    assertThat(after(next, Duration.ofSeconds(11))).isNotEqualTo(EmptyResponsePolicy.Belief.ACCEPT);
  }

  private Duration timeToBelief(EmptyResponsePolicy asked) {
    EmptyResponsePolicy.Examination examination = asked.examine(hour(1), Priority.BACKLOG);
    Duration begin = loop.uptime();
    while (after(examination, Duration.ofSeconds(5)) != EmptyResponsePolicy.Belief.ACCEPT) {
      assertThat(loop.uptime().minus(begin)).isLessThan(Duration.ofHours(1));
    }
    return loop.uptime().minus(begin);
  }

  @ParameterizedTest
  @CsvSource({"false, 5", "true, 1"})
  void aHabitThatApiFactsNamesIsBelievedSooner(boolean isNamed, int minutes) {
    EmptyResponsePolicy told = new EmptyResponsePolicy(loop, evidence, isNamed);

    assertThat(timeToBelief(told))
        .isBetween(Duration.ofMinutes(minutes), Duration.ofMinutes(minutes).plusSeconds(10));
  }

  /** A report may be wrong: what it names is not what has been seen for minutes. */
  @Test
  void aHabitThatApiFactsNamesIsLearnedNoSooner() {
    EmptyResponsePolicy told = new EmptyResponsePolicy(loop, evidence, true);

    Duration first = timeToBelief(told);
    assertThat(evidence.returnsNoData(hour(1))).isFalse();
    Duration second = timeToBelief(told);
    assertThat(List.of(first, second))
        .allSatisfy(time -> assertThat(time).isGreaterThanOrEqualTo(Duration.ofMinutes(1)));
    loop.runFor(Duration.ofMinutes(3));
    timeToBelief(told);

    assertThat(evidence.returnsNoData(hour(1))).isTrue();
    assertThat(timeToBelief(told)).isLessThan(Duration.ofSeconds(30));
  }

  /** An empty page shows that api.facts is of another time: what it says is dropped. */
  @Test
  void aProperEmptyPageDisprovesWhatApiFactsNames() {
    EmptyResponsePolicy told = new EmptyResponsePolicy(loop, evidence, true);
    try (LogCapture log = new LogCapture(EmptyResponsePolicy.class)) {
      told.examine(hour(2), Priority.BACKLOG).examine(page(false));
      told.examine(hour(3), Priority.BACKLOG).examine(page(false));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("INFO ")
          .contains("although api.facts says that it returns no data");
    }
    assertThat(timeToBelief(told)).isGreaterThan(Duration.ofMinutes(9));
  }
}
