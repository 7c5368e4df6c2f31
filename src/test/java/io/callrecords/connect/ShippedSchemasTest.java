package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.apicurio.registry.utils.converter.avro.AvroData;
import io.callrecords.connect.convert.EmittedSchemas;
import io.callrecords.connect.convert.EmittedSchemas.EmittedSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tries the files of {@code config/schema} with records that a task has read of an account. */
class ShippedSchemasTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<SourceRecord> RECORDS = new ArrayList<>();

  @BeforeAll
  static void read() {
    RECORDS.addAll(EmittedRecords.read());
  }

  @AfterAll
  static void forget() {
    RECORDS.clear();
  }

  static List<EmittedSchema> schemas() {
    return EmittedSchemas.all();
  }

  private static List<SourceRecord> recordsOf(EmittedSchema schema) {
    List<SourceRecord> records =
        RECORDS.stream()
            .filter(record -> record.valueSchema().equals(schema.record().schema()))
            .toList();
    assertThat(records).isNotEmpty();
    return records;
  }

  private static String text(String file) throws IOException {
    return Files.readString(Path.of("config", "schema", file));
  }

  private static JsonSchema jsonSchema(JsonNode schema) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
  }

  private static JsonConverter converter(Map<String, String> settings) {
    JsonConverter converter = new JsonConverter();
    converter.configure(settings, false);
    return converter;
  }

  private static byte[] plain(SourceRecord record) {
    try (JsonConverter converter = converter(Map.of("schemas.enable", "false"))) {
      return converter.fromConnectData(record.topic(), record.valueSchema(), record.value());
    }
  }

  /** Each record is valid, and has no field that the schema does not declare. */
  @ParameterizedTest
  @MethodSource("schemas")
  void theJsonSchemaHoldsForRecordsWithoutSchema(EmittedSchema schema) throws IOException {
    ObjectNode strict = (ObjectNode) JSON.readTree(text(schema.file() + ".schema.json"));
    JsonSchema asShipped = jsonSchema(strict.deepCopy());
    strict.put("additionalProperties", false);
    Iterator<String> names = strict.path("properties").fieldNames();
    strict.putArray("required");
    names.forEachRemaining(strict.withArray("required")::add);
    JsonSchema withAllFields = jsonSchema(strict);

    for (SourceRecord record : recordsOf(schema)) {
      JsonNode value = JSON.readTree(plain(record));
      assertThat(asShipped.validate(value)).isEmpty();
      assertThat(withAllFields.validate(value)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "call-record | {'callSessionId': '1', 'callStartTime': 0} | 0",
        "call-record | {'callSessionId': '1', 'callStartTime': 0, 'callType': 77, 'new': 1} | 0",
        "call-record | {'callStartTime': 0} | 1",
        "call-record | {'callSessionId': null, 'callStartTime': 0} | 1",
        "call-record | {'callSessionId': '1', 'callStartTime': '2026-11-01 08:00:00'} | 1",
        "call-record | {'callSessionId': '1', 'callStartTime': 0, 'callDuration': '7'} | 1",
        "call-record | {'callSessionId': '1', 'callStartTime': 0, 'labels': [7]} | 1",
        "call-record | {'callSessionId': '1', 'callStartTime': 0, 'extra': {'a': 7}} | 1",
        "malformed-record | {} | 6",
        "window-audit | {} | 11"
      })
  void theJsonSchemaRefusesWhatIsWrong(String file, String value, int faults) throws IOException {
    JsonSchema schema = jsonSchema(JSON.readTree(text(file + ".schema.json")));

    assertThat(schema.validate(JSON.readTree(value.replace('\'', '"')))).hasSize(faults);
  }

  /** A sink's converter with the file as its setting makes of a plain record what was sent. */
  @ParameterizedTest
  @MethodSource("schemas")
  void aSinkReadsRecordsWithoutSchemaByTheFile(EmittedSchema schema) throws IOException {
    String file = text(schema.file() + ".connect.json");
    try (JsonConverter sink = converter(Map.of("schemas.enable", "true", "schema.content", file))) {
      for (SourceRecord record : recordsOf(schema)) {
        SchemaAndValue read = sink.toConnectData(record.topic(), plain(record));

        assertThat(read).isEqualTo(new SchemaAndValue(record.valueSchema(), record.value()));
      }
    }
  }

  /** It is what a converter registers, and what it writes can be read by it. */
  @ParameterizedTest
  @MethodSource("schemas")
  void theAvroSchemaIsTheOneThatRecordsAreWrittenWith(EmittedSchema schema) throws IOException {
    Schema file = new Schema.Parser().parse(text(schema.file() + ".avsc"));
    AvroData converter = new AvroData(10);
    for (SourceRecord record : recordsOf(schema)) {
      GenericRecord written =
          (GenericRecord) converter.fromConnectData(record.valueSchema(), record.value());
      // With documentation and all that the converter adds.
      assertThat(new Schema.Parser().parse(written.getSchema().toString())).isEqualTo(file);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<GenericRecord>(written.getSchema()).write(written, encoder);
      encoder.flush();
      GenericRecord read =
          new GenericDatumReader<GenericRecord>(file)
              .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));

      assertThat(converter.toConnectData(file, read))
          .isEqualTo(new SchemaAndValue(record.valueSchema(), record.value()));
    }
  }

  /**
   * What was registered before fields were documented reads what is written now, and vice versa.
   */
  @ParameterizedTest
  @MethodSource("schemas")
  void documentationChangesNothingForAvro(EmittedSchema schema) throws IOException {
    String text = text(schema.file() + ".avsc");
    String bare = text.replaceAll("\"connect\\.doc\" : \"(?:\\\\.|[^\"])*\"", "\"x\" : \"\"");
    assertThat(bare).isNotEqualTo(text).doesNotContain("connect.doc");
    Schema with = new Schema.Parser().parse(text);
    Schema without = new Schema.Parser().parse(bare);

    assertThat(compatibility(with, without)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    assertThat(compatibility(without, with)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
  }
}
