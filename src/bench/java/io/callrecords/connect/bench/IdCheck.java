package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.BitSet;

/**
 * Which of many calls have come, and how often one came again, with a bit for each call: its id
 * tells which it is.
 */
final class IdCheck {
  private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);
  private static final int NUMBERS = 100_000;

  private final CallGrid calls;
  private final int longest;
  private final BitSet seen = new BitSet();
  private long repeated;
  private long foreign;

  /**
   * Expects calls.
   *
   * @param longest how long the longest takes, in seconds
   */
  IdCheck(CallGrid calls, int longest) {
    this.calls = calls;
    this.longest = longest;
  }

  /** Takes note of an id: the second in which the call ends, and the end of its number. */
  void see(byte[] id) {
    int call = id.length == 17 ? call(new String(id, ISO_8859_1)) : -1;
    if (call < 0) {
      foreign++;
    } else if (seen.get(call)) {
      repeated++;
    } else {
      seen.set(call);
    }
  }

  private int call(String id) {
    long end =
        LocalDateTime.of(
                2000 + two(id, 0), two(id, 2), two(id, 4), two(id, 6), two(id, 8), two(id, 10))
            .toEpochSecond(ZONE);
    int number = Integer.parseInt(id, 12, 17, 10);
    // Far fewer calls than there are numbers end in so short a time.
    int low = calls.before(end - longest);
    int call = low + Math.floorMod(number - low, NUMBERS);
    return call < calls.before(end + 1) ? call : -1;
  }

  private static int two(String id, int at) {
    return Integer.parseInt(id, at, at + 2, 10);
  }

  /** How many different calls have come. */
  int distinct() {
    return seen.cardinality();
  }

  /** How many of the first so many calls have come. */
  int distinct(int first) {
    return seen.get(0, first).cardinality();
  }

  /** How often one came that was there. */
  long repeated() {
    return repeated;
  }

  /** How many ids are those of no call. */
  long foreign() {
    return foreign;
  }
}
