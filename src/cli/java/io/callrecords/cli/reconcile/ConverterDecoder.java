package io.callrecords.cli.reconcile;

import io.callrecords.connect.feed.FeedRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Reads what any converter of Connect has written. What the API returns goes there and back through
 * the same converter, so that both are in the form that it leaves.
 */
final class ConverterDecoder implements RecordDecoder {
  private final CallLayout layout;
  private final Converter converter;
  private final String topic;
  private final Set<String> others = new TreeSet<>();

  /**
   * Creates a decoder.
   *
   * @param converter a converter of values, configured
   */
  ConverterDecoder(CallLayout layout, Converter converter, String topic) {
    this.layout = layout;
    this.converter = converter;
    this.topic = topic;
  }

  @Override
  public CallFields call(byte[] value) {
    Object decoded = decoded(value);
    if (decoded instanceof Struct struct) {
      struct.schema().fields().forEach(field -> note(field.name()));
      return layout.fields(struct);
    }
    Map<?, ?> map = (Map<?, ?>) decoded;
    map.keySet().forEach(name -> note(String.valueOf(name)));
    return layout.fields(map);
  }

  private void note(String name) {
    if (layout.place(name) < 0 && !layout.isAdded(name)) {
      others.add(name);
    }
  }

  private Object decoded(byte[] value) {
    Object decoded;
    try {
      decoded = converter.toConnectData(topic, value).value();
    } catch (DataException | SerializationException e) {
      throw new UnreadableRecordException("The converter cannot read the value");
    }
    if (decoded instanceof Struct || decoded instanceof Map) {
      return decoded;
    }
    throw new UnreadableRecordException("The value is no record");
  }

  @Override
  public CallFields expected(FeedRecord record) {
    return call(converter.fromConnectData(topic, layout.schema(), layout.written(record)));
  }

  @Override
  public Map<String, String> record(byte[] value) {
    Map<String, String> fields = new HashMap<>();
    Object decoded = decoded(value);
    if (decoded instanceof Struct struct) {
      for (Field field : struct.schema().fields()) {
        put(fields, field.name(), struct.get(field));
      }
    } else {
      ((Map<?, ?>) decoded).forEach((name, part) -> put(fields, String.valueOf(name), part));
    }
    return fields;
  }

  private static void put(Map<String, String> fields, String name, @Nullable Object value) {
    String text = CanonicalText.of(value);
    if (text != null) {
      fields.put(name, text);
    }
  }

  @Override
  public Iterable<String> otherFields() {
    return others;
  }

  @Override
  public @Nullable String key(byte @Nullable [] key) {
    return JsonDecoder.textOf(key);
  }
}
