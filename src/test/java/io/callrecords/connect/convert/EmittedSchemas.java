package io.callrecords.connect.convert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.config.TimesFormat;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.RecordSchema;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.connect.data.Struct;

/** The kinds of records that the connector writes, each with an invented value. */
public final class EmittedSchemas {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final Instant START = Instant.parse("2023-11-20T15:43:00Z");

  private EmittedSchemas() {}

  private static final MalformedConverter MALFORMED = new MalformedConverter(TimesFormat.TIMESTAMP);
  private static final AuditConverter AUDITS = new AuditConverter(TimesFormat.TIMESTAMP);

  /**
   * One of them.
   *
   * @param file the name of its files in {@code config/schema}, without what follows the dot
   * @param record what is known of it
   * @param example a value
   */
  public record EmittedSchema(String file, RecordSchema record, Struct example) {
    @Override
    public String toString() {
      return file;
    }
  }

  /** All of them: calls, malformed rows, audits. */
  public static List<EmittedSchema> all() {
    return List.of(
        new EmittedSchema("call-record", CallCenterFeed.recordSchema(), call()),
        new EmittedSchema("malformed-record", MALFORMED.record(), malformed()),
        new EmittedSchema("window-audit", AUDITS.record(), audit()));
  }

  private static Struct call() {
    Feed feed = CallCenterFeed.create();
    byte[] row = GoldenFile.text("call.json").getBytes(StandardCharsets.UTF_8);
    try (JsonParser json = new JsonFactory().createParser(row)) {
      json.nextToken();
      RecordParser parser = new RecordParser(feed, feed.startField(), ZoneOffset.ofHours(8));
      return ((FeedRecord) parser.parse(json, row, 1, ANY))
          .value()
          .put("agentAccount", "agent053")
          .put("hangupCode", "200")
          .put("baseCost", "0.0050")
          .put("cost", "0.0120")
          .put("voiceUrl", "https://recordings.example.com/23112023432602510.wav");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Struct malformed() {
    return MALFORMED.value(
        "call-center",
        "2023-11-20",
        new MalformedRecord(
            "23112023432602510",
            START.plusSeconds(12).getEpochSecond(),
            7,
            "callDuration",
            "is not a whole number of 32 bits",
            "{\"callSessionId\": \"23112023432602510\", \"callDuration\": \"about 12\", …}"),
        new NulFilter(false, () -> {}));
  }

  private static Struct audit() {
    WindowAudit audit =
        new WindowAudit(
            new TimeRange(START, START.plusSeconds(1_020)),
            WindowAudit.WindowOutcome.SETTLED,
            41,
            new LateCounts(2, 3),
            1,
            42,
            new WindowAudit.Reconciliation(44, 2, 0, 1, true),
            START.plusSeconds(86_400));
    return AUDITS.value("call-center", "2023-11-20", audit);
  }
}
