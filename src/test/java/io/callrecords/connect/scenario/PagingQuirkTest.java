package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.PrivacyOptions;
import io.callrecords.connect.feed.PrivacyRules;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Insertion;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.PageRows;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.PastEnd;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Ties;
import io.callrecords.simulator.TotalCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Totals that are not the number of rows, and pages that hold fewer than were asked for: every call
 * arrives once and whole, about as soon as from an API that counts what it shows.
 */
class PagingQuirkTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant FAR = NOW.plus(Duration.ofDays(365));
  private static final Duration POLL = Duration.ofSeconds(30);

  private static SimulatedAccount account(Pagination pagination, Duration back, Duration poll) {
    return new SimulatedAccount(
        Quirks.newBuilder().pagination(pagination).build(),
        ReadOptionsBuilder.startingAt(NOW.minus(back)).pollInterval(poll).audits().build(),
        5);
  }

  /** What a reading of the whole backlog took. */
  private record Cost(long requests, Duration time) {}

  /** Reads the backlog of an account until all its calls are in the topic, whole. */
  private static Cost read(SimulatedAccount account, Duration limit) {
    int calls = account.store.visibleIds(NOW).size();
    account.worker.start(1);
    assertThat(account.runUntilSent(calls, limit))
        .as("%d of %d within %s", account.worker.topic().size(), calls, limit)
        .isTrue();
    Cost cost = new Cost(account.journal.count(), Duration.between(NOW, account.loop.wallClock()));
    assertAllOnceAndWhole(account);
    account.loop.runFor(Duration.ofMinutes(10));
    assertAllOnceAndWhole(account);
    return cost;
  }

  private static void assertAllOnceAndWhole(SimulatedAccount account) {
    List<String> wrongs = new ArrayList<>();
    for (Call call : account.store.visible(account.loop.wallClock(), Instant.EPOCH, FAR)) {
      String id = call.callSessionId();
      List<List<String>> sent = account.worker.labels(id);
      if (sent.size() != 1) {
        wrongs.add(id + " came " + sent.size() + " times");
      } else if (!Set.copyOf(sent.get(0)).equals(Set.copyOf(labels(call)))) {
        wrongs.add(id + " has " + sent.get(0) + " of " + call.labels());
      }
    }
    assertThat(wrongs.stream().limit(3)).as("%d wrongs", wrongs.size()).isEmpty();
    assertThat(account.worker.topic())
        .hasSameSizeAs(account.store.visibleIds(account.loop.wallClock()));
  }

  private static List<String> labels(Call call) {
    List<String> labels = call.labels();
    return labels == null ? List.of() : labels;
  }

  /** The same calls, of which one in so many has two labels and the others none. */
  private static Collection<Call> labelled(Collection<Call> calls, int oneIn) {
    List<Call> labelled = new ArrayList<>();
    for (Call call : calls) {
      boolean two = labelled.size() % oneIn == 0;
      labelled.add(call.with(to -> to.labels(two ? List.of("VIP", "回访") : List.of())));
    }
    return labelled;
  }

  /** What the others are held to. */
  @ParameterizedTest
  @ValueSource(ints = {1, 30})
  void anHonestApi(int days) {
    Cost cost = read(filled(Pagination.HONEST, days), Duration.ofSeconds(20));

    assertThat(cost.requests()).isLessThan(days == 1 ? 15 : 45);
  }

  /** The API signs the addresses of recordings anew in each response, which is no news. */
  @ParameterizedTest
  @ValueSource(ints = {90, 100, 150})
  void addressesThatAreSignedAnewCostNothing(int percent) {
    List<Long> requests = new ArrayList<>();
    for (String end : List.of("", "?")) {
      SimulatedAccount account =
          account(Pagination.HONEST.percent(percent), DAY.multipliedBy(10), POLL);
      account.store.addAll(
          account
              .calls
              .realistic(3_000, NOW.minus(DAY.multipliedBy(10)), NOW.minusSeconds(12_000))
              .stream()
              .map(call -> call.with(to -> to.voiceUrl("https://recordings.example/a.wav" + end)))
              .toList());
      requests.add(read(account, Duration.ofMinutes(2)).requests());
    }

    assertThat(requests.get(1)).isEqualTo(requests.get(0));
  }

  /** The count drops the join that the pages have, and nothing is queried past what it says. */
  @Test
  void labelsByAJoinThatTheCountDrops() {
    SimulatedAccount account = account(Pagination.labelJoin(), DAY.multipliedBy(2), POLL);
    account.store.addAll(
        account.calls.realistic(3_000, NOW.minus(DAY.multipliedBy(2)), NOW.minusSeconds(12_000)));

    read(account, Duration.ofMinutes(2));
  }

  @Test
  void labelsByAJoinThatTheCountDropsInASecondThatNoTimeCuts() {
    SimulatedAccount account = account(Pagination.labelJoin(), DAY, POLL);
    account.store.addAll(account.calls.inSecond(450, NOW.minus(Duration.ofHours(9))));

    Cost cost = read(account, Duration.ofMinutes(2));

    assertThat(cost.requests()).isLessThan(300);
  }

  /** Joined rows of one second fall between two pages, others for each page size. */
  @Test
  void joinedRowsThatAreCountedAndLostBetweenPages() {
    SimulatedAccount account =
        account(Pagination.labelJoinCounted().ties(Ties.BY_PAGE), DAY.multipliedBy(2), POLL);
    account.store.addAll(account.calls.inSecond(450, NOW.minus(Duration.ofHours(9))));
    account.store.addAll(
        account.calls.realistic(1_500, NOW.minus(DAY.multipliedBy(2)), NOW.minusSeconds(12_000)));

    Cost cost = read(account, Duration.ofMinutes(2));

    assertThat(cost.requests()).isLessThan(400);
  }

  /** Labels that are left out of the records still tell how the API counts and pages. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void joinedRowsWhoseLabelsAreHidden(boolean excluded) {
    SimulatedAccount account =
        account(Pagination.labelJoinCounted().ties(Ties.BY_PAGE), DAY.multipliedBy(2), POLL);
    Set<String> labels = Set.of("labels");
    account.worker.readOnly(
        new PrivacyRules(
            new PrivacyOptions(
                excluded ? labels : Set.of(),
                excluded ? Set.of() : labels,
                new Password("k".repeat(32)),
                false,
                Set.of())));
    account.store.addAll(account.calls.inSecond(450, NOW.minus(Duration.ofHours(9))));
    account.store.addAll(
        account.calls.realistic(1_500, NOW.minus(DAY.multipliedBy(2)), NOW.minusSeconds(12_000)));
    account.worker.start(1);

    assertThat(account.runUntilSent(1_950, Duration.ofMinutes(2))).isTrue();
    assertThat(account.journal.count()).isLessThan(400);
    account.loop.runFor(Duration.ofMinutes(10));
    assertThat(account.worker.topic().values()).containsOnly(1).hasSize(1_950);
    for (Call call : account.store.visible(account.loop.wallClock(), Instant.EPOCH, FAR)) {
      assertThat(account.worker.labels(call.callSessionId()))
          .singleElement()
          .satisfies(sent -> assertThat(sent).hasSize(excluded ? 0 : labels(call).size()));
    }
  }

  @Test
  void aCallOfTwoJoinedRowsThatAreCountedHoldsUpNothing() {
    SimulatedAccount account =
        account(Pagination.labelJoinCounted(), Duration.ofHours(6), Duration.ofSeconds(30));
    account.store.addAll(
        labelled(
            account.calls.uniform(30, NOW.minus(Duration.ofHours(5)), NOW.minusSeconds(12_000)),
            30));

    Cost cost = read(account, Duration.ofSeconds(5));

    // One of them is for the live edge.
    assertThat(cost.requests() - 1).isLessThanOrEqualTo(4);
  }

  static Stream<Arguments> joinedRowsCounted() {
    return Stream.of(
        Arguments.of(Pagination.labelJoinCounted(), 6),
        Arguments.of(Pagination.labelJoinCounted().pastEnd(PastEnd.QUERIED), 6),
        // The total counts the join, the pages hold calls.
        Arguments.of(Pagination.HONEST.total(TotalCount.JOINED_ROWS), 2),
        Arguments.of(
            Pagination.HONEST.total(TotalCount.JOINED_ROWS).pastEnd(PastEnd.FIRST_PAGE), 2));
  }

  @ParameterizedTest
  @MethodSource("joinedRowsCounted")
  void joinedRowsThatAreCountedCostLittleMore(Pagination pagination, int oneIn) {
    SimulatedAccount honest = account(Pagination.HONEST, DAY.multipliedBy(10), POLL);
    SimulatedAccount joined = account(pagination, DAY.multipliedBy(10), POLL);
    for (SimulatedAccount account : List.of(honest, joined)) {
      account.store.addAll(
          labelled(
              account.calls.realistic(
                  20_000, NOW.minus(DAY.multipliedBy(10)), NOW.minusSeconds(12_000)),
              oneIn));
    }
    Cost least = read(honest, Duration.ofMinutes(5));
    Cost cost = read(joined, Duration.ofMinutes(10));

    assertThat(cost.requests() / (double) least.requests()).isLessThanOrEqualTo(1.3);
  }

  @Test
  void pagesThatAreCappedAndSaySoTakeTwiceTheTimeAtMost() {
    Cost least = read(filled(Pagination.HONEST, 30), Duration.ofMinutes(1));
    Cost cost = read(filled(Pagination.HONEST.cap(20, true), 30), Duration.ofMinutes(2));

    assertThat(cost.time()).isLessThanOrEqualTo(least.time().multipliedBy(2));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pagesThatAreCappedOnABusyDay(boolean told) {
    read(filled(Pagination.HONEST.cap(20, told), 1), Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pagesThatAreCappedPastWhichNothingIsQueried(boolean told) {
    Pagination pagination = Pagination.HONEST.cap(20, told).pastEnd(PastEnd.NOT_QUERIED);
    read(filled(pagination, 1), Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30})
  void aTotalThatIsAlwaysZero(int days) {
    read(filled(Pagination.HONEST.total(TotalCount.ZERO), days), Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30})
  void aTotalThatIsTooLow(int days) {
    read(filled(Pagination.HONEST.percent(90), days), Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @EnumSource(PastEnd.class)
  void aTotalThatIsTooLowWhateverIsPastTheEnd(PastEnd pastEnd) {
    read(filled(Pagination.HONEST.percent(90).pastEnd(pastEnd), 1), Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30})
  void aTotalThatIsAnotherInEachAnswer(int days) {
    read(filled(Pagination.HONEST.total(TotalCount.DRIFTING), days), Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30})
  void joinedRowsThatAreRecordsOfTheirOwn(int days) {
    Pagination pagination =
        Pagination.HONEST.rows(PageRows.JOINED_APART).total(TotalCount.JOINED_ROWS);
    read(filled(pagination, days), Duration.ofMinutes(2));
  }

  /** Where the totals are right, nobody needs to look past the end. */
  @ParameterizedTest
  @EnumSource(PastEnd.class)
  void rightTotalsCostTheSameWhateverIsPastTheEnd(PastEnd pastEnd) {
    Cost least = read(filled(Pagination.HONEST, 1), Duration.ofSeconds(20));
    Cost cost = read(filled(Pagination.HONEST.pastEnd(pastEnd), 1), Duration.ofSeconds(20));

    assertThat(cost.requests()).isEqualTo(least.requests());
  }

  @Test
  void tiesThatEachPageOrdersAnew() {
    SimulatedAccount account = account(Pagination.HONEST.ties(Ties.BY_PAGE), DAY, POLL);
    account.store.addAll(account.calls.inSecond(250, NOW.minus(Duration.ofHours(9))));
    account.store.addAll(account.calls.uniform(400, NOW.minus(DAY), NOW.minusSeconds(12_000)));

    read(account, Duration.ofMinutes(2));
  }

  /** Each count is a moment older than its rows, and a call comes in between. */
  @ParameterizedTest
  @EnumSource(Order.class)
  void countsThatAreOlderThanTheirRows(Order order) {
    Insertion insertion = new Insertion(2, 1, Insertion.InsertionPoint.ANYWHERE, 20);
    SimulatedAccount account =
        new SimulatedAccount(
            Quirks.newBuilder()
                .order(order)
                .insertion(insertion)
                .pagination(Pagination.HONEST.twoMoments(true))
                .build(),
            ReadOptionsBuilder.startingAt(NOW.minus(DAY)).pollInterval(POLL).audits().build(),
            5);
    account.store.addAll(account.calls.uniform(630, NOW.minus(DAY), NOW.minusSeconds(12_000)));
    account.worker.start(1);

    account.loop.runFor(Duration.ofHours(30));

    assertThat(account.store.size()).isEqualTo(650);
    assertAllOnceAndWhole(account);
  }

  /** 630 calls in so many days. */
  private static SimulatedAccount filled(Pagination pagination, int days) {
    Duration back = DAY.multipliedBy(days);
    SimulatedAccount account = account(pagination, back, POLL);
    account.store.addAll(account.calls.uniform(630, NOW.minus(back), NOW.minusSeconds(12_000)));
    return account;
  }

  @Test
  void newCallsUnderATotalOfTwiceTheRowsComeWithinTwoPolls() {
    Duration poll = Duration.ofSeconds(2);
    SimulatedAccount account = account(Pagination.HONEST.percent(200), Duration.ofMinutes(5), poll);
    account.store.addAll(account.calls.steady(60, NOW, NOW.plusSeconds(200)));
    account.worker.start(1);

    account.loop.runFor(Duration.ofMinutes(4));

    assertAllOnceAndWhole(account);
    Set<String> late = new TreeSet<>();
    for (Call call : account.store.visible(account.loop.wallClock(), Instant.EPOCH, FAR)) {
      Instant arrival = account.worker.arrivals().get(call.callSessionId());
      Duration taken = Duration.between(call.appearsAt(), arrival);
      Duration halfAge = Duration.between(call.start(), call.appearsAt()).dividedBy(2);
      Duration allowed =
          poll.multipliedBy(2).compareTo(halfAge) > 0 ? poll.multipliedBy(2) : halfAge;
      if (taken.compareTo(allowed.plusSeconds(1)) > 0) {
        late.add(call.callSessionId() + " after " + taken);
      }
    }
    assertThat(late).isEmpty();
  }

  @Test
  void pagesThatAreTooLargeForOneAnswer() {
    SimulatedAccount account = account(Pagination.HONEST, DAY, POLL);
    String remark = "x".repeat(45_000);
    account.store.addAll(
        account.calls.uniform(250, NOW.minus(DAY), NOW.minusSeconds(12_000)).stream()
            .map(call -> call.with(to -> to.remark(remark)))
            .toList());

    read(account, Duration.ofMinutes(1));
  }
}
