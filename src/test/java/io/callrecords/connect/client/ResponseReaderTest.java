package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that an answer is read whole, and alone, whatever answer came before it. */
class ResponseReaderTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final ResponseLimits USUAL = new ResponseLimits(1024 * 1024, Long.MAX_VALUE);
  private static final String EMPTY = "{\"status\":\"0\",\"data\":{\"total\":0,\"records\":[]}}";

  private final Semaphore longBody = new Semaphore(1);

  private final ResponseReader answers =
      new ResponseReader(
          new PageParser(
              new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.UTC)),
          false,
          false,
          USUAL,
          longBody);

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
    byte[] most = new byte[USUAL.maxBytes()];
    CountedBytes endless = new CountedBytes();

    assertThat(((ApiResult.Failure) read(new ByteArrayInputStream(most), "").result()).kind())
        .isEqualTo(TransientFault.NOT_THE_API);
    assertThat(((ApiResult.Failure) read(endless, "").result()).kind())
        .isEqualTo(TransientFault.TOO_LARGE);
    assertThat(endless.count).isEqualTo(USUAL.maxBytes() + 1);
  }

  /** A page of one record cannot be asked for in smaller ones. */
  @Test
  void readsMoreOfAPageOfOneRecord() throws IOException {
    String body = page("", "x".repeat(USUAL.maxBytes() + 1));

    assertThat(((ApiResult.Failure) read(body).result()).kind())
        .isEqualTo(TransientFault.TOO_LARGE);
    DatedResult one = answers.read(ANY, USUAL.ofOne(), 200, name -> null, stream(body));
    assertThat(((Page) one.result()).rows())
        .singleElement()
        .isInstanceOfSatisfying(MalformedRecord.class, row -> assertThat(row.key()).isEqualTo("1"));
  }

  /** One long body at a time may take the heap that is left to them, and takes no more of it. */
  @ParameterizedTest
  @ValueSource(strings = {"\"%s\"", "%s", "[[%s]]"})
  void takesLittleMoreThanTwiceALongBody(String form) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String digits = form.formatted("7".repeat(ResponseLimits.MAX_BYTES_OF_ONE - 1_000));
    byte[] body = page("", "").replace("\"\"}]", digits + "}]").getBytes(StandardCharsets.UTF_8);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      DatedResult one =
          answers.read(ANY, USUAL.ofOne(), 200, name -> null, new ByteArrayInputStream(body));
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      assertThat(((Page) one.result()).rows()).hasOnlyElementsOfType(MalformedRecord.class);
    }

    assertThat(least).isLessThan(11L * ResponseLimits.MAX_BYTES_OF_ONE / 4);
  }

  @Test
  void receivesLongBodiesOneAtATime() throws IOException {
    List<Integer> permits = new ArrayList<>();
    InputStream body =
        new FilterInputStream(stream(page("", "x".repeat(2 * USUAL.maxBytes())))) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            permits.add(longBody.availablePermits());
            return super.read(target, offset, length);
          }
        };

    answers.read(ANY, USUAL.ofOne(), 200, name -> null, body);
    assertThat(permits).first().isEqualTo(1);
    assertThat(permits).last().isEqualTo(0);
    assertThat(longBody.availablePermits()).isEqualTo(1);
  }

  /** Another task may have the turn for long, which must not keep this one from its end. */
  @Test
  void waitsForItsTurnNoLongerThanItIsLeftToRun() {
    assertThat(longBody.tryAcquire()).isTrue();
    InputStream body = stream(page("", "x".repeat(2 * USUAL.maxBytes())));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> answers.read(ANY, USUAL.ofOne(), 200, name -> null, body))
          .isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(longBody.availablePermits()).isZero();
  }

  /** One row may weigh what it likes, since no smaller page is without it. */
  @Test
  void takesAPageOfOneWithManyHeavyRowsForAFault() throws IOException {
    ResponseLimits one = new ResponseLimits(128 * 1024, 256 * 1024).ofOne();
    String row = "{\"callSessionId\":\"1\",\"callStartTime\":\"2026-11-01 08:00:00\"}";
    String many =
        EMPTY.replace("0,", "1000,").replace("[]", "[" + (row + ",").repeat(999) + row + "]");
    String heavy = many.replace("\"1\"", "\"1\",\"labels\":[\"" + "b".repeat(3_000) + "\"]");
    String alone = page("", "x").replace("\"x\"", "[" + "\"label\",".repeat(99_999) + "1]");

    assertThat(answers.read(ANY, one, 200, name -> null, stream(many)).result())
        .isInstanceOf(Page.class);
    assertThat(answers.read(ANY, one, 200, name -> null, stream(heavy)).result())
        .isEqualTo(
            new ApiResult.Failure(
                TransientFault.TOO_LARGE, "a response of more than 2 MiB once it is parsed"));
    assertThat(answers.read(ANY, one, 200, name -> null, stream(alone)).result())
        .isInstanceOf(Page.class);
  }

  @Test
  void takesSuccessWithoutABodyForAFault() throws IOException {
    for (int status : new int[] {201, 202, 204, 206}) {
      assertThat(answers.read(ANY, status, name -> null, stream("")).result())
          .isEqualTo(new ApiResult.Failure(TransientFault.NOT_THE_API, "HTTP " + status));
    }
    assertThat(read("").result())
        .isEqualTo(new ApiResult.Failure(TransientFault.NOT_THE_API, "an empty response"));
  }

  /** A proxy answers a request itself only where it can read it. */
  @Test
  void takes407ForTheProxysOnlyWhereItMayBe() throws IOException {
    PageParser parser =
        new PageParser(new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.UTC));
    ApiResult ofTheApi = new ApiResult.Failure(TransientFault.REJECTED, "HTTP 407");
    ApiResult ofTheProxy = new ApiResult.Refused(ApiStatus.PROXY_CREDENTIALS, "HTTP 407");
    ResponseReader encrypted = new ResponseReader(parser, true, true, USUAL, new Semaphore(1));
    ResponseReader clear = new ResponseReader(parser, true, false, USUAL, new Semaphore(1));

    assertThat(encrypted.read(ANY, 407, name -> null, stream("")).result()).isEqualTo(ofTheApi);
    assertThat(clear.read(ANY, 407, name -> null, stream("")).result()).isEqualTo(ofTheProxy);
    assertThat(encrypted.failed(new IOException("Failed to authenticate with proxy")))
        .isEqualTo(ofTheProxy);
    assertThat(encrypted.failed(new IOException("Unexpected response code for CONNECT: 407")))
        .isEqualTo(ofTheProxy);
    assertThat(
            clear.failed(
                new ProtocolException("Received HTTP_PROXY_AUTH (407) code while not using proxy")))
        .isEqualTo(ofTheApi);
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
