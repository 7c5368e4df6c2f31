package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.callrecords.connect.config.CostFormat;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which JSON each kind of field accepts, and that the parser ends behind it in any case. */
class FieldReaderTest {
  private final Feed feed = CallCenterFeed.create();
  private final Struct value = new Struct(feed.schema());
  private final RecordBuilder builder = new RecordBuilder(value, new QueryRange(0, 100));

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  static Stream<Arguments> accepted() {
    return Stream.of(
        Arguments.of("called", "'91861'", "91861"),
        Arguments.of("called", "91861", "91861"),
        Arguments.of("called", "0.0120", "0.0120"),
        Arguments.of("called", "true", "true"),
        Arguments.of("called", "''", ""),
        Arguments.of("called", "null", null),
        Arguments.of("callType", "3", 3),
        Arguments.of("callType", "-2147483648", Integer.MIN_VALUE),
        Arguments.of("callType", "' 3 '", 3),
        Arguments.of("callType", "' '", null),
        Arguments.of("callType", "3.0", 3),
        Arguments.of("callType", "-0.0", 0),
        Arguments.of("callType", "1.2E1", 12),
        Arguments.of("callType", "120e-1", 12),
        Arguments.of("callType", "'12.0'", 12),
        Arguments.of("callType", "' 1.20e1 '", 12),
        Arguments.of("callType", "2147483647.000", Integer.MAX_VALUE),
        Arguments.of("callType", "0E99999999", 0),
        Arguments.of("callType", "null", null),
        Arguments.of("labels", "['a',null,7,'']", List.of("a", "7", "")),
        Arguments.of("labels", "[]", List.of()),
        Arguments.of("labels", "''", null),
        Arguments.of("labels", "null", null),
        Arguments.of("answerTime", "'0000-00-00 00:00:00'", null),
        Arguments.of("answerTime", "''", null),
        Arguments.of("answerTime", "null", null),
        Arguments.of(
            "answerTime",
            "'2026-11-01 08:00:00'",
            Date.from(Instant.parse("2026-11-01T00:00:00Z"))));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void reads(String field, String json, @Nullable Object expected) throws IOException {
    read(field, json);

    assertThat(value.get(field)).isEqualTo(expected);
    builder.reject("nothing", "was rejected before");
    assertThat(builder.malformed(1, "", null).field()).isEqualTo("nothing");
  }

  static Stream<Arguments> rejected() {
    return Stream.of(
        Arguments.of("called", "{'a':[1]}", "is not a single value"),
        Arguments.of("callType", "[3]", "is not a single value"),
        Arguments.of("callType", "3.5", "is not a whole number of 32 bits"),
        Arguments.of("callType", "'12.01'", "is not a whole number of 32 bits"),
        Arguments.of("callType", "1E99999999", "is not a whole number of 32 bits"),
        Arguments.of("callType", "1E-99999999", "is not a whole number of 32 bits"),
        Arguments.of("callType", "'1E9999999999'", "is not a whole number of 32 bits"),
        Arguments.of("callType", "2147483648.0", "is not a whole number of 32 bits"),
        Arguments.of("callType", "'12.'", "is not a whole number of 32 bits"),
        Arguments.of("callType", "'0x1p3'", "is not a whole number of 32 bits"),
        Arguments.of(
            "answerTime",
            "'2026-11-01 08:00:00.'",
            "is not a time of the form yyyy-MM-dd HH:mm:ss"),
        Arguments.of(
            "answerTime",
            "'2026-11-01 08:00:00.0x'",
            "is not a time of the form yyyy-MM-dd HH:mm:ss"),
        Arguments.of(
            "answerTime",
            "'2026-11-01 08:00:00.+08:00'",
            "is not a time of the form yyyy-MM-dd HH:mm:ss"),
        Arguments.of(
            "answerTime", "'2026-11-01 08:00'", "is not a time of the form yyyy-MM-dd HH:mm:ss"),
        Arguments.of(
            "answerTime",
            "'2026-11-01 08:00:00+19:00'",
            "is not a time of the form yyyy-MM-dd HH:mm:ss"),
        Arguments.of("callType", "2147483648", "is not a whole number of 32 bits"),
        Arguments.of("callType", "'x'", "is not a whole number of 32 bits"),
        Arguments.of("answerTime", "17", "is not a time of the form yyyy-MM-dd HH:mm:ss"),
        Arguments.of("labels", "{'a':1}", "is not a list"),
        Arguments.of("labels", "'a'", "is not a list"),
        Arguments.of("labels", "['a',{'b':[]}]", "is not a list of texts"),
        Arguments.of("callSessionId", "''", "is empty"));
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void rejects(String field, String json, String problem) throws IOException {
    read(field, json);

    MalformedRecord row = builder.malformed(1, "", null);
    assertThat(row.field()).isEqualTo(field);
    assertThat(row.problem()).isEqualTo(problem);
  }

  private void read(String field, String json) throws IOException {
    FieldReader reader =
        new FieldReader(
            feed.schema().field(field),
            feed,
            "callStartTime",
            new NaiveTime(ZoneOffset.ofHours(8)),
            PrivacyRules.NONE,
            CostFormat.TEXT);
    String object = "{'%s':%s,'next':1}".formatted(field, json).replace('\'', '"');
    try (JsonParser parser = new JsonFactory().createParser(object)) {
      parser.nextToken();
      parser.nextToken();
      reader.read(parser, builder);
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        parser.finishToken();
      }

      assertThat(parser.nextToken()).isEqualTo(JsonToken.FIELD_NAME);
      assertThat(parser.currentName()).isEqualTo("next");
    }
  }
}
