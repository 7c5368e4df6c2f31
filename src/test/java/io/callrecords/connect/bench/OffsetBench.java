package io.callrecords.connect.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.feed.Asked;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.Tally;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares what encoding an offset of the biggest kind costs, one of whose windows is new, with
 * parsing the page of calls that it follows. Prints the ratio of the medians of one run, in which
 * the two take turns.
 */
public final class OffsetBench {
  private static final Instant DAY = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(28);
  private static final int WINDOWS = 50;
  private static final int CALLS = 2_000;
  private static final int ROWS = 100;
  private static final int ROUNDS = 4_000;
  private static final Asked ANY = new Asked(0, Integer.MAX_VALUE);

  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final RecordParser parser =
      new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.ofHours(8));
  private final JsonFactory json = new JsonFactory();
  private final List<WindowOffset> windows = new ArrayList<>();
  private final byte[] page;
  private long sink;

  private OffsetBench() {
    CallGenerator calls = CallGenerator.newBuilder().seed(1).build();
    Instant from = DAY;
    for (int i = 0; i < WINDOWS; i++) {
      TimeRange range = new TimeRange(from, from.plus(WINDOW));
      List<String> ids =
          calls.uniform(CALLS, range.from(), range.to()).stream().map(Call::callSessionId).toList();
      windows.add(new WindowOffset(range, State.READ, CALLS, Tally.NONE, IdSet.of(ids)));
      from = range.to();
    }
    String record = GoldenFile.text("call.json");
    page =
        ("[" + String.join(",", Collections.nCopies(ROWS, record)) + "]")
            .getBytes(StandardCharsets.UTF_8);
  }

  /** Runs it; what is printed is for people. */
  public static void main(String[] args) throws IOException {
    new OffsetBench().run(System.out);
  }

  private void run(PrintStream out) throws IOException {
    long[] encoding = new long[ROUNDS];
    long[] parsing = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      SplitOffset offset = next(round);
      long start = System.nanoTime();
      Map<String, Object> encoded = codec.encode(offset);
      long between = System.nanoTime();
      parse();
      parsing[round] = System.nanoTime() - between;
      encoding[round] = between - start;
      sink += encoded.size();
    }
    if (sink == 0) {
      throw new IllegalStateException("Nothing was done");
    }
    double encode = median(encoding);
    double parse = median(parsing);
    int length = codec.encode(next(0)).toString().length();
    out.printf(
        Locale.ROOT,
        "encoding an offset of %d ids, %d KiB: %.0f us; parsing a page of %d calls: %.0f us;"
            + " ratio %.2f (target: below 1)%n",
        WINDOWS * CALLS,
        length / 1024,
        encode / 1e3,
        ROWS,
        parse / 1e3,
        encode / parse);
  }

  /** The offset with another of its windows as new as a reading has just made it. */
  private SplitOffset next(int round) {
    int at = round % WINDOWS;
    WindowOffset old = windows.get(at);
    windows.set(at, new WindowOffset(old.range(), State.READ, old.total(), old.tally(), old.ids()));
    return new SplitOffset(DAY, DAY, windows);
  }

  private void parse() throws IOException {
    try (JsonParser in = json.createParser(page)) {
      in.nextToken();
      for (int row = 1; in.nextToken() != JsonToken.END_ARRAY; row++) {
        sink += parser.parse(in, page, row, ANY).time();
      }
    }
  }

  /** The median of the second half, when the machine is warm. */
  private static double median(long[] nanos) {
    long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }
}
