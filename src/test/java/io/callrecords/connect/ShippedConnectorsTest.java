package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.feed.CallCenterFeed;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.SinkConnectorConfig;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.TopicCreationConfig;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Flatten;
import org.apache.kafka.connect.transforms.predicates.TopicNameMatches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the files of connectors in {@code config} to the settings that there are. */
class ShippedConnectorsTest {
  private static final String OURS = CallRecordSourceConnector.class.getName();

  /** What Connect knows of a group of topics, and brokers of a topic. */
  private static final Set<String> GROUP_SETTINGS =
      Stream.concat(
              TopicCreationConfig.configDef("", (short) 1, 1).names().stream(),
              Stream.of(TopicConfig.class.getFields())
                  .filter(field -> field.getName().endsWith("_CONFIG"))
                  .map(ShippedConnectorsTest::text))
          .collect(Collectors.toSet());

  static Stream<String> files() {
    return Stream.of("converters", "transforms", "sinks", "")
        .flatMap(folder -> ConnectorFile.in(folder).stream());
  }

  @ParameterizedTest
  @MethodSource("files")
  void nameOnlySettingsThatThereAre(String path) {
    ConnectorFile file = ConnectorFile.read(path);
    assertThat(file.name()).isNotBlank();
    Set<String> unknown = new TreeSet<>(file.settings().keySet());
    boolean ours = OURS.equals(file.settings().get("connector.class"));
    ConfigDef worker = ours ? SourceConnectorConfig.configDef() : SinkConnectorConfig.configDef();
    unknown.removeAll(worker.names());
    unknown.removeIf(key -> isOfTopics(key, file));
    unknown.removeIf(
        key -> key.startsWith("value.converter.") || key.startsWith("consumer.override."));
    unknown.removeIf(key -> isOfAPlugin(key, "transforms", file));
    unknown.removeIf(key -> isOfAPlugin(key, "predicates", file));
    if (ours) {
      unknown.removeAll(new CallRecordSourceConnector().config().names());
    } else {
      // Those of other projects' connectors are tried out by running them.
      unknown.removeIf(key -> !key.startsWith("transforms"));
    }
    assertThat(unknown).isEmpty();
  }

  /** Whether a key is one that Connect or a broker knows of a group of topics that is listed. */
  private static boolean isOfTopics(String key, ConnectorFile file) {
    String groups = file.settings().getOrDefault("topic.creation.groups", "");
    return Stream.concat(Stream.of("default"), Stream.of(groups.split(",", -1)))
        .map(group -> "topic.creation." + group.strip() + ".")
        .filter(key::startsWith)
        .map(prefix -> key.substring(prefix.length()))
        .anyMatch(GROUP_SETTINGS::contains);
  }

  private static String text(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether a key belongs to one of the transforms or predicates that the file lists. */
  private static boolean isOfAPlugin(String key, String kind, ConnectorFile file) {
    return Stream.of(file.settings().getOrDefault(kind, "").split(",", -1))
        .anyMatch(name -> !name.isEmpty() && key.startsWith(kind + "." + name + "."));
  }

  /** Transforms are meant for calls: what is in other topics stays as it is. */
  @ParameterizedTest
  @MethodSource("files")
  void transformOnlyCallsInTheConnector(String path) throws Exception {
    ConnectorFile file = ConnectorFile.read(path);
    Map<String, String> settings = file.settings();
    if (!OURS.equals(settings.get("connector.class")) || !settings.containsKey("transforms")) {
      return;
    }
    for (String transform : settings.get("transforms").split(",", -1)) {
      String predicate = settings.get("transforms." + transform + ".predicate");
      assertThat(predicate).as(transform).isNotNull().isEqualTo(settings.get("predicates"));
      try (TopicNameMatches<SourceRecord> matches = new TopicNameMatches<>()) {
        assertThat(settings)
            .containsEntry("predicates." + predicate + ".type", matches.getClass().getName());
        matches.configure(Map.of("pattern", settings.get("predicates." + predicate + ".pattern")));
        assertThat(matches.test(record(settings.get("topic"), "{}"))).isTrue();
        assertThat(matches.test(record(settings.get("topic") + "-malformed", "{}"))).isFalse();
      }
    }
  }

  private static SourceRecord record(String topic, String value) {
    return new SourceRecord(Map.of(), Map.of(), topic, Schema.STRING_SCHEMA, value);
  }

  @Test
  void theTutorialShowsTheSinkThatIsShippedButForItsPort() throws IOException {
    Matcher bodies =
        Pattern.compile("-d '(\\{.*?\\n  })'", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs", "TUTORIAL.md")));
    List<JsonNode> shown = new ArrayList<>();
    while (bodies.find()) {
      shown.add(new ObjectMapper().readTree(bodies.group(1)));
    }
    Map<String, String> shipped =
        ConnectorFile.read("sinks/postgresql.json")
            .with(Map.of("connection.url", "jdbc:postgresql://localhost:5433/calls"));

    assertThat(shown).contains(new ObjectMapper().valueToTree(shipped));
  }

  @Test
  void jsonWithSchemasComesBackAsItWas() {
    Schema schema = CallCenterFeed.create().schema();
    Struct call =
        new Struct(schema)
            .put("callSessionId", "1")
            .put("callStartTime", Date.from(Instant.ofEpochMilli(1_700_494_992_000L)))
            .put("labels", List.of("VIP"))
            .put("extra", Map.of("queueSeconds", "7"));
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(converterSettings("converters/json-with-schema.json"), false);
      SchemaAndValue back =
          converter.toConnectData("t", converter.fromConnectData("t", schema, call));

      assertThat(back.schema()).isEqualTo(schema);
      assertThat(back.value()).isEqualTo(call);
    }
  }

  private static Map<String, String> converterSettings(String path) {
    Map<String, String> settings = new TreeMap<>();
    ConnectorFile.read(path)
        .startingWith("value.converter.")
        .forEach((key, value) -> settings.put(key.substring("value.converter.".length()), value));
    return settings;
  }

  @Test
  void flatteningSpreadsWhatTheApiAddsOverFieldsOfTheirOwn() throws Exception {
    Map<String, String> settings = new TreeMap<>();
    ConnectorFile.read("transforms/flat.json")
        .startingWith("transforms.flat.")
        .forEach((key, value) -> settings.put(key.substring("transforms.flat.".length()), value));
    Object schemaless =
        new ObjectMapper()
            .readValue(
                "{\"callSessionId\": \"1\", \"labels\": [\"VIP\"], \"extra\": {\"score\": \"4.5\"}}",
                Map.class);
    try (Flatten<SinkRecord> flatten = new Flatten.Value<>()) {
      flatten.configure(settings);
      SinkRecord flat = flatten.apply(new SinkRecord("t", 0, null, "1", null, schemaless, 0));
      assertThat(flat.value())
          .isEqualTo(Map.of("callSessionId", "1", "labels", List.of("VIP"), "extra_score", "4.5"));

      Schema schema = CallCenterFeed.create().schema();
      Struct call =
          new Struct(schema)
              .put("callSessionId", "1")
              .put("callStartTime", Date.from(Instant.EPOCH))
              .put("extra", Map.of("score", "4.5"));
      assertThatThrownBy(() -> flatten.apply(new SinkRecord("t", 0, null, "1", schema, call, 0)))
          .hasMessageContaining("does not support MAP for record with schemas");
    }
  }
}
