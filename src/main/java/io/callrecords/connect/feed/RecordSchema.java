package io.callrecords.connect.feed;

import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * One kind of record that the connector writes: its schema, and what is known of each field.
 *
 * @param schema the schema of its values; fields are only ever added to it
 * @param fields its fields, in the order of the schema
 */
public record RecordSchema(Schema schema, List<FieldDescription> fields) {
  /**
   * A kind of record.
   *
   * @param name the schema's name
   * @param meaning what such a record is, in a few words
   */
  public static RecordSchema of(String name, String meaning, List<FieldDescription> fields) {
    return of(name, 1, meaning, fields);
  }

  /**
   * A kind of record in one of its forms.
   *
   * @param name the schema's name
   * @param version the schema's version, which tells the form
   * @param meaning what such a record is, in a few words
   */
  public static RecordSchema of(
      String name, int version, String meaning, List<FieldDescription> fields) {
    SchemaBuilder builder = SchemaBuilder.struct().name(name).version(version).doc(meaning);
    fields.forEach(field -> builder.field(field.name(), field.schema()));
    return new RecordSchema(builder.build(), List.copyOf(fields));
  }
}
