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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a response without building a tree of it. Keys may come in any order; unknown
 * ones are skipped.
 */
final class PageParser {
  /** The API's longest documented text has a thousand characters. */
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(64)
          .maxNumberLength(200)
          .maxNameLength(1_000)
          .maxStringLength(1_000_000)
          .build();

  private final JsonFactory json = JsonFactory.builder().streamReadConstraints(LIMITS).build();
  private final RecordParser records;

  PageParser(RecordParser records) {
    this.records = records;
  }

  /**
   * Reads a response, whatever it holds.
   *
   * @param body has the response's body at its beginning
   * @param length how long that is
   * @param range the range that was requested
   */
  ApiResult parse(byte[] body, int length, QueryRange range) {
    if (length == 0) {
      return new ApiResult.Failure(TransientFault.NOT_THE_API, "an empty response");
    }
    Envelope envelope = new Envelope(body, range);
    try (JsonParser parser = json.createParser(body, 0, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new ApiResult.Failure(
            TransientFault.NOT_THE_API, "a response that is not a JSON object");
      }
      envelope.isOpened = true;
      if (parser.currentTokenLocation().getByteOffset() < 0) {
        return new ApiResult.Failure(TransientFault.NOT_THE_API, "a response that is not in UTF-8");
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
        return new ApiResult.Failure(
            TransientFault.MALFORMED_RESPONSE, "a response with something after its JSON");
      }
    } catch (StreamConstraintsException e) {
      return new ApiResult.Failure(
          TransientFault.TOO_LARGE, "a response beyond the parser's limits");
    } catch (JsonEOFException e) {
      return new ApiResult.Failure(TransientFault.MALFORMED_RESPONSE, "a truncated response");
    } catch (JsonProcessingException e) {
      // Its message quotes the body, so it is not passed on.
      return envelope.isOpened
          ? new ApiResult.Failure(
              TransientFault.MALFORMED_RESPONSE, "a response that is not valid JSON")
          : new ApiResult.Failure(TransientFault.NOT_THE_API, "a response that is not JSON");
    } catch (IOException e) {
      // Bytes that are not characters; this is no error of the network.
      return new ApiResult.Failure(
          TransientFault.MALFORMED_RESPONSE, "a response that is not text");
    }
    return envelope.result();
  }

  private void readData(JsonParser parser, Envelope envelope) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("total") && (value.isNumeric() || value == JsonToken.VALUE_STRING)) {
        envelope.total = parser.getValueAsLong(Envelope.ABSENT);
      } else if (name.equals("records") && value == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          envelope.add(records.parse(parser, envelope.body, envelope.count + 1, envelope.range));
        }
      } else {
        parser.skipChildren();
      }
    }
  }

  /** The response as far as it has been read. */
  private static final class Envelope {
    static final long ABSENT = Long.MIN_VALUE;

    /** No call centre has more calls per second. */
    static final long MAX_PER_SECOND = 10_000;

    /** A page has a hundred records at most; rows beyond this number are counted, but not kept. */
    static final int MAX_ROWS = 1_000;

    /** Codes of the API have two digits; phone numbers have more than six. */
    static final Pattern CODE = Pattern.compile("-?[0-9]{1,6}");

    final byte[] body;
    final QueryRange range;
    @Nullable String status;
    boolean isOpened;
    long total = ABSENT;
    int count;
    final List<Row> rows = new ArrayList<>();

    Envelope(byte[] body, QueryRange range) {
      this.body = body;
      this.range = range;
    }

    void add(Row row) {
      if (count++ < MAX_ROWS) {
        rows.add(row);
      }
    }

    ApiResult result() {
      if (status == null) {
        return new ApiResult.Failure(TransientFault.NOT_THE_API, "a response without a status");
      }
      ApiStatus known = ApiStatus.of(status).orElse(null);
      if (known == null) {
        return unknownStatus(status);
      }
      String detail = "status " + status.trim();
      return switch (known.kind()) {
        case OK -> success();
        case FAULT -> new ApiResult.Failure(TransientFault.API_ERROR, detail);
        case EXPIRED -> new ApiResult.Failure(TransientFault.EXPIRED, detail);
        case TOO_MANY -> new ApiResult.Failure(TransientFault.TOO_MANY_REQUESTS, detail);
        case REFUSED -> new ApiResult.Refused(known, "Status " + status.trim());
      };
    }

    private ApiResult success() {
      if (total == ABSENT && count > 0) {
        return contradiction("records, but without a total");
      }
      if (total < 0 && total != ABSENT) {
        return contradiction("a negative total");
      }
      if (total / MAX_PER_SECOND > range.last() - range.first()) {
        return contradiction("an implausible total");
      }
      if (count > MAX_ROWS) {
        return contradiction("more records than a page holds");
      }
      return Page.parsed(Math.max(0, total), List.copyOf(rows), total == ABSENT);
    }

    /** Names the code, unless it could be anything else: a text may quote what is private. */
    private static ApiResult unknownStatus(String status) {
      return new ApiResult.Failure(
          TransientFault.UNKNOWN_STATUS,
          CODE.matcher(status).matches()
              ? "unknown status " + status
              : "a status that is not a number of a few digits");
    }

    private static ApiResult contradiction(String what) {
      return new ApiResult.Failure(
          TransientFault.CONTRADICTORY_RESPONSE, "a response with " + what);
    }
  }
}
