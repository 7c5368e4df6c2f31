package io.callrecords.cli.check;

import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.NullStyle;
import io.callrecords.simulator.NumberForm;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.OutOfRange;
import io.callrecords.simulator.PageRows;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.PastEnd;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.RangeUse;
import io.callrecords.simulator.RateLimit;
import io.callrecords.simulator.Ties;
import io.callrecords.simulator.TimeForm;
import io.callrecords.simulator.TotalCount;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Draws what an API is like: each of its quirks is on in about every third account. */
final class DrawnAccount {
  private final SplittableRandom random;

  private DrawnAccount(long seed) {
    random = new SplittableRandom(seed);
  }

  static Quirks quirks(long seed) {
    return new DrawnAccount(seed).draw();
  }

  private Quirks draw() {
    Pagination pagination = pagination();
    boolean isPlain = pagination.rows() == PageRows.CALLS && pagination.total() == TotalCount.ROWS;
    Quirks.QuirksBuilder quirks =
        Quirks.newBuilder()
            .filteredTime(any(FilteredTime.values()))
            .bounds(any(Bounds.values()))
            .rangeUse(chance(0.75) ? RangeUse.HONOURED : any(RangeUse.values()))
            .order(any(Order.values()))
            .zone(
                chance(0.7)
                    ? ZoneOffset.ofHours(8)
                    : any(ZoneOffset.ofHoursMinutes(5, 30), ZoneOffset.ofHours(-3), ZoneOffset.UTC))
            .fullRangeAllowed(chance(0.6))
            .tooLong(any(OutOfRange.values()))
            .retentionDays(any(59, 60, 61, 62))
            .tooOld(any(OutOfRange.values()))
            .emptyResult(any(EmptyResult.values()))
            .duplicateEvery(isPlain && chance(0.2) ? 5 : 0)
            .nullStyle(any(NullStyle.values()))
            .durationAsText(chance(0.5))
            .callTypeAsText(chance(0.5))
            .statusAsText(chance(0.5))
            .agentAccounts(chance(0.5))
            .costs(chance(0.5))
            .unknownFields(chance(0.5))
            .unknownPageKeys(chance(0.5))
            .recordsLast(chance(0.5))
            .timestampTolerance(
                any(Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(5)))
            .rateLimit(chance(0.7) ? null : rateLimit())
            .dateHeader(chance(0.7))
            .dateOffset(
                chance(0.7) ? Duration.ZERO : any(Duration.ofHours(3), Duration.ofHours(-7)))
            .clockOffset(chance(0.7) ? Duration.ZERO : Duration.ofSeconds(20))
            .pagination(pagination)
            .numberForm(any(NumberForm.values()))
            .timeForm(any(TimeForm.values()))
            .malformedEvery(chance(0.7) ? 0 : 20);
    // A row that is made at the call's end tells nothing of its creation.
    quirks.lag(Duration.ofSeconds(60), Duration.ofSeconds(600));
    return quirks.build();
  }

  private Pagination pagination() {
    Pagination pagination =
        Pagination.HONEST
            .rows(any(PageRows.values()))
            .pastEnd(any(PastEnd.values()))
            .ties(any(Ties.values()))
            .total(any(TotalCount.values()));
    if (pagination.total() == TotalCount.ROWS && chance(0.4)) {
      pagination = pagination.percent(any(80, 300));
    }
    boolean saysNothing = pagination.total() == TotalCount.DRIFTING;
    boolean losesLabels =
        pagination.rows() == PageRows.JOINED_APART && pagination.total() == TotalCount.ROWS;
    if ((saysNothing || losesLabels) && pagination.pastEnd() == PastEnd.NOT_QUERIED) {
      // What no reader can tell, as docs/BACKENDS.md says.
      pagination = pagination.pastEnd(PastEnd.QUERIED);
    }
    return chance(0.7) ? pagination : pagination.cap(any(20, 50), chance(0.5));
  }

  private @Nullable RateLimit rateLimit() {
    RateLimit.Refusal refusal = any(RateLimit.Refusal.values());
    return chance(0.5) ? RateLimit.of(3, refusal) : RateLimit.strict(3, refusal);
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  @SafeVarargs
  private <T> T any(T... values) {
    return values[random.nextInt(values.length)];
  }
}
