package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.Row;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.api.Test;

/** What looks like a join for a moment, and is none. */
class JoinedPagesAccidentTest {
  private static final Schema SCHEMA = CallCenterFeed.create().schema();

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private static Row row(String id, String... labels) {
    Struct value = new Struct(SCHEMA);
    for (Field field : SCHEMA.fields()) {
      Schema type = field.schema();
      if (!type.isOptional()) {
        boolean isTime = Timestamp.LOGICAL_NAME.equals(type.name());
        value.put(
            field,
            isTime ? new Date(0) : type.type() == Schema.Type.STRING ? (Object) id : (Object) 0L);
      }
    }
    value.put("labels", List.of(labels));
    return new FeedRecord(id, WINDOW.from().getEpochSecond() + 7, value);
  }

  /**
   * Of 101 calls of one second, in no order among themselves, one is on both pages, and was given a
   * label between the two requests: that happens once in a while, and says nothing of a join.
   */
  @Test
  void aLabelGivenBetweenTwoPagesMakesNoJoin() {
    PagingFacts facts = new PagingFacts(100);
    List<Row> first = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      first.add(row("call " + i));
    }
    Page one = TestRows.page(101, first);
    Page two = TestRows.page(101, List.of(row("call 5", "later")));
    WindowPass pass = new WindowPass(WINDOW, List.of(one, two), 100);
    PassHistory history = new PassHistory(WINDOW);
    history.add(pass, false);
    facts.notVerified(WINDOW, pass, history);
    for (int i = 0; i < 1_000; i++) {
      facts.verified(WINDOW, TestRows.pass(3, "abc"), false);
    }

    assertThat(facts.hasJoinedPages()).isFalse();
  }
}
