package io.callrecords.cli.reconcile;

import io.callrecords.connect.config.AddedField;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.CostFormat;
import io.callrecords.connect.config.ExtraFormat;
import io.callrecords.connect.config.FormatOptions;
import io.callrecords.connect.config.LabelsFormat;
import io.callrecords.connect.config.TimesFormat;
import io.callrecords.connect.convert.CallForm;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.Fingerprint;
import io.callrecords.connect.state.RowVersion;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Which fields a call has in the topic, in the connector's own form, and how each is compared.
 *
 * <p>When a version was read, and which version it is, is not compared: the API knows neither.
 */
final class CallLayout {
  private static final int NONE = -1;

  private final Feed feed;
  private final CallForm form;
  private final FormatOptions options;
  private final Set<String> ignored;
  private final List<String> names = new ArrayList<>();
  private final List<byte[]> nameBytes = new ArrayList<>();
  private final List<ComparedForm> kinds = new ArrayList<>();
  private final List<Field> fields = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final int timePlace;
  private final int startPlace;
  private final int endPlace;

  /** How a field is written. */
  enum ComparedForm {
    PLAIN,
    DECIMAL,
    JSON_LIST,
    CSV_LIST,
    JSON_OBJECT
  }

  /**
   * Creates the layout of what a connector writes.
   *
   * @param ignored fields that are not compared
   */
  CallLayout(Feed feed, CallRecordSourceConfig config, Set<String> ignored) {
    this.feed = feed;
    this.options = config.format();
    this.form = new CallForm(feed, options);
    this.ignored = Set.copyOf(ignored);
    Set<String> added = Set.of(AddedField.READ_AT.configValue(), AddedField.VERSION.configValue());
    for (Field field : form.schema().fields()) {
      if (!added.contains(field.name())) {
        places.put(field.name(), names.size());
        names.add(field.name());
        nameBytes.add(field.name().getBytes(StandardCharsets.UTF_8));
        kinds.add(kind(field.name()));
        fields.add(field);
      }
    }
    timePlace = place(config.queryTimeField().field());
    startPlace = place(feed.startField());
    endPlace = place(feed.endField());
  }

  /** Whether a field may be left out of a comparison: it is written, and no call is found by it. */
  static boolean mayBeIgnored(String name, CallRecordSourceConfig config) {
    Feed feed = CallCenterFeed.create();
    return feed.schema().field(name) != null
        && !name.equals(feed.idField())
        && !name.equals(config.queryTimeField().field());
  }

  private ComparedForm kind(String name) {
    if (feed.decimalFields().contains(name)) {
      return options.cost() == CostFormat.DECIMAL ? ComparedForm.DECIMAL : ComparedForm.PLAIN;
    }
    if (name.equals(feed.extraField())) {
      return options.extra() == ExtraFormat.JSON ? ComparedForm.JSON_OBJECT : ComparedForm.PLAIN;
    }
    Field field = feed.schema().field(name);
    if (field != null && field.schema().type() == Schema.Type.ARRAY) {
      return options.labels() == LabelsFormat.JSON
          ? ComparedForm.JSON_LIST
          : options.labels() == LabelsFormat.CSV ? ComparedForm.CSV_LIST : ComparedForm.PLAIN;
    }
    return ComparedForm.PLAIN;
  }

  /** How many fields are compared. */
  int size() {
    return names.size();
  }

  /** The name of a field by its place. */
  String name(int place) {
    return names.get(place);
  }

  byte[] nameBytes(int place) {
    return nameBytes.get(place);
  }

  /** How a field is written. */
  ComparedForm kind(int place) {
    return kinds.get(place);
  }

  /**
   * Where a field stands; -1 for one that the connector does not write, or that is not compared.
   */
  int place(String name) {
    return places.getOrDefault(name, NONE);
  }

  /** Whether a field is the connector's own, but nothing to compare. */
  boolean isAdded(String name) {
    return form.schema().field(name) != null;
  }

  /** The schema of what is written. */
  Schema schema() {
    return form.schema();
  }

  /** What the connector would write of a record now, in the form of the topic. */
  Struct written(FeedRecord record) {
    return form.value(record.value(), RowVersion.FIRST, Instant.EPOCH);
  }

  /** The fields of a value in the connector's form. */
  CallFields fields(Struct value) {
    @Nullable String[] texts = new @Nullable String[size()];
    Schema schema = value.schema();
    for (int i = 0; i < texts.length; i++) {
      // A converter may have made another schema of it.
      Field field = schema == form.schema() ? fields.get(i) : schema.field(names.get(i));
      texts[i] = field == null ? null : text(i, value.get(field));
    }
    return complete(texts, versionOf(value));
  }

  private static @Nullable String versionOf(Struct value) {
    Field version = value.schema().field(AddedField.VERSION.configValue());
    return version == null ? null : CanonicalText.of(value.get(version));
  }

  /** The fields of a value without a schema. */
  CallFields fields(Map<?, ?> value) {
    @Nullable String[] texts = new @Nullable String[size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(i, value.get(names.get(i)));
    }
    return complete(texts, CanonicalText.of(value.get(AddedField.VERSION.configValue())));
  }

  /** A field's text as it is compared. */
  @Nullable String text(int place, @Nullable Object value) {
    if (!(value instanceof String text)) {
      return CanonicalText.of(value);
    }
    return switch (kinds.get(place)) {
      case PLAIN, DECIMAL -> CanonicalText.of(text);
      case JSON_LIST -> CanonicalText.of(ListText.ofJson(text));
      case CSV_LIST -> CanonicalText.of(ListText.ofCsv(text));
      case JSON_OBJECT -> Fingerprint.unsigned(text);
    };
  }

  /** Completes fields of which the texts are known; those that are not compared are dropped. */
  CallFields complete(@Nullable String[] texts, @Nullable String version) {
    Long time = millis(texts[timePlace]);
    Long start = millis(texts[startPlace]);
    Long end = millis(texts[endPlace]);
    String id = texts[place(feed.idField())];
    if (!ignored.isEmpty()) {
      for (int i = 0; i < texts.length; i++) {
        texts[i] = ignored.contains(names.get(i)) ? null : texts[i];
      }
    }
    return new CallFields(this, texts, id, time == null ? start : time, end, version);
  }

  /** The moment that a text of a time means; null where it means none. */
  private @Nullable Long millis(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return options.times() == TimesFormat.ISO
          ? Instant.parse(text).toEpochMilli()
          : Long.parseLong(text);
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }
}
