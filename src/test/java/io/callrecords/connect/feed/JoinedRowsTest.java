package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a join makes of a record is put together again, and nothing else is. */
class JoinedRowsTest {
  private static final Schema SCHEMA = CallCenterFeed.create().schema();
  private static final long TIME = 1_793_500_000L;

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private static FeedRecord row(
      String id, long time, @Nullable String remark, @Nullable List<String> labels) {
    Struct value =
        new Struct(SCHEMA)
            .put("callSessionId", id)
            .put("callStartTime", Date.from(Instant.ofEpochSecond(time)))
            .put("remark", remark)
            .put("labels", labels);
    return new FeedRecord(id, time, value);
  }

  private static FeedRecord row(String... labels) {
    return row("1", TIME, "x", List.of(labels));
  }

  private static List<String> labels(Optional<Row> union) {
    return ((FeedRecord) union.orElseThrow()).value().getArray("labels");
  }

  @Test
  void aRecordHasAsManyJoinedRowsAsLabelsAndOneAtLeast() {
    assertThat(JoinedRows.count(row("a", "b", "c"))).isEqualTo(3);
    assertThat(JoinedRows.count(row("a"))).isOne();
    assertThat(JoinedRows.count(row())).isOne();
    assertThat(JoinedRows.count(row("1", TIME, "x", null))).isOne();
    assertThat(JoinedRows.count(new MalformedRecord("!", TIME, 3, "cost", "is no number", "{}")))
        .isOne();
  }

  @Test
  void theUnionHasAllLabelsInTheOrderInWhichTheyCame() {
    assertThat(labels(JoinedRows.union(row("c", "a"), row("b", "a"))))
        .containsExactly("c", "a", "b");
    assertThat(labels(JoinedRows.union(row("1", TIME, "x", null), row("b")))).containsExactly("b");
    assertThat(JoinedRows.union(row("a", "b"), row("b"))).contains(row("a", "b"));
  }

  @Test
  void sameRowsAreNoPartsOfOne() {
    assertThat(JoinedRows.union(row("a"), row("a"))).isEmpty();
  }

  @Test
  void rowsThatDifferInMoreThanTheirListsAreNoPartsOfOne() {
    assertThat(JoinedRows.union(row("a"), row("1", TIME, "y", List.of("b")))).isEmpty();
    assertThat(JoinedRows.union(row("a"), row("1", TIME, null, List.of("b")))).isEmpty();
    assertThat(JoinedRows.union(row("a"), row("1", TIME + 1, "x", List.of("b")))).isEmpty();
    assertThat(
            JoinedRows.union(
                row("a"), new MalformedRecord("1", TIME, 3, "cost", "is no number", "{}")))
        .isEmpty();
  }

  /** Into whatever parts a join splits a record, and in whatever order they come. */
  @Test
  void anyPartsThatHaveAllLabelsAreTheRecord() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<String> all = new ArrayList<>();
      for (int i = 2 + random.nextInt(8); i > 0; i--) {
        all.add("label " + i);
      }
      List<Row> parts = new ArrayList<>();
      for (int from = 0; from < all.size(); ) {
        int to = from + 1 + random.nextInt(all.size() - from);
        parts.add(row("1", TIME, "x", List.copyOf(all.subList(Math.max(0, from - 1), to))));
        from = to;
      }
      Collections.shuffle(parts, random);
      Row whole = parts.get(0);
      for (Row part : parts) {
        whole = JoinedRows.union(whole, part).orElse(whole);
      }

      Set<String> found = new HashSet<>(((FeedRecord) whole).value().<String>getArray("labels"));
      assertThat(found).as("seed %s", seed).isEqualTo(Set.copyOf(all));
      assertThat(JoinedRows.count(whole)).as("seed %s", seed).isEqualTo(all.size());
    }
  }
}
