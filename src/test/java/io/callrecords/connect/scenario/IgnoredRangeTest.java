package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.fetch.IgnoredRangeException;
import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.RangeUse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An API that answers for another range than it was asked for. */
class IgnoredRangeTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAYS = Duration.ofDays(20);

  /** The first pages of the backlog are requested ahead, before any has come. */
  private static final int A_FEW_REQUESTS = 40;

  static List<Arguments> rangesThatAreNotHonoured() {
    List<Arguments> all = new ArrayList<>();
    for (RangeUse use :
        List.of(
            RangeUse.IGNORED, RangeUse.START_IGNORED, RangeUse.END_IGNORED, RangeUse.WHOLE_DAYS)) {
      for (Order order : Order.values()) {
        for (int calls : List.of(3, 200, 5_030)) {
          all.add(Arguments.of(use, order, calls));
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("rangesThatAreNotHonoured")
  void stopsWithAdviceWithinAFewRequests(RangeUse use, Order order, int calls) {
    SimulatedAccount account =
        account(Quirks.newBuilder().rangeUse(use).order(order).build(), MalformedPolicy.SKIP);
    // Three calls of one day, as whole days show.
    Instant from = calls < 10 ? NOW.minus(Duration.ofHours(60)) : NOW.minus(DAYS);
    account.store.addAll(
        account.calls.uniform(calls, from, calls < 10 ? from.plusSeconds(7_200) : NOW));
    account.worker.start(2);

    assertThatThrownBy(() -> account.loop.runFor(Duration.ofHours(2)))
        .rootCause()
        .isInstanceOf(IgnoredRangeException.class)
        .hasMessageContaining("Time)")
        .hasMessageContaining("asked for calls of 2026-");
    assertThat(account.journal.count()).isLessThan(A_FEW_REQUESTS);
    assertThat(account.worker.topic()).hasSizeLessThanOrEqualTo(10);
  }

  /** A caught-up connector meets it as well. */
  @Test
  void stopsOnceTheApiNoLongerHonoursTheStart() {
    SimulatedAccount account =
        account(Quirks.newBuilder().rangeUse(RangeUse.START_IGNORED).build(), MalformedPolicy.FAIL);
    account.store.addAll(account.calls.steady(60, NOW, NOW.plusSeconds(10_800)));
    account.worker.start(1);

    assertThatThrownBy(() -> account.loop.runFor(Duration.ofHours(3)))
        .rootCause()
        .isInstanceOf(IgnoredRangeException.class)
        .hasMessageContaining("strTime");
  }

  /** Bounds that are rounded to a minute only widen a range a little. */
  @ParameterizedTest
  @EnumSource(Bounds.class)
  void goesOnWhereBoundsAreApproximate(Bounds bounds) {
    SimulatedAccount account =
        account(
            Quirks.newBuilder().rangeUse(RangeUse.WHOLE_MINUTES).bounds(bounds).build(),
            MalformedPolicy.FAIL);
    account.store.addAll(account.calls.uniform(3_000, NOW.minus(DAYS), NOW));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(2));

    assertThat(account.worker.topic()).hasSize(3_000);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** One answer that is another request's proves nothing. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 12})
  void aResponseToAnotherRequestAccusesNobody(int responses) {
    SimulatedAccount account = account(Quirks.defaults(), MalformedPolicy.FAIL);
    account.store.addAll(account.calls.uniform(3_000, NOW.minus(DAYS), NOW));
    account.faults.next(responses, Faults.anotherRange(Duration.ofDays(3)));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(2));

    assertThat(account.worker.topic()).hasSize(3_000);
  }

  private static SimulatedAccount account(Quirks quirks, MalformedPolicy policy) {
    ReadOptions read =
        new ReadOptions(
            NOW.minus(DAYS),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofHours(4),
            false,
            true,
            policy);
    return new SimulatedAccount(quirks, read, 20, ZoneOffset.ofHours(8), NOW);
  }
}
