package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

/** Which of its two moments a record of an hour that comes twice is taken for. */
class RepeatedTimesJudgeTest {
  private static final Instant WINTER = Instant.parse("2026-10-25T01:00:00Z");
  private static final PageRequest SECOND_HOUR =
      new PageRequest(WINTER.minusSeconds(1), WINTER.plusSeconds(1_800), 1, 100);

  private final List<PageRequest> requests = new ArrayList<>();

  /** What the API returns for each lookup. */
  private List<Row> returned = List.of();

  private final RepeatedTimesJudge judge = judge("Europe/Berlin");

  private RepeatedTimesJudge judge(String zone) {
    return new RepeatedTimesJudge(
        ZoneId.of(zone),
        new RecordLookup(
            100,
            request -> {
              requests.add(request);
              return CompletableFuture.completedFuture(page(returned));
            }));
  }

  private static Page page(List<Row> rows) {
    return TestRows.page(rows.size(), rows);
  }

  private static FeedRecord record(String id, long second) {
    return new FeedRecord(
        id, WINTER.getEpochSecond() + second, new Struct(CallCenterFeed.create().schema()));
  }

  private List<Row> judged(List<Row> rows) {
    return judge.judge(page(rows), SECOND_HOUR).join().rows();
  }

  @Test
  void leavesPagesAloneThatHaveNoTimesOfASecondOccurrence() {
    judge("+02:00").judge(page(List.of(record("a", 60))), SECOND_HOUR).join();
    judged(List.of(record("a", -1), record("b", 3_600)));
    judge
        .judge(
            page(List.of(record("a", -1_800))),
            new PageRequest(WINTER.minusSeconds(3_600), WINTER.minusSeconds(2), 1, 100))
        .join();

    assertThat(requests).isEmpty();
  }

  @Test
  void requestsTheFirstMomentOfARecord() {
    List<Row> rows = List.of(record("a", 60));

    assertThat(judged(rows)).isEqualTo(rows);
    assertThat(requests).hasSize(1);
    assertThat(requests.get(0).from()).isEqualTo(WINTER.minusSeconds(3_541));
    assertThat(requests.get(0).to()).isEqualTo(WINTER.minusSeconds(3_539));
  }

  @Test
  void takesEachForTheFirstOnceTheApiReturnsOneForBoth() {
    FeedRecord before = record("before", -1);
    FeedRecord known = record("a", 60);
    MalformedRecord odd =
        new MalformedRecord("b", WINTER.getEpochSecond() + 90, 2, "caller", "is odd", "{}");
    returned = List.of(known);

    List<Row> rows = judged(List.of(before, known, odd));

    assertThat(rows)
        .extracting(Row::time)
        .containsExactly(before.time(), known.time() - 3_600, odd.time() - 3_600);
    assertThat(rows).extracting(Row::id).containsExactly("before", "a", odd.id());
    returned = List.of();
    assertThat(judged(List.of(record("c", 61))))
        .extracting(Row::time)
        .first()
        .isEqualTo(WINTER.getEpochSecond() + 61 - 3_600);
    assertThat(requests).hasSize(1);
  }

  /** A single response that lacks a record proves nothing. */
  @Test
  void asksForThreeRecordsAndNoMore() {
    judged(List.of(record("a", 60)));
    judged(List.of(record("a", 60), record("b", 61), record("c", 62), record("d", 63)));
    judged(List.of(record("e", 60)));

    assertThat(requests).hasSize(3);
  }
}
