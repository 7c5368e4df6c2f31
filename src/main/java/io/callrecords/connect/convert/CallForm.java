package io.callrecords.connect.convert;

import io.callrecords.connect.config.AddedField;
import io.callrecords.connect.config.CostFormat;
import io.callrecords.connect.config.FormatOptions;
import io.callrecords.connect.config.TimesFormat;
import io.callrecords.connect.feed.DecimalText;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.state.RowVersion;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
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

  private final FormatOptions options;
  private final MomentForm times;
  private final NulFilter nul;
  private final Schema schema;

  /** Of each field that is written, how; and what it is in the schema. */
  private final List<FieldForm> forms;

  private final List<Field> fields;
  private final List<Field> texts;
  private final List<Field> costs;
  private final boolean isAsRead;

  /**
   * How one field is written.
   *
   * @param from the field as it was read
   * @param schema the schema of what is written
   * @param convert makes a value of it of one that was read; null stays null
   */
  private record FieldForm(Field from, Schema schema, Function<Object, @Nullable Object> convert) {
    /** A field that stays as it is. */
    static FieldForm asRead(Field field) {
      return new FieldForm(field, field.schema(), value -> value);
    }

    /** A field with another schema, which is as optional as the one that was read. */
    static FieldForm of(
        Field field, SchemaBuilder other, Function<Object, @Nullable Object> convert) {
      Schema read = field.schema();
      Schema written = (read.isOptional() ? other.optional() : other).doc(read.doc()).build();
      return new FieldForm(field, written, convert);
    }
  }

  /** Creates a form for whoever makes a record to compare with. */
  public CallForm(Feed feed, FormatOptions options) {
    this(feed, options, new NulFilter(options.keepsNul(), () -> {}));
  }

  /**
   * Creates a form.
   *
   * @param nul drops what databases refuse
   */
  CallForm(Feed feed, FormatOptions options, NulFilter nul) {
    this.options = options;
    this.times = new MomentForm(options.times());
    this.nul = nul;
    this.forms = forms(feed, options);
    Schema made = schema(feed, options);
    this.isAsRead = made.equals(feed.schema());
    // The same one as that of the values: converters compare the two for each record.
    this.schema = isAsRead ? feed.schema() : made;
    this.fields = forms.stream().map(form -> schema.field(form.from().name())).toList();
    List<Field> read = feed.schema().fields();
    this.texts = read.stream().filter(CallForm::mayHoldNul).toList();
    this.costs =
        read.stream().filter(field -> feed.decimalFields().contains(field.name())).toList();
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
    SchemaBuilder builder =
        SchemaBuilder.struct().name(read.name()).version(version(options)).doc(read.doc());
    forms(feed, options).forEach(form -> builder.field(form.from().name(), form.schema()));
    if (options.added().contains(AddedField.READ_AT)) {
      builder.field(
          AddedField.READ_AT.configValue(),
          new MomentForm(options.times())
              .schema()
              .optional()
              .doc("When this version of the call was read")
              .build());
    }
    if (options.added().contains(AddedField.VERSION)) {
      builder.field(
          AddedField.VERSION.configValue(),
          SchemaBuilder.string().optional().doc("First, late, updated or replayed").build());
    }
    return builder.build();
  }

  private static List<FieldForm> forms(Feed feed, FormatOptions options) {
    return feed.schema().fields().stream()
        .map(field -> form(feed, field, options))
        .filter(Objects::nonNull)
        .toList();
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

  /** How a field is written; null where it is not. */
  private static @Nullable FieldForm form(Feed feed, Field field, FormatOptions options) {
    if (field.name().equals(feed.extraField())) {
      return switch (options.extra()) {
        case MAP -> FieldForm.asRead(field);
        case JSON ->
            FieldForm.of(field, JsonForm.schema(), value -> JsonForm.object((Map<?, ?>) value));
        case NONE -> null;
      };
    }
    if (Timestamp.LOGICAL_NAME.equals(field.schema().name())) {
      MomentForm times = new MomentForm(options.times());
      return options.times() == TimesFormat.TIMESTAMP
          ? FieldForm.asRead(field)
          : FieldForm.of(field, times.schema(), value -> times.of((Date) value));
    }
    if (field.schema().type() == Schema.Type.ARRAY) {
      return switch (options.labels()) {
        case ARRAY -> FieldForm.asRead(field);
        case JSON ->
            FieldForm.of(field, JsonForm.schema(), value -> JsonForm.array((List<?>) value));
        case CSV ->
            FieldForm.of(field, SchemaBuilder.string(), value -> JsonForm.csv((List<?>) value));
      };
    }
    if (feed.decimalFields().contains(field.name())) {
      return switch (options.cost()) {
        case TEXT ->
            new FieldForm(field, field.schema(), value -> isEmptyCost(value) ? null : value);
        case DECIMAL ->
            FieldForm.of(
                field,
                Decimal.builder(DecimalText.SCALE)
                    .parameter(PRECISION, Integer.toString(DecimalText.PRECISION)),
                value -> isEmptyCost(value) ? null : DecimalText.parse((String) value));
      };
    }
    return FieldForm.asRead(field);
  }

  private static boolean isEmptyCost(@Nullable Object value) {
    return value instanceof String text && DecimalText.isNone(text);
  }

  /** The schema of the values. */
  public Schema schema() {
    return schema;
  }

  /**
   * The value as it is written.
   *
   * @param value the value as it was read, which stays as it is
   * @param readAt when this version was read
   */
  public Struct value(Struct value, RowVersion version, Instant readAt) {
    boolean drops = hasNul(value);
    if (isAsRead && !drops && !hasEmptyCost(value)) {
      return value;
    }
    Struct written = new Struct(schema);
    for (int i = 0; i < fields.size(); i++) {
      FieldForm form = forms.get(i);
      Object read = value.get(form.from());
      if (read != null) {
        written.put(fields.get(i), form.convert().apply(drops ? nul.filtered(read) : read));
      }
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
    for (Field field : costs) {
      if (isEmptyCost(value.get(field))) {
        return true;
      }
    }
    return false;
  }
}
