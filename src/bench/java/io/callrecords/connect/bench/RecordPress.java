package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.callrecords.simulator.Answer;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Prints records from some that the simulated API once wrote: all that changes from one to the next
 * is the id and the times, which are put into a copy of its bytes.
 */
final class RecordPress {
  private static final int VARIANTS = 200;
  private static final int PAGE = 100;
  private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);
  private static final int DAY = 86_400;
  private static final int NUMBERS = 100_000;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd");

  private final List<Plate> plates = new ArrayList<>();
  private final byte[][] dates = new byte[200][];
  private final long firstDay;
  private int longest;

  /** A record to be copied, and where in it the id and the times are; {@code answer} may be -1. */
  // It stays in here, and nobody compares two of them.
  @SuppressWarnings("ArrayRecordComponent")
  private record Plate(
      byte[] json, List<Integer> ids, int start, int answer, int end, int ringing, int lasting) {}

  /**
   * Lets the simulated API write the records that are copied.
   *
   * @param from no call is a day older than that, or 190 younger
   */
  RecordPress(Instant from) {
    firstDay = Math.floorDiv(from.getEpochSecond(), DAY) - 1;
    for (int day = 0; day < dates.length; day++) {
      Instant moment = Instant.ofEpochSecond((firstDay + day) * DAY);
      dates[day] =
          DATE.format(LocalDateTime.ofInstant(moment, ZoneOffset.UTC)).getBytes(ISO_8859_1);
    }
    Instant end = Instant.ofEpochSecond(Math.floorDiv(from.getEpochSecond(), DAY) * DAY);
    try (Simulator simulator =
        Simulator.builder()
            .clock(() -> end.plusSeconds(3600))
            .load((calls, now) -> calls.steady(1, end.minusSeconds(VARIANTS * 60L), end))
            .start()) {
      for (int page = 1; page <= VARIANTS / PAGE; page++) {
        cutOut(page(simulator, end, page));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] page(Simulator simulator, Instant end, int page) {
    String timestamp = Long.toString(simulator.now().getEpochSecond());
    String question =
        "{\"current\":%d,\"size\":%d,\"params\":{\"strTime\":\"%s\",\"endTime\":\"%s\"}}"
            .formatted(page, PAGE, text(end.minusSeconds(DAY)), text(end));
    Answer answer =
        simulator
            .api()
            .answer(
                "POST",
                "/v3/voice/ccRecordQuery",
                Map.of(
                    "Content-Type",
                    "application/json",
                    "Api-Key",
                    simulator.key(),
                    "Timestamp",
                    timestamp,
                    "Sign",
                    md5(simulator.key() + simulator.secret() + timestamp)),
                question.getBytes(UTF_8),
                simulator.now());
    return answer.body();
  }

  private static String text(Instant moment) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment.atOffset(ZONE));
  }

  /** The hash that signs a request, in hexadecimal digits. */
  static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8));
      return "%032x".formatted(new BigInteger(1, hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void cutOut(byte[] page) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(page)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.START_OBJECT
            && json.getParsingContext().getParent().inArray()) {
          int from = (int) json.currentTokenLocation().getByteOffset();
          json.skipChildren();
          int to = (int) json.currentLocation().getByteOffset();
          plates.add(plate(new String(page, from, to - from, ISO_8859_1)));
        }
      }
    }
    if (plates.isEmpty()) {
      throw new IllegalStateException("No record in " + new String(page, UTF_8));
    }
  }

  private Plate plate(String json) {
    int start = value(json, "callStartTime");
    int answer = value(json, "answerTime");
    int end = value(json, "callEndTime");
    int id = value(json, "callSessionId");
    if (start < 0 || end < 0 || id < 0) {
      throw new IllegalStateException("A record without id or times: " + json);
    }
    String text = json.substring(id, json.indexOf('"', id));
    List<Integer> ids = new ArrayList<>();
    for (int at = json.indexOf(text); at >= 0; at = json.indexOf(text, at + 1)) {
      ids.add(at);
    }
    long started = seconds(json, start);
    int lasting = (int) (seconds(json, end) - started);
    longest = Math.max(longest, lasting);
    return new Plate(
        json.getBytes(ISO_8859_1),
        List.copyOf(ids),
        start,
        answer,
        end,
        answer < 0 ? 0 : (int) (seconds(json, answer) - started),
        lasting);
  }

  /** Where a field's text begins; -1 where it has none. */
  private static int value(String json, String field) {
    String before = '"' + field + "\":\"";
    int at = json.indexOf(before);
    return at < 0 ? -1 : at + before.length();
  }

  private static long seconds(String json, int at) {
    return LocalDateTime.parse(json.substring(at, at + 19), TIME).toEpochSecond(ZONE);
  }

  /** How long the longest call takes, in seconds. */
  int longest() {
    return longest;
  }

  /** The most bytes that a record takes. */
  int largest() {
    return plates.stream().mapToInt(plate -> plate.json.length).max().orElse(0);
  }

  /**
   * Prints the record of a call.
   *
   * @param call its place among all
   * @param second the second in which it starts
   * @param at where in the target it begins
   * @return where it ends
   */
  int print(int call, long second, byte[] target, int at) {
    Plate plate = plates.get(call % plates.size());
    byte[] json = plate.json;
    System.arraycopy(json, 0, target, at, json.length);
    time(second, target, at + plate.start);
    if (plate.answer >= 0) {
      time(second + plate.ringing, target, at + plate.answer);
    }
    long end = second + plate.lasting;
    time(end, target, at + plate.end);
    for (int i = 0; i < plate.ids.size(); i++) {
      id(end, call, target, at + plate.ids.get(i));
    }
    return at + json.length;
  }

  private void time(long second, byte[] target, int at) {
    long local = second + ZONE.getTotalSeconds();
    byte[] date = dates[(int) (Math.floorDiv(local, DAY) - firstDay)];
    System.arraycopy(date, 0, target, at, date.length);
    int time = Math.floorMod(local, DAY);
    two(time / 3600, target, at + 11);
    two(time / 60 % 60, target, at + 14);
    two(time % 60, target, at + 17);
  }

  /** The second of the call's end, as the platform's ids begin, then five digits. */
  private void id(long end, int call, byte[] target, int at) {
    long local = end + ZONE.getTotalSeconds();
    byte[] date = dates[(int) (Math.floorDiv(local, DAY) - firstDay)];
    for (int pair = 0; pair < 3; pair++) {
      target[at + pair * 2] = date[2 + pair * 3];
      target[at + pair * 2 + 1] = date[3 + pair * 3];
    }
    int time = Math.floorMod(local, DAY);
    two(time / 3600, target, at + 6);
    two(time / 60 % 60, target, at + 8);
    two(time % 60, target, at + 10);
    int rest = call % NUMBERS;
    for (int digit = 16; digit >= 12; digit--) {
      target[at + digit] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static void two(int value, byte[] target, int at) {
    target[at] = (byte) ('0' + value / 10);
    target[at + 1] = (byte) ('0' + value % 10);
  }
}
