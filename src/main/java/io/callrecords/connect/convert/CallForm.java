package io.callrecords.connect.convert;

import io.callrecords.connect.config.AddedField;
import io.callrecords.connect.config.CostFormat;
import io.callrecords.connect.config.ExtraFormat;
import io.callrecords.connect.config.FormatOptions;
import io.callrecords.connect.config.TimesFormat;
import io.callrecords.connect.feed.DecimalText;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.state.RowVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a call is written: which field has which type, and which fields there are in
 * addition.
 *
 * <p>The connector itself compares calls as they were read, so that another form makes no call a
 * changed one.
 */
public final class CallForm {
  /** As Avro, Iceberg and Debezium's sink look for it. */
  private static final String PRECISION = "connect.decimal.precision";

  private final Feed feed;
  private final FormatOptions options;
  private final MomentForm times;
  private final NulFilter nul;
  private final Schema schema;
  private final List<FieldForm> fields;
  private final List<Field> texts = new ArrayList<>();
  private final boolean isAsRead;

  /**
   * How one field is written.
   *
   * @param from the field as it was read
   * @param to the field as it is written
   * @param convert makes the one's value of the other's
   */
  private record FieldForm(Field from, Field to, UnaryOperator<@Nullable Object> convert) {}

  /**
   * Creates a form.
   *
   * @param nul drops what databases refuse
   */
  CallForm(Feed feed, FormatOptions options, NulFilter nul) {
    this.feed = feed;
    this.options = options;
    this.times = new MomentForm(options.times());
    this.nul = nul;
    this.schema = schema(feed, options);
    this.fields = new ArrayList<>();
    for (Field from : feed.schema().fields()) {
      Field to = schema.field(from.name());
      if (to != null) {
        fields.add(new FieldForm(from, to, conversion(from)));
      }
      if (mayHoldNul(from)) {
        texts.add(from);
      }
    }
    this.isAsRead = schema.equals(feed.schema());
  }

  private static boolean mayHoldNul(Field field) {
    return switch (field.schema().type()) {
      case STRING, ARRAY, MAP -> true;
      default -> false;
    };
  }

  /** The schema of calls in a form. Its version tells one form from another. */
  public static Schema schema(Feed feed, FormatOptions options) {
    Schema read = feed.schema();
    MomentForm times = new MomentForm(options.times());
    SchemaBuilder builder =
        SchemaBuilder.struct().name(read.name()).version(version(options)).doc(read.doc());
    for (Field field : read.fields()) {
      if (!field.name().equals(feed.extraField()) || options.extra() != ExtraFormat.NONE) {
        builder.field(field.name(), fieldSchema(feed, field, options, times));
      }
    }
    if (options.added().contains(AddedField.READ_AT)) {
      builder.field(
          AddedField.READ_AT.configValue(),
          times.schema().optional().doc("When this version of the call was read").build());
    }
    if (options.added().contains(AddedField.VERSION)) {
      builder.field(
          AddedField.VERSION.configValue(),
          SchemaBuilder.string().optional().doc("First, late, updated or replayed").build());
    }
    return builder.build();
  }

  /** One for each form: what each choice adds is less than the next one's step. */
  static int version(FormatOptions options) {
    return 1
        + switch (options.labels()) {
          case ARRAY -> 0;
          case JSON -> 1;
          case CSV -> 2;
        }
        + switch (options.extra()) {
          case MAP -> 0;
          case JSON -> 3;
          case NONE -> 6;
        }
        + timesVersion(options.times())
        + (options.cost() == CostFormat.DECIMAL ? 27 : 0)
        + (options.added().contains(AddedField.READ_AT) ? 54 : 0)
        + (options.added().contains(AddedField.VERSION) ? 108 : 0);
  }

  /** What the form of times adds to the version of each schema. */
  static int timesVersion(TimesFormat times) {
    return switch (times) {
      case TIMESTAMP -> 0;
      case ISO -> 9;
      case EPOCH_MILLIS -> 18;
    };
  }

  private static Schema fieldSchema(
      Feed feed, Field field, FormatOptions options, MomentForm times) {
    Schema read = field.schema();
    SchemaBuilder other = null;
    if (isTime(field)) {
      other = options.times() == TimesFormat.TIMESTAMP ? null : times.schema();
    } else if (isList(field)) {
      other =
          switch (options.labels()) {
            case ARRAY -> null;
            case JSON -> JsonForm.schema();
            case CSV -> SchemaBuilder.string();
          };
    } else if (field.name().equals(feed.extraField())) {
      other = options.extra() == ExtraFormat.JSON ? JsonForm.schema() : null;
    } else if (feed.decimalFields().contains(field.name())
        && options.cost() == CostFormat.DECIMAL) {
      other =
          Decimal.builder(DecimalText.SCALE)
              .parameter(PRECISION, Integer.toString(DecimalText.PRECISION));
    }
    if (other == null) {
      return read;
    }
    return (read.isOptional() ? other.optional() : other).doc(read.doc()).build();
  }

  private static boolean isTime(Field field) {
    return Timestamp.LOGICAL_NAME.equals(field.schema().name());
  }

  private static boolean isList(Field field) {
    return field.schema().type() == Schema.Type.ARRAY;
  }

  private UnaryOperator<@Nullable Object> conversion(Field field) {
    if (isTime(field)) {
      return value -> times.of((Date) value);
    }
    if (isList(field)) {
      return value -> value instanceof List<?> list ? labels(list) : value;
    }
    if (field.name().equals(feed.extraField())) {
      return value ->
          options.extra() == ExtraFormat.JSON && value instanceof Map<?, ?> map
              ? JsonForm.object(map)
              : value;
    }
    return feed.decimalFields().contains(field.name()) ? this::cost : value -> value;
  }

  private Object labels(List<?> list) {
    return switch (options.labels()) {
      case ARRAY -> list;
      case JSON -> JsonForm.array(list);
      case CSV -> JsonForm.csv(list);
    };
  }

  private @Nullable Object cost(@Nullable Object value) {
    if (!(value instanceof String text) || text.isBlank()) {
      return null;
    }
    return options.cost() == CostFormat.DECIMAL ? DecimalText.parse(text) : text;
  }

  /** The schema of the values. */
  Schema schema() {
    return schema;
  }

  /**
   * The value as it is written.
   *
   * @param value the value as it was read, which stays as it is
   * @param readAt when this version was read
   */
  Struct value(Struct value, RowVersion version, Instant readAt) {
    boolean drops = hasNul(value);
    if (isAsRead && !drops && !hasEmptyCost(value)) {
      return value;
    }
    Struct written = new Struct(schema);
    for (FieldForm field : fields) {
      Object read = value.get(field.from());
      written.put(field.to(), field.convert().apply(drops ? nul.filtered(read) : read));
    }
    if (options.added().contains(AddedField.READ_AT)) {
      written.put(AddedField.READ_AT.configValue(), times.of(readAt));
    }
    if (options.added().contains(AddedField.VERSION)) {
      written.put(AddedField.VERSION.configValue(), version.text());
    }
    return written;
  }

  private boolean hasNul(Struct value) {
    for (Field field : texts) {
      if (nul.concerns(value.get(field))) {
        return true;
      }
    }
    return false;
  }

  private boolean hasEmptyCost(Struct value) {
    for (String name : feed.decimalFields()) {
      if (value.get(name) instanceof String text && text.isBlank()) {
        return true;
      }
    }
    return false;
  }
}
