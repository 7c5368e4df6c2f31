package io.callrecords.connect.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.callrecords.connect.feed.Asked;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of an answer without building a tree of it. Keys may come in any order; unknown
 * ones are passed over.
 */
final class PageParser {
  /** The API's longest documented text has a thousand characters. */
  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder()
          .maxNestingDepth(64)
          .maxNumberLength(200)
          .maxNameLength(1_000)
          .maxStringLength(1_000_000)
          .build();

  private final JsonFactory json = JsonFactory.builder().streamReadConstraints(BOUNDS).build();
  private final RecordParser records;

  PageParser(RecordParser records) {
    this.records = records;
  }

  /**
   * Reads an answer, whatever it holds.
   *
   * @param body holds the body from its beginning
   * @param length how long that is
   * @param asked what was asked for
   */
  Reply parse(byte[] body, int length, Asked asked) {
    if (length == 0) {
      return new Reply.Fault(Trouble.NOT_THE_API, "an empty answer");
    }
    Envelope envelope = new Envelope(body, asked);
    try (JsonParser parser = json.createParser(body, 0, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Reply.Fault(Trouble.NOT_THE_API, "an answer that is not a JSON object");
      }
      envelope.isOpened = true;
      if (parser.currentTokenLocation().getByteOffset() < 0) {
        return new Reply.Fault(Trouble.NOT_THE_API, "an answer that is not in UTF-8");
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
        return new Reply.Fault(Trouble.NOT_WHOLE, "an answer with something behind its JSON");
      }
    } catch (StreamConstraintsException e) {
      return new Reply.Fault(Trouble.TOO_LARGE, "an answer beyond all bounds");
    } catch (JsonEOFException e) {
      return new Reply.Fault(Trouble.NOT_WHOLE, "an answer that ends early");
    } catch (JsonProcessingException e) {
      // Its message quotes the body, so it is not passed on.
      return envelope.isOpened
          ? new Reply.Fault(Trouble.NOT_WHOLE, "an answer that is not whole JSON")
          : new Reply.Fault(Trouble.NOT_THE_API, "an answer that is not JSON");
    } catch (IOException e) {
      // Bytes that are no characters; nothing is read from outside.
      return new Reply.Fault(Trouble.NOT_WHOLE, "an answer that is not text");
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
          envelope.add(records.parse(parser, envelope.body, envelope.count + 1, envelope.asked));
        }
      } else {
        parser.skipChildren();
      }
    }
  }

  /** What was read so far. */
  private static final class Envelope {
    static final long ABSENT = Long.MIN_VALUE;

    /** More calls than this in each second are no call centre's. */
    static final long MOST_A_SECOND = 10_000;

    /** A page has a hundred records at most; what is beyond this is counted, but not kept. */
    static final int MOST_ROWS = 1_000;

    final byte[] body;
    final Asked asked;
    @Nullable String status;
    boolean isOpened;
    long total = ABSENT;
    int count;
    final List<Row> rows = new ArrayList<>();

    Envelope(byte[] body, Asked asked) {
      this.body = body;
      this.asked = asked;
    }

    void add(Row row) {
      if (count++ < MOST_ROWS) {
        rows.add(row);
      }
    }

    Reply reply() {
      if (status == null) {
        return new Reply.Fault(Trouble.NOT_THE_API, "an answer without a status");
      }
      ApiStatus known = ApiStatus.of(status).orElse(null);
      if (known == null) {
        return new Reply.Fault(Trouble.UNKNOWN_STATUS, "a status that is not known");
      }
      String detail = "status " + status.trim();
      return switch (known.kind()) {
        case OK -> success();
        case FAULT -> new Reply.Fault(Trouble.BROKEN_API, detail);
        case EXPIRED -> new Reply.Expired(new Reply.Fault(Trouble.EXPIRED, detail));
        case TOO_MANY -> new Reply.TooMany(new Reply.Fault(Trouble.TOO_OFTEN, detail), null);
        case REFUSED -> new Reply.Refused(known, "Status " + status.trim());
      };
    }

    private Reply success() {
      if (total == ABSENT && count > 0) {
        return contradiction("records, but without a total");
      }
      if (total < 0 && total != ABSENT) {
        return contradiction("a total below zero");
      }
      if (total / MOST_A_SECOND > asked.last() - asked.first()) {
        return contradiction("a total that cannot be");
      }
      if (count > MOST_ROWS) {
        return contradiction("more records than a page has");
      }
      return new Reply.Records(Math.max(0, total), List.copyOf(rows), total == ABSENT);
    }

    private static Reply contradiction(String what) {
      return new Reply.Fault(Trouble.CONTRADICTION, "an answer with " + what);
    }
  }
}
