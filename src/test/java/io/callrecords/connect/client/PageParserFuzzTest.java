package io.callrecords.connect.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.junit.jupiter.api.Timeout;

/**
 * Feeds the parser with whatever bytes a fuzzer thinks of: it never throws, never hangs, means the
 * same by the same bytes, and never repeats them in a message.
 *
 * <p>In {@code mvn test} the bytes are the seeds beside this class's resources.
 */
class PageParserFuzzTest {
  /** So many characters in a row may be alike by chance. */
  private static final int LONGEST_QUOTE = 8;

  /** A row may be malformed because no parser should read it. */
  private static final JsonFactory UNLIMITED =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Some hours around the documented sample, among them one that comes twice. */
  private static final QueryRange ASKED = new QueryRange(1_698_530_000, 1_700_500_000);

  private final Feed feed = CallCenterFeed.create();
  private final PageParser parser =
      new PageParser(new RecordParser(feed, "callStartTime", ZoneId.of("Europe/Berlin")));

  /** Names of fields, and what statuses mean: no quotes, also where an answer holds them. */
  private final List<String> ownWords =
      Stream.of(
              Stream.of(ApiStatus.values()).map(ApiStatus::advice),
              Stream.of(TransientFault.values()).map(TransientFault::advice),
              feed.schema().fields().stream().map(Field::name))
          .flatMap(words -> words)
          .filter(word -> !word.isEmpty())
          .toList();

  @Timeout(60)
  @FuzzTest(maxDuration = "60s")
  void anyBytesHaveADeclaredOutcome(byte[] body) throws IOException {
    ApiResult reply = parser.parse(body, body.length, ASKED);
    if (!reply.equals(parser.parse(body, body.length, ASKED))) {
      throw new AssertionError("The same bytes mean something else the second time");
    }
    if (reply instanceof Page page) {
      expectPage(page, body);
    } else {
      expectNoQuote(reply.toString(), body);
    }
    if (reply instanceof ApiResult.Failure fault) {
      expectNoQuote(fault.message(), body);
    }
  }

  private void expectPage(Page page, byte[] body) throws IOException {
    if (page.total() < 0) {
      throw new AssertionError("A total below zero");
    }
    for (Row row : page.rows()) {
      if (row.id().isEmpty()) {
        throw new AssertionError("A row without an id");
      }
      expectNoQuote(row.toString().replaceAll("time=-?\\d+", ""), body);
      if (row instanceof FeedRecord record) {
        record.value().validate();
        expectAsked(record);
      } else if (row instanceof OutOfRangeRecord stray) {
        stray.record().value().validate();
        expectMalformed(stray.asMalformed(), body);
      } else if (row instanceof MalformedRecord malformed) {
        expectMalformed(malformed, body);
      }
    }
  }

  private void expectMalformed(MalformedRecord row, byte[] body) throws IOException {
    expectAsked(row);
    expectNoQuote(row.reason(), body);
    try (JsonParser whole = UNLIMITED.createParser(row.json())) {
      whole.nextToken();
      whole.skipChildren();
      if (whole.nextToken() != null) {
        throw new AssertionError("A row is shown with what stands behind it");
      }
    }
  }

  private static void expectAsked(Row row) {
    if (row.time() < ASKED.first() || row.time() > ASKED.last()) {
      throw new AssertionError("A row that was not asked for");
    }
  }

  private void expectNoQuote(String message, byte[] body) {
    String rest = message;
    for (String own : ownWords) {
      rest = rest.replace(own, "\0");
    }
    for (String text : List.of(new String(body, UTF_8), new String(body, ISO_8859_1))) {
      for (int i = 0; i + LONGEST_QUOTE < rest.length(); i++) {
        if (text.contains(rest.substring(i, i + LONGEST_QUOTE + 1))) {
          throw new AssertionError("A message quotes the answer: " + message);
        }
      }
    }
  }
}
