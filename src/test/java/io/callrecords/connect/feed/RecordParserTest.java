package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a record is converted whatever forms its fields take, and refused without a leak. */
class RecordParserTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final ZoneId ZONE = ZoneOffset.ofHours(8);

  private final Feed feed = CallCenterFeed.create();
  private final RecordParser parser = new RecordParser(feed, "callStartTime", ZONE);

  // ---- the whole

  @Test
  void readsTheDocumentedSample() throws IOException {
    JsonNode sample;
    try (InputStream page = getClass().getResourceAsStream("/feed/documented-page.json")) {
      sample = new ObjectMapper().readTree(page).at("/data/records/0");
    }

    FeedRecord record = parse(sample.toString());

    assertThat(record.id()).isEqualTo("23112023432602510");
    assertThat(record.time()).isEqualTo(Instant.parse("2023-11-20T15:43:12Z").getEpochSecond());
    Struct value = record.value();
    value.validate();
    assertThat(value.getString("callId")).isEqualTo("23112023430531500001");
    assertThat(value.getString("callSessionId")).isEqualTo("23112023432602510");
    assertThat(value.getString("called")).isEqualTo("91861****978737");
    assertThat(value.getString("calledInfo")).isEqualTo("Test data test data");
    assertThat(value.getString("caller")).isEqualTo("91778800001");
    assertThat(value.getString("ccode")).isEqualTo("91");
    assertThat(value.getString("ccodeName")).isEqualTo("India");
    assertThat(value.getString("agentName")).isEqualTo("0705C049_053");
    assertThat(value.getString("agentGroupName")).isEqualTo("agentGroupName");
    assertThat(value.getInt32("callDuration")).isEqualTo(12);
    assertThat(value.getInt32("callType")).isEqualTo(3);
    assertThat(value.getInt32("hangingDirection")).isEqualTo(1);
    assertThat(value.getInt32("hangupReason")).isEqualTo(1);
    assertThat(value.getArray("labels")).isEqualTo(List.of("tag1"));
    assertThat(value.getString("remark")).isEqualTo("Remark message");
    assertThat(value.get("callStartTime")).isEqualTo(date("2023-11-20T15:43:12Z"));
    assertThat(value.get("answerTime")).isEqualTo(date("2023-11-20T15:43:14Z"));
    assertThat(value.get("callEndTime")).isEqualTo(date("2023-11-20T15:43:26Z"));
    assertThat(value.getString("voiceUrl")).isEmpty();
    assertThat(value.get("extra")).isNull();
  }

  @Test
  void readsARecordOfNoMoreThanIdAndStart() throws IOException {
    Struct value = parse("{'callStartTime':'2026-11-01 08:00:00','callSessionId':'a'}").value();

    value.validate();
    for (Field field : feed.schema().fields()) {
      boolean given = List.of("callSessionId", "callStartTime").contains(field.name());
      assertThat(value.get(field) != null).as(field.name()).isEqualTo(given);
    }
  }

  @Test
  void takesNullInAnyOptionalFieldForAbsent() throws IOException {
    for (Field field : feed.schema().fields()) {
      if (field.schema().isOptional() && !field.name().equals("extra")) {
        Struct value = parse(record("'%s':null".formatted(field.name()))).value();
        assertThat(value.get(field)).as(field.name()).isNull();
      }
    }
  }

  @Test
  void leavesTheParserAtTheRecordsEnd() throws IOException {
    byte[] page = bytes("[" + record("'extraList':[{'a':[1]}]") + ",'next']");
    try (JsonParser json = new JsonFactory().createParser(page)) {
      json.nextToken();
      json.nextToken();
      parser.parse(json, page, 1, ANY);

      assertThat(json.currentToken()).isEqualTo(JsonToken.END_OBJECT);
      assertThat(json.nextToken()).isEqualTo(JsonToken.VALUE_STRING);
    }
  }

  @Test
  void showsNothingOfARecordInItsTextForm() throws IOException {
    assertThat(parse(record("'called':'91861'")).toString())
        .isEqualTo("FeedRecord[time=1793491200]");
  }

  // ---- numbers

  @ParameterizedTest
  @ValueSource(strings = {"12", "'12'", "' 12 '", "'012'"})
  void takesADurationAsNumberOrAsText(String json) throws IOException {
    assertThat(parse(record("'callDuration':" + json)).value().getInt32("callDuration"))
        .isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void takesEveryNumberOf32Bits(int number) throws IOException {
    assertThat(parse(record("'callDuration':" + number)).value().getInt32("callDuration"))
        .isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"callDuration", "callType", "hangupReason", "hangingDirection"})
  void takesAnEmptyTextForAnAbsentNumber(String field) throws IOException {
    assertThat(parse(record("'%s':''".formatted(field))).value().get(field)).isNull();
    assertThat(parse(record("'%s':'  '".formatted(field))).value().get(field)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"callType", "hangupReason", "hangingDirection"})
  void passesUnknownCodesThrough(String field) throws IOException {
    assertThat(parse(record("'%s':4711".formatted(field))).value().getInt32(field)).isEqualTo(4711);
    assertThat(parse(record("'%s':-7".formatted(field))).value().getInt32(field)).isEqualTo(-7);
  }

  // ---- texts

  @Test
  void takesANumberForATextWhereATextIsMeant() throws IOException {
    String json = "{'callSessionId':23112023432602510,'callStartTime':'2026-11-01 08:00:00'";
    FeedRecord record = parse(json + ",'called':91861,'cost':0.0120}");

    assertThat(record.id()).isEqualTo("23112023432602510");
    assertThat(record.value().getString("called")).isEqualTo("91861");
    assertThat(record.value().getString("cost")).isEqualTo("0.0120");
  }

  @Test
  void keepsEveryCharacterOfAText() throws IOException {
    FeedRecord record = parse(record("'calledInfo':' \\u00e9\\ud83d\\udcde\\n\\\\\\u0000 '"));

    assertThat(record.value().getString("calledInfo")).isEqualTo(" é📞\n\\\u0000 ");
  }

  /** A page of such records would weigh many times its bytes. */
  @Test
  void refusesMoreLabelsOrUnknownFieldsThanAnybodyHas() throws IOException {
    String labels = String.join(",", Collections.nCopies(200, "'x'"));
    StringBuilder fields = new StringBuilder("'remark':'r'");
    for (int i = 0; i < 200; i++) {
      fields.append(",'f").append(i).append("':").append(i);
    }

    assertThat(parse(record("'labels':[" + labels + "]")).value().getArray("labels")).hasSize(200);
    assertThat(parse(record(fields.toString())).value().getMap("extra")).hasSize(200);
    assertThat(malformed(record("'labels':[" + labels + ",null,'y']")).reason())
        .endsWith("labels has more than 200 elements");
    assertThat(malformed(record(fields + ",'more':{'a':[1,2]},'callType':1")).reason())
        .endsWith("record has more than 200 unknown fields");
    assertThat(malformed(record("'labels':[" + labels + ",'y']," + fields)).key()).isEqualTo("a");
  }

  // ---- labels

  @ParameterizedTest
  @ValueSource(strings = {"null", "''", "' '"})
  void takesNullAndEmptyTextForAbsentLabels(String json) throws IOException {
    assertThat(parse(record("'labels':" + json)).value().get("labels")).isNull();
  }

  @Test
  void keepsAnEmptyListOfLabelsApartFromNone() throws IOException {
    assertThat(parse(record("'labels':[]")).value().getArray("labels")).isEmpty();
    assertThat(parse(record("'caller':'x'")).value().get("labels")).isNull();
  }

  @Test
  void leavesNullOutOfLabels() throws IOException {
    assertThat(parse(record("'labels':['a',null,'b',7]")).value().getArray("labels"))
        .isEqualTo(List.of("a", "b", "7"));
  }

  // ---- times

  @ParameterizedTest
  @ValueSource(strings = {"answerTime", "callEndTime"})
  void takesNullEmptyAndMissingForAnAbsentTime(String field) throws IOException {
    assertThat(parse(record("'%s':null".formatted(field))).value().get(field)).isNull();
    assertThat(parse(record("'%s':''".formatted(field))).value().get(field)).isNull();
    assertThat(parse(record("'%s':' '".formatted(field))).value().get(field)).isNull();
    assertThat(parse(record("'caller':'x'")).value().get(field)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01 08:00:00, 2026-11-01T00:00:00Z",
    "' 2026-11-01 08:00:00 ', 2026-11-01T00:00:00Z",
    "2026-11-01T08:00:00, 2026-11-01T00:00:00Z",
    "2026-11-01 08:00:00+05:30, 2026-11-01T02:30:00Z",
    "2026-11-01T08:00:00Z, 2026-11-01T08:00:00Z",
    "2024-02-29 23:59:59, 2024-02-29T15:59:59Z",
    "1969-12-31 23:59:59, 1969-12-31T15:59:59Z",
    "2026-11-20 23:43:12.0, 2026-11-20T15:43:12Z",
    "2026-11-20 23:43:12.000, 2026-11-20T15:43:12Z",
    "2026-11-20T23:43:12.000, 2026-11-20T15:43:12Z",
    "2026-11-20T23:43:12.5, 2026-11-20T15:43:12.500Z",
    "2026-11-20T23:43:12.123456789, 2026-11-20T15:43:12.123Z",
    "1969-12-31 23:59:59.250, 1969-12-31T15:59:59.250Z",
    "2026-11-20T23:43:12+0800, 2026-11-20T15:43:12Z",
    "2026-11-20T23:43:12+08, 2026-11-20T15:43:12Z",
    "2026-11-20 23:43:12 +0800, 2026-11-20T15:43:12Z",
    "2026-11-20T15:43:12.000+0000, 2026-11-20T15:43:12Z",
    "2026-11-20T15:43:12.000z, 2026-11-20T15:43:12Z",
    "2026-11-20T23:43:12+08:00[Asia/Shanghai], 2026-11-20T15:43:12Z",
    "2026-11-20T23:43, 2026-11-20T15:43:00Z",
    "2026-11-20T23:43+08:00, 2026-11-20T15:43:00Z"
  })
  void readsATimeInTheConfiguredZoneUnlessItCarriesItsOwn(String text, String expected)
      throws IOException {
    Struct value = parse(record("'answerTime':'%s'".formatted(text))).value();

    assertThat(value.get("answerTime")).isEqualTo(date(expected));
  }

  /** The API filters by whole seconds: a call of any part of a second belongs to that second. */
  @Test
  void filtersByTheSecondInWhichAMomentLies() throws IOException {
    assertThat(parse(start("2026-11-20 23:43:12.999")).time())
        .isEqualTo(Instant.parse("2026-11-20T15:43:12Z").getEpochSecond());
    assertThat(parseRow(parser, start("1969-12-31 23:59:59.001")).time())
        .isEqualTo(Instant.parse("1969-12-31T15:59:59Z").getEpochSecond());
  }

  /** Each form means what the canonical form of the same values means, whatever was read before. */
  @Test
  void readsTheSameFromAnyFormThatBackendsWrite() throws IOException {
    for (String zone : List.of("+08:00", "Europe/Berlin")) {
      RecordParser one = new RecordParser(feed, "callStartTime", ZoneId.of(zone));
      for (long seed = 0; seed < 2_000; seed++) {
        RecordForms forms = new RecordForms(seed, ZoneId.of(zone));

        FeedRecord drawn = parse(one, forms.drawn());

        assertThat(drawn)
            .as("seed %d: %s", seed, forms.drawn())
            .isEqualTo(parse(one, forms.canonical()));
        assertThat(drawn.fingerprint()).isEqualTo(parse(one, forms.canonical()).fingerprint());
      }
    }
  }

  @Test
  void followsTheRulesOfAZoneWithSummerTime() throws IOException {
    RecordParser inBerlin = new RecordParser(feed, "callStartTime", ZoneId.of("Europe/Berlin"));

    assertThat(parse(inBerlin, start("2026-10-24 12:00:00")).time())
        .isEqualTo(Instant.parse("2026-10-24T10:00:00Z").getEpochSecond());
    assertThat(parse(inBerlin, start("2026-10-26 12:00:00")).time())
        .isEqualTo(Instant.parse("2026-10-26T11:00:00Z").getEpochSecond());
  }

  @Test
  void takesTheFilteredTimeFromTheConfiguredField() throws IOException {
    RecordParser byEnd = new RecordParser(feed, "callEndTime", ZONE);

    FeedRecord record = parse(byEnd, record("'callEndTime':'2026-11-01 09:00:00'"));

    assertThat(record.time()).isEqualTo(Instant.parse("2026-11-01T01:00:00Z").getEpochSecond());
  }

  @Test
  void readsFieldsInAnyOrderWhateverTheOrderWasBefore() throws IOException {
    List<String> fields =
        List.of(
            "'callSessionId':'a'",
            "'callStartTime':'2026-11-01 08:00:00'",
            "'caller':'b'",
            "'callType':3",
            "'new':1",
            "'caller':'c'");
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      List<String> some = new ArrayList<>(fields.subList(2, fields.size()));
      Collections.shuffle(some, random);
      some = new ArrayList<>(some.subList(0, random.nextInt(some.size() + 1)));
      List<String> wanted = List.copyOf(some);
      some.addAll(fields.subList(0, 2));
      Collections.shuffle(some, random);

      Struct value = parse("{" + String.join(",", some) + "}").value();

      assertThat(value.getString("callSessionId")).isEqualTo("a");
      assertThat(value.get("callStartTime")).isEqualTo(date("2026-11-01T00:00:00Z"));
      assertThat(value.get("callType")).isEqualTo(wanted.contains(fields.get(3)) ? 3 : null);
      assertThat(value.get("extra"))
          .isEqualTo(wanted.contains(fields.get(4)) ? Map.of("new", "1") : null);
      assertThat(value.get("caller")).isEqualTo(last(some, "'caller'"));
    }
  }

  /** The value of the last of the fields with a name, as a text; null when there is none. */
  private static @Nullable String last(List<String> fields, String name) {
    return fields.stream()
        .filter(field -> field.startsWith(name))
        .reduce((before, after) -> after)
        .map(field -> field.substring(name.length() + 2, field.length() - 1))
        .orElse(null);
  }

  // ---- what the API added since

  @Test
  void keepsUnknownFieldsAsJsonText() throws IOException {
    Struct value =
        parse(
                record(
                    "'text':'a \\\"b\\\"','plain':'of one\u00e9','number':12,'half':0.50,"
                        + "'flag':true,'nothing':null,'list':[1,'x'],"
                        + "'object':{'a':{'b':[{}]}},'extra':'of its own'"))
            .value();

    value.validate();
    assertThat(value.getMap("extra"))
        .isEqualTo(
            Map.of(
                "text", "\"a \\\"b\\\"\"",
                "plain", "\"of one\u00e9\"",
                "number", "12",
                "half", "0.50",
                "flag", "true",
                "nothing", "null",
                "list", "[1,\"x\"]",
                "object", "{\"a\":{\"b\":[{}]}}",
                "extra", "\"of its own\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.10",
        "0.1234567890123456789012345678901",
        "123456789012345678901234567890",
        "1E400",
        "-0.00",
        "1e99999999999",
        "[{\"deep\":1e-99999999999}]"
      })
  void keepsAnUnknownNumberAsItStandsThere(String number) throws IOException {
    assertThat(parse(record("'tax':%s".formatted(number))).value().getMap("extra").get("tax"))
        .isEqualTo(number);
  }

  // ---- what cannot be converted

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "callDuration | 'whispered'",
        "callDuration | 1.5",
        "callDuration | true",
        "callDuration | {'a':'whispered'}",
        "callType | 2147483648",
        "callType | '2147483648'",
        "callType | -123456789012345678901234567890",
        "hangupReason | ['whispered']",
        "called | {'a':'whispered'}",
        "called | ['whispered']",
        "callSessionId | ''",
        "callSessionId | {'a':1}",
        "labels | 'whispered'",
        "labels | 12",
        "labels | {'a':'whispered'}",
        "labels | ['a',['whispered']]",
        "labels | [{'a':'whispered'}]",
        "answerTime | 'whispered'",
        "answerTime | '2026-11-01'",
        "answerTime | '2026-13-01 08:00:00'",
        "answerTime | '2026-02-30 08:00:00'",
        "answerTime | '2026-11-01 24:00:00'",
        "answerTime | '2026-11-01 08:00:0x'",
        "answerTime | '2026/11/01 08:00:00'",
        "answerTime | '2026-11-01 08:00:00 whispered'",
        "answerTime | 1793491200",
        "answerTime | ['2026-11-01 08:00:00']",
        "callStartTime | 'whispered'"
      })
  void refusesAFieldOfTheWrongFormByPositionAndNameAndNotByContent(String field, String json)
      throws IOException {
    String row = record("'%s':%s,'z':{}".formatted(field, json));
    byte[] bytes = bytes("[ " + row + " ,7]");
    try (JsonParser page = new JsonFactory().createParser(bytes)) {
      page.nextToken();
      page.nextToken();

      MalformedRecord refused = (MalformedRecord) parser.parse(page, bytes, 17, ANY);

      assertThat(refused.reason()).startsWith("Record 17 of the page: " + field + " is ");
      assertThat(refused.field()).isEqualTo(field);
      assertThat(refused.reason()).doesNotContain("whispered", "2026", "1793491200");
      assertThat(refused.toString()).endsWith("=1793491200, " + refused.reason() + "]");
      assertThat(refused.json()).isEqualTo(new String(bytes(row), StandardCharsets.UTF_8));
      assertThat(refused.key()).isEqualTo("a");
      assertThat(page.currentToken()).isEqualTo(JsonToken.END_OBJECT);
      assertThat(page.nextToken()).isEqualTo(JsonToken.VALUE_NUMBER_INT);
    }
  }

  @Test
  void refusesARecordWithoutItsId() throws IOException {
    assertRefused("{'callStartTime':'2026-11-01 08:00:00'}", "callSessionId is absent");
    assertRefused(
        "{'callStartTime':'2026-11-01 08:00:00','callSessionId':null}", "callSessionId is absent");
  }

  /** An id that a topic or an offset would give back as another one, or that would burst either. */
  @Test
  void refusesAnIdThatCannotBeKept() throws IOException {
    String id = "{'callSessionId':'%s','callStartTime':'2026-11-01 08:00:00'}";
    for (String half : List.of("a\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00")) {
      assertRefused(id.formatted(half), "callSessionId holds half of a character");
    }
    for (String nul : List.of("\\u0000", "1\\u0000", "\\u00001")) {
      assertRefused(id.formatted(nul), "callSessionId holds U+0000");
    }
    for (String text : List.of("x".repeat(129), "é".repeat(65), "漢".repeat(43))) {
      assertRefused(id.formatted(text), "callSessionId is longer than 128 bytes");
    }
    for (String text : List.of("x".repeat(128), "é".repeat(64), "😀".repeat(32), " ")) {
      assertThat(parse(id.formatted(text)).id()).isNotEmpty();
    }
  }

  @Test
  void cutsARowThatNoTopicTakes() throws IOException {
    int most = 256 * 1024;
    assertThat(parse(record("'remark':'" + "x".repeat(most - 100) + "'")).id()).isEqualTo("a");

    MalformedRecord huge =
        (MalformedRecord) parseRow(parser, record("'remark':'" + "x".repeat(most) + "'"));
    assertThat(huge.reason())
        .isEqualTo("Record 1 of the page: record is larger than 256 KiB, and truncated to that");
    assertThat(huge.key()).isEqualTo("a");
    assertThat(huge.json()).hasSize(most);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'callStartTime':null", ",'callStartTime':''"})
  void refusesARecordWithoutItsStart(String start) throws IOException {
    assertRefused("{'callSessionId':'a'%s}".formatted(start), "callStartTime is absent");
  }

  @Test
  void refusesARecordWithoutTheTimeThatTheApiFiltersBy() throws IOException {
    RecordParser byEnd = new RecordParser(feed, "callEndTime", ZONE);

    assertThat(((MalformedRecord) parseRow(byEnd, record("'callEndTime':''"))).reason())
        .startsWith("Record 1 of the page: callEndTime is absent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'whispered'", "7", "null", "[['whispered'],1]", "true"})
  void refusesARecordThatIsNoObjectAndPassesOverIt(String json) throws IOException {
    byte[] bytes = bytes("[" + json + " ,'next']");
    try (JsonParser page = new JsonFactory().createParser(bytes)) {
      page.nextToken();
      page.nextToken();

      MalformedRecord refused = (MalformedRecord) parser.parse(page, bytes, 3, ANY);

      assertThat(refused.reason()).isEqualTo("Record 3 of the page: record is not a JSON object");
      assertThat(refused.json().trim()).isEqualTo(json.replace('\'', '"'));
      assertThat(refused.key()).isNull();
      assertThat(page.nextToken()).isEqualTo(JsonToken.VALUE_STRING);
      assertThat(page.getText()).isEqualTo("next");
    }
  }

  @Test
  void namesTheFirstOfSeveralFieldsThatCannotBeConverted() throws IOException {
    assertRefused(record("'callType':'x','hangupReason':'y'"), "callType is not a whole number");
  }

  // ---- helpers

  private void assertRefused(String json, String problem) throws IOException {
    assertThat(((MalformedRecord) parseRow(parser, json)).reason())
        .startsWith("Record 1 of the page: " + problem);
  }

  /** A record with the given fields behind the required ones. */
  private static String record(String fields) {
    return "{'callSessionId':'a','callStartTime':'2026-11-01 08:00:00',%s}".formatted(fields);
  }

  private static String start(String time) {
    return "{'callSessionId':'a','callStartTime':'%s'}".formatted(time);
  }

  private MalformedRecord malformed(String json) throws IOException {
    return (MalformedRecord) parseRow(parser, json);
  }

  private FeedRecord parse(String json) throws IOException {
    return parse(parser, json);
  }

  private static FeedRecord parse(RecordParser parser, String text) throws IOException {
    return (FeedRecord) parseRow(parser, text);
  }

  private static Row parseRow(RecordParser parser, String text) throws IOException {
    byte[] bytes = bytes(text);
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      json.nextToken();
      return parser.parse(json, bytes, 1, ANY);
    }
  }

  private static byte[] bytes(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private static Date date(String time) {
    return Date.from(Instant.parse(time));
  }
}
