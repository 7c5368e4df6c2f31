package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.FetchFixture.DAY;
import static io.callrecords.connect.fetch.FetchFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.Priority;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.RangeUse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When an API does not honour a range, and what only looks so. */
class RangeJudgeTest {
  private static final Instant FROM = NOW.minus(DAY);
  private static final PageRequest REQUEST = new PageRequest(FROM, FROM.plusSeconds(600), 1, 100);

  private FetchFixture fixture = FetchFixture.create();
  private RangeJudge judge = judge();

  private RangeJudge judge() {
    return new RangeJudge(100, request -> fixture.client.fetch(request, Priority.LIVE));
  }

  private void use(Quirks.QuirksBuilder quirks) {
    fixture = FetchFixture.newBuilder().quirks(quirks.build()).build();
    judge = judge();
    fixture.store.addAll(
        fixture.calls.uniform(60, FROM.minusSeconds(9_000), FROM.plusSeconds(9_000)));
  }

  private Page fetch() {
    return fixture.await(() -> fixture.client.fetch(REQUEST, Priority.LIVE));
  }

  private Page check(Page page) {
    return fixture.await(() -> judge.check(page, REQUEST));
  }

  @ParameterizedTest
  @CsvSource({
    "IGNORED, (strTime and endTime)",
    "START_IGNORED, (strTime)",
    "END_IGNORED, (endTime)",
    "WHOLE_DAYS, (strTime and endTime)"
  })
  void namesWhatTheApiIgnores(RangeUse use, String parameters) {
    use(Quirks.newBuilder().rangeUse(use));

    assertThatThrownBy(() -> check(fetch()))
        .hasCauseInstanceOf(IgnoredRangeException.class)
        .hasMessageContaining(parameters)
        .hasMessageContaining("asked for calls of " + FROM);
    assertThat(fixture.journal.count()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(
      value = RangeUse.class,
      names = {"HONOURED", "WHOLE_MINUTES"})
  void takesAPageAsItIsWhoseRecordsAreNear(RangeUse use) {
    use(Quirks.newBuilder().rangeUse(use));
    Page page = fetch();

    assertThat(check(page)).isSameAs(page);
    assertThat(fixture.journal.count()).isEqualTo(1);
  }

  /** A gateway has mixed up two responses. */
  @Test
  void takesTheRepetitionOfAPageThatWasAnotherRequests() {
    use(Quirks.newBuilder());
    fixture.faults.next(1, Faults.anotherRange(Duration.ofHours(1)));

    Page again = check(fetch());

    assertThat(again.rows()).isNotEmpty().allMatch(row -> row.time() >= FROM.getEpochSecond());
    assertThat(fixture.journal.count()).isEqualTo(2);
  }

  /** Far records have a cause of their own there, which others find. */
  @Test
  void aWrongTimeSettingIsNoRangeThatIsIgnored() {
    use(Quirks.newBuilder().zone(ZoneId.of("UTC")));
    Page page = fetch();

    assertThat(check(page).rows()).hasSameSizeAs(page.rows());
  }

  @Test
  void aTimeThatRecordsDoNotCarryIsNoRangeThatIsIgnored() {
    use(
        Quirks.newBuilder()
            .filteredTime(FilteredTime.CREATION)
            .lag(Duration.ofHours(2), Duration.ofHours(2)));
    fixture.store.addAll(
        fixture.calls.uniform(9, FROM.minusSeconds(7_300), FROM.minusSeconds(7_200)));
    Page page = fetch();

    assertThat(check(page).rows()).hasSameSizeAs(page.rows());
  }

  @ParameterizedTest
  @ValueSource(ints = {-25, -22})
  void aRefusedTimeProvesNothing(int status) {
    use(Quirks.newBuilder().rangeUse(RangeUse.IGNORED));
    Page page = fetch();
    fixture.faults.when(
        request -> request.from().plusSeconds(2).equals(request.to()), Fault.status(status));

    assertThat(check(page).rows()).hasSameSizeAs(page.rows());
  }

  @Test
  void givesUpWhereRecordsStayFarWithoutAProof() {
    use(Quirks.newBuilder().zone(ZoneId.of("UTC")));
    Page page = fetch();
    for (int i = 0; i < 20; i++) {
      check(page);
    }

    assertThat(fixture.journal.count()).isLessThan(15);
  }
}
