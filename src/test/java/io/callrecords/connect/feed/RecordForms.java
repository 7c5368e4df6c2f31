package io.callrecords.connect.feed;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The JSON of one record, once in the documented form, and once as some backend might write it. */
final class RecordForms {
  private static final DateTimeFormatter CANONICAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final List<String> OFFSETS = List.of("xxx", "xx", "XXX", " xx", "xxxxx");

  private final Random random;
  private final ZoneId zone;
  private final List<String> canonical = new ArrayList<>();
  private final List<String> drawn = new ArrayList<>();

  /** Draws the values of a record, and their forms. */
  RecordForms(long seed, ZoneId zone) {
    this.random = new Random(seed);
    this.zone = zone;
    text("callSessionId", "s" + seed);
    long day = Instant.parse("2026-10-20T00:00:00Z").getEpochSecond();
    long start = day + random.nextInt(20 * 86_400);
    for (String field : List.of("callStartTime", "answerTime", "callEndTime")) {
      time(field, Instant.ofEpochSecond(random.nextInt(4) == 0 ? start - start % 60 : start));
      start += random.nextInt(90);
    }
    for (String field : List.of("callDuration", "callType", "hangupReason", "hangingDirection")) {
      number(field, random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(20));
    }
    Collections.shuffle(drawn, random);
  }

  String canonical() {
    return "{" + String.join(",", canonical) + "}";
  }

  String drawn() {
    return "{" + String.join(",", drawn) + "}";
  }

  private void text(String field, String value) {
    canonical.add("'%s':'%s'".formatted(field, value));
    drawn.add("'%s':'%s'".formatted(field, value));
  }

  private void number(String field, int value) {
    String form =
        switch (random.nextInt(6)) {
          case 0 -> value + ".0";
          case 1 -> value + ".000";
          case 2 -> value + "e0";
          case 3 -> (value == 0 ? "0" : value + "0") + "E-1";
          case 4 -> (value == 0 ? "0" : value + "0") + ".00e-1";
          default -> Integer.toString(value);
        };
    canonical.add("'%s':%d".formatted(field, value));
    drawn.add((random.nextBoolean() ? "'%s':%s" : "'%s':' %s '").formatted(field, form));
  }

  private void time(String field, Instant time) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    String text = CANONICAL.format(local);
    canonical.add("'%s':'%s'".formatted(field, text));
    String form = random.nextBoolean() ? text : text.replace(' ', 'T');
    if (random.nextInt(3) == 0 && local.getSecond() == 0) {
      form = form.replace(' ', 'T').substring(0, 16);
    } else {
      form += List.of("", ".0", ".000", ".000000", ".0000000009").get(random.nextInt(5));
    }
    // Where an hour comes twice, the canonical form means the first, whatever the offset says.
    if (random.nextInt(3) == 0 && zone.getRules().getValidOffsets(local).size() == 1) {
      String pattern = OFFSETS.get(random.nextInt(OFFSETS.size()));
      form += DateTimeFormatter.ofPattern(pattern).format(time.atZone(zone));
    }
    drawn.add("'%s':'%s'".formatted(field, form));
  }
}
