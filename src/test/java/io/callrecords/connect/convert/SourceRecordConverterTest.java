package io.callrecords.connect.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.callrecords.connect.config.FormatOptions;
import io.callrecords.connect.config.RecordTimestamp;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.Batch.VersionedRow;
import io.callrecords.connect.state.RowVersion;
import io.callrecords.connect.state.WindowAudit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Proves what the worker is handed for each record: key, value, timestamp, partition and offset.
 */
class SourceRecordConverterTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final Split DAY = new Split(LocalDate.of(2026, 11, 1));
  private static final Instant READ_AT = Instant.parse("2026-11-02T00:00:00.123Z");
  private static final Instant STARTED = Instant.parse("2026-11-01T08:00:00Z");

  private final Feed feed = CallCenterFeed.create();
  private final OffsetCodec offsets = new OffsetCodec(feed.name());
  private final List<Integer> offsetsAskedFor = new ArrayList<>();

  @Test
  void makesOneSourceRecordOfEachRecordInTheirOrder() {
    FeedRecord first = record("a", "2026-11-01 08:00:00", "2026-11-01 08:01:00");
    FeedRecord second = record("b", "2026-11-01 08:00:30", null);

    List<SourceRecord> records = converter(RecordTimestamp.INGEST).convert(batch(first, second));

    assertThat(records).extracting(SourceRecord::key).containsExactly("a", "b");
    assertThat(records)
        .extracting(SourceRecord::value)
        .containsExactly(first.value(), second.value());
    assertThat(records)
        .allSatisfy(
            record -> {
              assertThat(record.topic()).isEqualTo("calls");
              assertThat(record.kafkaPartition()).isNull();
              assertThat(record.keySchema()).isEqualTo(Schema.STRING_SCHEMA);
              assertThat(record.valueSchema()).isEqualTo(feed.schema());
              assertThat(record.headers()).isEmpty();
              assertThat(record.sourcePartition())
                  .isEqualTo(Map.of("feed", "call-center", "split", "2026-11-01"));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "INGEST, 2026-11-01 08:01:00, ",
    "INGEST, , ",
    "CALL_START, 2026-11-01 08:01:00, 2026-11-01T08:00:00Z",
    "CALL_START, , 2026-11-01T08:00:00Z",
    "CALL_END, 2026-11-01 08:01:00, 2026-11-01T08:01:00Z",
    "CALL_END, , 2026-11-01T08:00:00Z",
    "CALL_END, 1969-12-31 16:00:00, 2026-11-01T08:00:00Z",
    "CALL_END, 0001-01-01 00:00:00, 2026-11-01T08:00:00Z",
    "CALL_END, 2099-12-31 23:59:59, 2026-11-01T08:00:00Z",
    "CALL_END, 2026-10-31 08:00:01, 2026-10-31T08:00:01Z"
  })
  void takesTheTimestampThatIsConfigured(RecordTimestamp timestamp, String end, Instant expected) {
    List<SourceRecord> records =
        converter(timestamp).convert(batch(record("a", "2026-11-01 08:00:00", end)));

    assertThat(records)
        .singleElement()
        .extracting(SourceRecord::timestamp)
        .isEqualTo(expected == null ? null : expected.toEpochMilli());
  }

  @Test
  void givesEachRecordTheOffsetThatHoldsOnceItIsSent() {
    List<SourceRecord> records =
        converter(RecordTimestamp.INGEST)
            .convert(
                batch(
                    record("a", "2026-11-01 08:00:00", null),
                    record("b", "2026-11-01 08:00:00", null),
                    record("c", "2026-11-01 08:00:00", null)));

    assertThat(records)
        .extracting(record -> String.valueOf(record.sourceOffset().get("settled")))
        .containsExactly("2026-11-01T08:00:00Z", "2026-11-01T08:00:01Z", "2026-11-01T08:00:02Z");
    assertThat(records.get(2).sourceOffset().equals(offsets.encode(offset(2)))).isTrue();
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  @Test
  void sendsTheEndOfAWindowToTheAuditTopic() {
    TimeRange window = new TimeRange(STARTED, STARTED.plusSeconds(3_600));
    WindowAudit audit =
        new WindowAudit(
            window,
            WindowAudit.WindowOutcome.SETTLED,
            7,
            new LateCounts(2, 3),
            1,
            6,
            new WindowAudit.Reconciliation(10, 3, 1, 2, false, false, 4),
            STARTED.plusSeconds(86_400));
    WindowAudit early =
        new WindowAudit(
            window,
            WindowAudit.WindowOutcome.SETTLED_EARLY,
            7,
            new LateCounts(2, 3),
            0,
            7,
            null,
            STARTED);

    List<SourceRecord> records =
        converter(RecordTimestamp.INGEST)
            .convert(
                new Batch(
                    1,
                    DAY,
                    List.of(audit),
                    List.of(),
                    READ_AT,
                    List.of(early),
                    SourceRecordConverterTest::offset));

    assertThat(records)
        .allSatisfy(
            record -> {
              assertThat(record.topic()).isEqualTo("audit");
              assertThat(record.key()).isEqualTo("2026-11-01T08:00:00Z/2026-11-01T09:00:00Z");
              ((Struct) record.value()).validate();
            });
    assertThat(records.get(0).value())
        .hasToString(
            "Struct{feed=call-center,split=2026-11-01,from=%s,to=%s,outcome=settled,emitted=7,late=2,updated=3,malformed=1,distinct=6,total=10,outside=3,duplicates=1,passes=2,unstable=true,settledAt=%s,conflicting=4,windowStart=%s,windowEnd=%s,distinctRows=6}"
                .formatted(
                    Date.from(STARTED),
                    Date.from(STARTED.plusSeconds(3_600)),
                    Date.from(STARTED.plusSeconds(86_400)),
                    Date.from(STARTED),
                    Date.from(STARTED.plusSeconds(3_600))));
    assertThat(((Struct) records.get(1).value()).getString("outcome")).isEqualTo("settled-early");
    assertThat(((Struct) records.get(1).value()).get("total")).isNull();
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  @Test
  void routesARowThatCannotBeConvertedAsTheApiReturnedIt() {
    MalformedRecord row = malformed("a");

    List<SourceRecord> records = converter(RecordTimestamp.CALL_START).convert(batchOf(row));

    assertThat(records)
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.topic()).isEqualTo("malformed");
              assertThat(record.key()).isEqualTo("a");
              assertThat(record.valueSchema().name()).isEqualTo("io.callrecords.MalformedRecord");
              ((Struct) record.value()).validate();
              assertThat(record.value())
                  .hasToString(
                      "Struct{feed=call-center,split=2026-11-01,callSessionId=a,queryTime=%s,position=3,field=callDuration,problem=is not a number,json={\"callSessionId\":\"a\"}}"
                          .formatted(Date.from(STARTED)));
              assertThat(record.timestamp()).isNull();
              assertThat(record.headers())
                  .extracting(Header::key, Header::value)
                  .containsExactly(
                      tuple("callrecords.malformed.feed", "call-center"),
                      tuple("callrecords.malformed.field", "callDuration"),
                      tuple("callrecords.malformed.problem", "is not a number"),
                      tuple("callrecords.malformed.position", 3));
            });
  }

  @Test
  void routesARowWithoutAnIdOrATimeOfItsOwn() {
    MalformedRecord row =
        new MalformedRecord(
            null, STARTED.getEpochSecond(), false, 1, "record", "is not a JSON object", "7", null);

    List<SourceRecord> records = converter(RecordTimestamp.INGEST).convert(batchOf(row));

    assertThat(records)
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.keySchema()).isEqualTo(Schema.OPTIONAL_STRING_SCHEMA);
              assertThat(record.key()).isNull();
              Struct value = (Struct) record.value();
              value.validate();
              assertThat(value.get("callSessionId")).isNull();
              assertThat(value.get("queryTime")).isNull();
              assertThat(value.get("json")).isEqualTo("7");
            });
  }

  /** Nobody emits such a row; should it happen, its record must not be lost. */
  @Test
  void sendsTheRecordOfAnOutOfRangeRow() {
    FeedRecord record = record("a", "2026-11-01 08:00:00", null);

    List<SourceRecord> records =
        converter(RecordTimestamp.INGEST)
            .convert(batchOf(new OutOfRangeRecord(record, malformed("a"))));

    assertThat(records)
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(sent.topic()).isEqualTo("calls");
              assertThat(sent.key()).isEqualTo("a");
              assertThat(sent.value()).isEqualTo(record.value());
            });
  }

  /** Rows and audits share one order, and one count of offsets. */
  @Test
  void countsTheOffsetsOverAuditsAndRows() {
    WindowAudit audit =
        new WindowAudit(
            new TimeRange(STARTED, STARTED.plusSeconds(3_600)),
            WindowAudit.WindowOutcome.EXPIRED,
            0,
            LateCounts.NONE,
            0,
            0,
            null,
            STARTED);

    List<SourceRecord> records =
        converter(RecordTimestamp.INGEST)
            .convert(
                new Batch(
                    1,
                    DAY,
                    List.of(audit),
                    rows(record("a", "2026-11-01 08:00:00", null), malformed("b")),
                    READ_AT,
                    List.of(audit),
                    SourceRecordConverterTest::offset));

    assertThat(records)
        .extracting(SourceRecord::topic)
        .containsExactly("audit", "calls", "malformed", "audit");
    assertThat(records)
        .extracting(sent -> String.valueOf(sent.sourceOffset().get("settled")))
        .containsExactly(
            "2026-11-01T08:00:00Z",
            "2026-11-01T08:00:01Z",
            "2026-11-01T08:00:02Z",
            "2026-11-01T08:00:03Z");
  }

  @Test
  void worksOffsetsOutOnlyForTheRecordsWhoseOffsetsAreWritten() {
    List<SourceRecord> records =
        converter(RecordTimestamp.INGEST)
            .convert(
                batch(
                    record("a", "2026-11-01 08:00:00", null),
                    record("b", "2026-11-01 08:00:00", null)));
    assertThat(offsetsAskedFor).isEmpty();

    assertThat(records.get(1).sourceOffset().containsKey("version")).isTrue();

    assertThat(offsetsAskedFor).containsOnly(1);
  }

  /** An exactly-once worker hashes each record of a transaction. */
  @Test
  void hashesARecordByItsKeyAlone() {
    List<SourceRecord> records =
        converter(RecordTimestamp.INGEST)
            .convert(
                batch(
                    record("a", "2026-11-01 08:00:00", null),
                    record("a", "2026-11-01 08:00:01", null)));

    assertThat(records.get(0)).hasSameHashCodeAs(records.get(1)).isNotEqualTo(records.get(1));
  }

  private SourceRecordConverter converter(RecordTimestamp timestamp) {
    return new SourceRecordConverter(
        feed, "calls", "audit", "malformed", timestamp, FormatOptions.DEFAULT, offsets, () -> {});
  }

  private static Batch batchOf(Row row) {
    return new Batch(
        1, DAY, List.of(), rows(row), READ_AT, List.of(), SourceRecordConverterTest::offset);
  }

  private static List<VersionedRow> rows(Row... rows) {
    return Stream.of(rows).map(row -> new VersionedRow(row, RowVersion.FIRST)).toList();
  }

  private Batch batch(FeedRecord... records) {
    return new Batch(
        1,
        DAY,
        List.of(),
        rows(records),
        READ_AT,
        List.of(),
        index -> {
          return new RecordOffset.OfDay(
              DAY,
              () -> {
                offsetsAskedFor.add(index);
                return splitOffset(index);
              });
        });
  }

  private static MalformedRecord malformed(String key) {
    return new MalformedRecord(
        key,
        STARTED.getEpochSecond(),
        3,
        "callDuration",
        "is not a number",
        "{\"callSessionId\":\"" + key + "\"}");
  }

  private static RecordOffset offset(int index) {
    return new RecordOffset.OfDay(DAY, () -> splitOffset(index));
  }

  private static SplitOffset splitOffset(int index) {
    return new SplitOffset(STARTED, STARTED.plusSeconds(index), List.of());
  }

  private FeedRecord record(String id, String start, String end) {
    String json =
        "{\"callSessionId\":\"%s\",\"callStartTime\":\"%s\",\"callEndTime\":\"%s\"}"
            .formatted(id, start, end == null ? "" : end);
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try (JsonParser parser = new JsonFactory().createParser(bytes)) {
      parser.nextToken();
      RecordParser records = new RecordParser(feed, "callStartTime", ZoneOffset.UTC);
      return (FeedRecord) records.parse(parser, bytes, 1, ANY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
