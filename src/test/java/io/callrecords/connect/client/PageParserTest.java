package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.PrivacyOptions;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.PrivacyRules;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that an answer is understood whatever its form, and that a damaged one is none. */
class PageParserTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final String RECORD =
      "{'callSessionId':'a','callStartTime':'2026-11-01 08:00:00'}";

  private final PageParser parser =
      new PageParser(
          new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.ofHours(8)));

  @Test
  void readsTheDocumentedSample() throws IOException {
    try (InputStream sample = getClass().getResourceAsStream("/feed/documented-page.json")) {
      byte[] body = sample.readAllBytes();
      assertThat(parser.parse(body, body.length, ANY))
          .isInstanceOfSatisfying(
              Page.class,
              page -> {
                assertThat(page.total()).isEqualTo(1);
                assertThat(page.rows()).extracting(Row::id).containsExactly("23112023432602510");
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status':'0','data':{'total':2,'records':[%1$s,%1$s]}}",
        "{'data':{'records':[%1$s,%1$s],'total':2},'status':'0'}",
        "{'status':0,'data':{'total':2,'records':[%1$s,%1$s]}}",
        "{'status':' 0 ','data':{'total':'2','records':[%1$s,%1$s]}}",
        "{'status':'0','reason':null,'data':{'total':2,'pages':1,'searchCount':true,"
            + "'orders':[{'column':'x','asc':[1,2]}],'records':[%1$s,%1$s],'hint':{'a':{}}},"
            + "'trace':{'id':[{'deep':null}]},'more':[[]]}",
      })
  void readsAPageWithItsKeysInAnyOrderAndOthersBesideThem(String answer) {
    assertThat(parse(answer.formatted(RECORD)))
        .isInstanceOfSatisfying(
            Page.class,
            page -> {
              assertThat(page.total()).isEqualTo(2);
              assertThat(page.rows()).extracting(Row::id).containsExactly("a", "a");
            });
  }

  @Test
  void readsATotalThatIsMoreThanThePageHolds() {
    assertThat(parse("{'status':'0','data':{'records':[%s],'total':40000}}".formatted(RECORD)))
        .isInstanceOfSatisfying(Page.class, page -> assertThat(page.total()).isEqualTo(40_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status':'0','reason':'success','data':null}",
        "{'status':'0','data':{'total':0,'size':100,'current':1,'pages':0,'records':[]}}",
        "{'status':'0','data':{'total':0,'records':null}}",
      })
  void readsAnEmptyAnswerInEachOfItsForms(String answer) {
    assertThat(parse(answer))
        .isInstanceOfSatisfying(
            Page.class,
            page -> {
              assertThat(page.total()).isZero();
              assertThat(page.rows()).isEmpty();
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'status':'0'} | true",
        "{'status':'0','data':null} | true",
        "{'status':'0','data':{}} | true",
        "{'status':'0','data':{'total':0}} | true",
        "{'status':'0','data':{'total':0,'records':null}} | true",
        "{'status':'0','data':{'records':[]}} | true",
        "{'status':'0','data':{'total':null,'records':[]}} | true",
        "{'status':'0','data':{'error':'down','records':[]}} | true",
        "{'status':'0','data':{'error':'down','total':0,'records':[]}} | true",
        "{'status':'0','data':{'error':{'code':1},'total':0,'records':[]}} | true",
        "{'status':'0','data':{'error':null,'total':0,'records':[]}} | false",
        "{'status':'0','data':{'error':'','total':0,'records':[]}} | false",
        "{'status':'0','data':{'error':false,'total':0,'records':[]}} | false",
        "{'status':'0','data':{'total':0,'records':[]}} | false",
        "{'status':'0','data':{'total':7,'records':[]}} | false",
        "{'status':'0','data':{'error':'down','total':1,'records':[%s]}} | false"
      })
  void tellsAProperEmptyPageFromOneWithoutData(String answer, boolean withoutData) {
    assertThat(parse(answer.formatted(RECORD)))
        .isInstanceOfSatisfying(
            Page.class, page -> assertThat(page.withoutData()).isEqualTo(withoutData));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"''", "'ok'", "0", "true", "[]", "[[]]", "[{'callSessionId':'a'}]", "[null]"})
  void takesDataThatIsNoObjectForAFault(String data) {
    assertThat(parse("{'status':'0','data':%s}".formatted(data)))
        .isEqualTo(
            new ApiResult.Failure(
                TransientFault.NOT_THE_API, "a response whose data is not an object"));
    assertThat(parse("{'data':%s,'status':'-18'}".formatted(data)))
        .isEqualTo(new ApiResult.Failure(TransientFault.API_ERROR, "status -18"));
  }

  static Stream<Arguments> oversized() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    return Stream.of(
        Arguments.of(
            "'remark':'%s'".formatted("x".repeat(1_200_000)), "has a text that is too long"),
        Arguments.of("'new':'%s'".formatted("x".repeat(1_200_000)), "has a text that is too long"),
        Arguments.of(
            "'labels':['%s']".formatted("x".repeat(2_000_000)), "has a text that is too long"),
        Arguments.of("'new':" + deep, "is nested too deep"),
        Arguments.of("'remark':{'a':%s}".formatted(deep), "is nested too deep"),
        Arguments.of(
            "'new':" + "{'a':".repeat(70) + "'\\'}'" + "}".repeat(70), "is nested too deep"),
        Arguments.of("'callDuration':" + "1".repeat(300), "has a number that is too long"),
        Arguments.of(
            "'new':[-0.%se7]".formatted("1".repeat(100_000)), "has a number that is too long"),
        Arguments.of("'%s':1".formatted("n".repeat(70_000)), "has a name that is too long"),
        Arguments.of(
            "'new':{'%s' :{}}".formatted("n".repeat(1_100)), "has a name that is too long"));
  }

  /** Whatever stands before and behind it, and wherever it stands itself. */
  @ParameterizedTest
  @MethodSource("oversized")
  void makesOnlyTheRowBeyondTheLimitsMalformed(String field, String problem) {
    String odd =
        "{'callSessionId':'odd',%s,'callStartTime':'2026-11-01 08:00:00'}".formatted(field);
    for (String rows : List.of("%1$s,%2$s,%1$s", "%2$s,%1$s", " %1$s , %2$s ", "%2$s,%2$s")) {
      String records = rows.formatted(RECORD, odd);
      ApiResult alone =
          parse("{'status':'0','data':{'total':3,'records':[%s]}}".formatted(records));

      assertThat(alone)
          .isInstanceOfSatisfying(
              Page.class,
              page -> {
                assertThat(page.rows())
                    .filteredOn(FeedRecord.class::isInstance)
                    .allMatch(row -> row.id().equals("a"));
                assertThat(page.rows())
                    .filteredOn(MalformedRecord.class::isInstance)
                    .isNotEmpty()
                    .allSatisfy(
                        row -> {
                          MalformedRecord malformed = (MalformedRecord) row;
                          assertThat(malformed.reason()).endsWith("record " + problem);
                          assertThat(malformed.key()).isEqualTo("odd");
                          assertThat(malformed.json()).isEqualTo(cut(odd.replace('\'', '"')));
                        });
              });
    }
  }

  /** Whatever an excluded or a denied field holds, its row is a record; a token needs the text. */
  @ParameterizedTest
  @MethodSource("oversized")
  void makesNoRowMalformedForWhatIsNotRead(String field, String problem) {
    String id = "'callSessionId':'a','callStartTime':'2026-11-01 08:00:00'";
    String page = "{'status':'0','data':{'total':2,'records':[{%s,%s},{%s,'called':'%s',%s}]}}";

    List<Row> rows = readHiding(page.formatted(id, field, id, "x".repeat(1_200_000), field));

    assertThat(rows.get(0)).isInstanceOf(FeedRecord.class);
    assertThat(((MalformedRecord) rows.get(1)).reason())
        .isEqualTo("Record 2 of the page: record has a text that is too long");
  }

  /** Else a row without an id would be emitted again when its neighbour changes. */
  @Test
  void givesARowTheSameIdWhateverItsNeighbourIs() {
    String odd = "{'remark':'%s','callType':1}".formatted("x".repeat(1_200_000));
    String deep = "{'new':%s%s}".formatted("[".repeat(70), "]".repeat(70));
    String page = "{'status':'0','data':{'total':2,'records':[%s,%s]}}";

    Row alone = readHiding(page.formatted(odd, "{}")).get(0);
    Row beside = readHiding(page.formatted(odd, deep)).get(0);

    assertThat(beside).isInstanceOf(MalformedRecord.class).isEqualTo(alone);
    assertThat(readHiding(page.formatted(odd.replace("xx", "yy"), deep)).get(0).id())
        .isNotEqualTo(alone.id());
  }

  /** Nor is it a record in one page and none in another. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "漢", "📞", "\\u6f22", "\\/", "\\ud83d\\udcde"})
  void countsTheCharactersOfATextAsTheParserDoes(String character) {
    int each = character.contains("📞") || character.contains("ud83d") ? 2 : 1;
    String page = "{'status':'0','data':{'total':2,'records':[{%s,'called':'%s'},%s]}}";
    String id = "'callSessionId':'a','callStartTime':'2026-11-01 08:00:00'";
    String deep = "{'new':%s%s}".formatted("[".repeat(70), "]".repeat(70));
    int most = BlankedPage.MAX_TEXT_BYTES / each;
    for (int length : new int[] {most, most + 1}) {
      String text = character.repeat(length);

      Row alone = readHiding(page.formatted(id, text, "{}")).get(0);
      Row beside = readHiding(page.formatted(id, text, deep)).get(0);

      assertThat(alone instanceof FeedRecord).isEqualTo(length == most);
      assertThat(beside).isEqualTo(alone);
    }
  }

  /** Reads a page of which some fields are hidden. */
  private static List<Row> readHiding(String page) {
    PrivacyRules rules =
        new PrivacyRules(
            new PrivacyOptions(
                Set.of("remark", "labels", "callDuration"),
                Set.of("called"),
                new Password("k".repeat(32)),
                false,
                Set.of()));
    return new PageReader(CallCenterFeed.create(), ZoneOffset.UTC, rules)
        .read(
            page.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
            new QueryRange(0, Integer.MAX_VALUE));
  }

  private static String cut(String row) {
    return row.substring(0, Math.min(row.length(), 256 * 1024));
  }

  @Test
  void readsARowThatIsJustWithinTheLimits() {
    String fields =
        String.join(
            ",",
            "'%s':1".formatted("n".repeat(BlankedPage.MAX_NAME_BYTES)),
            "'number':" + "1".repeat(BlankedPage.MAX_DIGITS),
            "'deep':%s%s".formatted("[".repeat(60), "]".repeat(60)));
    String row = "{'callSessionId':'a','callStartTime':'2026-11-01 08:00:00',%s}".formatted(fields);

    assertThat(parse("{'status':'0','data':{'total':1,'records':[%s]}}".formatted(row)))
        .isInstanceOfSatisfying(
            Page.class, page -> assertThat(page.rows().get(0)).isInstanceOf(FeedRecord.class));
  }

  /** However the parser counts what is escaped, has several bytes, a sign or an exponent. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "'%s':1 | n",
        "'new':{'%s':[]} | n",
        "'%s':1 | ü",
        "'new':[{'%s' : 1}] | 語",
        "'%s':{} | 📞",
        "'%s':1 | \\u0041",
        "'%s':1 | \\u8a9e",
        "'new':%s | 7",
        "'new':-%s | 7",
        "'new':0.%s | 7",
        "'new':[7%s.25e%1$s] | 7",
        "'callDuration':%s | 7",
        "'callDuration':1e%s | 7",
        "'callType':-1.%sE+7 | 7",
        "'labels':[%s] | 7",
        "'called':%s | 7",
        "'callStartTime':%s | 7",
        "'callSessionId':%s | 7"
      })
  void noNameOrNumberIsSoLongThatItsPageIsAFault(String form, String unit) {
    for (int times :
        new int[] {1, 60, 150, 199, 200, 201, 333, 334, 499, 500, 501, 999, 1_000, 1_001}) {
      String field = form.formatted(unit.repeat(times));
      String odd =
          "{'callSessionId':'odd','callStartTime':'2026-11-01 08:00:00',%s}".formatted(field);
      ApiResult result =
          parse(
              "{'status':'0','data':{'total':3,'records':[%1$s,%2$s,%1$s]}}"
                  .formatted(RECORD, odd));

      assertThat(result)
          .as("%s %d times in %s", unit, times, form)
          .isInstanceOfSatisfying(
              Page.class,
              page -> {
                assertThat(page.rows()).hasSize(3);
                assertThat(page.rows().get(0)).isInstanceOf(FeedRecord.class);
                assertThat(page.rows().get(2)).isInstanceOf(FeedRecord.class);
              });
    }
  }

  /** Else a call would be malformed in one response, and a record in the next. */
  @ParameterizedTest
  @CsvSource({"n, 1000", "ü, 500", "\\u0041, 1000", "\\u00fc, 500", "\\u8a9e, 333", "\\t, 1000"})
  void whetherARowIsMalformedDependsOnNoOtherRow(String unit, int most) {
    String odd = "{'callSessionId':'odd','new':%s}".formatted("1".repeat(300));
    String page = "{'status':'0','data':{'total':2,'records':[%s,%s]}}";
    for (int times : new int[] {most, most + 1}) {
      String row =
          "{'callSessionId':'b','callStartTime':'2026-11-01 08:00:00','%s':1}"
              .formatted(unit.repeat(times));
      for (String other : List.of(RECORD, odd)) {
        assertThat(((Page) parse(page.formatted(row, other))).rows().get(0))
            .as("%d times beside %s", times, other)
            .isInstanceOf(times == most ? FeedRecord.class : MalformedRecord.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("oversized")
  void takesWhatIsBeyondTheLimitsOutsideOfRowsForAFault(String field, String problem) {
    for (String answer :
        List.of(
            "{%s,'status':'0','data':{'total':1,'records':[%s]}}",
            "{'status':'0','data':{'total':1,'records':[%2$s],%1$s}}",
            "{'status':'0','trace':{'records':[{%s}]},'data':{'total':1,'records':[%s]}}")) {
      assertThat(parse(answer.formatted(field, RECORD)))
          .as(problem)
          .satisfiesAnyOf(
              result ->
                  assertThat(result)
                      .isEqualTo(
                          new ApiResult.Failure(
                              TransientFault.MALFORMED_RESPONSE,
                              "a response beyond the parser's limits")),
              // A text or a number that is passed over unread.
              result -> assertThat(result).isInstanceOf(Page.class));
    }
  }

  @Test
  void takesTruncationsOfAPageWithADeepRowForFaults() {
    String deep = "{'callSessionId':'odd','new':%s%s}".formatted("[".repeat(80), "]".repeat(80));
    String whole = "{'status':'0','data':{'total':1,'records':[%s]}}".formatted(deep);
    for (int length = 0; length < whole.length(); length++) {
      assertThat(parse(whole.substring(0, length)))
          .as("the first %d characters", length)
          .isInstanceOf(ApiResult.Failure.class);
    }
  }

  @Test
  void keepsTheTotalOfAPagePastTheEnd() {
    assertThat(parse("{'status':'0','data':{'total':7,'records':[]}}"))
        .isInstanceOfSatisfying(Page.class, page -> assertThat(page.total()).isEqualTo(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "0",
        "<html>denied</html>",
        "{",
        "{'status':'0'",
        "{'status':'0','data':{'total':1,'records':[",
        "{'status':'0','data':{'total':0,'records':[]}",
        "{'status':'0'}}",
        "{'status':'0'} trailing",
        "{'status':'0'}{'status':'0'}",
        "{}",
        "{'status':null,'data':null}",
        "{'status':{},'data':null}",
        "{'status':'success'}",
        "{'status':''}",
        "{'status':'00'}",
        "{'status':'0','data':{'records':[%s]}}",
        "{'status':'0','data':{'total':'many','records':[%s]}}",
        "{'status':'0','data':{'total':{},'records':[%s]}}",
        "{'status':'0','data':{'total':null,'records':[%s]}}",
        "{'status':'0','data':{'total':true,'records':[%s]}}",
        "{'status':'0','data':{'total':-1,'records':[%s]}}",
      })
  void takesWhatIsNoWholeAnswerForAFault(String answer) {
    assertThat(parse(answer.formatted(RECORD))).isInstanceOf(ApiResult.Failure.class);
  }

  @Test
  void takesEveryTruncationOfAPageForAFault() {
    String whole = "{'status':'0','data':{'total':1,'records':[%s]}}".formatted(RECORD);
    for (int length = 0; length < whole.length(); length++) {
      assertThat(parse(whole.substring(0, length)))
          .as("the first %d characters", length)
          .isInstanceOf(ApiResult.Failure.class);
    }
  }

  @Test
  void quotesNothingOfADamagedAnswer() {
    for (String answer : new String[] {"whispered", "{'status':'whispered'}", "{whispered:1}"}) {
      assertThat(parse(answer))
          .isInstanceOfSatisfying(
              ApiResult.Failure.class,
              fault -> assertThat(fault.message()).doesNotContain("whispered"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "'-99', unknown status -99",
        "-99, unknown status -99",
        "500, unknown status 500",
        "'00', unknown status 00",
        "'123456', unknown status 123456",
        "'1234567', a status that is not a number of a few digits",
        "8613800001111, a status that is not a number of a few digits",
        "'', a status that is not a number of a few digits",
        "'whispered', a status that is not a number of a few digits",
        "'-9 9', a status that is not a number of a few digits",
        "1.5, a status that is not a number of a few digits",
        "true, a status that is not a number of a few digits",
      })
  void namesAStatusThatIsNotKnownUnlessItIsText(String status, String detail) {
    assertThat(parse("{\"status\":" + status + "}"))
        .isEqualTo(new ApiResult.Failure(TransientFault.UNKNOWN_STATUS, detail));
  }

  @Test
  void keepsTheOtherRecordsOfAPageWithOneThatCannotBeConverted() {
    String answer =
        "{'status':'0','data':{'total':2,'records':[%s,{'callSessionId':'b'}]}}".formatted(RECORD);

    assertThat(parse(answer))
        .isInstanceOfSatisfying(
            Page.class,
            page -> {
              assertThat(page.rows().get(0)).isInstanceOf(FeedRecord.class);
              assertThat(page.rows().get(1))
                  .isInstanceOfSatisfying(
                      MalformedRecord.class,
                      row -> {
                        assertThat(row.reason())
                            .isEqualTo("Record 2 of the page: callStartTime is absent");
                        assertThat(row.json()).isEqualTo("{\"callSessionId\":\"b\"}");
                      });
            });
  }

  private ApiResult parse(String answer) {
    byte[] body = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return parser.parse(body, body.length, ANY);
  }

  /** What many rows weigh together would exhaust the heap; a single one is what it is. */
  @Test
  void givesUpAPageWhoseRowsWeighTooMuch() {
    String labels = "'a',".repeat(150) + "'a'";
    String row = RECORD.replace("}", ",'labels':[" + labels + "]}");
    byte[] one = body(row);
    byte[] ten = body((row + ",").repeat(9) + row);

    assertThat(parser.parse(one, one.length, ANY, 9_000)).isInstanceOf(Page.class);
    assertThat(parser.parse(ten, ten.length, ANY, 1_000_000)).isInstanceOf(Page.class);
    assertThat(parser.parse(ten, ten.length, ANY, 30_000))
        .isEqualTo(
            new ApiResult.Failure(
                TransientFault.TOO_LARGE, "a response of more than 29 KiB once it is parsed"));
  }

  private static byte[] body(String rows) {
    return "{'status':'0','data':{'total':10,'records':[%s]}}"
        .formatted(rows)
        .replace('\'', '"')
        .getBytes(StandardCharsets.UTF_8);
  }
}
