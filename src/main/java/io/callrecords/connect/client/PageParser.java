package io.callrecords.connect.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.callrecords.connect.feed.QueryRange;
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
  ApiResult parse(byte[] body, int length, QueryRange asked) {
    if (length == 0) {
      return new ApiResult.Fault(TransientFault.NOT_THE_API, "an empty answer");
    }
    Envelope envelope = new Envelope(body, asked);
    try (JsonParser parser = json.createParser(body, 0, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new ApiResult.Fault(
            TransientFault.NOT_THE_API, "an answer that is not a JSON object");
      }
      envelope.isOpened = true;
      if (parser.currentTokenLocation().getByteOffset() < 0) {
        return new ApiResult.Fault(TransientFault.NOT_THE_API, "an answer that is not in UTF-8");
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
        return new ApiResult.Fault(
            TransientFault.NOT_WHOLE, "an answer with something behind its JSON");
      }
    } catch (StreamConstraintsException e) {
      return new ApiResult.Fault(TransientFault.TOO_LARGE, "an answer beyond all bounds");
    } catch (JsonEOFException e) {
      return new ApiResult.Fault(TransientFault.NOT_WHOLE, "an answer that ends early");
    } catch (JsonProcessingException e) {
      // Its message quotes the body, so it is not passed on.
      return envelope.isOpened
          ? new ApiResult.Fault(TransientFault.NOT_WHOLE, "an answer that is not whole JSON")
          : new ApiResult.Fault(TransientFault.NOT_THE_API, "an answer that is not JSON");
    } catch (IOException e) {
      // Bytes that are no characters; nothing is read from outside.
      return new ApiResult.Fault(TransientFault.NOT_WHOLE, "an answer that is not text");
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
    final QueryRange asked;
    @Nullable String status;
    boolean isOpened;
    long total = ABSENT;
    int count;
    final List<Row> rows = new ArrayList<>();

    Envelope(byte[] body, QueryRange asked) {
      this.body = body;
      this.asked = asked;
    }

    void add(Row row) {
      if (count++ < MOST_ROWS) {
        rows.add(row);
      }
    }

    ApiResult reply() {
      if (status == null) {
        return new ApiResult.Fault(TransientFault.NOT_THE_API, "an answer without a status");
      }
      ApiStatus known = ApiStatus.of(status).orElse(null);
      if (known == null) {
        return new ApiResult.Fault(TransientFault.UNKNOWN_STATUS, "a status that is not known");
      }
      String detail = "status " + status.trim();
      return switch (known.kind()) {
        case OK -> success();
        case FAULT -> new ApiResult.Fault(TransientFault.BROKEN_API, detail);
        case EXPIRED -> new ApiResult.Expired(new ApiResult.Fault(TransientFault.EXPIRED, detail));
        case TOO_MANY ->
            new ApiResult.TooMany(new ApiResult.Fault(TransientFault.TOO_OFTEN, detail), null);
        case REFUSED -> new ApiResult.Refused(known, "Status " + status.trim());
      };
    }

    private ApiResult success() {
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
      return new ApiResult.Records(Math.max(0, total), List.copyOf(rows), total == ABSENT);
    }

    private static ApiResult contradiction(String what) {
      return new ApiResult.Fault(TransientFault.CONTRADICTION, "an answer with " + what);
    }
  }
}
