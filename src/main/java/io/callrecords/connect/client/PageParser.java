package io.callrecords.connect.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.callrecords.connect.feed.Asked;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.RecordParser;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of an answer as it arrives, without building a tree of it. Keys may come in any
 * order; unknown ones are passed over.
 */
final class PageParser {
  private final JsonFactory json = new JsonFactory();
  private final RecordParser records;

  PageParser(RecordParser records) {
    this.records = records;
  }

  /**
   * Reads an answer.
   *
   * @param asked what was asked for
   * @throws org.apache.kafka.connect.errors.DataException when a record cannot be converted
   * @throws IOException when the body cannot be read to its end
   */
  Reply parse(InputStream body, Asked asked) throws IOException {
    Envelope envelope = new Envelope(asked);
    try (JsonParser parser = json.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Reply.Fault("an answer that is not a JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("status") && value.isScalarValue()) {
          envelope.status = parser.getText();
        } else if (name.equals("data") && value == JsonToken.START_OBJECT) {
          readData(parser, envelope);
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        return new Reply.Fault("an answer with something behind its JSON");
      }
    } catch (JsonProcessingException e) {
      // Its message quotes the body, so it is not passed on.
      return new Reply.Fault("an answer that is not whole JSON");
    }
    return envelope.reply();
  }

  private void readData(JsonParser parser, Envelope envelope) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("total") && (value.isNumeric() || value == JsonToken.VALUE_STRING)) {
        envelope.total = parser.getValueAsLong(Envelope.ABSENT);
      } else if (name.equals("records") && value == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          envelope.records.add(records.parse(parser, envelope.records.size() + 1, envelope.asked));
        }
      } else {
        parser.skipChildren();
      }
    }
  }

  /** What was read so far. */
  private static final class Envelope {
    static final long ABSENT = -1;

    /** More calls than this in each second are no call centre's. */
    static final long MOST_A_SECOND = 10_000;

    final Asked asked;
    @Nullable String status;
    long total = ABSENT;
    final List<FeedRecord> records = new ArrayList<>();

    Envelope(Asked asked) {
      this.asked = asked;
    }

    Reply reply() {
      if (status == null) {
        return new Reply.Fault("an answer without a status");
      }
      ApiStatus known = ApiStatus.of(status).orElse(null);
      if (known == null) {
        return new Reply.Fault("an unknown status");
      }
      return switch (known.kind()) {
        case OK -> success();
        case FAULT -> new Reply.Fault(describe(known, status));
        case EXPIRED -> new Reply.Expired(describe(known, status));
        case TOO_MANY -> new Reply.TooMany(describe(known, status), null);
        case REFUSED -> new Reply.Refused(known, status.trim());
      };
    }

    private Reply success() {
      if (total == ABSENT && !records.isEmpty()) {
        return new Reply.Fault("an answer with records, but without a total");
      }
      if (total / MOST_A_SECOND > asked.last() - asked.first()) {
        return new Reply.Fault("an answer with a total that cannot be");
      }
      return new Reply.Records(Math.max(0, total), records);
    }

    private static String describe(ApiStatus status, String code) {
      return "status " + code.trim() + ", " + status.advice();
    }
  }
}
