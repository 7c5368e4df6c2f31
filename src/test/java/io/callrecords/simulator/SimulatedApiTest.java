package io.callrecords.simulator;

import static io.callrecords.simulator.Probe.NOW;
import static io.callrecords.simulator.Probe.call;
import static io.callrecords.simulator.Probe.headers;
import static io.callrecords.simulator.Probe.question;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedApiTest {
  private static final Instant HOUR = Instant.parse("2026-03-10T10:00:00Z");
  private static final Instant NEXT_HOUR = HOUR.plusSeconds(3600);

  @ParameterizedTest
  @CsvSource({"[],a b c", "[),a b", "(],b c", "(),b"})
  void boundsDecideWhetherTheEndsBelong(String bounds, String expected) {
    Probe probe = Probe.with(Quirks.newBuilder().bounds(Bounds.of(bounds)));
    probe.add(named("a", HOUR), named("b", HOUR.plusSeconds(1)), named("c", HOUR.plusSeconds(2)));

    assertThat(probe.ids(HOUR, HOUR.plusSeconds(2), 1, 10))
        .containsExactlyInAnyOrder(expected.split(" ", -1));
    assertThat(probe.ask(HOUR, HOUR.plusSeconds(2), 1, 10).at("/data/total").asInt())
        .isEqualTo(expected.split(" ", -1).length);
  }

  @ParameterizedTest
  @EnumSource(FilteredTime.class)
  void theFilteredTimeIsChosen(FilteredTime time) {
    Probe probe = Probe.with(Quirks.newBuilder().filteredTime(time));
    Call call =
        Call.newBuilder("a", HOUR, HOUR.plusSeconds(100)).created(HOUR.plusSeconds(200)).build();
    probe.add(call);
    Instant at = time.of(call);

    assertThat(probe.ids(at, at, 1, 10)).containsExactly("a");
    assertThat(probe.ids(at.plusSeconds(1), at.plusSeconds(2), 1, 10)).isEmpty();
    assertThat(probe.ids(at.minusSeconds(2), at.minusSeconds(1), 1, 10)).isEmpty();
  }

  @Test
  void pagesListTheNewestFirstOrTheOldestFirst() {
    List<String> newest = ordered(Order.NEWEST_FIRST);
    List<String> oldest = ordered(Order.OLDEST_FIRST);

    assertThat(oldest).hasSize(250).startsWith("call-0", "call-1").endsWith("call-249");
    assertThat(newest).containsExactlyElementsOf(reversed(oldest));
  }

  @Test
  void randomOrderDiffersByRequestAndRepeatsBySeed() {
    Quirks.QuirksBuilder quirks = Quirks.newBuilder().order(Order.RANDOM);
    Probe probe = filled(quirks);
    Probe again = filled(quirks);
    List<String> first = probe.ids(HOUR, NEXT_HOUR, 1, 100);

    assertThat(first).doesNotHaveDuplicates().hasSize(100);
    assertThat(probe.ids(HOUR, NEXT_HOUR, 1, 100)).isNotEqualTo(first);
    assertThat(again.ids(HOUR, NEXT_HOUR, 1, 100)).isEqualTo(first);
    assertThat(new HashSet<>(probe.allIds(HOUR, NEXT_HOUR, 100)).size()).isLessThan(250);
  }

  @Test
  void aPageTellsTheCountersOfTheWholeAnswer() {
    JsonNode data = filled(Quirks.newBuilder()).ask(HOUR, NEXT_HOUR, 3, 100).get("data");

    assertThat(data.get("total").asInt()).isEqualTo(250);
    assertThat(data.get("size").asInt()).isEqualTo(100);
    assertThat(data.get("current").asInt()).isEqualTo(3);
    assertThat(data.get("pages").asInt()).isEqualTo(3);
    assertThat(data.get("records")).hasSize(50);
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void aPagePastTheEndIsEmptyAndKeepsTheTotal(Order order) {
    Probe probe = filled(Quirks.newBuilder().order(order));
    for (int page : new int[] {4, 5, Integer.MAX_VALUE}) {
      JsonNode data = probe.ask(HOUR, NEXT_HOUR, page, 100).get("data");
      assertThat(data.get("total").asInt()).isEqualTo(250);
      assertThat(data.get("records")).isEmpty();
    }
  }

  @Test
  void anEmptyResultHasEmptyRecordsOrNoData() {
    JsonNode records = Probe.with(Quirks.newBuilder()).ask(HOUR, NEXT_HOUR, 1, 10);
    JsonNode none =
        Probe.with(Quirks.newBuilder().emptyResult(EmptyResult.NULL_DATA))
            .ask(HOUR, NEXT_HOUR, 1, 10);

    assertThat(records.at("/data/records").isArray()).isTrue();
    assertThat(records.at("/data/total").asInt()).isZero();
    assertThat(records.get("status").textValue()).isEqualTo("0");
    assertThat(none.get("data").isNull()).isTrue();
    assertThat(none.get("status").textValue()).isEqualTo("0");
  }

  @Test
  void callsThatEnterBetweenPagesShiftThem() {
    Insertion insertion = new Insertion(1, 10, Insertion.InsertionPoint.NEWEST_END, 30);
    Probe probe = filled(Quirks.newBuilder().insertion(insertion));
    Set<String> before = probe.store.visibleIds(NOW);
    List<String> first = probe.ids(HOUR, NEXT_HOUR, 1, 100);
    List<String> second = probe.ids(HOUR, NEXT_HOUR, 2, 100);

    assertThat(second).startsWith(first.get(90)).containsAll(first.subList(90, 100));
    assertThat(probe.store.visibleIds(NOW)).hasSize(270).containsAll(before);
    assertThat(probe.ask(HOUR, NEXT_HOUR, 1, 100).at("/data/total").asInt()).isEqualTo(270);
    assertThat(probe.ask(HOUR, NEXT_HOUR, 1, 100).at("/data/total").asInt()).isEqualTo(280);
    assertThat(probe.ask(HOUR, NEXT_HOUR, 1, 100).at("/data/total").asInt()).isEqualTo(280);
  }

  @ParameterizedTest
  @EnumSource(FilteredTime.class)
  void callsEnterInsideTheRangeWhateverIsFiltered(FilteredTime time) {
    Insertion insertion = new Insertion(2, 5, Insertion.InsertionPoint.ANYWHERE, 100);
    Probe probe = Probe.with(Quirks.newBuilder().insertion(insertion).filteredTime(time));
    probe.store.addAll(probe.generator.uniform(400, HOUR, NEXT_HOUR.minusSeconds(600)));
    Instant to = NEXT_HOUR.plusSeconds(300);
    int before = probe.store.count(NOW, HOUR, to);
    probe.ids(HOUR, to.minusSeconds(1), 1, 100);
    assertThat(probe.store.count(NOW, HOUR, to)).isEqualTo(before);
    probe.ids(HOUR, to.minusSeconds(1), 2, 100);
    assertThat(probe.store.count(NOW, HOUR, to)).isEqualTo(before + 5);
  }

  @Test
  void aSinglePageLetsNothingIn() {
    Insertion insertion = new Insertion(1, 10, Insertion.InsertionPoint.ANYWHERE, 30);
    Probe probe = Probe.with(Quirks.newBuilder().insertion(insertion)).add(call(1, HOUR));
    probe.ids(HOUR, NEXT_HOUR, 1, 100);

    assertThat(probe.store.visibleIds(NOW)).hasSize(1);
  }

  @Test
  void doubledRowsCountAsRows() {
    Probe probe = filled(Quirks.newBuilder().duplicateEvery(5));
    List<String> all = probe.allIds(HOUR, NEXT_HOUR, 30);

    assertThat(all).hasSize(300);
    assertThat(new HashSet<>(all)).hasSize(250);
    assertThat(probe.ask(HOUR, NEXT_HOUR, 1, 1).at("/data/total").asInt()).isEqualTo(300);
  }

  @ParameterizedTest
  @CsvSource({
    "ROWS,100,250",
    "JOINED_ROWS,100,300",
    "ROWS,90,225",
    "ROWS,200,500",
    "JOINED_ROWS,50,150",
    "ZERO,100,0"
  })
  void theTotalMayCountSomethingElse(TotalCount counted, int percent, int total) {
    Pagination pagination = Pagination.HONEST.total(counted).percent(percent);
    Probe probe = labelled(Quirks.newBuilder().pagination(pagination));
    JsonNode data = probe.ask(HOUR, NEXT_HOUR, 1, 100).get("data");

    assertThat(data.get("total").asInt()).isEqualTo(total);
    assertThat(data.get("pages").asInt()).isEqualTo((total + 99) / 100);
    assertThat(data.get("records")).hasSize(100);
    assertThat(probe.allIds(HOUR, NEXT_HOUR, 100)).hasSize(250).doesNotHaveDuplicates();
  }

  @Test
  void aDriftingTotalDiffersFromAnswerToAnswerAndMakesNothingOfNone() {
    Probe probe =
        filled(Quirks.newBuilder().pagination(Pagination.HONEST.total(TotalCount.DRIFTING)));
    Set<Integer> totals = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      totals.add(probe.ask(HOUR, NEXT_HOUR, 1, 100).at("/data/total").asInt());
      assertThat(probe.ask(NEXT_HOUR, NEXT_HOUR, 1, 100).at("/data/total").asInt()).isZero();
    }

    assertThat(totals).hasSizeGreaterThan(10).allMatch(total -> total >= 238 && total <= 262);
  }

  @Test
  void aPageOfJoinedRowsHasFewerCallsAndSplitsTheLabelsAtItsEdges() {
    Pagination pagination = Pagination.labelJoin().pastEnd(PastEnd.QUERIED);
    Probe probe = labelled(Quirks.newBuilder().order(Order.OLDEST_FIRST).pagination(pagination));
    Map<String, List<String>> labels = new HashMap<>();
    for (int page = 1; page <= 10; page++) {
      JsonNode data = probe.ask(HOUR, NEXT_HOUR, page, 30).get("data");
      assertThat(data.get("total").asInt()).isEqualTo(250);
      assertThat(data.get("records")).hasSizeBetween(24, 26);
      collect(labels, data);
    }

    assertThat(Probe.ids(probe.ask(HOUR, NEXT_HOUR, 11, 30))).isEmpty();
    assertThat(labels).hasSize(250);
    assertThat(labels.get("call-0")).containsExactly("a", "b");
    assertThat(labels.get("call-1")).isEmpty();
    // The 31 rows of page 1 end within this call.
    assertThat(Probe.labels(probe.ask(HOUR, NEXT_HOUR, 1, 31), "call-25")).containsExactly("a");
    assertThat(Probe.labels(probe.ask(HOUR, NEXT_HOUR, 2, 31), "call-25")).containsExactly("b");
  }

  @Test
  void joinedRowsMayBeRecordsOfTheirOwn() {
    Pagination pagination =
        Pagination.HONEST.rows(PageRows.JOINED_APART).total(TotalCount.JOINED_ROWS);
    Probe probe = labelled(Quirks.newBuilder().pagination(pagination));
    Map<String, List<String>> labels = new HashMap<>();
    collect(labels, probe.ask(HOUR, NEXT_HOUR, 3, 100).get("data"));

    assertThat(probe.allIds(HOUR, NEXT_HOUR, 100)).hasSize(300);
    assertThat(Probe.ids(probe.ask(HOUR, NEXT_HOUR, 3, 100))).hasSize(100);
    assertThat(labels.get("call-0")).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource({"true,20,13", "false,100,3"})
  void pagesMayBeCapped(boolean told, int size, int pages) {
    Probe probe = filled(Quirks.newBuilder().pagination(Pagination.HONEST.cap(20, told)));
    JsonNode data = probe.ask(HOUR, NEXT_HOUR, 2, 100).get("data");

    assertThat(data.get("size").asInt()).isEqualTo(size);
    assertThat(data.get("pages").asInt()).isEqualTo(pages);
    assertThat(data.get("total").asInt()).isEqualTo(250);
    assertThat(data.get("records").get(0).get("callSessionId").asText()).isEqualTo("call-229");
    assertThat(data.get("records")).hasSize(20);
    assertThat(probe.allIds(HOUR, NEXT_HOUR, 100)).hasSize(250).doesNotHaveDuplicates();
    assertThat(probe.ids(HOUR, NEXT_HOUR, 25, 10)).hasSize(10);
  }

  @ParameterizedTest
  @CsvSource({
    "QUERIED,ROWS,50,call-49",
    "NOT_QUERIED,ROWS,0,",
    "FIRST_PAGE,ROWS,100,call-249",
    "QUERIED,ZERO,50,call-49",
    "NOT_QUERIED,ZERO,50,call-49",
    "FIRST_PAGE,ZERO,50,call-49"
  })
  void pagesPastTheAnnouncedOnes(PastEnd pastEnd, TotalCount total, int rows, String first) {
    Probe probe =
        filled(
            Quirks.newBuilder()
                .pagination(Pagination.HONEST.percent(60).total(total).pastEnd(pastEnd)));
    JsonNode data = probe.ask(HOUR, NEXT_HOUR, 3, 100).get("data");

    assertThat(data.get("total").asInt()).isEqualTo(total == TotalCount.ZERO ? 0 : 150);
    assertThat(data.get("pages").asInt()).isEqualTo(total == TotalCount.ZERO ? 0 : 2);
    assertThat(data.get("records")).hasSize(rows);
    assertThat(data.at("/records/0/callSessionId").asText(null)).isEqualTo(first);
    boolean again = pastEnd == PastEnd.FIRST_PAGE;
    JsonNode end = probe.ask(HOUR, NEXT_HOUR, 4, 100).get("data");
    assertThat(end.get("current").asInt()).isEqualTo(again ? 1 : 4);
    assertThat(end.get("records")).hasSize(again ? 100 : 0);
  }

  @Test
  void tiesMayDifferByPage() {
    Quirks.QuirksBuilder quirks =
        Quirks.newBuilder().pagination(Pagination.HONEST.ties(Ties.BY_PAGE));
    Probe probe = Probe.with(quirks);
    for (int i = 0; i < 150; i++) {
      probe.add(call(i, HOUR));
    }
    probe.add(call(150, HOUR.plusSeconds(1)));
    Set<String> lost = new HashSet<>(probe.store.visibleIds(NOW));
    List<String> hundreds = probe.allIds(HOUR, NEXT_HOUR, 100);
    lost.removeAll(hundreds);

    assertThat(hundreds).hasSize(151).startsWith("call-150");
    assertThat(lost).isNotEmpty();
    assertThat(probe.allIds(HOUR, NEXT_HOUR, 100)).isEqualTo(hundreds);
    assertThat(probe.allIds(HOUR, NEXT_HOUR, 90)).containsAnyElementsOf(lost);
    assertThat(probe.ids(HOUR.plusSeconds(1), NEXT_HOUR, 1, 100)).containsExactly("call-150");
  }

  @Test
  void countAndRowsMayBeTwoMoments() {
    Insertion insertion = new Insertion(1, 1, Insertion.InsertionPoint.NEWEST_END, 2);
    Probe probe =
        filled(
            Quirks.newBuilder()
                .insertion(insertion)
                .pagination(Pagination.HONEST.twoMoments(true)));
    JsonNode last = probe.ask(HOUR, NEXT_HOUR, 3, 100).get("data");
    JsonNode first = probe.ask(HOUR, NEXT_HOUR, 1, 100).get("data");

    assertThat(last.get("total").asInt()).isEqualTo(250);
    assertThat(last.get("records")).hasSize(51);
    assertThat(first.get("total").asInt()).isEqualTo(251);
    assertThat(first.at("/records/0/callSessionId").asText()).doesNotStartWith("call-");
    assertThat(probe.ask(HOUR, NEXT_HOUR, 4, 100).at("/data/total").asInt()).isEqualTo(252);
    assertThat(probe.store.visibleIds(NOW)).hasSize(252);
  }

  @Test
  void theOffsetOfARangeMayBeDropped() {
    Probe probe =
        Probe.with(Quirks.newBuilder().zone(ZoneId.of("+10:00")).rangeUse(RangeUse.OFFSET_DROPPED))
            .add(named("a", HOUR), named("b", HOUR.minusSeconds(2 * 3600)));
    JsonNode question = question(HOUR, HOUR.plusSeconds(9), 1, 10);

    // 18:00:00+08:00 is taken for 18:00:00+10:00.
    assertThat(Probe.ids(probe.ask(question))).containsExactly("b");
    assertThat(probe.journal.entries().get(0).request().from()).isEqualTo(HOUR);
  }

  @Test
  void theDateMayBeAnotherThanTheOneThatTimestampsAreCheckedBy() {
    Probe probe = Probe.with(Quirks.newBuilder().dateOffset(Duration.ofHours(8)));
    Answer answer = probe.post(headers(NOW), question(HOUR, NEXT_HOUR, 1, 1).toString());

    assertThat(status(answer)).isZero();
    assertThat(answer.headers()).containsEntry("Date", "Tue, 10 Mar 2026 20:00:00 GMT");
  }

  @Test
  void aStrictLimitRefusesWhatComesTooSoonAfterTheLastOneTaken() {
    Probe probe =
        Probe.with(Quirks.newBuilder().rateLimit(RateLimit.strict(5, RateLimit.Refusal.HTTP_503)));
    JsonNode question = question(HOUR, NEXT_HOUR, 1, 1);
    List<Integer> statuses = new ArrayList<>();
    for (int millis : new int[] {0, 190, 199, 200, 210, 400, 2000, 2001}) {
      probe.now = NOW.plusMillis(millis);
      statuses.add(probe.post(question).httpStatus());
    }

    assertThat(statuses).containsExactly(200, 503, 503, 200, 503, 200, 200, 503);
    Answer refused = probe.post(question);
    assertThat(refused.headers())
        .containsEntry("Content-Type", "text/html")
        .doesNotContainKey("Retry-After");
  }

  @ParameterizedTest
  @CsvSource({
    "sipGroupName,'\"g1\"',a",
    "seatNameList,'[\"s1\",\"s2\"]',a b",
    "seatNameList,[],a b c",
    "callType,[2],b",
    "callType,'[2,3]',b c",
    "hangupReason,[7],c",
    "hangingDirection,'[0,3]',a c",
    "calledOrCaller,'\"111\"',a",
    "calledOrCaller,'\"222\"',a",
    "ccode,'[\"91\",\"86\"]',a b",
    "labelNames,'[\"VIP\",\"x\"]',b",
    "sipGroupName,null,a b c"
  })
  void eachFilterIsApplied(String name, String value, String expected) {
    Probe probe = Probe.with(Quirks.newBuilder());
    probe.add(
        named("a", HOUR)
            .with(
                to ->
                    to.agentGroupName("g1")
                        .agentName("s1")
                        .callType(1)
                        .hangupReason(0)
                        .hangingDirection(0)
                        .called("111")
                        .caller("222")
                        .ccode("91")
                        .labels(null)),
        named("b", HOUR)
            .with(
                to ->
                    to.agentGroupName("g2")
                        .agentName("s2")
                        .callType(2)
                        .hangupReason(9)
                        .hangingDirection(1)
                        .called("333")
                        .caller("444")
                        .ccode("86")
                        .labels(List.of("VIP"))),
        named("c", HOUR)
            .with(
                to ->
                    to.agentGroupName("g3")
                        .agentName("s3")
                        .callType(3)
                        .hangupReason(7)
                        .hangingDirection(3)
                        .called("555")
                        .caller("666")
                        .ccode("1")
                        .labels(List.of("vip"))));
    ObjectNode question = question(HOUR, NEXT_HOUR, 1, 100);
    question.withObject("/params").set(name, Probe.json(value));
    JsonNode answer = probe.ask(question);

    assertThat(Probe.ids(answer)).containsExactlyInAnyOrder(expected.split(" ", -1));
    assertThat(answer.at("/data/total").asInt()).isEqualTo(expected.split(" ", -1).length);
  }

  @Test
  void onlyTheRightSignatureIsAnswered() {
    Probe probe = Probe.with(Quirks.newBuilder());
    assertThat(signed(probe, to -> {})).isZero();
    assertThat(signed(probe, to -> to.put("Sign", "05d7a50893e22a5c4bb3216ae3396c7c")))
        .isEqualTo(-1);
    for (String header : List.of("api-key", "sign", "timestamp")) {
      assertThat(signed(probe, to -> to.remove(header))).isEqualTo(-1);
    }
    assertThat(probe.journal.count(entry -> !entry.request().signed())).isEqualTo(4);
  }

  @Test
  void aTimestampHoldsForATime() {
    Probe probe = Probe.with(Quirks.newBuilder());
    String body = question(HOUR, NEXT_HOUR, 1, 1).toString();
    assertThat(status(probe.post(headers(NOW.minusSeconds(300)), body))).isZero();
    assertThat(status(probe.post(headers(NOW.plusSeconds(300)), body))).isZero();
    assertThat(status(probe.post(headers(NOW.minusSeconds(301)), body))).isEqualTo(-16);
    Answer ahead = probe.post(headers(NOW.plusSeconds(301)), body);
    assertThat(status(ahead)).isEqualTo(-16);
    assertThat(ahead.headers()).containsEntry("Date", "Tue, 10 Mar 2026 12:00:00 GMT");
  }

  @Test
  void theServersClockMayDifferFromTheMachines() {
    Duration ahead = Duration.ofHours(5);
    Probe probe = Probe.with(Quirks.newBuilder().clockOffset(ahead));
    String body = question(HOUR, NEXT_HOUR, 1, 1).toString();
    Answer refused = probe.post(headers(NOW), body);

    assertThat(status(refused)).isEqualTo(-16);
    assertThat(refused.headers()).containsEntry("Date", "Tue, 10 Mar 2026 17:00:00 GMT");
    assertThat(status(probe.post(headers(NOW.plus(ahead)), body))).isZero();
    Probe dateless = Probe.with(Quirks.newBuilder().dateHeader(false));
    assertThat(dateless.post(question(HOUR, NEXT_HOUR, 1, 1)).headers()).doesNotContainKey("Date");
  }

  @Test
  void aForbiddenAddressIsRefused() {
    Probe probe = Probe.with(Quirks.newBuilder().addressAllowed(false));

    assertThat(probe.status(question(HOUR, NEXT_HOUR, 1, 1))).isEqualTo(-2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "no json",
        "",
        "[]",
        "{'current':0,'size':1,'params':P}",
        "{'current':1,'size':0,'params':P}",
        "{'current':1,'size':101,'params':P}",
        "{'current':'1','size':1,'params':P}",
        "{'size':1,'params':P}",
        "{'current':1,'params':P}",
        "{'current':1,'size':1}",
        "{'current':1,'size':1,'params':{'strTime':'2026-03-10T10:00:00+08:00'}}",
        "{'current':1,'size':1,'params':{'strTime':'2026-03-10T10:00:00Z','endTime':'2026-03-10T10:00:00Z'}}",
        "{'current':1,'size':1,'params':{'strTime':'2026-03-10T10:00:01+08:00','endTime':'2026-03-10T10:00:00+08:00'}}",
        "{'current':1,'size':1,'params':{'startTime':'x',F}}",
        "{'current':1,'size':1,'params':{'callType':['2'],F}}",
        "{'current':1,'size':1,'params':{'callType':2,F}}",
        "{'current':1,'size':1,'params':{'seatNameList':'a',F}}",
        "{'current':1,'size':1,'params':{'sipGroupName':['a'],F}}"
      })
  void whatIsNoProperQuestionIsAParameterError(String body) {
    String range = "'strTime':'2026-03-10T10:00:00+08:00','endTime':'2026-03-10T11:00:00+08:00'";
    String asked = body.replace("P", "{F}").replace("F", range).replace('\'', '"');
    Answer answer = Probe.with(Quirks.newBuilder()).post(headers(NOW), asked);

    assertThat(answer.httpStatus()).isEqualTo(200);
    assertThat(status(answer)).isEqualTo(-22);
  }

  @ParameterizedTest
  @CsvSource({"TIME_RANGE_STATUS,-25", "PARAMETER_STATUS,-22", "EMPTY,0"})
  void aRangeMayBeTooLong(OutOfRange reaction, int status) {
    Instant from = NOW.minus(Duration.ofDays(31));
    Probe probe = Probe.with(Quirks.newBuilder().tooLong(reaction)).add(call(1, HOUR));
    Probe strict =
        Probe.with(Quirks.newBuilder().tooLong(reaction).fullRangeAllowed(false))
            .add(call(1, HOUR));

    assertThat(probe.ids(from, NOW, 1, 1)).hasSize(1);
    assertThat(strict.ids(from, NOW, 1, 1)).isEmpty();
    assertThat(strict.status(question(from, NOW, 1, 1))).isEqualTo(status);
    assertThat(strict.ids(from.plusSeconds(1), NOW, 1, 1)).hasSize(1);
    assertThat(probe.status(question(from.minusSeconds(1), NOW, 1, 1))).isEqualTo(status);
    assertThat(probe.ids(from.minusSeconds(1), NOW, 1, 1)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"TIME_RANGE_STATUS,-25,59", "PARAMETER_STATUS,-22,61", "EMPTY,0,62"})
  void aRangeMayBeTooOld(OutOfRange reaction, int status, int days) {
    Probe probe = Probe.with(Quirks.newBuilder().tooOld(reaction).retentionDays(days));
    Instant oldest = NOW.minus(Duration.ofDays(days));
    probe.add(named("gone", oldest.minusSeconds(1)), named("kept", oldest));

    assertThat(probe.ids(oldest, oldest.plusSeconds(9), 1, 9)).containsExactly("kept");
    JsonNode answer = probe.ask(oldest.minusSeconds(1), oldest.plusSeconds(9), 1, 9);
    assertThat(answer.get("status").asInt()).isEqualTo(status);
    assertThat(Probe.ids(answer)).isEqualTo(status == 0 ? List.of("kept") : List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "STATUS,200,",
    "HTTP_429,429,",
    "HTTP_429_SECONDS,429,1",
    "HTTP_429_DATE,429,'Tue, 10 Mar 2026 12:00:01 GMT'"
  })
  void tooManyRequestsAreRefused(RateLimit.Refusal refusal, int http, String retryAfter) {
    Probe probe = Probe.with(Quirks.newBuilder().rateLimit(RateLimit.of(2, refusal)));
    JsonNode question = question(HOUR, NEXT_HOUR, 1, 1);
    assertThat(probe.status(question)).isZero();
    assertThat(probe.status(question)).isZero();
    Answer refused = probe.post(question);

    assertThat(refused.httpStatus()).isEqualTo(http);
    assertThat(refused.headers().get("Retry-After")).isEqualTo(retryAfter);
    assertThat(refused.text()).contains(http == 200 ? "\"-15\"" : "<html>");
    probe.now = NOW.plusMillis(500);
    assertThat(probe.status(question)).isZero();
    assertThat(probe.post(question).text()).isEqualTo(refused.text());
    assertThat(probe.journal.refused()).isEqualTo(2);
  }

  @Test
  void onlyTheDocumentedCallExists() {
    Probe probe = Probe.with(Quirks.newBuilder());
    byte[] body = new byte[0];
    Map<String, String> headers = headers(NOW);
    assertThat(probe.api.answer("POST", "/voice/ccRecordQuery", headers, body, NOW).httpStatus())
        .isEqualTo(404);
    assertThat(probe.api.answer("GET", Probe.PATH, headers, body, NOW).httpStatus()).isEqualTo(405);
    headers.put("content-type", "text/plain");
    assertThat(probe.api.answer("POST", Probe.PATH, headers, body, NOW).httpStatus())
        .isEqualTo(415);
  }

  @Test
  void lateCallsAppearLater() {
    Duration hour = Duration.ofHours(1);
    Probe probe = Probe.with(Quirks.newBuilder().lag(hour));
    Call call = probe.generator.starting(HOUR, Duration.ofSeconds(10));
    probe.add(call);
    probe.now = call.end().plus(hour).minusMillis(1);
    assertThat(probe.ids(HOUR, NEXT_HOUR, 1, 1)).isEmpty();
    probe.now = call.end().plus(hour);
    assertThat(probe.ids(HOUR, NEXT_HOUR, 1, 1)).containsExactly(call.callSessionId());
  }

  @Test
  void theJournalKeepsWhatWasAskedAndAnswered() {
    Probe probe = filled(Quirks.newBuilder());
    probe.ids(HOUR, NEXT_HOUR, 3, 100);
    probe.faults.next(1, Fault.http(502));
    probe.post(question(HOUR, NEXT_HOUR, 7, 20));
    List<Journal.Entry> entries = probe.journal.entries();

    assertThat(entries).hasSize(2);
    Journal.Entry page = entries.get(0);
    assertThat(page.request().number()).isEqualTo(1);
    assertThat(page.request().from()).isEqualTo(HOUR);
    assertThat(page.request().to()).isEqualTo(NEXT_HOUR);
    assertThat(page.request().strTime()).isEqualTo("2026-03-10T18:00:00+08:00");
    assertThat(page.request().endTime()).isEqualTo("2026-03-10T19:00:00+08:00");
    assertThat(page.request().current()).isEqualTo(3);
    assertThat(page.request().size()).isEqualTo(100);
    assertThat(page.request().apiKey()).isEqualTo(Probe.KEY);
    assertThat(page.request().signed()).isTrue();
    assertThat(page.request().receivedAt()).isEqualTo(NOW);
    assertThat(page.request().params().size()).isEqualTo(2);
    assertThat(page.total()).isEqualTo(250);
    assertThat(page.rows()).isEqualTo(50);
    assertThat(page.succeeded()).isTrue();
    Journal.Entry failed = entries.get(1);
    assertThat(failed.succeeded()).isFalse();
    assertThat(failed.httpStatus()).isEqualTo(502);
    assertThat(failed.fault()).isNotNull();
    assertThat(probe.journal.maxPage()).isEqualTo(7);
    assertThat(probe.journal.faults()).isEqualTo(1);
    assertThat(probe.journal.rows()).isEqualTo(50);
  }

  private static int status(Answer answer) {
    return Probe.json(answer.text()).get("status").asInt(99);
  }

  private static int signed(Probe probe, Consumer<Map<String, String>> change) {
    Map<String, String> headers = headers(NOW);
    change.accept(headers);
    if (headers.containsKey("Sign")) {
      headers.remove("sign");
    }
    return status(probe.post(headers, question(HOUR, NEXT_HOUR, 1, 1).toString()));
  }

  private static Call named(String id, Instant start) {
    return Call.newBuilder(id, start, start).build();
  }

  private static void collect(Map<String, List<String>> labels, JsonNode data) {
    for (JsonNode record : data.get("records")) {
      List<String> all =
          labels.computeIfAbsent(record.get("callSessionId").asText(), id -> new ArrayList<>());
      record.get("labels").forEach(label -> all.add(label.asText()));
    }
  }

  /** The same, of which each fifth has two labels and the others none: 300 joined rows. */
  private static Probe labelled(Quirks.QuirksBuilder quirks) {
    Probe probe = Probe.with(quirks);
    for (int i = 0; i < 250; i++) {
      List<String> labels = i % 5 == 0 ? List.of("a", "b") : List.of();
      probe.add(call(i, HOUR.plusSeconds(i * 10L)).with(to -> to.labels(labels)));
    }
    return probe;
  }

  /** 250 calls, one every ten seconds of the hour. */
  private static Probe filled(Quirks.QuirksBuilder quirks) {
    Probe probe = Probe.with(quirks);
    for (int i = 0; i < 250; i++) {
      probe.add(call(i, HOUR.plusSeconds(i * 10L)));
    }
    return probe;
  }

  private static List<String> ordered(Order order) {
    return filled(Quirks.newBuilder().order(order)).allIds(HOUR, NEXT_HOUR, 30);
  }

  private static List<String> reversed(List<String> ids) {
    List<String> reversed = new ArrayList<>(ids);
    Collections.reverse(reversed);
    return reversed;
  }
}
