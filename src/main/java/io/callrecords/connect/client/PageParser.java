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
  /** What a response may have; a row that has more is malformed, see {@link BlankedPage}. */
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(BlankedPage.MAX_DEPTH)
          .maxNumberLength(BlankedPage.MAX_DIGITS)
          .maxNameLength(BlankedPage.MAX_NAME_BYTES)
          .maxStringLength(BlankedPage.MAX_TEXT_BYTES)
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
    return parse(body, length, range, Long.MAX_VALUE);
  }

  /**
   * Reads a response, unless its rows weigh too much.
   *
   * @param body has the response's body at its beginning
   * @param length how long that is
   * @param range the range that was requested
   * @param maxWeight how much its rows may weigh, in bytes, as {@link Row#weight} estimates; a
   *     single row may weigh more
   */
  ApiResult parse(byte[] body, int length, QueryRange range, long maxWeight) {
    if (length == 0) {
      return new ApiResult.Failure(TransientFault.NOT_THE_API, "an empty response");
    }
    try {
      return parse(new Envelope(body, body, null, range, maxWeight), length);
    } catch (StreamConstraintsException e) {
      return parseBlanked(body, length, range, maxWeight);
    }
  }

  /** A row beyond the parser's limits must not take the others of its page with it. */
  private ApiResult parseBlanked(byte[] body, int length, QueryRange range, long maxWeight) {
    BlankedPage blanked = BlankedPage.of(body, length, records::reads);
    try {
      if (blanked != null) {
        return parse(new Envelope(body, blanked.bytes(), blanked, range, maxWeight), length);
      }
    } catch (StreamConstraintsException e) {
      // What is beyond the limits is not a row's.
    }
    return new ApiResult.Failure(
        TransientFault.MALFORMED_RESPONSE, "a response beyond the parser's limits");
  }

  private ApiResult parse(Envelope envelope, int length) throws StreamConstraintsException {
    try (JsonParser parser = json.createParser(envelope.bytes, 0, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new ApiResult.Failure(
            TransientFault.NOT_THE_API, "a response that is not a JSON object");
      }
      envelope.isOpened = true;
      if (parser.currentTokenLocation().getByteOffset() < 0) {
        return new ApiResult.Failure(TransientFault.NOT_THE_API, "a response that is not in UTF-8");
      }
      readEnvelope(parser, envelope);
      if (parser.nextToken() != null) {
        return new ApiResult.Failure(
            TransientFault.MALFORMED_RESPONSE, "a response with something after its JSON");
      }
    } catch (StreamConstraintsException e) {
      throw e;
    } catch (HeavyPageException e) {
      return new ApiResult.Failure(
          TransientFault.TOO_LARGE,
          "a response of more than "
              + ResponseLimits.describe(envelope.maxWeight)
              + " once it is parsed");
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

  private void readEnvelope(JsonParser parser, Envelope envelope) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("status") && value.isScalarValue()) {
        envelope.status = parser.getText();
      } else if (name.equals("data") && value == JsonToken.START_OBJECT) {
        readData(parser, envelope);
      } else {
        envelope.hasOddData |= name.equals("data") && value != JsonToken.VALUE_NULL;
        parser.skipChildren();
      }
    }
  }

  private void readData(JsonParser parser, Envelope envelope) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("total") && (value.isNumeric() || value == JsonToken.VALUE_STRING)) {
        envelope.total = parser.getValueAsLong(Envelope.ABSENT);
      } else if (name.equals("records") && value == JsonToken.START_ARRAY) {
        envelope.hasRecords = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          envelope.add(readRow(parser, envelope));
        }
      } else {
        envelope.hasError |= name.equals("error") && isSaid(parser, value);
        parser.skipChildren();
      }
    }
  }

  private Row readRow(JsonParser parser, Envelope envelope) throws IOException {
    BlankedPage blanked = envelope.blanked;
    int position = envelope.count + 1;
    return blanked == null
        ? records.parse(parser, envelope.bytes, position, envelope.range)
        : records.parseBlanked(
            parser,
            envelope.bytes,
            envelope.body,
            position,
            envelope.range,
            blanked.problemAt(parser.currentTokenLocation().getByteOffset()));
  }

  /** Whether a value says that there is an error: some backends always have a field for it. */
  private static boolean isSaid(JsonParser parser, JsonToken value) throws IOException {
    return value != JsonToken.VALUE_NULL
        && value != JsonToken.VALUE_FALSE
        && !(value.isScalarValue() && parser.getText().isBlank());
  }

  /** The rows weigh too much: what is left of the page is not worth reading. */
  private static final class HeavyPageException extends IOException {
    private static final long serialVersionUID = 1;
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

    /** The body as it came. */
    final byte[] body;

    /** The body as it is read: with rows blanked, or the same. */
    final byte[] bytes;

    final @Nullable BlankedPage blanked;
    final QueryRange range;
    final long maxWeight;
    long weight;
    @Nullable String status;
    boolean isOpened;
    boolean hasOddData;
    boolean hasRecords;
    boolean hasError;
    long total = ABSENT;
    int count;
    final List<Row> rows = new ArrayList<>();

    Envelope(
        byte[] body,
        byte[] bytes,
        @Nullable BlankedPage blanked,
        QueryRange range,
        long maxWeight) {
      this.maxWeight = maxWeight;
      this.body = body;
      this.bytes = bytes;
      this.blanked = blanked;
      this.range = range;
    }

    void add(Row row) throws HeavyPageException {
      weight += row.weight();
      if (weight > maxWeight && count > 0) {
        throw new HeavyPageException();
      }
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
      return known == ApiStatus.SUCCESS ? success() : known.failure(status.trim());
    }

    private ApiResult success() {
      if (hasOddData) {
        return new ApiResult.Failure(
            TransientFault.NOT_THE_API, "a response whose data is not an object");
      }
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
      boolean withoutData = count == 0 && (total == ABSENT || !hasRecords || hasError);
      return Page.parsed(Math.max(0, total), List.copyOf(rows), withoutData);
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
