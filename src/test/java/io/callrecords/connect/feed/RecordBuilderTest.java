package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which row is made of what was read. */
class RecordBuilderTest {
  private static final QueryRange RANGE = new QueryRange(100, 200);

  private final Feed feed = CallCenterFeed.create();
  private final Struct value = new Struct(feed.schema());
  private final RecordBuilder builder = new RecordBuilder(value, RANGE);

  @BeforeEach
  void read() {
    builder.setId("callSessionId", "a");
    builder.putTime(field("callStartTime"), 150 * 1_000L, true);
  }

  @Test
  void isARecordWhereNothingWasRejected() {
    builder.putTime(field("callEndTime"), 170 * 1_000L, false);
    builder.addExtra("tax", "0.10");
    builder.putExtra(field("extra"));

    assertThat(builder.record()).isEqualTo(new FeedRecord("a", 150, value));
    assertThat(value.getMap("extra")).isEqualTo(Map.of("tax", "0.10"));
  }

  /** A call that starts before clocks are set back, at 150, and whose other times come twice. */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  @ParameterizedTest
  @CsvSource({"160, 3760, 160", "3760, 160, 160", "-3450, 150, 150", "140, 3740, 3740"})
  void ofTwoMomentsTheOneCountsThatIsFirstBehindTheStart(long put, long other, long expected) {
    builder.putTime(field("callEndTime"), put * 1_000, false);
    builder.addOtherMoment(field("callEndTime"), other * 1_000);
    builder.chooseMoments(false);

    assertThat(value.get("callEndTime")).isEqualTo(new Date(expected * 1000));
    assertThat(value.get("callStartTime")).isEqualTo(new Date(150_000));
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  @ParameterizedTest
  @CsvSource({"140, 3740, 140", "-3460, 140, 140", "160, 3760, 160", "-3450, 150, 150"})
  void ofTwoMomentsTheOneCountsThatIsLastBeforeTheEnd(long put, long other, long expected) {
    builder.putTime(field("callEndTime"), 150_000, true);
    builder.putTime(field("callStartTime"), put * 1_000, false);
    builder.addOtherMoment(field("callStartTime"), other * 1_000);
    builder.chooseMoments(true);

    assertThat(value.get("callStartTime")).isEqualTo(new Date(expected * 1000));
  }

  @Test
  void isMalformedByItsFirstProblem() {
    builder.reject("called", "is not a single value");
    builder.reject("callType", "is not a whole number of 32 bits");

    assertThat(builder.record()).isNull();
    assertThat(builder.malformed(7, "{}", null))
        .isEqualTo(new MalformedRecord("a", 150, 7, "called", "is not a single value", "{}"));
  }

  /** A malformed row has to lie in the window that it was found in. */
  @ParameterizedTest
  @CsvSource({"100, 100", "200, 200", "99, 101", "201, 101"})
  void aMalformedRowHasATimeInTheRequestedRange(long time, long expected) {
    builder.putTime(field("callStartTime"), time * 1_000L, true);
    builder.reject("called", "is not a single value");

    MalformedRecord row = builder.malformed(1, "{}", null);
    assertThat(row.time()).isEqualTo(expected);
    assertThat(row.hasOwnTime()).isEqualTo(time == expected);
  }

  @Test
  void aMalformedRowOfARangeOfOneSecondLiesInIt() {
    RecordBuilder narrow = new RecordBuilder(value, new QueryRange(100, 100));
    narrow.reject("record", "is not a JSON object");

    assertThat(narrow.malformed(1, "7", null).time()).isEqualTo(100);
    assertThat(narrow.malformed(1, "7", null).hasOwnTime()).isFalse();
  }

  @Test
  void anOutOfRangeRecordIsMalformedByTheFieldOfItsTime() {
    FeedRecord record = new FeedRecord("a", 999, value);

    OutOfRangeRecord row = builder.outOfRange(record, 3, "callStartTime", "{}");

    assertThat(row.record()).isSameAs(record);
    assertThat(row.asMalformed().field()).isEqualTo("callStartTime");
    assertThat(row.asMalformed().time()).isEqualTo(101);
    assertThat(row.asMalformed().hasOwnTime()).isFalse();
    assertThat(row.asMalformed().key()).isEqualTo("a");
  }

  @Test
  void takesEachRowForWhatItIs() {
    FeedRecord record = new FeedRecord("a", 150, value);
    OutOfRangeRecord outOfRange = builder.outOfRange(record, 3, "callStartTime", "{}");

    assertThat(List.of(record, outOfRange.asMalformed(), outOfRange))
        .extracting(row -> row.<String>match(r -> "record", m -> "malformed", o -> "out of range"))
        .containsExactly("record", "malformed", "out of range");
  }

  private Field field(String name) {
    return feed.schema().field(name);
  }
}
