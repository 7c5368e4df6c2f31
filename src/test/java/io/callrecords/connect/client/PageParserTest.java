package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
}
