package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.callrecords.connect.config.PrivacyOptions;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.PrivacyRules;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.Row;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Test;

/**
 * Draws rows with personal values wherever one can stand, at any depth and in any form of JSON, and
 * searches what leaves the parser for each of them.
 *
 * <p>A value is personal where a setting hides its field, where its field is unknown and denied,
 * and in any object that stands where a field of the schema has a single value or a list.
 */
class HiddenValueTest {
  private static final int SEEDS = 1_500;
  private static final int ROWS = 3;
  private static final Password KEY = new Password("0123456789abcdef0123456789abcdef");

  /** The first hours of a day; other times are out of range. */
  private static final QueryRange RANGE = new QueryRange(1_793_491_200, 1_793_500_000);

  private final Feed feed = CallCenterFeed.create();
  private int records;
  private int malformed;
  private int blanked;

  @Test
  void isNowhereInWhatLeavesTheParser() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      DrawnRules rules = new DrawnRules(feed, random);
      PageReader reader = new PageReader(feed, ZoneOffset.UTC, new PrivacyRules(rules.options()));
      List<DrawnRow> drawn =
          IntStream.range(0, ROWS).mapToObj(i -> new DrawnRow(feed, rules, random, i)).toList();
      String page =
          drawn.stream()
              .map(DrawnRow::json)
              .collect(
                  Collectors.joining(
                      ",", "{'status':'0','data':{'total':" + ROWS + ",'records':[", "]}}"));

      List<Row> rows = reader.read(page.replace('\'', '"').getBytes(StandardCharsets.UTF_8), RANGE);

      assertThat(rows).as("seed %d", seed).hasSize(ROWS);
      for (int i = 0; i < ROWS; i++) {
        expectNothing(rows.get(i), drawn, seed);
        expectARecordOfASoundRow(rows.get(i), drawn.get(i), seed);
      }
    }
    // Else the draw proves little.
    assertThat(records).isGreaterThan(SEEDS / 2);
    assertThat(malformed).isGreaterThan(SEEDS / 2);
    assertThat(blanked).isGreaterThan(SEEDS / 15);
  }

  private static void expectNothing(Row row, List<DrawnRow> drawn, int seed) {
    for (String text : emitted(row)) {
      String digits = text.replaceAll("[^0-9]", "");
      for (DrawnRow hidden : drawn) {
        for (String value : hidden.hidden) {
          if (digits.contains(value)) {
            fail("seed %d: %s in %s of %s", seed, value, cut(text), cut(hidden.json()));
          }
        }
      }
    }
  }

  /** A value that does not pass makes no row malformed, whatever it is. */
  private void expectARecordOfASoundRow(Row row, DrawnRow drawn, int seed) {
    boolean isMalformed = row instanceof MalformedRecord;
    records += isMalformed ? 0 : 1;
    malformed += isMalformed ? 1 : 0;
    blanked += drawn.isSound && drawn.isBeyondLimits ? 1 : 0;
    if (drawn.isSound && isMalformed) {
      fail("seed %d: %s of %s", seed, row, cut(drawn.json()));
    }
  }

  private static String cut(String text) {
    return text.length() > 2_000 ? text.substring(0, 2_000) + "..." : text;
  }

  /** All that topics, offsets, headers and logs may get of a row. */
  private static List<String> emitted(Row row) {
    List<String> all = new ArrayList<>(List.of(row.id(), row.toString()));
    all.addAll(
        row.match(
            HiddenValueTest::ofRecord,
            HiddenValueTest::ofMalformed,
            outOfRange ->
                Stream.of(
                        ofRecord(outOfRange.record()),
                        ofMalformed(((OutOfRangeRecord) row).asMalformed()))
                    .flatMap(List::stream)
                    .toList()));
    return all;
  }

  private static List<String> ofRecord(FeedRecord record) {
    return record.value().schema().fields().stream()
        .map(field -> String.valueOf(record.value().get(field)))
        .toList();
  }

  private static List<String> ofMalformed(MalformedRecord row) {
    return List.of(row.id(), String.valueOf(row.key()), row.json(), row.reason(), row.field());
  }

  /** Settings that hide at least one field. */
  private static final class DrawnRules {
    final Set<String> excluded = new HashSet<>(Set.of("remark"));
    final Set<String> pseudonymized = new HashSet<>();
    final boolean isKeyed;
    final int unknown;

    DrawnRules(Feed feed, Random random) {
      isKeyed = random.nextInt(3) > 0;
      unknown = random.nextInt(3);
      for (Field field : others(feed)) {
        int rule = random.nextInt(4);
        if (rule == 0) {
          excluded.add(field.name());
        } else if (rule == 1 && isKeyed && isOfTexts(field) && !excluded.contains(field.name())) {
          pseudonymized.add(field.name());
        }
      }
    }

    /** The fields that no setting has to leave as they are. */
    static List<Field> others(Feed feed) {
      Set<String> needed =
          Set.of(feed.idField(), feed.startField(), feed.endField(), feed.extraField());
      return feed.schema().fields().stream()
          .filter(field -> !needed.contains(field.name()))
          .toList();
    }

    static boolean isOfTexts(Field field) {
      return field.schema().type() == Schema.Type.STRING || isList(field);
    }

    static boolean isList(Field field) {
      return field.schema().type() == Schema.Type.ARRAY;
    }

    boolean allowsAll() {
      return unknown == 0;
    }

    boolean allowsQueue() {
      return unknown < 2;
    }

    PrivacyOptions options() {
      return new PrivacyOptions(
          excluded,
          pseudonymized,
          isKeyed ? KEY : null,
          isKeyed,
          allowsAll() ? null : allowsQueue() ? Set.of("queue") : Set.of());
    }
  }

  /** A row, what must not be seen of it, and whether everything is sound that may be. */
  private static final class DrawnRow {
    final List<String> hidden = new ArrayList<>();
    boolean isSound = true;
    boolean isBeyondLimits;
    private final List<String> fields = new ArrayList<>();
    private final Random random;

    DrawnRow(Feed feed, DrawnRules rules, Random random, int number) {
      this.random = random;
      needed(feed.idField(), "'id" + number + "'");
      needed(feed.startField(), "'2026-11-01 00:00:0" + number + "'");
      if (random.nextBoolean()) {
        needed(feed.endField(), random.nextBoolean() ? "null" : "'2026-11-01 00:01:00'");
      }
      for (Field field : DrawnRules.others(feed)) {
        for (int i = random.nextInt(8) == 0 ? 2 : random.nextInt(2); i > 0; i--) {
          draw(field, rules);
        }
      }
      add("queue", rules.allowsQueue() ? "{'n':[1,{'x':null}],'t':'x'}" : anyForm(0));
      if (!rules.allowsAll() && random.nextBoolean()) {
        add(random.nextBoolean() ? value() : "more", anyForm(0));
      }
      Collections.shuffle(fields, random);
    }

    String json() {
      return "{" + String.join(",", fields) + "}";
    }

    private void add(String name, String json) {
      String begin = name.substring(0, 1);
      String written = random.nextInt(4) > 0 ? name : escaped(begin) + name.substring(1);
      fields.add("'%s'%s:%s".formatted(written, random.nextBoolean() ? "" : " ", json));
    }

    private static String escaped(String text) {
      return text.chars()
          .mapToObj(character -> "\\u%04x".formatted(character))
          .collect(Collectors.joining());
    }

    private void needed(String name, String json) {
      switch (random.nextInt(12)) {
        case 0 -> {
          add(name, structure(0));
          isSound = false;
        }
        case 1 -> isSound = false;
        default -> add(name, json);
      }
    }

    private void draw(Field field, DrawnRules rules) {
      String name = field.name();
      if (rules.excluded.contains(name)) {
        add(name, anyForm(random.nextInt(2)));
      } else if (!rules.pseudonymized.contains(name)) {
        add(name, passing(field));
      } else if (random.nextInt(8) == 0) {
        isSound = false;
        add(name, anyForm(0));
      } else {
        add(name, DrawnRules.isList(field) ? "[%s,null,%s]".formatted(text(), number()) : text());
      }
    }

    /** What may be seen, and now and then something within that may not. */
    private String passing(Field field) {
      if (random.nextInt(12) == 0) {
        isSound = false;
        return random.nextBoolean() ? structure(0) : "['x',7,%s,null]".formatted(structure(0));
      }
      if (field.schema().type() == Schema.Type.STRING) {
        return random.nextBoolean() ? "'x'" : "7";
      }
      if (DrawnRules.isList(field)) {
        return "['x',7,null]";
      }
      if (random.nextInt(48) == 0) {
        // Columns are mixed up: what may be seen has no place here.
        isSound = false;
        return random.nextBoolean() ? text() : number();
      }
      return field.schema().type() == Schema.Type.INT32 ? "7" : "'2026-11-01 00:00:30'";
    }

    /** Another personal value: digits that stand nowhere else. */
    private String value() {
      StringBuilder digits = new StringBuilder().append(1 + random.nextInt(9));
      for (int i = 0; i < 12; i++) {
        digits.append(random.nextInt(10));
      }
      hidden.add(digits.toString());
      return digits.toString();
    }

    private String anyForm(int depth) {
      return switch (random.nextInt(depth > 3 ? 8 : 12)) {
        case 0 -> List.of("null", "true", "''").get(random.nextInt(3));
        case 1, 2 -> number();
        case 3 -> random.nextInt(8) == 0 ? beyondLimits() : text();
        case 4, 5, 6, 7 -> text();
        default -> structure(depth);
      };
    }

    private String text() {
      String value = value();
      return switch (random.nextInt(5)) {
        case 0 ->
            "'+%s %s-%s'"
                .formatted(value.substring(0, 2), value.substring(2, 6), value.substring(6));
        case 1 -> "'" + escaped(value) + "'";
        case 2 -> "'calls from %s, \\n\\\"VIP\\\"'".formatted(value);
        case 3 -> "'https://recordings.example.com/%s.wav?sign=x'".formatted(value);
        default -> "'" + value + "'";
      };
    }

    private String number() {
      String value = value();
      return switch (random.nextInt(4)) {
        case 0 -> value + ".0";
        case 1 -> "-" + value;
        case 2 -> value.charAt(0) + "." + value.substring(1) + "E12";
        default -> value;
      };
    }

    private String structure(int depth) {
      int count = 1 + random.nextInt(3);
      List<String> parts = new ArrayList<>();
      boolean isObject = depth == 0 || random.nextBoolean();
      for (int i = 0; i < count; i++) {
        String name = List.of("called", "name", "labels", "x").get(random.nextInt(4));
        String form = anyForm(depth + 1);
        parts.add(
            isObject ? "'%s':%s".formatted(random.nextInt(4) == 0 ? value() : name, form) : form);
      }
      return isObject ? "{" + String.join(",", parts) + "}" : "[" + String.join(",", parts) + "]";
    }

    /** What no topic takes, or no parser reads. */
    private String beyondLimits() {
      isBeyondLimits = true;
      return switch (random.nextInt(5)) {
        case 0 -> "'%s%s'".formatted("x".repeat(300_000), value());
        case 1 -> "'%s%s'".formatted("x".repeat(1_100_000), value());
        case 2 -> value() + "7".repeat(300);
        case 3 -> "[".repeat(70) + "'" + value() + "'" + "]".repeat(70);
        default -> "{'%s%s':%s}".formatted(value(), "n".repeat(1_100), value());
      };
    }
  }
}
