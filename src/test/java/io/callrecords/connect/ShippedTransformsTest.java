package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apicurio.registry.utils.converter.avro.AvroData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.ConnectorConfig;
import org.apache.kafka.connect.runtime.MockConnectMetrics;
import org.apache.kafka.connect.runtime.TransformationStage;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.MaskField;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.apache.kafka.connect.transforms.TimestampConverter;
import org.apache.kafka.connect.util.ConnectorTaskId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs calls, malformed rows and audits of a task through the transforms of the shipped files, as a
 * worker's own classes set them up, and through converters behind them.
 */
class ShippedTransformsTest {
  private static final String OURS = CallRecordSourceConnector.class.getName();
  private static final List<SourceRecord> RECORDS = new ArrayList<>();
  private static final List<SourceRecord> TEXTS = new ArrayList<>();
  private static final MockConnectMetrics METRICS = new MockConnectMetrics();

  private final Plugins plugins = new Plugins(Map.of("plugin.discovery", "service_load"));

  @BeforeAll
  static void read() {
    RECORDS.addAll(EmittedRecords.read());
    TEXTS.addAll(
        EmittedRecords.read(
            Map.of("labels.format", "json", "extra.format", "json", "times.format", "iso")));
  }

  @AfterAll
  static void forget() {
    RECORDS.clear();
    TEXTS.clear();
    METRICS.stop();
  }

  static Stream<String> transforming() {
    return Stream.of("converters", "transforms", "")
        .flatMap(folder -> ConnectorFile.in(folder).stream())
        .filter(path -> OURS.equals(ConnectorFile.read(path).settings().get("connector.class")))
        .filter(path -> ConnectorFile.read(path).settings().containsKey("transforms"));
  }

  @Test
  void thereAreFilesToTry() {
    assertThat(transforming())
        .contains("transforms/times-as-text.json", "transforms/without-lists.json");
  }

  /** As shipped, a transform is for calls: whatever is in another topic passes as it is. */
  @ParameterizedTest
  @MethodSource("transforming")
  void changeCallsAlone(String path) {
    List<SourceRecord> passed = through(ConnectorFile.read(path).settings());

    for (int i = 0; i < RECORDS.size(); i++) {
      boolean isCall = RECORDS.get(i).topic().equals(EmittedRecords.CALLS);
      if (isCall) {
        assertThat(passed.get(i).value()).isNotEqualTo(RECORDS.get(i).value());
      } else {
        assertThat(passed.get(i)).isSameAs(RECORDS.get(i));
      }
    }
    expectConverted(passed);
  }

  /** Who leaves the predicate out gets the same, since no other record has these fields. */
  @ParameterizedTest
  @MethodSource("transforming")
  void failAtNothingWithoutTheirPredicate(String path) {
    Map<String, String> settings = new HashMap<>(ConnectorFile.read(path).settings());
    settings.keySet().removeIf(key -> key.endsWith(".predicate") || key.startsWith("predicates"));

    List<SourceRecord> passed = through(settings);

    for (int i = 0; i < RECORDS.size(); i++) {
      if (!RECORDS.get(i).topic().equals(EmittedRecords.CALLS)) {
        assertThat(content(passed.get(i))).isEqualTo(content(RECORDS.get(i)));
      }
    }
    expectConverted(passed);
  }

  /** Transforms of Kafka that people put behind such a connector, without a predicate. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "MaskField$Value fields=called,caller replacement=hidden",
        "ReplaceField$Value renames=callSessionId:id",
        "InsertField$Value topic.field=topic",
        "InsertHeader header=source value.literal=calls",
        "Cast$Value spec=callDuration:int64",
        "RegexRouter regex=(.*) replacement=x-$1",
        "Filter"
      })
  void soDoOthers(String line) {
    Map<String, String> settings = settings(line);

    List<SourceRecord> passed = through(settings);

    assertThat(passed).hasSize(line.equals("Filter") ? 0 : RECORDS.size());
    expectConverted(passed);
  }

  /** Lists, maps and times as text: nothing is left that one of Kafka's transforms refuses. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Flatten$Value",
        "Cast$Value spec=labels:string,extra:string,cost:float64,answerTime:string",
        "MaskField$Value fields=callStartTime,callEndTime,labels,extra",
        "ReplaceField$Value renames=extra:unknown",
        "HoistField$Value field=call",
        "ValueToKey fields=callSessionId",
        "InsertField$Value static.field=site static.value=pune"
      })
  void takeAllThatIsText(String line) {
    Map<String, String> settings = settings(line);
    settings.putAll(ConnectorFile.read("transforms/without-lists.json").startingWith("predicates"));
    settings.put("transforms.one.predicate", "calls");

    List<SourceRecord> passed = through(settings, TEXTS);

    assertThat(passed).hasSameSizeAs(TEXTS);
    expectConverted(passed);
    // Kafka masks a time by that of the year 1970, and a text by an empty one.
    assertThat(passed)
        .filteredOn(record -> line.startsWith("MaskField") && isCall(record))
        .allSatisfy(
            record -> assertThat(((Struct) record.value()).getString("callStartTime")).isEmpty());
  }

  /**
   * One of Kafka's transforms, with its settings behind it: {@code Cast$Value spec=cost:string}.
   */
  private static Map<String, String> settings(String line) {
    String[] words = line.split(" ", -1);
    Map<String, String> settings = new HashMap<>(Map.of("transforms", "one"));
    settings.put("transforms.one.type", MaskField.class.getPackageName() + "." + words[0]);
    for (int i = 1; i < words.length; i++) {
      String[] setting = words[i].split("=", 2);
      settings.put("transforms.one." + setting[0], setting[1]);
    }
    return settings;
  }

  private static boolean isCall(SourceRecord record) {
    return record.topic().equals(EmittedRecords.CALLS);
  }

  /** What docs/SINKS.md says to need a predicate: with one it passes, and without it fails. */
  @ParameterizedTest
  @CsvSource({
    "TimestampRouter, topic.format, days",
    "ReplaceField$Value, renames, callSessionId:feed"
  })
  void someNeedAPredicate(String type, String setting, String value) {
    Map<String, String> settings = new HashMap<>();
    settings.put("transforms", "one");
    settings.put("transforms.one.type", MaskField.class.getPackageName() + "." + type);
    settings.put("transforms.one." + setting, value);
    assertThatThrownBy(() -> through(settings)).isInstanceOf(DataException.class);

    settings.putAll(ConnectorFile.read("transforms/without-lists.json").startingWith("predicates"));
    settings.put("transforms.one.predicate", "calls");
    assertThat(through(settings)).hasSameSizeAs(RECORDS);
  }

  /** A sink of all three topics, with the flattening of a shipped file. */
  @Test
  void flattenAllThreeInASink() {
    Map<String, String> settings = ConnectorFile.read("transforms/flat.json").settings();
    try (JsonConverter json = converter(false)) {
      List<SinkRecord> read = RECORDS.stream().map(record -> sunk(json, record)).toList();

      List<SinkRecord> flat = through(settings, read);

      assertThat(flat).hasSize(RECORDS.size());
      for (int i = 0; i < flat.size(); i++) {
        Map<?, ?> value = (Map<?, ?>) flat.get(i).value();
        assertThat(value.values()).noneMatch(Map.class::isInstance);
        if (!flat.get(i).topic().equals(EmittedRecords.CALLS)) {
          assertThat(value).isEqualTo(read.get(i).value());
        }
      }
    }
  }

  /** A name that is not listed would become a column of which a database makes what it likes. */
  @ParameterizedTest
  @CsvSource({
    "sinks/postgresql.json, call-records",
    "sinks/postgresql-by-call-type.json, call-records",
    "sinks/mariadb.json, call-records",
    "sinks/audit-postgresql.json, call-records-audit"
  })
  void nameEveryColumnOfATable(String path, String topic) {
    Map<String, String> settings = new LinkedHashMap<>(ConnectorFile.read(path).settings());
    settings.put("transforms", "names");
    try (JsonConverter json = converter(true)) {
      List<SinkRecord> read =
          RECORDS.stream()
              .filter(record -> record.topic().equals(topic))
              .map(record -> sunk(json, record))
              .toList();

      assertThat(through(settings, read))
          .isNotEmpty()
          .allSatisfy(
              record ->
                  assertThat(((Struct) record.value()).schema().fields())
                      .extracting(field -> field.name())
                      .allMatch(name -> name.matches("[a-z_]+"))
                      .doesNotContain("from", "to", "distinct"));
    }
    if (topic.equals(EmittedRecords.CALLS)) {
      assertThat(settings.get("transforms.names.renames")).contains("readAt:read_at");
    } else {
      assertThat(settings.get("transforms.names.renames"))
          .contains(
              "windowStart:window_start", "windowEnd:window_end", "distinctRows:distinct_rows");
    }
  }

  /** What docs/SINKS.md changes in the shipped sink: a tombstone keeps its key, as a row has it. */
  @Test
  void letASinkEraseByTombstones() throws Exception {
    Map<String, String> settings =
        new LinkedHashMap<>(ConnectorFile.read("sinks/postgresql.json").settings());
    settings.putAll(block("erase"));
    assertThat(settings)
        .containsEntry("delete.enabled", "true")
        .containsEntry("primary.key.mode", "record_key")
        .containsEntry("primary.key.fields", settings.get("transforms.key.field"))
        .containsEntry("transforms", "key,names");
    try (JsonConverter json = converter(true)) {
      List<SinkRecord> read =
          RECORDS.stream()
              .filter(record -> record.topic().equals(EmittedRecords.CALLS))
              .map(record -> sunk(json, record))
              .collect(Collectors.toCollection(ArrayList::new));
      SinkRecord erased = read.get(0);
      read.add(
          new SinkRecord(
              erased.topic(), 0, erased.keySchema(), erased.key(), null, null, read.size()));

      List<SinkRecord> passed = through(settings, read);

      assertThat(passed).hasSameSizeAs(read);
      for (int i = 0; i < read.size(); i++) {
        assertThat(((Struct) passed.get(i).key()).get("call_session_id"))
            .isEqualTo(read.get(i).key());
        assertThat(passed.get(i).value() == null).isEqualTo(i == read.size() - 1);
        if (passed.get(i).value() != null) {
          Schema schema = passed.get(i).valueSchema();
          assertThat(schema.field("call_session_id")).isNull();
          assertThat(schema.field("callSessionId")).isNull();
          assertThat(schema.field("call_start_time")).isNotNull();
        }
      }
    }
  }

  /** The settings of a block of docs/SINKS.md, which leaves the braces out. */
  private static Map<String, String> block(String name) throws IOException {
    String page = Files.readString(Path.of("docs", "SINKS.md"));
    Matcher block =
        Pattern.compile("<!-- block: " + name + " -->\\s+```json(.*?)```", Pattern.DOTALL)
            .matcher(page);
    assertThat(block.find()).as(name).isTrue();
    Map<String, String> settings = new LinkedHashMap<>();
    new ObjectMapper()
        .readTree("{" + block.group(1) + "}")
        .properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    return settings;
  }

  @Test
  void theTransformsOfTheFilesAreThoseThatAreMeant() {
    assertThat(stages(ConnectorFile.read("transforms/without-lists.json").settings()))
        .extracting(stage -> (Object) stage.transformClass())
        .containsExactly(ReplaceField.Value.class);
    assertThat(stages(ConnectorFile.read("transforms/times-as-text.json").settings()))
        .extracting(stage -> (Object) stage.transformClass())
        .containsExactly(
            TimestampConverter.Value.class,
            TimestampConverter.Value.class,
            TimestampConverter.Value.class);
  }

  private List<TransformationStage<SourceRecord>> stages(Map<String, String> settings) {
    return config(settings).transformationStages(plugins, new ConnectorTaskId("c", 0), METRICS);
  }

  private ConnectorConfig config(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("name", "c");
    all.put("connector.class", OURS);
    return new ConnectorConfig(plugins, all);
  }

  private List<SourceRecord> through(Map<String, String> settings) {
    return through(settings, RECORDS);
  }

  /** The records behind all transforms, without those that one has dropped. */
  private <R extends ConnectRecord<R>> List<R> through(
      Map<String, String> settings, List<R> records) {
    List<TransformationStage<R>> stages =
        config(settings).transformationStages(plugins, new ConnectorTaskId("c", 0), METRICS);
    assertThat(stages).isNotEmpty();
    List<R> passed = new ArrayList<>();
    for (R record : records) {
      R current = record;
      for (TransformationStage<R> stage : stages) {
        current = current == null ? null : stage.apply(current);
      }
      if (current != null) {
        passed.add(current);
      }
    }
    stages.forEach(TransformationStage::close);
    return passed;
  }

  /** Expects that each converter takes the records, and gives back what they hold. */
  private static void expectConverted(List<SourceRecord> records) {
    AvroData avro = new AvroData(100);
    try (JsonConverter plain = converter(false);
        JsonConverter withSchema = converter(true)) {
      for (SourceRecord record : records) {
        byte[] bytes = written(plain, record);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).startsWith("{");
        SchemaAndValue back = withSchema.toConnectData(record.topic(), written(withSchema, record));
        assertThat(back).isEqualTo(new SchemaAndValue(record.valueSchema(), record.value()));
        Object generic = avro.fromConnectData(record.valueSchema(), record.value());
        assertThat(avro.toConnectData(avro.fromConnectSchema(record.valueSchema()), generic))
            .isEqualTo(back);
      }
    }
  }

  private static byte[] written(JsonConverter converter, SourceRecord record) {
    return converter.fromConnectData(record.topic(), record.valueSchema(), record.value());
  }

  private static JsonConverter converter(boolean hasSchemas) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", Boolean.toString(hasSchemas)), false);
    return converter;
  }

  private static SinkRecord sunk(JsonConverter json, SourceRecord record) {
    SchemaAndValue value = json.toConnectData(record.topic(), written(json, record));
    return new SinkRecord(
        record.topic(), 0, record.keySchema(), record.key(), value.schema(), value.value(), 0);
  }

  /** The values of a struct by their names, those that are null left out. */
  private static Map<String, Object> content(SourceRecord record) {
    Struct value = (Struct) record.value();
    return value.schema().fields().stream()
        .filter(field -> value.get(field) != null)
        .collect(Collectors.toMap(field -> field.name(), value::get));
  }
}
