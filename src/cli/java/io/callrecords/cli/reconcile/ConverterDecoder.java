package io.callrecords.cli.reconcile;

import io.callrecords.cli.CliException;
import io.callrecords.cli.topic.UnreadableRecordException;
import io.callrecords.connect.feed.FeedRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Reads what any converter of Connect has written. What the API returns goes there and back through
 * the same converter, so that both are in the form that it leaves.
 */
final class ConverterDecoder implements RecordDecoder {
  /** A registry that does not answer is asked for each record anew. */
  private static final int MAX_FIRST_FAILURES = 20;

  private final CallLayout layout;
  private final Converter converter;
  private final String topic;
  private final Set<String> others = new TreeSet<>();
  private boolean hasRead;
  private int failures;

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
  public CallFields call(Headers headers, byte[] value) {
    Object decoded = decoded(headers, value);
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

  private Object decoded(Headers headers, byte[] value) {
    Object decoded = converted(headers, value);
    if (decoded instanceof Struct || decoded instanceof Map) {
      hasRead = true;
      return decoded;
    }
    throw new UnreadableRecordException("The value is no record");
  }

  // A converter throws what its libraries throw.
  private @Nullable Object converted(Headers headers, byte[] value) {
    try {
      return converter.toConnectData(topic, headers, value).value();
    } catch (RuntimeException e) {
      if (!hasRead && ++failures >= MAX_FIRST_FAILURES) {
        throw CliException.unseen(
            "The converter has read none of the first "
                + failures
                + " records of topic "
                + topic
                + " ("
                + reason(e)
                + "). --value-converter names the one that has written them, and"
                + " --value-converter-config its settings; the registry that it asks has to answer",
            e);
      }
      throw new UnreadableRecordException("The converter cannot read the value");
    }
  }

  /** What has been thrown first, without its text, which may have something of the value. */
  private static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }

  @Override
  public CallFields expected(FeedRecord record) {
    Headers headers = new RecordHeaders();
    byte[] value;
    try {
      value = converter.fromConnectData(topic, headers, layout.schema(), layout.written(record));
    } catch (RuntimeException e) {
      throw CliException.unseen(
          "The converter cannot write what the API returns ("
              + reason(e)
              + "). The registry that it asks has to answer, and to have the schema of what the"
              + " connector writes by this configuration",
          e);
    }
    return call(headers, value);
  }

  @Override
  public Map<String, String> record(Headers headers, byte[] value) {
    Map<String, String> fields = new HashMap<>();
    Object decoded = decoded(headers, value);
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
