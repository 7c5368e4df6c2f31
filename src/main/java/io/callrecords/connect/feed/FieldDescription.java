package io.callrecords.connect.feed;

import io.callrecords.connect.config.ApiCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * What is known of one field that the connector writes.
 *
 * @param name its name
 * @param schema its schema, whose {@code doc} says in a few words what it means: a converter may
 *     write that into each record
 * @param personalData whether it is personal data
 * @param details what else there is to know, for documentation only; may be empty
 * @param codes the values that it has by definition, each with what it means; others may come
 */
public record FieldDescription(
    String name,
    Schema schema,
    PersonalData personalData,
    String details,
    Map<String, String> codes) {

  /**
   * A field.
   *
   * @param type its schema but for the {@code doc}
   * @param meaning what it means, in a few words
   */
  public static FieldDescription of(
      String name, SchemaBuilder type, PersonalData personalData, String meaning) {
    return new FieldDescription(name, type.doc(meaning).build(), personalData, "", Map.of());
  }

  /** The same field with what else there is to know. */
  public FieldDescription details(String more) {
    return new FieldDescription(name, schema, personalData, more, codes);
  }

  /** The same field with the values that it has by definition. */
  public FieldDescription codes(Map<String, String> meanings) {
    Map<String, String> ordered = Collections.unmodifiableMap(new LinkedHashMap<>(meanings));
    return new FieldDescription(name, schema, personalData, details, ordered);
  }

  /** The same field with codes of the API. */
  FieldDescription codes(List<? extends ApiCode> values) {
    Map<String, String> meanings = new LinkedHashMap<>();
    for (ApiCode value : values) {
      meanings.put(Integer.toString(value.code()), value.meaning());
    }
    return codes(meanings);
  }

  /** What it means, in a few words. */
  public String meaning() {
    return schema.doc();
  }
}
