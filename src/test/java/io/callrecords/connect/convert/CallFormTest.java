package io.callrecords.connect.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.Seeds;
import io.callrecords.connect.config.AddedField;
import io.callrecords.connect.config.CostFormat;
import io.callrecords.connect.config.ExtraFormat;
import io.callrecords.connect.config.FormatOptions;
import io.callrecords.connect.config.LabelsFormat;
import io.callrecords.connect.config.TimesFormat;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.state.RowVersion;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Proves that a call has the same contents in each form, and that no two forms look the same. */
// Connect's Timestamp is a java.util.Date.
@SuppressWarnings("JavaUtilDate")
class CallFormTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant READ_AT = Instant.parse("2026-11-02T00:00:00.123Z");

  private final Feed feed = CallCenterFeed.create();

  private static List<FormatOptions> all() {
    List<FormatOptions> all = new ArrayList<>();
    List<Set<AddedField>> added =
        List.of(
            Set.of(),
            Set.of(AddedField.READ_AT),
            Set.of(AddedField.VERSION),
            Set.of(AddedField.values()));
    for (LabelsFormat labels : LabelsFormat.values()) {
      for (ExtraFormat extra : ExtraFormat.values()) {
        for (TimesFormat times : TimesFormat.values()) {
          for (CostFormat cost : CostFormat.values()) {
            for (Set<AddedField> fields : added) {
              all.add(new FormatOptions(labels, extra, times, cost, false, fields));
            }
          }
        }
      }
    }
    return all;
  }

  private CallForm form(FormatOptions options) {
    return new CallForm(feed, options, new NulFilter(options.keepsNul(), () -> {}));
  }

  @Test
  void eachFormHasAVersionOfItsOwn() {
    Set<Schema> schemas = new HashSet<>();
    Set<Integer> versions = new HashSet<>();
    for (FormatOptions options : all()) {
      Schema schema = CallForm.schema(feed, options);
      schemas.add(schema);
      versions.add(schema.version());
      assertThat(schema.name()).isEqualTo("io.callrecords.CallRecord");
    }

    assertThat(schemas).hasSameSizeAs(all());
    assertThat(versions).hasSameSizeAs(all());
    assertThat(CallForm.schema(feed, FormatOptions.DEFAULT)).isEqualTo(feed.schema());
  }

  @Test
  void theFormThatIsReadCostsNothing() {
    Struct value = call(new Random(1), false);

    assertThat(form(FormatOptions.DEFAULT).value(value, RowVersion.FIRST, READ_AT)).isSameAs(value);
  }

  @RepeatedTest(20)
  void eachFormHoldsAllThatWasRead(RepetitionInfo repetition) throws JsonProcessingException {
    Random random = new Random(Seeds.of(repetition));
    List<RowVersion> versions = List.of(RowVersion.values());
    for (FormatOptions options : all()) {
      Struct read = call(random, random.nextInt(4) == 0);
      RowVersion version = versions.get(random.nextInt(versions.size()));

      CallForm form = form(options);
      Struct written = form.value(read, version, READ_AT);

      written.validate();
      // Converters compare the two for each record: equal ones field by field, the same at once.
      assertThat(written.schema()).isSameAs(form.schema());
      for (Field field : feed.schema().fields()) {
        Object value =
            written.schema().field(field.name()) == null ? null : written.get(field.name());
        assertThat(asRead(field, value, options)).isEqualTo(expected(field, read, options));
      }
      if (options.added().contains(AddedField.READ_AT)) {
        assertThat(moment(written.get("readAt"))).isEqualTo(READ_AT);
      }
      if (options.added().contains(AddedField.VERSION)) {
        assertThat(written.get("version")).isEqualTo(version.text());
      }
    }
  }

  @Test
  void decimalsSayHowManyDigitsTheyHave() {
    FormatOptions options =
        new FormatOptions(
            LabelsFormat.ARRAY,
            ExtraFormat.MAP,
            TimesFormat.TIMESTAMP,
            CostFormat.DECIMAL,
            false,
            Set.of());

    assertThat(CallForm.schema(feed, options).field("cost").schema().parameters())
        .containsOnly(
            Map.entry(Decimal.SCALE_FIELD, "8"), Map.entry("connect.decimal.precision", "38"));
  }

  private Struct call(Random random, boolean hasNul) {
    Struct call = new Struct(feed.schema());
    String odd = hasNul ? "x\0y" : "x";
    for (Field field : feed.schema().fields()) {
      if (field.schema().isOptional() && random.nextInt(4) == 0) {
        continue;
      }
      call.put(
          field,
          switch (field.schema().type()) {
            case STRING ->
                feed.decimalFields().contains(field.name())
                    ? List.of("", " ", "0.0120", "12", "1E2")
                        .get(random.nextInt(hasNul ? 5 : 2) + (hasNul ? 0 : 2))
                    : odd + random.nextInt(1_000);
            case INT32 -> random.nextInt();
            case INT64 -> new Date(1_700_000_000_000L + random.nextInt());
            case ARRAY -> List.of(odd, "a,b", "\"" + odd);
            case MAP -> Map.of("z" + odd, "{\"k\":[1,\"v\"]}", "a", hasNul ? "\"q\\u0000\"" : "7");
            default -> throw new IllegalStateException(field.toString());
          });
    }
    return call;
  }

  /** What there has to be, with no U+0000 and no empty cost. */
  private @Nullable Object expected(Field field, Struct read, FormatOptions options) {
    Object value = read.get(field);
    if (value == null) {
      return null;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(CallFormTest::clean).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, String> cleaned = new TreeMap<>();
      map.forEach((name, json) -> cleaned.put(clean(name), clean(json).replace("\\u0000", "")));
      return options.extra() == ExtraFormat.NONE ? null : cleaned;
    }
    if (feed.decimalFields().contains(field.name())) {
      String text = value.toString();
      return text.isBlank()
          ? null
          : options.cost() == CostFormat.DECIMAL ? new BigDecimal(text).setScale(8) : text;
    }
    return value instanceof String text
        ? clean(text)
        : value instanceof Date date ? date.toInstant() : value;
  }

  private static String clean(Object text) {
    return String.valueOf(text).replace("\0", "");
  }

  /** Makes of what is written what it was made of. */
  private static @Nullable Object asRead(
      Field field, @Nullable Object written, FormatOptions options) throws JsonProcessingException {
    if (written == null) {
      return null;
    }
    if (Timestamp.LOGICAL_NAME.equals(field.schema().name())) {
      return moment(written);
    }
    if (field.schema().type() == Schema.Type.ARRAY) {
      return switch (options.labels()) {
        case ARRAY -> written;
        case JSON -> JSON.readValue(written.toString(), List.class);
        case CSV -> {
          // Only these are drawn: x…, a,b and "x….
          String x = written.toString().split(",", 2)[0];
          assertThat(written).isEqualTo(x + ",\"a,b\",\"\"\"" + x + "\"");
          yield List.of(x, "a,b", "\"" + x);
        }
      };
    }
    if (field.schema().type() == Schema.Type.MAP) {
      if (options.extra() == ExtraFormat.MAP) {
        return new TreeMap<>((Map<?, ?>) written);
      }
      return JSON.readTree(written.toString()).properties().stream()
          .collect(
              Collectors.toMap(
                  Map.Entry::getKey,
                  entry -> entry.getValue().toString(),
                  (a, b) -> a,
                  TreeMap::new));
    }
    return written;
  }

  private static Instant moment(Object written) {
    if (written instanceof Date date) {
      return date.toInstant();
    }
    return written instanceof Long milli
        ? Instant.ofEpochMilli(milli)
        : Instant.parse(written.toString());
  }
}
