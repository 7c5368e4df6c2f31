package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proves that an answer is read whole, and alone, whatever answer came before it. */
class ResponseReaderTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final String EMPTY = "{\"status\":\"0\",\"data\":{\"total\":0,\"records\":[]}}";

  private final ResponseReader answers =
      new ResponseReader(
          new PageParser(
              new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.UTC)),
          false);

  @Test
  void readsAnswersOfAnyLengthOneAfterAnother() throws IOException {
    for (int length : List.of(0, 100_000, 10, 300_000, 31_000, 1, 700_000, 0)) {
      String remark = "after " + length;

      assertThat(remark(read(page("x".repeat(length), remark)))).isEqualTo(remark);
    }
  }

  @Test
  void seesNothingOfALongerAnswerBehindAShorterOne() throws IOException {
    read(page("x".repeat(200_000), "long"));

    assertThat(read(EMPTY).result()).isEqualTo(Page.parsed(0, List.of(), false));
    assertThat(((ApiResult.Failure) read(EMPTY.substring(0, 20)).result()).kind())
        .isEqualTo(TransientFault.MALFORMED_RESPONSE);
    assertThat(((ApiResult.Failure) read("").result()).kind())
        .isEqualTo(TransientFault.NOT_THE_API);
  }

  @Test
  void readsNoMoreThanABodyMayHave() throws IOException {
    byte[] most = new byte[ResponseReader.MAX_BYTES];
    CountedBytes endless = new CountedBytes();

    assertThat(((ApiResult.Failure) read(new ByteArrayInputStream(most), "").result()).kind())
        .isEqualTo(TransientFault.NOT_THE_API);
    assertThat(((ApiResult.Failure) read(endless, "").result()).kind())
        .isEqualTo(TransientFault.TOO_LARGE);
    assertThat(endless.count).isEqualTo(ResponseReader.MAX_BYTES + 1);
  }

  @Test
  void takesEachAnswersOwnDate() throws IOException {
    String date = "Sun, 01 Nov 2026 08:00:0%d GMT";
    Instant eight = Instant.parse("2026-11-01T08:00:00Z");
    for (int second : new int[] {0, 0, 1, 0, 2}) {
      assertThat(read(stream(EMPTY), date.formatted(second)).date())
          .isEqualTo(eight.plusSeconds(second));
    }
    assertThat(read(stream(EMPTY), "soon").date()).isNull();
    assertThat(read(stream(EMPTY), "soon").date()).isNull();
  }

  private DatedResult read(String body) throws IOException {
    return read(stream(body), "Sun, 01 Nov 2026 08:00:00 GMT");
  }

  private DatedResult read(InputStream body, String date) throws IOException {
    return answers.read(ANY, 200, Map.of("Date", date)::get, body);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String page(String reason, String remark) {
    return """
        {"status":"0","reason":"%s","data":{"total":1,"records":[
          {"callSessionId":"1","callStartTime":"2026-11-01 08:00:00","remark":"%s"}]}}
        """
        .formatted(reason, remark);
  }

  private static String remark(DatedResult answer) {
    Page page = (Page) answer.result();
    return ((FeedRecord) page.rows().get(0)).value().getString("remark");
  }

  /** Bytes without end. */
  private static final class CountedBytes extends InputStream {
    private long count;

    @Override
    public int read() {
      count++;
      return ' ';
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      Arrays.fill(target, offset, offset + length, (byte) ' ');
      count += length;
      return length;
    }
  }
}
