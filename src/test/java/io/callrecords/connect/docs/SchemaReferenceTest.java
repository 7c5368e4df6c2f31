package io.callrecords.connect.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apicurio.registry.utils.converter.avro.AvroData;
import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.convert.EmittedSchemas;
import io.callrecords.connect.convert.EmittedSchemas.EmittedSchema;
import io.callrecords.connect.feed.FieldDescription;
import io.callrecords.connect.feed.PersonalData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the tables of {@code docs/SCHEMA.md} and the files of {@code config/schema} to the schemas
 * of the records, from which they are made.
 *
 * <p>{@code mvn -q test -Dtest=SchemaReferenceTest -Ddocs.write=true} writes them anew; the golden
 * files are changed by hand.
 */
class SchemaReferenceTest {
  private static final Path PAGE = Path.of("docs", "SCHEMA.md");
  private static final Path FOLDER = Path.of("config", "schema");

  /** The converter writes the meaning of each field into each record that carries its schema. */
  private static final int LONGEST_MEANING = 45;

  static List<EmittedSchema> schemas() {
    return EmittedSchemas.all();
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void hasTheFieldsThatConsumersRelyOn(EmittedSchema schema) {
    String golden =
        schema.file().equals("call-record")
            ? "feed/call-record-schema.txt"
            : "convert/" + schema.file() + "-schema.txt";
    assertThat(SchemaText.describe(schema.record().schema())).isEqualTo(GoldenFile.text(golden));
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void saysBrieflyWhatEachFieldMeans(EmittedSchema schema) {
    assertThat(schema.record().schema().doc()).isNotBlank();
    assertThat(schema.record().fields())
        .allSatisfy(
            field -> {
              assertThat(field.meaning()).hasSizeBetween(5, LONGEST_MEANING).matches("[A-Z].*[^.]");
              assertThat(field.details()).matches("|[A-Z].*\\.");
              assertThat(schema.record().schema().field(field.name()).schema())
                  .isEqualTo(field.schema());
            });
    assertThat(schema.record().fields())
        .hasSameSizeAs(schema.record().schema().fields())
        .extracting(FieldDescription::meaning)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void thePageIsWhatTheSchemaSays(EmittedSchema schema) throws IOException {
    String text = Files.readString(PAGE);
    String begin = "<!-- The fields of " + schema.file() + " are made from its schema. -->\n";
    assertThat(text).contains(begin);
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf("<!-- End of the fields. -->\n", from);
    String wanted = text.substring(0, from) + fields(schema) + text.substring(to);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, wanted);
    }
    assertThat(PAGE).hasContent(wanted);
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void theFilesAreWhatTheSchemaSays(EmittedSchema schema) throws IOException {
    Map<String, JsonNode> files =
        Map.of(
            ".schema.json", new JsonSchemaText(schema).json(),
            ".avsc", avro(schema.record().schema()),
            ".connect.json", connect(schema.record().schema()));
    for (Map.Entry<String, JsonNode> file : files.entrySet()) {
      Path path = FOLDER.resolve(schema.file() + file.getKey());
      String text = file.getValue().toPrettyString().replace("\r", "") + "\n";
      if (Boolean.getBoolean("docs.write")) {
        Files.writeString(path, text);
      }
      assertThat(path).hasContent(text);
    }
  }

  /** What is hardly anybody's there is not personal here, and the other way round. */
  @Test
  void agreesWithThePageOnSecurity() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs", "SECURITY.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    for (FieldDescription field : schemas().get(0).record().fields()) {
      String whose =
          rows.stream()
              .map(row -> row.split("\\|", -1))
              .filter(cells -> cells[1].contains("`" + field.name() + "`"))
              .map(cells -> cells[2].strip())
              .findFirst()
              .orElse("nobody's");
      assertThat(field.personalData() == PersonalData.NO)
          .as(field.name())
          .isEqualTo(whose.equals("hardly anybody's"));
      assertThat(field.personalData() == PersonalData.UNKNOWN)
          .as(field.name())
          .isEqualTo(whose.equals("unknown"));
      String named =
          rows.stream()
              .map(row -> row.split("\\|", -1))
              .filter(cells -> cells[1].contains("`" + field.name() + "`"))
              .map(cells -> cells[3].strip())
              .findFirst()
              .orElse("no");
      assertThat(field.personalData() == PersonalData.YES)
          .as(field.name())
          .isEqualTo(named.equals("yes"));
    }
  }

  /** The page, the example and the log mean the same by what is personal. */
  @Test
  void theExampleHidesAllThatIsPersonal() throws IOException {
    String page = Files.readString(Path.of("docs", "SECURITY.md"));
    JsonNode example =
        new ObjectMapper()
            .readTree(Path.of("config", "transforms", "pseudonymized.json").toFile())
            .path("config");
    List<String> hidden = new ArrayList<>();
    for (String setting : List.of("fields.exclude", "fields.pseudonymize")) {
      String names = example.path(setting).asText();
      assertThat(page).contains("\"" + setting + "\": \"" + names + "\"");
      hidden.addAll(List.of(names.split(",", -1)));
    }

    assertThat(hidden)
        .containsExactlyInAnyOrderElementsOf(
            schemas().get(0).record().fields().stream()
                .filter(field -> field.personalData() == PersonalData.YES)
                .map(FieldDescription::name)
                .toList());
  }

  @Test
  void thereAreNoOtherFiles() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files).hasSize(3 * schemas().size());
    }
  }

  /** What a converter registers. */
  private static JsonNode avro(Schema schema) throws IOException {
    return new ObjectMapper().readTree(new AvroData(1).fromConnectSchema(schema).toString());
  }

  /** What the JSON converter takes as the schema of all records. */
  private static JsonNode connect(Schema schema) {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "true"), false);
      return converter.asJsonSchema(schema);
    }
  }

  private static String fields(EmittedSchema schema) {
    StringBuilder text = new StringBuilder();
    text.append("\n| field | type | null | what it is | example | personal |\n");
    text.append("|---|---|---|---|---|---|\n");
    JsonNode example = JsonSchemaText.example(schema);
    for (FieldDescription field : schema.record().fields()) {
      text.append("| `").append(field.name()).append("` | ").append(type(field.schema()));
      text.append(" | ").append(field.schema().isOptional() ? "yes" : "no").append(" | ");
      text.append(field.meaning()).append('.');
      text.append(field.details().isEmpty() ? "" : " " + markdown(field.details()));
      text.append(field.codes().isEmpty() ? "" : " [Codes](#" + anchor(field) + ").");
      text.append(" | `").append(example.get(field.name())).append("` | ");
      text.append(field.personalData().word()).append(" |\n");
    }
    for (FieldDescription field : schema.record().fields()) {
      if (!field.codes().isEmpty()) {
        text.append("\n### Codes of ").append(field.name()).append("\n\n");
        text.append("| code | meaning |\n|---|---|\n");
        field
            .codes()
            .forEach(
                (code, meaning) ->
                    text.append("| `%s` | %s |\n".formatted(code, markdown(meaning))));
      }
    }
    return text.append('\n').toString();
  }

  private static String anchor(FieldDescription field) {
    return "codes-of-" + field.name().toLowerCase(Locale.ROOT);
  }

  /** Names of settings as code. */
  private static String markdown(String text) {
    return text.replaceAll("\\b(?:[a-z]+\\.)+[a-z]+\\b", "`$0`");
  }

  private static String type(Schema schema) {
    if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
      return "Timestamp";
    }
    return switch (schema.type()) {
      case ARRAY -> "array of " + type(schema.valueSchema());
      case MAP -> "map of " + type(schema.keySchema()) + " to " + type(schema.valueSchema());
      default -> schema.type().getName();
    };
  }
}
