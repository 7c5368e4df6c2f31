package io.callrecords.simulator;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/** Hands out session ids in the platform's form: the second of the call's end, then five digits. */
final class SessionIds {
  private static final int DAY = 86_400;
  private static final int PREFIX = 12;
  private static final int NUMBERS = 100_000;

  private final ZoneId zone;

  /** Per local day, how many ids each of its seconds has given out. */
  private final Map<Long, int[]> used = new HashMap<>();

  SessionIds(ZoneId zone) {
    this.zone = zone;
  }

  /** The next free number of the local second in which a call ends. */
  synchronized int next(long endSecond) {
    long local = local(endSecond);
    int[] day = used.computeIfAbsent(Math.floorDiv(local, (long) DAY), unused -> new int[DAY]);
    int count = day[(int) Math.floorMod(local, (long) DAY)]++;
    if (count >= NUMBERS) {
      throw new IllegalStateException("More calls end in one second than ids can tell apart");
    }
    return (int) ((local * 7919 + count) % NUMBERS);
  }

  /** The id of the call that ends in a second and has a number of it. */
  String id(long endSecond, int number) {
    byte[] digits = new byte[PREFIX + 5];
    long local = local(endSecond);
    long date = CivilDate.of(Math.floorDiv(local, (long) DAY));
    int time = (int) Math.floorMod(local, (long) DAY);
    put(digits, 0, 2, CivilDate.year(date) % 100);
    put(digits, 2, 2, CivilDate.month(date));
    put(digits, 4, 2, CivilDate.day(date));
    put(digits, 6, 2, time / 3600);
    put(digits, 8, 2, time / 60 % 60);
    put(digits, 10, 2, time % 60);
    put(digits, PREFIX, 5, number);
    return new String(digits, StandardCharsets.ISO_8859_1);
  }

  /** The number at the end of an id, or -1 when the text is none of these ids. */
  static int number(String id) {
    boolean digits = id.chars().allMatch(letter -> letter >= '0' && letter <= '9');
    return digits && id.length() == PREFIX + 5 ? Integer.parseInt(id, PREFIX, id.length(), 10) : -1;
  }

  /**
   * The seconds that an id can mean: two in the hour that a change of the clock repeats, none when
   * it is made up.
   */
  long[] ends(String id) {
    try {
      LocalDateTime local =
          LocalDateTime.of(
              2000 + part(id, 0), part(id, 2), part(id, 4), part(id, 6), part(id, 8), part(id, 10));
      return zone.getRules().getValidOffsets(local).stream()
          .mapToLong(local::toEpochSecond)
          .toArray();
    } catch (DateTimeException e) {
      return new long[0];
    }
  }

  private static int part(String id, int at) {
    return Integer.parseInt(id, at, at + 2, 10);
  }

  private long local(long second) {
    return second + zone.getRules().getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
  }

  private static void put(byte[] digits, int at, int width, int value) {
    int rest = value;
    for (int i = at + width - 1; i >= at; i--) {
      digits[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
