package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.feed.Asked;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.RecordParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that an answer is understood whatever its form, and that a damaged one is none. */
class PageParserTest {
  private static final Asked ANY = new Asked(0, Integer.MAX_VALUE);
  private static final String RECORD =
      "{'callSessionId':'a','callStartTime':'2026-11-01 08:00:00'}";

  private final PageParser parser =
      new PageParser(
          new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.ofHours(8)));

  @Test
  void readsTheDocumentedSample() throws IOException {
    try (InputStream sample = getClass().getResourceAsStream("/feed/documented-page.json")) {
      assertThat(parser.parse(sample, ANY))
          .isInstanceOfSatisfying(
              Reply.Records.class,
              page -> {
                assertThat(page.total()).isEqualTo(1);
                assertThat(page.records())
                    .extracting(FeedRecord::id)
                    .containsExactly("23112023432602510");
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
  void readsAPageWithItsKeysInAnyOrderAndOthersBesideThem(String answer) throws IOException {
    assertThat(parse(answer.formatted(RECORD)))
        .isInstanceOfSatisfying(
            Reply.Records.class,
            page -> {
              assertThat(page.total()).isEqualTo(2);
              assertThat(page.records()).extracting(FeedRecord::id).containsExactly("a", "a");
            });
  }

  @Test
  void readsATotalThatIsMoreThanThePageHolds() throws IOException {
    assertThat(parse("{'status':'0','data':{'records':[%s],'total':40000}}".formatted(RECORD)))
        .isInstanceOfSatisfying(
            Reply.Records.class, page -> assertThat(page.total()).isEqualTo(40_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status':'0','reason':'success','data':null}",
        "{'status':'0','data':{'total':0,'size':100,'current':1,'pages':0,'records':[]}}",
        "{'status':'0','data':{'total':0,'records':null}}",
      })
  void readsAnEmptyAnswerInEachOfItsForms(String answer) throws IOException {
    assertThat(parse(answer))
        .isInstanceOfSatisfying(
            Reply.Records.class,
            page -> {
              assertThat(page.total()).isZero();
              assertThat(page.records()).isEmpty();
            });
  }

  @Test
  void keepsTheTotalOfAPagePastTheEnd() throws IOException {
    assertThat(parse("{'status':'0','data':{'total':7,'records':[]}}"))
        .isInstanceOfSatisfying(Reply.Records.class, page -> assertThat(page.total()).isEqualTo(7));
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
  void takesWhatIsNoWholeAnswerForAFault(String answer) throws IOException {
    assertThat(parse(answer.formatted(RECORD))).isInstanceOf(Reply.Fault.class);
  }

  @Test
  void takesEveryTruncationOfAPageForAFault() throws IOException {
    String whole = "{'status':'0','data':{'total':1,'records':[%s]}}".formatted(RECORD);
    for (int length = 0; length < whole.length(); length++) {
      assertThat(parse(whole.substring(0, length)))
          .as("the first %d characters", length)
          .isInstanceOf(Reply.Fault.class);
    }
  }

  @Test
  void quotesNothingOfADamagedAnswer() throws IOException {
    for (String answer : new String[] {"whispered", "{'status':'whispered'}", "{whispered:1}"}) {
      assertThat(parse(answer))
          .isInstanceOfSatisfying(
              Reply.Fault.class, fault -> assertThat(fault.what()).doesNotContain("whispered"));
    }
  }

  @Test
  void passesAFailureOfReadingOn() {
    IOException broken = new IOException("broken");
    InputStream body =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw broken;
          }

          @Override
          public int read(byte[] target, int from, int length) throws IOException {
            throw broken;
          }
        };

    assertThatThrownBy(() -> parser.parse(body, ANY)).isSameAs(broken);
  }

  @Test
  void namesThePositionOfARecordThatCannotBeConverted() {
    String answer =
        "{'status':'0','data':{'total':2,'records':[%s,{'callSessionId':'b'}]}}".formatted(RECORD);

    assertThatThrownBy(() -> parse(answer))
        .isInstanceOf(DataException.class)
        .hasMessage("Record 2 of the page: callStartTime is absent");
  }

  private Reply parse(String answer) throws IOException {
    byte[] body = answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return parser.parse(new ByteArrayInputStream(body), ANY);
  }
}
