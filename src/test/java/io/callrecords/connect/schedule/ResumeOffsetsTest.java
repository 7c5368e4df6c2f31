package io.callrecords.connect.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.scenario.VirtualOffsetLookup;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** What is stored is requested once, until it is known, and nothing waits on the loop for it. */
class ResumeOffsetsTest {
  private static final Split FIRST = ScheduleFixture.YESTERDAY;
  private static final Split SECOND = ScheduleFixture.TODAY;
  private static final Split THIRD = SECOND.next();

  private final VirtualLoop loop = new VirtualLoop(ScheduleFixture.NOW);
  private final SplitOffset offset =
      new SplitOffset(FIRST.range().from(), FIRST.range().to(), List.of());
  private final List<Throwable> failures = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();
  private final VirtualOffsetLookup lookup =
      new VirtualOffsetLookup(
          loop,
          days -> {
            Map<Split, SplitOffset> found = new HashMap<>(Map.of(FIRST, offset));
            found.keySet().retainAll(days);
            return ResumeState.ofDays(found);
          });
  private final ResumeOffsets offsets = new ResumeOffsets(lookup, loop, failures::add);

  private void request(Split... days) {
    loop.execute(() -> offsets.request(Arrays.asList(days)));
  }

  private void request(String step, Split... days) {
    loop.execute(() -> offsets.request(Arrays.asList(days), () -> ran.add(step)));
  }

  @Test
  void knowsADayWithAndWithoutAnOffsetUntilItIsForgotten() {
    request(FIRST, SECOND);
    loop.runFor(Duration.ZERO);

    assertThat(offsets.knows(FIRST)).isTrue();
    assertThat(offsets.knows(SECOND)).isTrue();
    assertThat(offsets.knows(THIRD)).isFalse();
    assertThat(offsets.of(List.of(FIRST, SECOND))).containsOnly(Map.entry(FIRST, offset));

    offsets.forget(List.of(FIRST));
    assertThat(offsets.knows(FIRST)).isFalse();
    assertThat(offsets.of(List.of(FIRST))).isEmpty();
  }

  /**
   * They may hold the ids of a million calls, and belong to what is restored with the first days.
   */
  @Test
  void segmentsAreForgottenWithTheFirstDays() {
    SegmentOffset segment =
        new SegmentOffset(
            1, 1, FIRST.range().from(), new TreeMap<>(), new TreeMap<>(), SettledDays.NONE);
    ResumeState state = new ResumeState(Map.of(), Set.of(), List.of(), Map.of(), List.of(segment));
    ResumeOffsets journaled =
        new ResumeOffsets(new VirtualOffsetLookup(loop, days -> state), loop, failures::add);
    loop.execute(() -> journaled.request(List.of(FIRST)));
    loop.runFor(Duration.ZERO);
    assertThat(journaled.segments()).containsExactly(segment);

    journaled.forget(List.of(FIRST));
    loop.execute(() -> journaled.request(List.of(SECOND)));
    loop.runFor(Duration.ZERO);

    assertThat(journaled.segments()).isEmpty();
  }

  @Test
  void requestsEachDayOnce() {
    lookup.delayBy(() -> Duration.ofSeconds(1));
    request(FIRST);
    request(FIRST);
    loop.runFor(Duration.ofSeconds(2));
    request(FIRST);
    loop.runFor(Duration.ofSeconds(2));

    assertThat(lookup.lookups()).isOne();
  }

  @Test
  void runsAStepOnceAllOfItsDaysAreKnown() {
    lookup.delayBy(() -> Duration.ofSeconds(3));
    request(FIRST);
    loop.runFor(Duration.ofSeconds(1));
    request("both", FIRST, SECOND);
    loop.runFor(Duration.ofMillis(2_500));
    assertThat(ran).isEmpty();

    loop.runFor(Duration.ofSeconds(1));
    assertThat(ran).containsExactly("both");
    request("again", SECOND, FIRST);
    loop.runFor(Duration.ZERO);
    assertThat(ran).containsExactly("both", "again");
  }

  @Test
  void retriesEverMoreRarelyAndLogsAnOutageOnce() {
    lookup.fail();
    try (LogCapture log = new LogCapture(ResumeOffsets.class)) {
      request("known", FIRST, THIRD);
      loop.runFor(Duration.ofHours(1));

      // 1, 2, 4, 8, 16, 32 seconds, and then one a minute.
      assertThat(lookup.lookups()).isBetween(60, 68);
      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("WARN"))
          .singleElement()
          .asString()
          .contains("2026-11-09 to 2026-11-11 for 30 seconds");

      lookup.recover();
      loop.runFor(Duration.ofMinutes(1));
      assertThat(ran).containsExactly("known");
      assertThat(log.lines()).filteredOn(line -> line.startsWith("INFO")).hasSize(1);
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void aFastLookupLogsNothingThatAPersonSees() {
    try (LogCapture log = new LogCapture(ResumeOffsets.class)) {
      lookup.delayBy(() -> Duration.ofSeconds(29));
      request(FIRST);
      loop.runFor(Duration.ofMinutes(1));

      assertThat(log.lines()).noneMatch(line -> line.matches("(WARN|INFO).*"));
    }
  }

  @Test
  void whatNoAttemptMendsIsNotRetried() {
    ConnectException unusable = new ConnectException("The offset of … cannot be used: …");
    lookup.failWith(() -> unusable);
    request("never", FIRST);
    loop.runFor(Duration.ofHours(1));

    assertThat(failures).containsExactly(unusable);
    assertThat(lookup.lookups()).isOne();
    assertThat(ran).isEmpty();
  }
}
